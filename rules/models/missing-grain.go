package models

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"delint/graph"
	"delint/rules"
)

// MissingGrain reports persisted datasets of which nothing declares what one row is: no grain, no key, no unique and not_null test.
// Where nothing in the repository says it of any dataset, it says so once.
var MissingGrain = rules.Repository(rules.Rule{
	Name:     "missing-grain",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "fundamentals/data-modeling",
	Sentence: "Document complex business logic",
	Collapsed: func(n int) string {
		return "nothing declares what one row is of " + strconv.Itoa(n) + " datasets that this file declares"
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	var without []*graph.Dataset
	said := 0
	for _, d := range g.Datasets {
		switch {
		case !hasRows(d):
		case hasGrain(d):
			said++
		case !d.Partial && !partialBuild(d):
			without = append(without, d)
		}
	}
	if said == 0 && len(without) > 1 && !g.Options.Expand {
		noGrains(pass, without)
		return
	}
	for _, d := range without {
		f := pass.ReportAt(d.Span(), "nothing declares what one row of `%s` is: no grain, no key, no unique test", d.Name)
		f.Dataset, f.Key, f.Collapse = d.Name, d.Name, "grain"
		f.Unit = rules.Unit{Kind: "model", Name: d.Name, StartLine: d.Span().Start.Line, EndLine: d.Span().End.Line}
		if d.Layer == graph.Consumption && d.Kind != "view" && materialized(d) != "view" {
			f.Severity = rules.High
		}
		if keys := groupedBy(d); keys != "" {
			f.Evidence = "its query groups by " + keys
		}
	}
})

func noGrains(pass *rules.Pass, without []*graph.Dataset) {
	slices.SortStableFunc(without, func(a, b *graph.Dataset) int { return b.Descendants - a.Descendants })
	var start []string
	for _, d := range without[:min(5, len(without))] {
		start = append(start, d.Name)
	}
	f := pass.ReportRepository("nothing declares what one row is of any of %d datasets; start with: %s", len(without), strings.Join(start, ", "))
	for _, d := range without[:min(5, len(without))] {
		f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: d.Name})
	}
}

// hasRows reports whether a dataset is one whose rows others count on: persisted, of a layer after the landing, no view of
// the staging, no log of events, no table of one row.
func hasRows(d *graph.Dataset) bool {
	if !d.InScope || d.Layer == graph.Unknown || d.Layer == graph.Ingestion {
		return false
	}
	if d.Kind == "view" && d.Layer != graph.Consumption || materialized(d) == "view" && d.Layer != graph.Consumption {
		return false
	}
	switch d.Tool {
	case "sqlmesh", "dbt":
		if !slices.Contains([]string{"table", "view", "model"}, d.Kind) {
			return false
		}
	case "sql":
		if d.Kind != "table" || !slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool {
			return p.ColumnsAll && len(p.Columns) > 0 && !strings.HasSuffix(p.Span.Path, ".hql") // Hive has no keys
		}) {
			return false // rows of a CREATE TABLE AS are the query's affair
		}
	default:
		return false
	}
	return !slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool {
		return p.Private || p.Access == "private" || oneRow(p) || materialized(d) == "ephemeral"
	}) && !isLog(d)
}

func materialized(d *graph.Dataset) string { return d.Setting("materialized") }

// isLog knows tables of events, to which rows are only added.
func isLog(d *graph.Dataset) bool {
	for _, w := range strings.FieldsFunc(d.Parts[len(d.Parts)-1], func(r rune) bool { return r == '_' }) {
		switch w {
		case "log", "logs", "audit", "history", "snapshot", "snapshots", "event", "events":
			return true
		}
	}
	return false
}

// oneRow reports whether the query has aggregates only, so that it makes one row.
func oneRow(p *graph.DatasetFact) bool {
	return len(p.Outputs) > 0 && !slices.ContainsFunc(p.Outputs, func(o graph.OutputFact) bool {
		return o.Transform != graph.Aggregate && o.Transform != graph.Constant
	})
}

// partialBuild reports whether something that builds the dataset could not be read, or may say its key elsewhere.
func partialBuild(d *graph.Dataset) bool {
	return slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool {
		return p.Settings["generated"] == "true" || p.Confidence == graph.Partial && p.Tool == "sql"
	})
}

// hasGrain reports whether something says what one row is.
func hasGrain(d *graph.Dataset) bool {
	if len(d.Grain()) > 0 {
		return true
	}
	for _, key := range []string{"grain", "grains", "unique_key", "primary_key"} {
		if d.Setting(key) != "" {
			return true
		}
	}
	for _, c := range d.Contracts {
		if len(c.Key) > 0 {
			return true
		}
	}
	for _, c := range d.Checks {
		name := strings.ToLower(c.Name)
		if c.Capability == "uniqueness" || strings.Contains(name, "unique") || strings.Contains(name, "primary_key") {
			return true // without a test for NULL it still says what one row is
		}
	}
	return slices.ContainsFunc(d.Producers, declaredKey) || described(d) || inherited(d)
}

// grainWords are what people write of a key or a row.
var grainWords = regexp.MustCompile(`(?i)\b(?:primary[ _-]key|surrogate key|unique (?:key|identifier|id|row|combination)|uniquely|uniqueness|(?:one|1|single|each|every|a) (?:row|record|entry)s? (?:per|for|is|represents|corresponds|contains|in this)|rows? represents?|at the .{1,40} (?:level|grain)|grain)\b`)

// described reports whether a description says what one row is.
func described(d *graph.Dataset) bool {
	for _, p := range d.Producers {
		if grainWords.MatchString(p.Description) {
			return true
		}
		for _, c := range p.Columns {
			if grainWords.MatchString(c.Description) {
				return true
			}
		}
	}
	return false
}

// inherited reports whether the dataset is a projection of one that has a grain: no column of it is computed from several rows,
// from two datasets or from none.
func inherited(d *graph.Dataset) bool {
	if len(d.Reads) != 1 || d.Reads[0] == d || len(d.Producers) != 1 {
		return false
	}
	p := d.Producers[0]
	if len(p.Reads) != 1 || len(p.Outputs) == 0 {
		return false
	}
	for _, o := range p.Outputs {
		switch {
		case o.Star && o.StarOf == 0:
		case o.Transform != graph.Identity && o.Transform != graph.Rename && o.Transform != graph.Cast:
			return false
		}
	}
	return len(d.Reads[0].Grain()) > 0 || slices.ContainsFunc(d.Reads[0].Checks, func(c *graph.Check) bool { return c.Capability == "uniqueness" })
}

// declaredKey reports whether the columns carry a key: a constraint of dbt, of DDL.
func declaredKey(p *graph.DatasetFact) bool {
	for _, c := range p.Columns {
		for _, t := range c.Tests {
			if t = strings.ToLower(t); t == "primary_key" || t == "primary key" || strings.HasSuffix(t, "primary_key") {
				return true
			}
		}
	}
	return false
}

// groupedBy is the columns of the query that are neither aggregates nor constants, where it has aggregates: what a row is then.
func groupedBy(d *graph.Dataset) string {
	for _, p := range d.Producers {
		var keys []string
		aggregates := false
		for _, o := range p.Outputs {
			switch {
			case o.Star || o.Name == "":
				return ""
			case o.Transform == graph.Aggregate:
				aggregates = true
			case o.Transform != graph.Constant:
				keys = append(keys, o.Name)
			}
		}
		if aggregates && len(keys) > 0 && len(keys) < 8 {
			return strings.Join(keys, ", ")
		}
	}
	return ""
}
