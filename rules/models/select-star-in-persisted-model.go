package models

import (
	"fmt"
	"regexp"
	"strings"

	"delint/graph"
	"delint/rules"
)

// SelectStarInPersistedModel reports stars in what a table, view or model finally projects.
var SelectStarInPersistedModel = rules.Repository(rules.Rule{
	Name:      "select-star-in-persisted-model",
	Severity:  rules.Medium,
	Class:     rules.Maintainability,
	Topic:     "fundamentals/data-modeling",
	Sentence:  "Design schema evolution strategies with backward compatibility",
	Collapsed: func(n int) string { return fmt.Sprintf("%d datasets of this file take whatever columns others get", n) },
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, d := range g.Datasets {
		if !d.InScope || d.Kind == "snapshot" || strings.Contains(d.Parts[len(d.Parts)-1], graph.Hole) {
			continue
		}
		for _, p := range d.Producers {
			if f := g.File(p.Span.Path); f == nil || !judged(f.Role) || f.Role == graph.RoleMigration || graph.Provisions(f.Path) {
				continue
			}
			for _, n := range p.Notes {
				if n.Kind != "star" || !readable(n) || versioned(d, n) {
					continue
				}
				f := pass.ReportAt(n.Span, "`%s` takes whatever columns `%s` gets: name those that it needs", d.Name, sourceOf(n))
				f.Dataset, f.Key, f.Collapse = d.Name, n.Text, "star"
				f.Severity = starSeverity(d)
				break // one a query says it
			}
		}
	}
})

// readable reports whether the note says which relation the star is of, so that a person can follow it.
func readable(n graph.Note) bool {
	of := n.Values["of"]
	return of != "" && of != "JINJA_END" && !strings.ContainsAny(of[:1], "#@") && !strings.ContainsAny(of, " \n\t;]")
}

func sourceOf(n graph.Note) string {
	of := n.Values["of"]
	return of[strings.LastIndexByte(of, '.')+1:]
}

// starSeverity is lower where every column that comes through the star is known in this repository, and for a copy of a source.
func starSeverity(d *graph.Dataset) rules.Severity {
	if d.Layer == graph.Ingestion || d.Layer == graph.Transformation && len(d.Reads) == 1 && d.Reads[0].Layer == graph.Ingestion {
		return rules.Low
	}
	severity := rules.Medium
	if d.Layer == graph.Consumption || len(d.Contracts) > 0 {
		severity = rules.High
	}
	if d.ColumnsExact {
		severity = severity.Step(1)
	}
	return severity
}

var (
	versionSuffix = regexp.MustCompile(`_v\d+$`)
	ownSchema     = regexp.MustCompile(`_(?:derived|stable|live|external|base|internal|syndicate|v\d+)$`)
)

// versioned reports whether a view only gives a table the name under which it is read: telemetry.clients over
// telemetry_derived.clients_v2.
func versioned(d *graph.Dataset, n graph.Note) bool {
	parts, _ := graph.SplitName(strings.ToLower(n.Values["of"]))
	if d.Kind != "view" || len(parts) < 2 || len(d.Parts) < 2 {
		return false
	}
	name, schema := parts[len(parts)-1], parts[len(parts)-2]
	own := d.Parts[len(d.Parts)-1]
	return versionSuffix.ReplaceAllString(name, "") == versionSuffix.ReplaceAllString(own, "") &&
		ownSchema.ReplaceAllString(schema, "") == ownSchema.ReplaceAllString(d.Parts[len(d.Parts)-2], "")
}
