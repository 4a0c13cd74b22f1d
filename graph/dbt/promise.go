package dbt

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// Keys that a properties file declares as constraints, where no test says the same: on most warehouses nothing enforces them.
// Whether the warehouse does, the rule asks of the linked model.
var _ = graph.Register(graph.Tool{Name: "dbt-promises", Extract: func(f *parsers.File, facts *graph.Facts) {
	if e := path.Ext(f.Path); e != ".yml" && e != ".yaml" || !f.Mentions("constraints:") || facts.Role == graph.RoleVendored {
		return
	}
	docs, _ := plain.Documents(f)
	for _, d := range docs {
		for _, m := range d.List("models") {
			keys(m, facts)
		}
	}
}})

// keys reports the constraints of a model on keys that no test verifies.
func keys(m *plain.Value, facts *graph.Facts) {
	name := m.String("name")
	report := func(k *plain.Value, columns []string, tested bool) {
		kind := k.String("type")
		if tested || !slices.Contains([]string{"primary_key", "unique", "foreign_key"}, kind) || name == "" {
			return
		}
		facts.Problems = append(facts.Problems, graph.ProblemFact{Tool: "dbt", Kind: "promise", Key: kind + ":" + strings.Join(columns, ","),
			Values: map[string]string{"model": name, "constraint": kind, "columns": strings.Join(columns, ", ")}, Span: k.Span})
	}
	for _, k := range m.List("constraints") {
		report(k, k.Strings("columns"), len(m.List("tests"))+len(m.List("data_tests")) > 0)
	}
	for _, c := range m.List("columns") {
		for _, k := range c.List("constraints") {
			report(k, []string{c.String("name")}, len(c.List("tests"))+len(c.List("data_tests")) > 0)
		}
	}
}
