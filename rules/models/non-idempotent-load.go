package models

import (
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// NonIdempotentLoad reports loads that add the same rows again when they run again: INSERT … SELECT with nothing that takes
// the rows out first, dbt models that append without a key or a watermark, SQLMesh's unmanaged kind.
var NonIdempotentLoad = rules.Repository(rules.Rule{
	Name:     "non-idempotent-load",
	Severity: rules.High,
	Class:    rules.Reliability,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Design for idempotency and incremental processing",
}, func(pass *rules.Pass, g *graph.Graph) {
	cleared := map[string]bool{}
	for _, f := range g.Files {
		for _, name := range f.Clears {
			cleared[name] = true
		}
	}
	for _, d := range g.Datasets {
		if !d.InScope {
			continue
		}
		for _, p := range d.Producers {
			if f := g.File(p.Span.Path); f != nil && !judged(f.Role) {
				continue
			}
			for _, n := range p.Notes {
				if n.Kind == "append" && !cleared[d.Parts[len(d.Parts)-1]] {
					f := pass.ReportAt(n.Span, "running this again adds the same rows to `%s` again", n.Text)
					label(f, d)
				}
			}
			if why := appends(p); why != "" {
				label(pass.ReportAt(p.Span, "`%s` %s: a run that is repeated duplicates rows", d.Name, why), d)
			}
		}
	}
})

func label(f *rules.Finding, d *graph.Dataset) {
	f.Dataset, f.Key = d.Name, d.Name
	if journal.MatchString(d.Parts[len(d.Parts)-1]) {
		f.Severity = rules.Medium
	}
}

// journal knows tables of what happened, where a second row does less harm.
var journal = regexp.MustCompile(`(?:^|_)raw(?:_|$)|_logs?$|^logs?_|^audit_|_audit$|_history$|_events_raw$`)

// marks knows hooks that run a macro: it may note what was taken.
var marks = regexp.MustCompile(`\{\{\s*\w+\(`)

// sampled reports whether each row says by the clock when it was taken: then a second run takes another sample.
func sampled(p *graph.DatasetFact) bool {
	return slices.ContainsFunc(p.Notes, func(n graph.Note) bool {
		return n.Kind == "clock" && n.Values["context"] == "projection" && n.Values["final"] == "true"
	})
}

// clears knows hooks that take the rows out first.
var clears = regexp.MustCompile(`(?i)\b(?:delete|truncate|merge)\b|\{\{`)

// appends says how a model's own configuration makes it append; empty if it does not.
func appends(p *graph.DatasetFact) string {
	s := p.Settings
	switch p.Tool {
	case "dbt":
		if s["materialized"] == "incremental" && strings.Trim(s["incremental_strategy"], `'" `) == "append" &&
			s["unique_key"] == "" && !clears.MatchString(s["pre_hook"]) && !marks.MatchString(s["post_hook"]) && !sampled(p) && s["event_time"] == "" && s["is_incremental"] != "true" {
			return "appends without a unique_key or a watermark"
		}
	case "sqlmesh":
		if strings.EqualFold(s["kind"], "INCREMENTAL_UNMANAGED") && !slices.Contains(p.Tags, "append_only") &&
			!strings.Contains(strings.ToLower(p.Description), "append") {
			return "is of the kind INCREMENTAL_UNMANAGED, which appends"
		}
	}
	return ""
}
