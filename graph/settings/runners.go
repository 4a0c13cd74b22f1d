package settings

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// preCommit reads the hooks: one fact each, with its id, the repository, the patterns of its files, and what it runs.
func (c *collector) preCommit() {
	var config struct {
		Files   string
		Exclude string
		Repos   []struct {
			Repo  string
			Hooks []struct {
				ID, Entry, Files, Exclude string
				Args, Stages              []string
			}
		}
	}
	if path.Dir(c.f.Path) != "." || yaml.Unmarshal(c.f.Raw, &config) != nil {
		return
	}
	c.add(preCommit, present, config.Files, config.Exclude)
	for _, r := range config.Repos {
		for _, h := range r.Hooks {
			if len(h.Stages) == 1 && h.Stages[0] == "manual" {
				continue
			}
			line := h.Entry
			if line == "" {
				line = hookCommands[h.ID]
			}
			if line != "" {
				c.add(preCommit, "hook", h.Files, h.Exclude, strings.TrimSpace(line+" "+strings.Join(h.Args, " ")))
			}
		}
	}
}

// hookCommands is what the published hooks of the checkers run.
var hookCommands = map[string]string{
	"ruff": "ruff check", "ruff-check": "ruff check", "mypy": "mypy", "pyright": "pyright", "basedpyright": "basedpyright",
	"deptry": "deptry",
}

// pipeline reads the command lines of a CI file, each with the folder that it runs in. Steps that may fail are left out,
// and so are workflows that neither a push nor a pull request starts.
func (c *collector) pipeline() {
	var doc any
	if yaml.Unmarshal(c.f.Raw, &doc) != nil {
		return
	}
	root, _ := doc.(map[string]any)
	if strings.HasPrefix(c.f.Path, ".github/") && !gates(root) {
		return
	}
	c.steps(doc, "", "")
}

// gates reports whether a workflow runs on a push or a pull request, or is called by one that may.
func gates(root map[string]any) bool {
	on := fmt.Sprint(root["on"], root["true"])
	for _, event := range []string{"push", "pull_request", "merge_group", "workflow_call"} {
		if strings.Contains(on, event) {
			return true
		}
	}
	return false
}

// commandKeys is the keys under which CI services have their shell lines.
var commandKeys = map[string]bool{
	"run": true, "script": true, "before_script": true, "after_script": false, "command": true, "commands": true, "bash": true,
}

func (c *collector) steps(v any, key, folder string) {
	switch v := v.(type) {
	case map[string]any:
		if v["continue-on-error"] == true || v["allow_failure"] == true || v["continueOnError"] == true || fmt.Sprint(v["if"]) == "false" {
			return
		}
		if d, ok := v["working-directory"].(string); ok {
			folder = d
		}
		if d, ok := at(v, "defaults", "run")["working-directory"].(string); ok {
			folder = d
		}
		if uses, ok := v["uses"].(string); ok {
			c.action(uses, at(v, "with"), folder)
		}
		for _, k := range sorted(v) {
			c.steps(v[k], k, folder)
		}
	case []any:
		for _, x := range v {
			c.steps(x, key, folder)
		}
	case string:
		if commandKeys[key] {
			for _, line := range joined(v) {
				c.add(ci, folder, line)
			}
		}
	}
}

// action knows the GitHub actions that run a checker.
func (c *collector) action(uses string, with table, folder string) {
	name, _, _ := strings.Cut(uses, "@")
	args := strings.Join(append(list(with["args"]), list(with["src"])...), " ")
	switch name {
	case "astral-sh/ruff-action", "chartboost/ruff-action":
		if args == "" || !strings.HasPrefix(args, "format") {
			c.add(ci, folder, strings.TrimSpace("ruff check "+strings.TrimPrefix(args, "check")))
		}
	case "pre-commit/action", "j178/prek-action":
		c.add(ci, folder, "pre-commit run --all-files")
	case "jakebailey/pyright-action":
		c.add(ci, folder, "pyright")
	}
}

var makeTarget = regexp.MustCompile(`^([A-Za-z0-9_./% -]+?)\s*::?(?:[^=]|$)(.*)`)

// makefile reads the targets: what they need and what they run.
func (c *collector) makefile() {
	var targets []string
	for _, line := range strings.Split(strings.ReplaceAll(string(c.f.Raw), "\\\n", " "), "\n") {
		if recipe, ok := strings.CutPrefix(line, "\t"); ok {
			recipe = strings.TrimSpace(recipe)
			if strings.HasPrefix(recipe, "-") {
				continue // its failure is ignored
			}
			for _, t := range targets {
				c.add(makeTool, t, strings.TrimLeft(recipe, "@+ "))
			}
			continue
		}
		m := makeTarget.FindStringSubmatch(line)
		if m == nil {
			if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
				targets = nil
			}
			continue
		}
		needs, _, _ := strings.Cut(line[strings.Index(line, ":")+1:], "#")
		targets = strings.Fields(m[1])
		for _, t := range targets {
			c.add(makeTool, t)
			for _, need := range strings.Fields(strings.TrimLeft(needs, ":")) {
				c.add(makeTool, t, "needs "+need)
			}
		}
	}
}

var (
	noxSession = regexp.MustCompile(`^(?:async )?def (\w+)\(`)
	noxRun     = regexp.MustCompile(`session\.run(?:_always)?\(([^)]*)\)`)
	noxString  = regexp.MustCompile(`"([^"]*)"|'([^']*)'`)
)

// nox reads the literal commands of the sessions.
func (c *collector) nox() {
	session := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(string(c.f.Raw), ",\n", ", "), "\n") {
		if m := noxSession.FindStringSubmatch(line); m != nil {
			session = m[1]
		}
		if m := noxRun.FindStringSubmatch(line); m != nil && session != "" {
			var words []string
			for _, s := range noxString.FindAllStringSubmatch(m[1], -1) {
				words = append(words, s[1]+s[2])
			}
			c.add(nox, session, strings.Join(words, " "))
		}
	}
}

// script keeps the lines of a shell script that name a checker or what runs one.
func (c *collector) script() {
	for _, line := range joined(string(c.f.Raw)) {
		if !strings.HasPrefix(line, "#") && namesChecker.MatchString(line) {
			c.add(script, present, line)
		}
	}
}

var namesChecker = regexp.MustCompile(`\b(?:ruff|mypy|pyright|pre-commit|prek|tox|nox|make)\b`)
