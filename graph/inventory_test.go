package graph

import (
	"fmt"
	"testing"

	"delint/parsers"

	"github.com/google/go-cmp/cmp"
)

func TestProducersOfOneNameMerge(t *testing.T) {
	g := Link([]*Facts{
		fact("a.sql", DatasetFact{Tool: "sql", Kind: "table", Parts: []string{"GOLD", "orders"}}),
		fact("b.py", DatasetFact{Tool: "spark", Kind: "table", Parts: []string{"lake", "prod_gold", "Orders"}}),
		fact("c.py", DatasetFact{Tool: "spark", Kind: "table", Parts: []string{Hole, Hole}}),
		fact("tests/d.sql", DatasetFact{Tool: "sql", Kind: "table", Parts: []string{"gold", "fixture"}}),
	}, nil, Options{})
	var got []string
	for _, d := range g.Datasets {
		got = append(got, fmt.Sprintf("%s %d %s %v", d.Name, len(d.Producers), d.Layer, d.InScope))
	}
	want := []string{"gold.fixture 1 consumption false", "lake.gold.orders 2 consumption true"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAmbiguousChecksCoverAll(t *testing.T) {
	g := Link([]*Facts{
		fact("eu/a.sql", DatasetFact{Tool: "sql", Parts: []string{"gold_eu", "orders"}}),
		fact("us/a.sql", DatasetFact{Tool: "sql", Parts: []string{"gold_us", "orders"}}),
		{Path: "soda/c.yml", Checks: []CheckFact{{Framework: "soda", Target: Ref{Tool: "sql", Parts: []string{"orders"}}, Span: parsers.Span{Path: "soda/c.yml"}, Confidence: Exact}}},
	}, nil, Options{})
	if c := g.Checks[0]; !c.Ambiguous || len(c.Datasets) != 2 {
		t.Errorf("the check covers %d datasets, ambiguous %v", len(c.Datasets), c.Ambiguous)
	}
}

func fact(path string, d DatasetFact) *Facts {
	d.Span, d.Confidence = parsers.Span{Path: path}, Exact
	role := RoleOf(path, nil)
	return &Facts{Path: path, Role: role, Datasets: []DatasetFact{d}}
}

// BenchmarkLink joins 3,000 models of a project, each built from two others and checked three times.
func BenchmarkLink(b *testing.B) {
	var files []*Facts
	const n = 3000
	for i := range n {
		path := fmt.Sprintf("models/marts/area_%d/model_%d.sql", i%40, i)
		f := fact(path, DatasetFact{
			Tool: "sqlmesh", Kind: "table", Parts: []string{"lake", "marts", fmt.Sprintf("model_%d", i)}, Alias: []string{fmt.Sprintf("ref:model_%d", i)},
			Reads: []Ref{{Tool: "ref", Parts: []string{fmt.Sprintf("model_%d", i/2)}}, {Tool: "sql", Parts: []string{"marts", fmt.Sprintf("model_%d", i/3)}}},
		})
		for range 3 {
			f.Checks = append(f.Checks, CheckFact{Framework: "soda", Target: Ref{Tool: "sql", Parts: []string{fmt.Sprintf("model_%d", i)}}, Span: parsers.Span{Path: path}, Confidence: Exact})
		}
		files = append(files, f)
	}
	b.ResetTimer()
	for b.Loop() {
		if g := Link(files, nil, Options{}); len(g.Datasets) != n || len(g.Datasets[0].Checks) != 3 {
			b.Fatal(len(g.Datasets))
		}
	}
}
