package soda

import (
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
	"delint/parsers/python"
)

// invocation finds a command line of Soda: words, or the quoted words of a list.
var invocation = regexp.MustCompile(`\bsoda["',\s]+(scan|contract["',\s]+(?:verify|test|publish))\b([^\n;|&]*)`)

// commands finds what runs Soda: CI, make, shell, containers, operators, Python.
func commands(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleTest {
		return
	}
	switch ext := path.Ext(f.Path); {
	case f.Tree != nil && f.Tree.Grammar == python.Grammar:
		if f.Mentions("soda", "sodacl", "verify_contract") {
			pythonCommands(f, facts)
		}
	case ext == ".yml" || ext == ".yaml":
		if !f.Mentions("soda", "envsubst") {
			return
		}
		docs, ok := plain.Documents(f)
		if !ok {
			shellCommands(f, facts)
			return
		}
		for _, d := range docs {
			yamlCommands(f, d, facts, 0)
		}
	case isScript(f.Path):
		if f.Mentions("soda", "envsubst") {
			shellCommands(f, facts)
		}
	}
}

// isScript reports whether a file holds commands in lines.
func isScript(p string) bool {
	base := strings.ToLower(path.Base(p))
	switch path.Ext(base) {
	case ".sh", ".bash", ".zsh", ".mk", ".ps1", ".bat", ".cmd", ".toml", ".ini", ".cfg", ".json", ".groovy", ".tf", ".env":
		return true
	}
	return hasPrefix(base, "makefile", "gnumakefile", "dockerfile", "jenkinsfile", "justfile", "procfile") || strings.HasSuffix(base, ".dockerfile")
}

var continued = regexp.MustCompile(`\\\r?\n[ \t]*`)

// shellCommands reads commands in the lines of a file, comments left out.
func shellCommands(f *parsers.File, facts *graph.Facts) {
	text := string(f.Text)
	// Continued lines become one; spaces keep the places.
	text = continued.ReplaceAllStringFunc(text, func(m string) string { return strings.Repeat(" ", len(m)) })
	at := 0
	for _, l := range strings.SplitAfter(text, "\n") {
		if t := strings.TrimSpace(l); !hasPrefix(t, "#", "//", "rem ", "REM ", "::") {
			readCommands(l, f.Span(at, at+len(strings.TrimRight(l, "\r\n"))), facts)
		}
		at += len(l)
	}
}

// yamlCommands reads commands in the scalars and lists of a document, and what the GitHub action of Soda runs.
func yamlCommands(f *parsers.File, v *plain.Value, facts *graph.Facts, depth int) {
	if v == nil || depth > maxDepth {
		return
	}
	switch v.Kind {
	case plain.Scalar:
		if yamlPath.MatchString(v.Text) {
			mention(v.Text, v.Span, facts)
		}
		text := continued.ReplaceAllString(v.Text, " ")
		for _, l := range strings.Split(text, "\n") {
			if !strings.HasPrefix(strings.TrimSpace(l), "#") {
				readCommands(l, v.Span, facts)
			}
		}
	case plain.Sequence:
		words := ""
		for _, item := range v.Items {
			if item.Kind == plain.Scalar && !strings.Contains(item.Text, "\n") {
				words += item.Text + " "
			}
			if !strings.HasPrefix(strings.TrimSpace(item.Text), "scan") {
				yamlCommands(f, item, facts, depth+1)
			}
		}
		if strings.HasPrefix(words, "soda scan ") || strings.HasPrefix(words, "soda contract ") {
			readCommands(words, v.Span, facts)
		}
	case plain.Mapping:
		if strings.HasPrefix(v.String("uses"), "sodadata/soda-github-action") {
			facts.Commands = append(facts.Commands, graph.CommandFact{Tool: "soda", Name: "scan", Files: paths(strings.Fields(v.String("with", "checks"))),
				Values: map[string]string{"data-source": v.String("with", "data_source"), "soda-cloud": "library"}, Span: v.Span})
		}
		from := len(facts.Commands)
		for _, p := range v.Pairs {
			yamlCommands(f, p.Value, facts, depth+1)
		}
		if v.True("continue-on-error") || v.True("allow_failure") {
			for i := range facts.Commands[from:] {
				facts.Commands[from+i].Ignored = true
			}
		}
	}
}

// yamlPath is a text that is the path of a YAML file and nothing else.
var yamlPath = regexp.MustCompile(`^[\w./\\${}\x{27e8}*\x{27e9}-]+\.ya?ml$`)

// mention notes that something which speaks of Soda names a file: it may hand it over in a way that can't be followed.
func mention(file string, at parsers.Span, facts *graph.Facts) {
	facts.Commands = append(facts.Commands, graph.CommandFact{Tool: "soda", Name: "mention", Files: paths([]string{file}), Span: at})
}

// readCommands reads the commands of one logical line.
func readCommands(l string, at parsers.Span, facts *graph.Facts) {
	if strings.Contains(l, "envsubst") {
		facts.Commands = append(facts.Commands, graph.CommandFact{Tool: "envsubst", Name: "envsubst", Span: at})
	}
	for _, m := range invocation.FindAllStringSubmatchIndex(l, -1) {
		name := "scan"
		if w := strings.FieldsFunc(l[m[2]:m[3]], separators); w[0] == "contract" {
			name = "contract " + w[len(w)-1]
		}
		c := graph.CommandFact{Tool: "soda", Name: name, Values: map[string]string{}, Span: at}
		arguments(&c, words(l[m[4]:m[5]]))
		c.Ignored = strings.Contains(l[m[5]:], "|| true") || strings.Contains(l[m[5]:], "|| :")
		facts.Commands = append(facts.Commands, c)
	}
}

func separators(r rune) bool { return strings.ContainsRune("\"', \t[]", r) }

// words splits the rest of a command line; quotes and the commas of a list are taken off.
func words(s string) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		if w = strings.Trim(w, "\"',[]()`"); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// flagged is the options of Soda that take a value, by their long names.
var flagged = map[string]string{
	"-d": "data-source", "--data-source": "data-source", "-c": "configuration", "--configuration": "configuration", "-v": "variable",
	"--variable": "variable", "-s": "scan-name", "--scan-name": "scan-name", "-t": "data-timestamp", "--set": "variable", "-ds": "data-source",
	"-sc": "soda-cloud", "--soda-cloud": "soda-cloud", "--contract": "contract", "--dataset": "dataset", "-srf": "results", "--scan-results-file": "results",
	"--data-timestamp": "data-timestamp", "-V": "", "--verbose": "", "-l": "", "--local": "", "-p": "", "--publish": "",
}

// arguments reads the words after a command. A contract's files are given by an option, a scan's are what is left.
func arguments(c *graph.CommandFact, list []string) {
	contract := strings.HasPrefix(c.Name, "contract")
	option := ""
	for _, w := range list {
		if strings.HasPrefix(w, "-") {
			name, value, joined := strings.Cut(w, "=")
			option = flagged[name]
			if contract && name == "-c" {
				option = "contract"
			} else if contract && name == "-d" {
				option = "dataset"
			}
			if !joined {
				continue
			}
			w = value
		}
		switch option {
		case "contract", "":
			c.Files = append(c.Files, paths([]string{w})...)
			if option == "contract" {
				continue // it may be followed by several
			}
		case "variable":
			name, _, _ := strings.Cut(w, "=")
			c.Variables = append(c.Variables, name)
			if contract {
				continue
			}
		default:
			c.Values[option] = w
			if contract && option == "data-source" {
				continue
			}
		}
		option = ""
	}
}

var shellVariable = regexp.MustCompile(`\$\{\{[^}]*\}\}|\$\([^)]*\)|\$\{[^}]*\}|\$[A-Za-z_]\w*|\{\{[^}]*\}\}|%[A-Z_]+%`)

// paths is file arguments with holes for what only a run knows. What is no path is left out.
func paths(list []string) []string {
	var out []string
	for _, w := range list {
		w = strings.Trim(w, "\"'")
		if w == "" || w == "\\" || strings.HasPrefix(w, ">") || w == "2" {
			continue
		}
		out = append(out, strings.ReplaceAll(shellVariable.ReplaceAllString(w, graph.Hole), "\\", "/"))
	}
	return out
}

var requirement = regexp.MustCompile(`(?i)\b(soda[-_](?:core[-_]?[a-z_-]*|spark(?:[-_]?df)?|library|[a-z]+))\s*(?:\[[^\]]*\])?["']?\s*(==|>=|~=|<=|<|>|\^|=)?\s*["^~>=]*\s*v?(\d+)(?:\.(\d+))?`)

// packages finds which Soda a repository installs.
func packages(f *parsers.File, facts *graph.Facts) {
	base := strings.ToLower(path.Base(f.Path))
	if !(strings.HasPrefix(base, "requirements") || strings.HasPrefix(base, "dockerfile") || base == "pyproject.toml" || base == "setup.py" ||
		base == "setup.cfg" || base == "pipfile" || strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml") || strings.HasSuffix(base, ".sh") || base == "makefile") ||
		!f.Mentions("soda-", "soda_") {
		return
	}
	for _, m := range requirement.FindAllSubmatchIndex(f.Text, 20) {
		get := func(i int) string {
			if m[i] < 0 {
				return ""
			}
			return string(f.Text[m[i]:m[i+1]])
		}
		if get(4) == "" {
			continue
		}
		facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: "soda-package", Name: strings.ToLower(strings.ReplaceAll(get(2), "_", "-")),
			Values: map[string]string{"operator": get(4), "major": get(6), "minor": get(8)}, Span: f.Span(m[0], m[1])})
	}
}
