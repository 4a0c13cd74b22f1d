// Package packages teaches the graph which Python distributions a repository declares, locks and imports: requirements files,
// pyproject.toml (PEP 621, Poetry, uv, dependency groups), setup.cfg, setup.py, Pipfile, conda environments and lock files.
package packages

import (
	"path"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// Tool reads manifests, lock files and imports into SettingFacts.
var Tool = graph.Register(graph.Tool{Name: "packages", Extract: extract})

// The tools of the facts.
const (
	manifestFact    = "packages:manifest"    // key: kind; value: attributes
	requirementFact = "packages:requirement" // key: normalised name; value: spec, group, extras
	lockFact        = "packages:lock"        // value: name==version …
	importFact      = "packages:import"      // key: dotted module; value: "guarded" where the import may fail
	mentionFact     = "packages:mention"     // value: names of distributions and modules that the text holds as words
	pythonFact      = "packages:python"      // key: version; of a base image
)

// Kind is what kind of file a manifest is.
type Kind string

// The kinds of manifests.
const (
	Requirements Kind = "requirements"
	PyProject    Kind = "pyproject"
	SetupCfg     Kind = "setup.cfg"
	SetupPy      Kind = "setup.py"
	Pipfile      Kind = "Pipfile"
	Conda        Kind = "conda"
	Dockerfile   Kind = "dockerfile"
)

// Attributes of manifests.
const (
	attrLibrary     = "library"
	attrDynamic     = "dynamic"     // dependencies come from another file
	attrConstraints = "constraints" // installs with -c
	attrCompiled    = "compiled"    // every entry is pinned
	attrIndex       = "index"       // --extra-index-url without hashes
	attrName        = "name="
	attrPython      = "python="
)

// Groups of requirements that are not for the run.
const (
	GroupRuntime    = ""
	GroupDev        = "dev"
	GroupBuild      = "build"
	GroupExtra      = "extra"
	GroupConstraint = "constraint"
)

// extractLimit is the size from which a file is no manifest or lock that delint reads, in bytes.
const extractLimit = 8 << 20

func extract(f *parsers.File, facts *graph.Facts) {
	if len(f.Raw) > extractLimit {
		return
	}
	c := &collector{f: f}
	name := path.Base(f.Path)
	lower := strings.ToLower(name)
	switch {
	case facts.Role == graph.RoleVendored:
		return
	case isLock(name):
		c.lock()
	case isRequirements(f.Path):
		c.requirements()
	case name == "pyproject.toml":
		c.pyproject()
	case name == "setup.cfg":
		c.setupCfg()
	case name == "Pipfile":
		c.pipfile()
	case lower == "environment.yml" || lower == "environment.yaml" || lower == "conda.yml" || lower == "conda.yaml":
		c.conda()
	case isDockerfile(lower):
		c.dockerfile()
		c.mentions()
	case f.Tree != nil && f.Tree.Grammar == python.Grammar:
		if name == "setup.py" {
			c.setupPy()
		} else {
			c.mentions()
		}
		c.imports()
	case mayMention(lower):
		c.mentions()
	}
	facts.Settings = append(facts.Settings, c.facts...)
}

func isDockerfile(lower string) bool {
	return strings.HasPrefix(lower, "dockerfile") || strings.HasSuffix(lower, ".dockerfile") || lower == "containerfile"
}

// isRequirements knows requirements.txt, requirements-dev.in, requirements/base.txt, constraints.txt.
func isRequirements(p string) bool {
	name := strings.ToLower(path.Base(p))
	ext := path.Ext(name)
	if ext != ".txt" && ext != ".in" {
		return false
	}
	return strings.Contains(name, "requirements") || strings.HasPrefix(name, "constraints") || path.Base(path.Dir(p)) == "requirements"
}

func isLock(name string) bool {
	switch name {
	case "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "conda-lock.yml", "pylock.toml", "pixi.lock":
		return true
	}
	return strings.HasPrefix(name, "pylock.") && strings.HasSuffix(name, ".toml")
}

// mayMention reports whether a file may name a package that nothing imports: commands, configuration, templates.
func mayMention(lower string) bool {
	switch path.Ext(lower) {
	case ".sh", ".bash", ".yml", ".yaml", ".cfg", ".ini", ".toml", ".j2", ".jinja", ".env", ".json", ".tf", ".sql":
		return true
	}
	return lower == "makefile" || lower == "justfile" || lower == "procfile" || strings.HasPrefix(lower, ".env")
}

type collector struct {
	f     *parsers.File
	facts []graph.SettingFact
}

func (c *collector) add(tool, key string, span parsers.Span, value ...string) {
	c.facts = append(c.facts, graph.SettingFact{Tool: tool, Key: key, Value: value, Span: span})
}

func (c *collector) manifest(kind Kind, attributes ...string) {
	c.add(manifestFact, string(kind), c.f.RawSpan(0, 0), attributes...)
}

// require adds one requirement in the form of PEP 508, at a range of the file's bytes.
func (c *collector) require(text, group string, from, to int) {
	if name, spec, ok := ParseRequirement(text); ok {
		c.add(requirementFact, name, c.f.RawSpan(from, to), spec, group, extras(text))
	}
}
