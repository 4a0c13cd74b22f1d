package governance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// BIEmbeddedLogic reports queries in Superset datasets and Cube models that do the work of a model, in repositories that have
// a place for models.
var BIEmbeddedLogic = rules.Repository(rules.Rule{
	Name:     "bi-embedded-logic",
	Severity: rules.Low,
	Class:    rules.Maintainability,
	Topic:    "technologies/superset",
	Sentence: "Build semantic layers using Cube for consistent metrics and business logic",
}, func(pass *rules.Pass, g *graph.Graph) {
	if !hasModels(g) {
		return
	}
	for _, s := range g.Semantics {
		if inTests(g, s.Span.Path) || prototype.MatchString(s.Span.Path) {
			continue
		}
		switch {
		case s.SQL != nil && s.Tool == "superset" && s.Kind == "dataset":
			superset(pass, s)
		case s.SQL != nil && s.Tool == "cube" && s.SQL.Joins > 1:
			f := embedded(pass, s, fmt.Sprintf("the query of cube `%s` holds %s: that is a model", s.Name, did(s.SQL)))
			if s.SQL.Joins > manyJoins {
				f.Severity = rules.Medium
			}
		}
		if s.Tool == "superset" && s.Kind == "dataset" && s.SQL == nil {
			metrics(pass, g, s)
		}
	}
})

// prototype knows folders of work that nobody relies on.
var prototype = regexp.MustCompile(`(?i)(?:^|/)(?:prototyp\w*|sandbox\w*|playground|scratch|drafts?|experiments?)/`)

// hasModels reports whether the repository has a place for logic: dbt or SQLMesh models, or a semantic layer.
func hasModels(g *graph.Graph) bool {
	return slices.ContainsFunc(g.Datasets, func(d *graph.Dataset) bool {
		return (d.Tool == "dbt" || d.Tool == "sqlmesh") && d.Kind != "source" && d.Kind != "external" && d.Kind != "seed"
	}) || hasSemanticLayer(g)
}

func hasSemanticLayer(g *graph.Graph) bool {
	return slices.ContainsFunc(g.Semantics, func(s *graph.Semantic) bool { return s.Tool != "superset" && s.Kind != "unread" })
}

const (
	manyJoins   = 2 // more are Medium
	manyCases   = 3
	manyMetrics = 5 // computed ones, beside a semantic layer
)

func superset(pass *rules.Pass, s *graph.Semantic) {
	q := s.SQL
	if q.Joins < 2 && q.Cases < manyCases && !(q.Aggregates > 0 && q.Joins > 0) && q.Unions == 0 {
		return
	}
	f := embedded(pass, s, fmt.Sprintf("the query of Superset dataset `%s` holds %s: that is a model", s.Name, did(q)))
	if q.Joins > manyJoins {
		f.Severity = rules.Medium
	}
}

// did says what a query does: "3 joins and 2 aggregates".
func did(q *graph.QueryFact) string {
	var out []string
	for _, part := range []struct {
		n    int
		name string
	}{{q.Joins, "join"}, {q.Unions, "set operator"}, {q.Cases, "CASE expression"}, {q.Aggregates, "aggregate"}} {
		switch {
		case part.n == 1:
			out = append(out, "1 "+part.name)
		case part.n > 1:
			out = append(out, fmt.Sprintf("%d %ss", part.n, part.name))
		}
	}
	if len(out) > 1 {
		return strings.Join(out[:len(out)-1], ", ") + " and " + out[len(out)-1]
	}
	return strings.Join(out, "")
}

func embedded(pass *rules.Pass, s *graph.Semantic, message string) *rules.Finding {
	f := pass.ReportAt(s.Span, "%s", message)
	f.Key = s.Tool + " " + s.Name
	f.Unit = rules.Unit{Kind: "block", Name: s.Name, StartLine: s.Span.Start.Line, EndLine: s.Span.Start.Line}
	f.Places = append(f.Places, rules.Place{Span: s.SQL.Span, Message: "the query"})
	return f
}

var simpleMetric = regexp.MustCompile(`(?i)^\s*(?:(?:count|sum|avg|min|max|measure)\s*\(\s*(?:distinct\s+)?["\x60\[]?[\w.*]+["\x60\]]?\s*\)|[\w."]+)\s*$`)

// metrics reports a dataset that computes metrics of its own while the repository has a semantic layer for them.
func metrics(pass *rules.Pass, g *graph.Graph, s *graph.Semantic) {
	var own []graph.MemberFact
	for _, m := range s.Members {
		if m.Kind == "measure" && !simpleMetric.MatchString(m.SQL) {
			own = append(own, m)
		}
	}
	if len(own) < manyMetrics || !hasSemanticLayer(g) {
		return
	}
	f := pass.ReportAt(s.Span, "Superset dataset `%s` computes %d metrics of its own beside the semantic layer", s.Name, len(own))
	f.Key = s.Tool + " metrics " + s.Name
	for _, m := range own[:3] {
		f.Places = append(f.Places, rules.Place{Span: m.Span, Message: m.Name})
	}
}
