package code

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/toml"
)

// The tools of the settings that this package keeps.
const (
	pytestTool  = "pytest"       // one setting a key of the configuration; the key "" says that there is one
	commandTool = "test-command" // a line of CI, a Makefile or a script that starts tests
	modelTool   = "sqlmesh-test" // the models that a SQLMesh test file covers
)

// pytestKeys is the settings that decide what is collected.
var pytestKeys = []string{"testpaths", "python_files", "python_classes", "python_functions", "norecursedirs", "addopts", "pythonpath"}

// testSettings reads what a file that is not Python says about tests.
func testSettings(f *parsers.File) []graph.SettingFact {
	name := path.Base(f.Path)
	var out []graph.SettingFact
	switch name {
	case "pytest.toml", ".pytest.toml", "pyproject.toml":
		out = tomlSettings(f, name)
	case "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg":
		out = iniSettings(f, name)
	}
	if startsTests(f.Path) {
		out = append(out, commands(f)...)
	}
	if (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")) && strings.HasPrefix(name, "test") {
		out = append(out, sqlmeshTests(f)...)
	}
	return out
}

func setting(f *parsers.File, tool, key string, value []string) graph.SettingFact {
	return graph.SettingFact{Tool: tool, Key: key, Value: value, Span: f.RawSpan(0, 0)}
}

func tomlSettings(f *parsers.File, name string) []graph.SettingFact {
	var document map[string]any
	if _, err := toml.Decode(f.Raw, &document); err != nil {
		if name == "pyproject.toml" && !bytes.Contains(f.Raw, []byte("pytest")) {
			return nil
		}
		return []graph.SettingFact{setting(f, pytestTool, "unreadable", nil)}
	}
	table, ok := document["pytest"].(map[string]any)
	if name == "pyproject.toml" {
		tool, _ := document["tool"].(map[string]any)
		if table, ok = tool["pytest"].(map[string]any); ok {
			if options, old := table["ini_options"].(map[string]any); old {
				table = options
			}
		}
	}
	if !ok {
		if name == "pyproject.toml" {
			return nil
		}
		return []graph.SettingFact{setting(f, pytestTool, "", nil)}
	}
	out := []graph.SettingFact{setting(f, pytestTool, "", nil)}
	for _, key := range pytestKeys {
		switch v := table[key].(type) {
		case string:
			out = append(out, setting(f, pytestTool, key, words(v)))
		case []any:
			var list []string
			for _, item := range v {
				list = append(list, fmt.Sprint(item))
			}
			out = append(out, setting(f, pytestTool, key, list))
		}
	}
	return out
}

// iniSettings reads pytest's section of an ini file.
func iniSettings(f *parsers.File, name string) []graph.SettingFact {
	section := "[pytest]"
	if name == "setup.cfg" {
		section = "[tool:pytest]"
	}
	values, found := map[string]string{}, strings.HasSuffix(name, "pytest.ini")
	inside, key := false, ""
	for line := range strings.SplitSeq(string(f.Raw), "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
		case trimmed[0] == '[':
			inside = trimmed == section
			found = found || inside
			key = ""
		case !inside:
		case key != "" && (line[0] == ' ' || line[0] == '\t'):
			values[key] += "\n" + trimmed
		default:
			name, value, ok := strings.Cut(trimmed, "=")
			if !ok {
				name, value, _ = strings.Cut(trimmed, ":")
			}
			key = strings.TrimSpace(name)
			values[key] = strings.TrimSpace(value)
		}
	}
	if !found {
		return nil
	}
	out := []graph.SettingFact{setting(f, pytestTool, "", nil)}
	for _, key := range pytestKeys {
		if v, ok := values[key]; ok {
			out = append(out, setting(f, pytestTool, key, words(v)))
		}
	}
	return out
}

var word = regexp.MustCompile(`"[^"]*"|'[^']*'|[^\s"']+`)

// words splits a setting as a shell does, quotes taken off.
func words(s string) []string {
	var out []string
	for _, w := range word.FindAllString(s, -1) {
		if len(w) > 1 && (w[0] == '"' || w[0] == '\'') {
			w = w[1 : len(w)-1]
		}
		out = append(out, w)
	}
	return out
}

// startsTests reports whether a file is one that may start tests: CI, make and the like, shell.
func startsTests(p string) bool {
	name := path.Base(p)
	switch name {
	case "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "Taskfile.yml", "Taskfile.yaml", "tox.ini", "Jenkinsfile",
		".gitlab-ci.yml", "azure-pipelines.yml", "cloudbuild.yaml", "buildspec.yml", "pyproject.toml", ".pre-commit-config.yaml", "noxfile.py":
		return true
	}
	return strings.HasSuffix(name, ".sh") || strings.HasSuffix(name, ".mk") ||
		(strings.HasPrefix(p, ".github/") || strings.HasPrefix(p, ".circleci/") || strings.Contains(p, "/ci/") || strings.HasPrefix(p, ".ci/"))
}

var starts = regexp.MustCompile(`(?m)^.*(?:pytest|-m (?:doctest|unittest)|nbval|nbmake).*$`)

// maxCommands is how many lines of one file are kept.
const maxCommands = 50

func commands(f *parsers.File) []graph.SettingFact {
	if len(f.Raw) > 1<<20 {
		return nil
	}
	var out []graph.SettingFact
	for _, line := range starts.FindAll(f.Raw, maxCommands) {
		if line = bytes.TrimSpace(line); len(line) < 400 && line[0] != '#' {
			out = append(out, setting(f, commandTool, "line", []string{string(line)}))
		}
	}
	return out
}

var testedModel = regexp.MustCompile(`(?m)^\s+model:\s*["']?([\w.]+)`)

func sqlmeshTests(f *parsers.File) []graph.SettingFact {
	var names []string
	for _, m := range testedModel.FindAllSubmatch(f.Raw, -1) {
		names = append(names, string(m[1]))
	}
	if names == nil {
		return nil
	}
	return []graph.SettingFact{setting(f, modelTool, "model", names)}
}
