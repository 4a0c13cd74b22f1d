// Package dbt reads dbt projects from their source, without compiling them: models, sources, seeds, snapshots, exposures
// and what is declared to be tested. Each file says its part; Link merges the configuration.
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
	case ".py":
		pythonModel(f, facts)
	case ".yml", ".yaml":
		if path.Base(f.Path) == "dbt_project.yml" {
			project(f, facts)
			return
		}
		properties(f, facts)
	case ".csv":
		seed(f, facts)
	}
}

func seed(f *parsers.File, facts *graph.Facts) {
	stem := strings.TrimSuffix(path.Base(f.Path), ".csv")
	facts.Datasets = append(facts.Datasets, graph.DatasetFact{
		Tool: tool, Kind: "seed", Parts: []string{stem}, Span: f.RawSpan(0, 0), Confidence: graph.Exact, Pending: true,
	})
}
