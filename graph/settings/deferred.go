package settings

import (
	"strings"

	"delint/graph"
)

// Deference answers, for one graph, what other tools of the repository report already. It is safe for concurrent use.
type Deference struct {
	g    *graph.Graph
	runs map[string][]invocation
}

// NewDeference reads what CI and pre-commit run.
func NewDeference(g *graph.Graph) *Deference { return &Deference{g, findRuns(g)} }

// Deferred reports whether a tool of the repository reports one of the codes on a path: its configuration selects the code
// outright, nothing lifts it, and CI or pre-commit runs the tool there. To ask more than once, keep a Deference.
func Deferred(g *graph.Graph, path string, codes []string) bool {
	return NewDeference(g).Has(path, codes)
}

// Has is Deferred. A code is "ruff:S110"; "ruff:ANN001+ANN201" asks for both; "mypy:disallow_untyped_defs" and
// "pyright:reportMissingParameterType" name options; "deptry:DEP001" asks whether deptry runs; "stub:pyi" asks for a stub beside the module.
func (d *Deference) Has(path string, codes []string) bool {
	off := values(d.g.File(path), inline)
	for _, code := range codes {
		tool, rest, _ := strings.Cut(code, ":")
		if _, lifted := off[tool]; lifted {
			continue
		}
		if tool == "stub" && d.g.HasPath(path+"i") {
			return true
		}
		for _, run := range d.runs[tool] {
			if run.takes(d.g, path) && d.reports(tool, run, path, rest) {
				return true
			}
		}
	}
	return false
}

func (d *Deference) reports(tool string, run invocation, path, rest string) bool {
	switch tool {
	case ruff:
		for code := range strings.SplitSeq(rest, "+") {
			if !ruffSelects(d.g, run, path, code) {
				return false
			}
		}
		return true
	case deptry:
		return true
	case mypy:
		return mypyEnforces(d.g, run, path, rest)
	case pyright:
		return pyrightEnforces(d.g, run, path)
	}
	return false
}
