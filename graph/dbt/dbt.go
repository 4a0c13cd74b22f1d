// Package dbt reads dbt projects from their source, without compiling them: models, sources, seeds, snapshots, tests, unit
// tests, exposures, semantic models, metrics, groups, macros and doc blocks. Each file says its part; Read joins what belongs
// to a project, and Link gives it to the graph.
package dbt

import (
	"path"
	"strings"

	"delint/graph"
	"delint/parsers"
)

const tool = "dbt"

var _ = graph.Register(graph.Tool{Name: tool, Extract: extract, Link: link})

func extract(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored {
		return
	}
	switch path.Ext(f.Path) {
	case ".sql":
		model(f, facts)
		return
	case ".py":
		pythonModel(f, facts)
	case ".yml", ".yaml":
		switch strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path)) {
		case "dbt_project":
			project(f, facts)
			return
		case "packages", "dependencies":
			packages(f, facts)
		case "profiles":
			profiles(f, facts)
		}
		properties(f, facts)
	case ".csv":
		seed(f, facts)
		return
	case ".md":
		docs(f, facts)
		return
	}
	variables(f, facts)
}

func seed(f *parsers.File, facts *graph.Facts) {
	stem := strings.TrimSuffix(path.Base(f.Path), ".csv")
	facts.Datasets = append(facts.Datasets, graph.DatasetFact{
		Tool: tool, Kind: "seed", Parts: []string{stem}, Span: f.RawSpan(0, 0), Confidence: graph.Exact, Pending: true, Settings: Settings{},
	})
}
