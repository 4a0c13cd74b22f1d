// Package settings teaches the graph how a repository's development tools are configured and what runs them: ruff, mypy
// and pyright; CI, pre-commit, make, tox and nox. With it delint knows which of its findings another tool reports already.
package settings

import (
	"path"
	"strings"

	"delint/graph"
	"delint/parsers"
)

// Tool reads configuration files into SettingFacts.
var Tool = graph.Register(graph.Tool{Name: "settings", Extract: extract})

// The tools of the facts. Of ruff, mypy and pyright the key is an option, of the runners what the doc says.
const (
	ruff      = "ruff"
	mypy      = "mypy"    // options of a section of modules are "pattern:option"
	pyright   = "pyright" // also basedpyright
	deptry    = "deptry"  // has no options that delint reads
	ci        = "ci"      // key: the folder that the command runs in; value: one command line
	preCommit = "pre-commit"
	makeTool  = "make" // key: target; value: "needs NAME" or a command line
	tox       = "tox"  // key: environment; value: command lines
	nox       = "nox"  // key: session; value: command lines
	script    = "script"
	inline    = "inline" // of a module; key: the checker that a comment in it switches off
)

// present is the key of the fact that a tool has a configuration here, whatever it says.
const present = ""

// extractLimit is the size from which a file is no configuration that a person wrote.
const extractLimit = 1 << 20

func extract(f *parsers.File, facts *graph.Facts) {
	if len(f.Raw) > extractLimit {
		return
	}
	out := &collector{f: f}
	switch name := path.Base(f.Path); {
	case name == "pyproject.toml":
		out.pyproject()
	case name == "ruff.toml" || name == ".ruff.toml":
		out.ruffFile()
	case name == "mypy.ini" || name == ".mypy.ini":
		out.mypyINI("mypy")
	case name == "setup.cfg":
		out.mypyINI("mypy")
	case name == "tox.ini":
		out.tox()
	case name == "pyrightconfig.json":
		out.pyrightFile()
	case name == "noxfile.py":
		out.nox()
	case name == "Makefile" || name == "makefile" || name == "GNUmakefile":
		out.makefile()
	case name == ".pre-commit-config.yaml" || name == ".pre-commit-config.yml":
		out.preCommit()
	case isCI(f.Path):
		out.pipeline()
	case path.Ext(name) == ".py":
		out.inline()
	case path.Ext(name) == ".sh" || path.Ext(name) == ".bash":
		out.script()
	}
	facts.Settings = append(facts.Settings, out.facts...)
}

// collector gathers the facts of one file.
type collector struct {
	f     *parsers.File
	facts []graph.SettingFact
}

func (c *collector) add(tool, key string, value ...string) {
	c.facts = append(c.facts, graph.SettingFact{Tool: tool, Key: key, Value: value, Span: c.f.RawSpan(0, 0)})
}

// isCI reports whether a hosting service reads the file as its pipeline.
func isCI(p string) bool {
	switch p {
	case ".gitlab-ci.yml", ".gitlab-ci.yaml", ".circleci/config.yml", "azure-pipelines.yml", "azure-pipelines.yaml",
		"bitbucket-pipelines.yml", ".drone.yml", ".buildkite/pipeline.yml", ".travis.yml", "cloudbuild.yaml":
		return true
	}
	ext := path.Ext(p)
	return path.Dir(p) == ".github/workflows" && (ext == ".yml" || ext == ".yaml")
}

// values is the facts of a tool in a file, by key.
func values(facts *graph.Facts, tool string) map[string][]string {
	var out map[string][]string
	if facts == nil {
		return nil
	}
	for _, s := range facts.Settings {
		if s.Tool == tool {
			if out == nil {
				out = map[string][]string{}
			}
			out[s.Key] = append(out[s.Key], s.Value...)
		}
	}
	return out
}

// up is the folders from a file's own to the root ("").
func up(p string) []string {
	var out []string
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		if dir == "." {
			return append(out, "")
		}
		out = append(out, dir)
	}
}

// within is a path relative to a folder; false where it is not below it.
func within(folder, p string) (string, bool) {
	if folder == "" || folder == "." {
		return p, true
	}
	return strings.CutPrefix(p, folder+"/")
}
