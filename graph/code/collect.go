package code

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
)

// pytestConfig is one configuration of pytest, for the files below its folder that have none nearer.
type pytestConfig struct {
	dir       string
	priority  int
	paths     []string // testpaths that exist
	files     []string
	classes   []string
	functions []string
	skipped   []string // norecursedirs
	options   []string // addopts
}

// configFiles is the files that can hold a configuration; the first in a folder wins.
var configFiles = []string{"pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"}

// collection is how the repository's tests are found.
type collection struct {
	l        *linker
	configs  []*pytestConfig // nearest folders last
	commands []string
	models   map[string]bool
}

func (l *linker) collection() *collection {
	c := &collection{l: l, models: map[string]bool{}}
	byDir := map[string]*pytestConfig{}
	for _, f := range l.g.Files {
		for _, s := range f.Settings {
			switch s.Tool {
			case commandTool:
				c.commands = append(c.commands, s.Value...)
			case modelTool:
				for _, m := range s.Value {
					c.models[m] = true
				}
			case pytestTool:
				c.setting(byDir, f.Path, s)
			}
		}
		if f.NotAnalysed != "" && f.Role == graph.RoleTest && strings.HasSuffix(f.Path, ".py") && l.code.Unread == "" {
			l.code.Unread = f.Path + " could not be read"
		}
	}
	for _, config := range byDir {
		c.configs = append(c.configs, config)
	}
	slices.SortFunc(c.configs, func(a, b *pytestConfig) int {
		if d := len(a.dir) - len(b.dir); d != 0 {
			return d
		}
		return strings.Compare(a.dir, b.dir)
	})
	return c
}

func (c *collection) setting(byDir map[string]*pytestConfig, file string, s graph.SettingFact) {
	dir := path.Dir(file)
	if dir == "." {
		dir = ""
	}
	if s.Key == "unreadable" {
		c.l.code.Unread = file + " could not be read"
		return
	}
	priority := slices.Index(configFiles, path.Base(file))
	config := byDir[dir]
	if config == nil || priority < config.priority {
		config = &pytestConfig{dir: dir, priority: priority}
		byDir[dir] = config
	} else if priority > config.priority {
		return
	}
	switch s.Key {
	case "testpaths":
		for _, p := range s.Value {
			p = path.Join(dir, p)
			if strings.ContainsAny(p, "*?[") || c.l.g.HasPath(p+"/") || c.l.g.HasPath(p) {
				config.paths = append(config.paths, p)
			}
		}
	case "python_files":
		config.files = s.Value
	case "python_classes":
		config.classes = s.Value
	case "python_functions":
		config.functions = s.Value
	case "norecursedirs":
		config.skipped = s.Value
	case "addopts":
		config.options = s.Value
	}
}

// defaults is pytest without a configuration.
var defaults = &pytestConfig{}

func (c *collection) config(file string) *pytestConfig {
	for _, config := range slices.Backward(c.configs) {
		if config.dir == "" || strings.HasPrefix(file, config.dir+"/") {
			return config
		}
	}
	return defaults
}

// collects reports whether a module is one that pytest reads tests from.
func (c *collection) collects(m *graph.Module) bool {
	config := c.config(m.Path)
	patterns := config.files
	if patterns == nil {
		patterns = []string{"test_*.py", "*_test.py"}
	}
	if !matches(patterns, m.Path) {
		return false
	}
	for _, part := range strings.Split(path.Dir(m.Path), "/") {
		for _, pattern := range config.skipped {
			if ok, _ := path.Match(pattern, part); ok {
				return false
			}
		}
	}
	if len(config.paths) == 0 || c.commanded(m.Path, config.dir) {
		return true
	}
	return slices.ContainsFunc(config.paths, func(p string) bool { return below(m.Path, p) })
}

// below reports whether a file is a path or stands under it; the path may be a glob.
func below(file, p string) bool {
	if p == "." || p == "" || file == p || strings.HasPrefix(file, p+"/") {
		return true
	}
	if strings.ContainsAny(p, "*?[") {
		parts := strings.Split(file, "/")
		n := strings.Count(p, "/") + 1
		if len(parts) >= n {
			ok, _ := path.Match(p, strings.Join(parts[:n], "/"))
			return ok
		}
	}
	return false
}

func matches(patterns []string, file string) bool {
	for _, p := range patterns {
		target := path.Base(file)
		if strings.Contains(p, "/") {
			target = file
		}
		if ok, _ := path.Match(p, target); ok {
			return true
		}
	}
	return false
}

// commanded reports whether a command of the repository starts pytest on a path that holds the file.
func (c *collection) commanded(file, dir string) bool {
	for _, line := range c.commands {
		_, rest, ok := strings.Cut(line, "pytest")
		if !ok {
			continue
		}
		for _, arg := range words(rest) {
			arg = strings.TrimSuffix(strings.TrimPrefix(arg, "./"), "/")
			if arg != "" && arg[0] != '-' && arg != "." && (below(file, arg) || below(file, path.Join(dir, arg))) && strings.ContainsAny(arg, "/_t") {
				return true
			}
		}
	}
	return false
}

// named reports whether a name is one of a test by pytest's patterns: prefixes or globs.
func named(patterns []string, fallback, name string) bool {
	if patterns == nil {
		patterns = []string{fallback}
	}
	for _, p := range patterns {
		if strings.HasPrefix(name, p) {
			return true
		}
		if ok, _ := path.Match(p, name); ok {
			return true
		}
	}
	return false
}

// doctests reports whether the examples in a module's docstrings are run.
func (c *collection) doctests(m *graph.Module) bool {
	if config := c.config(m.Path); slices.Contains(config.options, "--doctest-modules") {
		if len(config.paths) == 0 || slices.ContainsFunc(config.paths, func(p string) bool { return below(m.Path, p) }) {
			return true
		}
	}
	return slices.ContainsFunc(c.commands, func(line string) bool {
		return strings.Contains(line, "--doctest-modules") || strings.Contains(line, "-m doctest")
	})
}

// notebooks reports whether something runs notebooks as tests.
func (c *collection) notebooks() bool {
	runs := func(s string) bool { return strings.Contains(s, "nbval") || strings.Contains(s, "nbmake") }
	return slices.ContainsFunc(c.commands, runs) || slices.ContainsFunc(c.configs, func(p *pytestConfig) bool { return slices.ContainsFunc(p.options, runs) })
}
