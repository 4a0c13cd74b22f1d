// Package code reads the Python of a repository into the graph: functions, classes, imports, calls inside the repository,
// tests and what they reach.
package code

import (
	"path"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// Tool teaches delint the call graph of Python and the collection of pytest and unittest.
var Tool = graph.Register(graph.Tool{Name: "code", Extract: Extract, Link: Link})

// Extract reads one file: Python into a ModuleFact, the configuration of tests into settings.
func Extract(f *parsers.File, facts *graph.Facts) {
	if f.Tree != nil && f.Tree.Grammar == python.Grammar {
		facts.Module = module(f, facts.Role)
		if path.Base(f.Path) != "noxfile.py" {
			return
		}
	}
	facts.Settings = append(facts.Settings, testSettings(f)...)
}
