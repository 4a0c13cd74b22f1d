package graph

import "delint/parsers"

// CommandFact is a tool that something runs: soda scan in a workflow, Scan() in Python, a make target.
type CommandFact struct {
	Tool string // soda, dbt, sqlmesh, lakefs …
	Name string // scan, contract verify, build, run, test …
	// Files are the paths and folders that it is given, relative to the root where that is known, with Hole for what only a run knows.
	Files []string
	// Values holds its options by their long names.
	Values map[string]string
	// Variables are those that it passes.
	Variables []string
	// Ignored says that its failure is ignored: || true, continue-on-error.
	Ignored bool
	Span    parsers.Span
}
