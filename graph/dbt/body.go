package dbt

import (
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// Settings of a model's body that rules on incremental models ask, beside is_incremental and reads_this:
//
//	bounded     what bounds the rows of every run otherwise: clock (a WHERE compares with today), variable (the run hands it over)
//	watermark   > or >=: how the body compares with max(…) of {{ this }}; truncated set where what it compares is cut to days
//	anti_join   true: NOT IN (select …), NOT EXISTS (select …)
//	not_null    columns that the body itself keeps from being null: x is not null, coalesce(…) as x, a surrogate key
var (
	clockText    = regexp.MustCompile(`(?i)\b(?:current_date|current_timestamp|current_datetime|getdate|sysdate|now|today|localtimestamp)\b`)
	variableText = regexp.MustCompile(`\{[{%][^}%]*\b(?:var|env_var)\s*\(|\brun_started_at\b|\bflags\.|\bexecution_date\b|\bmodel\.config\b`)
	watermark    = regexp.MustCompile(`(?is)(\)|\w)\s*(>=?)\s*(?:\(\s*)?(?:coalesce\s*\(\s*)?(?:\(\s*)?select\s+(?:\w+\s*\(\s*)*max\s*\(`)
	truncated    = regexp.MustCompile(`(?is)(?:\b(?:date|date_trunc|trunc|to_date|timestamp_trunc|datetime_trunc)\s*\([^()]*\)|::\s*date\b|\bas\s+date\s*\))\s*>\s*(?:\(\s*)?(?:coalesce\s*\(\s*)?(?:\(\s*)?select\s+(?:\w+\s*\(\s*)*max\s*\(`)
	antiJoin     = regexp.MustCompile(`(?i)\bnot\s+(?:in|exists)\s*\(\s*(?:--[^\n]*\n\s*)*(?:select|with)\b|\bleft\s+anti\s+join\b`)
	compared     = regexp.MustCompile(`(?is)\b(\w+)\s*>=?\s*(?:\(\s*)?(?:coalesce\s*\(\s*)?(?:\(\s*)?select\s+(?:\w+\s*\(\s*)*max\s*\(`)
	notNull      = regexp.MustCompile(`(?i)\b(\w+)\s+is\s+not\s+null\b`)
	computed     = regexp.MustCompile(`(?i)[)}\]]\s*(?:::\s*\w+\s*)?(?:as\s+)?["` + "`" + `]?(\w+)["` + "`" + `]?\s*(?:,|\n|--|$)`)
)

// body files what a model's text says of how it loads.
func body(f *parsers.File, d *graph.DatasetFact) {
	jinja := f.Mentions("{{", "{%")
	if !jinja && !strings.Contains(f.Path, "model") { // plain SQL elsewhere is no model
		return
	}
	if jinja && readsThis.Match(f.Text) {
		d.Settings["reads_this"] = "true"
	}
	if jinja && variableText.Match(f.Text) {
		d.Settings["bounded"] = "variable"
	}
	if f.Tree != nil && f.Tree.Grammar == sql.Grammar && clockText.Match(f.Text) {
		for w := range f.Tree.All(sql.WhereClause, sql.QualifyClause, sql.OnClause, sql.HavingClause) {
			if clockText.Match(w.Bytes()) {
				d.Settings["bounded"] = "clock"
			}
		}
	}
	if d.Settings["reads_this"] != "" || d.Settings["unique_key"] != "" || f.Mentions("is_incremental") {
		loads(f, d)
	}
	if antiJoin.Match(f.Text) {
		d.Settings["anti_join"] = "true"
	}
}

// loads files what the body of an incremental model says of the rows that it has already.
func loads(f *parsers.File, d *graph.DatasetFact) {
	if m := watermark.FindSubmatch(f.Text); m != nil {
		d.Settings["watermark"] = string(m[2])
		if truncated.Match(f.Text) {
			d.Settings["truncated"] = "true"
		}
	}
	var names []string
	for _, re := range []*regexp.Regexp{notNull, computed, compared} {
		for _, m := range re.FindAllSubmatch(f.Text, 2000) {
			if name := strings.ToLower(string(m[1])); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) > 0 && len(names) < 400 {
		d.Settings["not_null"] = strings.Join(names, ",")
	}
}
