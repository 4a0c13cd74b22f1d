package settings

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
)

// mypyEnforces reports whether mypy, run so, has an option on for the module of a path, and no section lifts it.
func mypyEnforces(g *graph.Graph, run invocation, p, wanted string) bool {
	flags := map[string]string{
		"--strict": "strict", "--disallow-untyped-defs": "disallow_untyped_defs", "--disallow-incomplete-defs": "disallow_incomplete_defs",
	}
	options := map[string][]string{}
	config := ""
	for i, a := range run.args {
		key, value, ok := strings.Cut(a, "=")
		if !ok && i+1 < len(run.args) {
			value = run.args[i+1]
		}
		switch {
		case key == "--config-file":
			config = path.Join(run.folder, value)
		case key == "--ignore-errors" || key == "--allow-untyped-defs" && wanted == "disallow_untyped_defs":
			return false
		case flags[key] != "":
			options[flags[key]] = []string{"true"}
		}
	}
	file, _ := within(run.folder, p)
	fromFile := mypyOptions(g, run.folder, config)
	for key, value := range options {
		fromFile[key] = value
	}
	on := isOn(fromFile[wanted]) || isOn(fromFile["strict"]) && fromFile[wanted] == nil
	if isOn(fromFile["ignore_errors"]) || excluded(fromFile["exclude"], file) || !covered(fromFile["files"], file) {
		return false
	}
	for _, key := range sorted(fromFile) {
		pattern, option, ofModules := strings.Cut(key, ":")
		if !ofModules || !moduleMatches(pattern, file) {
			continue
		}
		switch option {
		case wanted:
			if on = isOn(fromFile[key]); !on {
				return false // which of several sections wins depends on the package root
			}
		case "ignore_errors":
			if isOn(fromFile[key]) {
				return false
			}
		}
	}
	return on
}

// mypyOptions is the options of the configuration that mypy finds in a folder, or of the named file; never nil.
func mypyOptions(g *graph.Graph, folder, named string) map[string][]string {
	names := []string{"mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"}
	if named != "" {
		names, folder = []string{named}, ""
	}
	for _, name := range names {
		if o := values(g.File(path.Join(folder, name)), mypy); o != nil {
			return o
		}
	}
	return map[string][]string{}
}

func isOn(value []string) bool {
	return len(value) > 0 && slices.Contains([]string{"true", "True", "1", "yes", "on"}, value[len(value)-1])
}

func excluded(patterns []string, p string) bool {
	for _, expr := range patterns {
		re, err := regexp.Compile(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(expr), "(?x)")))
		if err != nil || re.MatchString(p) {
			return true
		}
	}
	return false
}

// covered reports whether a path is one of the files or below one of the folders of a list; an empty list has every path.
func covered(list []string, p string) bool {
	if len(list) == 0 {
		return true
	}
	return slices.ContainsFunc(list, func(entry string) bool {
		entry = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(entry), "./"), "/")
		_, below := within(entry, p)
		return entry == "." || entry == p || below || globMatches("", entry, p)
	})
}

// moduleMatches reports whether a pattern of mypy ("pkg.*", "pkg.io") names the module of a path. The package root is not
// known, so every tail of the path is tried.
func moduleMatches(pattern, p string) bool {
	module := strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(p, path.Ext(p)), "/__init__"), "/", ".")
	expr := "^" + strings.ReplaceAll(strings.ReplaceAll(regexp.QuoteMeta(pattern), `\.\*`, `(?:\..*)?`), `\*`, `.*`) + "$"
	re, err := regexp.Compile(expr)
	if err != nil {
		return false
	}
	for {
		if re.MatchString(module) {
			return true
		}
		_, rest, more := strings.Cut(module, ".")
		if !more {
			return false
		}
		module = rest
	}
}

// pyrightEnforces reports whether pyright, run so, asks for the types of the parameters of a path's functions as an error.
func pyrightEnforces(g *graph.Graph, run invocation, p string) bool {
	var o map[string][]string
	for _, name := range []string{"pyrightconfig.json", "pyproject.toml"} {
		if o = values(g.File(path.Join(run.folder, name)), pyright); o != nil {
			break
		}
	}
	file, _ := within(run.folder, p)
	if o == nil || !covered(o["include"], file) {
		return false
	}
	for _, key := range []string{"exclude", "ignore"} {
		if len(o[key]) > 0 && covered(o[key], file) {
			return false
		}
	}
	if v := o["reportMissingParameterType"]; v != nil {
		return v[0] == "error" || v[0] == "true"
	}
	return first(o["typeCheckingMode"]) == "strict" || len(o["strict"]) > 0 && covered(o["strict"], file)
}
