package dbt

import (
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// LegacyNote is the kind of the notes on what dbt's current JSON schemas no longer allow. Text is the key as written; Values
// what says which fault it is (tests, moved, custom, arguments, duplicate, paths, plus), of what resource it is (of), and the
// word that replaces the key where that is all there is to do (to).
const LegacyNote = "dbt-legacy"

// kindLegacy is the pending fact that holds the notes of a file.
const kindLegacy = "legacy"

// allowed are the keys of each resource in the JSON schemas that dbt 1.11 ships (resources/latest.json), with those that
// older releases of 1.x still read and that nothing replaces.
var allowed = map[string]string{
	"models":    "agg_time_dimension columns config constraints data_tests deprecation_date derived_semantics description identifier latest_version metrics name primary_entity semantic_model static_analysis_off_reason tests time_spine versions",
	"seeds":     "columns config data_tests description name static_analysis_off_reason tests",
	"snapshots": "columns config data_tests description name relation static_analysis_off_reason tests",
	"sources":   "catalog config database description loader name quoting schema tables tests data_tests",
	"tables":    "columns config data_tests description external identifier loader name quoting tests",
	"exposures": "config depends_on description label maturity name owner type url",
	"columns":   "column_mask config constraints data_tests data_type databricks_tags description dimension entity granularity name policy_tags quote tests include exclude",
}

// moved are keys that stand under config now.
var moved = map[string]string{
	"models":    "access docs enabled event_time group materialized meta tags alias schema database contract",
	"seeds":     "docs enabled group meta quote_columns tags",
	"snapshots": "docs enabled group meta tags",
	"sources":   "enabled event_time freshness loaded_at_field loaded_at_query meta tags",
	"tables":    "enabled event_time freshness loaded_at_field loaded_at_query meta tags",
	"exposures": "enabled meta tags",
	"columns":   "meta tags",
}

func oneOf(words, word string) bool { return strings.Contains(" "+words+" ", " "+word+" ") }

// legacyReader collects the notes of one file.
type legacyReader struct{ notes []graph.Note }

func (l *legacyReader) note(at parsers.Span, what, of, key, to string) {
	n := graph.Note{Kind: LegacyNote, Text: key, Span: at, Values: map[string]string{"what": what, "of": of}}
	if to != "" {
		n.Values["to"] = to
	}
	if what == "custom" {
		for _, words := range []string{allowed[of+"s"], strings.Join(entries, " "), allowed["models"]} {
			for _, w := range strings.Fields(words) {
				if n.Values["near"] == "" && len(key) > 4 && graph.EditDistance(key, w, 2) <= 2 {
					n.Values["near"] = w
				}
			}
		}
	}
	l.notes = append(l.notes, n)
}

// legacy notes what a properties file says in words that dbt no longer allows.
func legacy(docs []*plain.Value, facts *graph.Facts) {
	l := &legacyReader{}
	for _, d := range docs {
		l.duplicates(d, "file")
		for _, p := range d.Pairs {
			if !oneOf("version anchors tests config-version", p.Key) && !contains(entries, p.Key) && !strings.HasPrefix(p.Key, ".") && !strings.HasPrefix(p.Key, "x-") && !strings.HasPrefix(p.Key, "_") {
				l.note(p.At, "custom", "properties file", p.Key, "")
			}
		}
		for _, kind := range []string{"models", "seeds", "snapshots", "sources", "exposures"} {
			for _, v := range d.List(kind) {
				l.resource(kind, v)
				for _, t := range v.List("tables") {
					l.resource("tables", t)
				}
				for _, version := range v.List("versions") {
					for _, c := range version.List("columns") {
						l.resource("columns", c)
					}
				}
			}
		}
	}
	if len(l.notes) > 0 {
		facts.Datasets = append(facts.Datasets, graph.DatasetFact{Tool: tool, Kind: kindLegacy, Parts: []string{facts.Path}, Span: l.notes[0].Span, Pending: true, Notes: l.notes})
	}
}

func (l *legacyReader) resource(kind string, v *plain.Value) {
	if v.Kind != plain.Mapping || !v.Has("name") && kind != "columns" {
		return
	}
	of := strings.TrimSuffix(kind, "s")
	if kind == "tables" {
		of = "source table"
	}
	l.duplicates(v, of)
	for _, p := range v.Pairs {
		switch {
		case p.Key == "tests" && !v.Has("data_tests"):
			l.note(p.At, "tests", of, p.Key, "data_tests")
		case oneOf(moved[kind], p.Key):
			l.note(p.At, "moved", of, p.Key, "")
		case !oneOf(allowed[kind], p.Key) && p.Key != "<<" && !oneOf("dataset project overrides", p.Key):
			l.note(p.At, "custom", of, p.Key, "")
		}
	}
	for _, t := range testsOf(v) {
		for _, p := range t.body.Entries() {
			if !oneOf("config arguments name description test_name column_name tags meta where severity enabled limit error_if warn_if store_failures store_failures_as fail_calc alias schema database", p.Key) && !t.body.Has("arguments") {
				l.note(p.At, "arguments", t.name, p.Key, "")
				break
			}
		}
	}
	for _, c := range v.List("columns") {
		l.resource("columns", c)
	}
}

// duplicates notes keys that stand twice in a mapping: the last one wins without a word.
func (l *legacyReader) duplicates(v *plain.Value, of string) {
	seen := map[string]bool{}
	for _, p := range v.Pairs {
		if seen[p.Key] && p.Key != "<<" {
			l.note(p.At, "duplicate", of, p.Key, "")
		}
		seen[p.Key] = true
	}
}

// plusKeys are settings that dbt knows, which in a project's trees want a plus before them.
const plusKeys = "materialized schema database alias tags enabled meta docs persist_docs pre-hook post-hook full_refresh unique_key on_schema_change " +
	"incremental_strategy access group contract grants quote_columns column_types delimiter transient cluster_by partition_by severity store_failures where limit " +
	"target_schema target_database strategy updated_at check_cols dataset"

// legacyProject notes what dbt_project.yml says in old words.
func legacyProject(d *plain.Value, facts *graph.Facts) {
	l := &legacyReader{}
	for _, p := range d.Pairs {
		if to := oldPaths[p.Key]; to != "" && !d.Has(to) {
			l.note(p.At, "paths", "project", p.Key, to)
		}
	}
	var walk func(v *plain.Value)
	walk = func(v *plain.Value) {
		for _, p := range v.Entries() {
			switch {
			case strings.HasPrefix(p.Key, "+"):
			case oneOf(plusKeys, p.Key) && p.Value.Kind != plain.Mapping:
				l.note(p.At, "plus", "project", p.Key, "+"+p.Key)
			case p.Value.Kind == plain.Mapping:
				walk(p.Value)
			}
		}
	}
	for _, p := range d.Pairs { // in the order of the file
		if configured[p.Key] != "" {
			walk(p.Value)
		}
	}
	if len(l.notes) > 0 {
		facts.Datasets = append(facts.Datasets, graph.DatasetFact{Tool: tool, Kind: kindLegacy, Parts: []string{facts.Path}, Span: l.notes[0].Span, Pending: true, Notes: l.notes})
	}
}
