package models

import (
	"strings"

	"delint/graph"
	"delint/graph/dbt"
	"delint/rules"
)

// UnmanagedSchemaChange reports loads that change or keep a table's columns without anybody deciding so: dbt's default of
// ignoring new columns, columns dropped from what others read, schemas that Spark overwrites or merges.
var UnmanagedSchemaChange = rules.Repository(rules.Rule{
	Name:     "unmanaged-schema-change",
	Severity: rules.Medium,
	Class:    rules.Reliability,
	Topic:    "fundamentals/data-modeling",
	Sentence: "Design schema evolution strategies with backward compatibility",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, p := range dbt.Read(g) {
		for _, n := range p.Nodes {
			if n.Kind == "model" && !n.Disabled && n.Settings["materialized"] == "incremental" && !outsideProduction(g, n.Fact.Span.Path) {
				schemaChange(pass, g, n)
			}
		}
	}
	for _, d := range g.Datasets {
		for _, p := range d.Producers {
			if outsideProduction(g, p.Span.Path) {
				continue
			}
			if why := evolves(d, p); why != "" {
				f := pass.ReportAt(p.Span, "`%s` %s", d.Name, why)
				f.Key, f.Dataset = d.Name, d.Name
			}
		}
	}
})

func schemaChange(pass *rules.Pass, g *graph.Graph, n *dbt.Node) {
	choice := strings.ToLower(n.Settings["on_schema_change"])
	what, severity := "", rules.Low
	switch {
	case choice == "":
		what = "has no on_schema_change: new columns are dropped without a message"
	case choice == "ignore":
		what = "ignores schema changes: new columns are dropped without a message"
	case choice == "sync_all_columns" && public(g, n):
		what, severity = "drops columns that its readers may use (sync_all_columns)", rules.Medium
	default:
		return
	}
	if strings.Contains(choice, "{{") {
		return
	}
	f := pass.ReportAt(n.Fact.Span, "incremental model `%s` %s", n.Name, what)
	f.Key, f.Dataset, f.Severity = n.Name, n.Name, severity
}

// public reports whether people outside read a model: it is of the consumption layer, public, or exposed.
func public(g *graph.Graph, n *dbt.Node) bool {
	if n.Settings["access"] == "public" {
		return true
	}
	for _, d := range g.Find(graph.Ref{Tool: "ref", Parts: []string{n.Name}}, n.Fact.Span.Path) {
		if d.Layer == graph.Consumption && d.Span().Path == n.Fact.Span.Path {
			return true
		}
	}
	return false
}

// evolves says how another tool's load changes the schema of what it writes; empty if it does not.
func evolves(d *graph.Dataset, p *graph.DatasetFact) string {
	s := p.Settings
	switch p.Tool {
	case "sqlmesh":
		if strings.HasPrefix(strings.ToUpper(s["kind"]), "INCREMENTAL") && strings.EqualFold(strings.Trim(s["on_destructive_change"], `'" `), "allow") {
			return "drops columns with their data when its query loses them (on_destructive_change allow)"
		}
	case "spark", "pandas", "polars":
		appends := p.Mode == "append" || p.Mode == "merge"
		switch {
		case appends && strings.EqualFold(s["overwriteSchema"], "true"):
			return "is appended to with overwriteSchema: each load may replace its columns"
		case strings.EqualFold(s["mergeSchema"], "true") && d.Layer == graph.Consumption:
			return "takes whatever columns a load brings (mergeSchema), and people read it"
		}
	}
	return ""
}
