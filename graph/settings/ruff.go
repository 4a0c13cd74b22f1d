package settings

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"

	"github.com/bmatcuk/doublestar/v4"
)

// ruffSelects reports whether ruff, run so, reports a code on a path: its configuration or its arguments select the code
// by name, and nothing lifts it. Ruff's defaults don't count, because they follow its version.
func ruffSelects(g *graph.Graph, run invocation, p, code string) bool {
	var selects, ignores []string
	for i, a := range run.args {
		key, value, ok := strings.Cut(a, "=")
		if !ok && i+1 < len(run.args) {
			value = run.args[i+1]
		}
		switch key {
		case "--isolated", "--config", "--stdin-filename", "--per-file-ignores", "--exclude", "--extend-exclude":
			return false // what it reads then is not known here
		case "--select", "--extend-select":
			selects = append(selects, strings.Split(value, ",")...)
			if key == "--select" && !selected(code, selects, nil) {
				return false
			}
		case "--ignore", "--extend-ignore":
			ignores = append(ignores, strings.Split(value, ",")...)
		}
	}
	dir, options := nearestRuff(g, p)
	if options == nil {
		return selected(code, selects, ignores)
	}
	c := &ruffChain{g: g, path: p}
	if !c.apply(dir, options, maxSteps) || c.lifted(code) {
		return false
	}
	return !matchesCode(code, ignores) && (selected(code, selects, nil) || c.set(code))
}

// nearestRuff is the configuration file that ruff uses for a path: of the nearest folder that has one.
func nearestRuff(g *graph.Graph, p string) (file string, options map[string][]string) {
	for _, dir := range up(p) {
		for _, name := range []string{".ruff.toml", "ruff.toml", "pyproject.toml"} {
			file := path.Join(dir, name)
			if o := values(g.File(file), ruff); o != nil {
				return file, o
			}
		}
	}
	return "", nil
}

// ruffChain is a configuration with those that it extends, the base first.
type ruffChain struct {
	g      *graph.Graph
	path   string
	levels []map[string][]string
	dirs   []string
}

// apply adds a configuration after those that it extends; false where one of them is not in the repository, or leaves the
// path out.
func (c *ruffChain) apply(file string, options map[string][]string, depth int) bool {
	dir := strings.TrimPrefix(path.Dir(file), ".")
	if base := first(options["extend"]); base != "" {
		target := path.Join(dir, base)
		o := values(c.g.File(target), ruff)
		if depth == 0 || o == nil || !c.apply(target, o, depth-1) {
			return false
		}
	}
	for _, key := range []string{"exclude", "extend-exclude"} {
		if slices.ContainsFunc(options[key], func(glob string) bool { return globMatches(dir, glob, c.path) }) {
			return false
		}
	}
	c.levels, c.dirs = append(c.levels, options), append(c.dirs, dir)
	return true
}

// set reports whether the configurations together select the code.
func (c *ruffChain) set(code string) bool {
	on := false
	for _, o := range c.levels {
		if _, resets := o["select?"]; resets {
			on = false
		}
		yes := best(code, append(slices.Clone(o["select"]), o["extend-select"]...))
		no := best(code, append(slices.Clone(o["ignore"]), o["extend-ignore"]...))
		switch {
		case no >= yes && no >= 0:
			on = false
		case yes >= 0:
			on = true
		}
	}
	return on
}

// lifted reports whether per-file ignores take the code out for the path, or an option takes out what delint reports.
func (c *ruffChain) lifted(code string) bool {
	for i, o := range c.levels {
		if strings.HasPrefix(code, "ANN") && o["ignore-fully-untyped"] != nil {
			return true
		}
		for _, key := range []string{"per-file-ignores", "extend-per-file-ignores"} {
			for _, entry := range o[key] {
				glob, codes, _ := strings.Cut(entry, "=")
				negated := strings.HasPrefix(glob, "!")
				if globMatches(c.dirs[i], strings.TrimPrefix(glob, "!"), c.path) != negated && matchesCode(code, strings.Split(codes, ",")) {
					return true
				}
			}
		}
	}
	return false
}

// globMatches reports whether one of ruff's globs, relative to the folder of its file, matches a path: the whole of it, a
// folder above it, or, without a slash, any of its parts.
func globMatches(dir, glob, p string) bool {
	rel, ok := within(dir, p)
	if !ok {
		return false
	}
	glob = strings.TrimSuffix(strings.TrimPrefix(glob, "./"), "/")
	parts := strings.Split(rel, "/")
	for i := range parts {
		if m, _ := doublestar.Match(glob, parts[i]); m {
			return true
		}
		if m, _ := doublestar.Match(glob, strings.Join(parts[:i+1], "/")); m {
			return true
		}
	}
	// In ruff a star also crosses slashes.
	m, _ := doublestar.Match(starCrosses.ReplaceAllString(glob, "**/*"), rel)
	return m
}

var starCrosses = regexp.MustCompile(`\*+(?:/\*+)*`)

func selected(code string, selects, ignores []string) bool {
	yes, no := best(code, selects), best(code, ignores)
	return yes >= 0 && yes > no
}

func matchesCode(code string, selectors []string) bool { return best(code, selectors) >= 0 }

// best is how specific the most specific selector is that covers the code: 0 for ALL, else its length; -1 without one.
func best(code string, selectors []string) int {
	specific := -1
	for _, s := range selectors {
		s = strings.TrimSpace(s)
		if s == "ALL" {
			specific = max(specific, 0)
		} else if covers(s, code) {
			specific = max(specific, len(s))
		}
	}
	return specific
}

// covers reports whether a prefix stands for a code: S, S1 and S110 for S110; SIM does not belong to S.
func covers(selector, code string) bool {
	if selector == "" || !strings.HasPrefix(code, selector) {
		return false
	}
	letters := strings.TrimRight(code, "0123456789")
	return len(selector) >= len(letters)
}
