package dbt

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// declaredTest is one data test of an entry.
type declaredTest struct {
	name string
	at   parsers.Span
	body *plain.Value // its arguments and configuration; nil for a bare name
	list *plain.Value // the item of the list
}

// testsOf is the data tests of a model, a column, a source table.
func testsOf(v *plain.Value) (out []declaredTest) {
	for _, key := range []string{"tests", "data_tests"} {
		for _, t := range v.List(key) {
			d := declaredTest{name: t.Text, at: t.Span, list: t}
			if t.Kind == plain.Mapping && len(t.Pairs) > 0 {
				d.name, d.at, d.body = t.Pairs[0].Key, t.Pairs[0].At, t.Pairs[0].Value
				if n := t.String("test_name"); n != "" {
					d.name, d.body = n, t
				}
			}
			if d.name != "" {
				out = append(out, d)
			}
		}
	}
	return out
}

// tests reads the data tests of a model, a column, a source table.
func (r *reader) tests(v *plain.Value, target graph.Ref, columns []string) {
	for _, t := range testsOf(v) {
		c := graph.CheckFact{
			Framework: "dbt-test", Name: t.name, Capability: capability(t.name), Columns: columns, Target: target, Span: t.at,
			Confidence: graph.Exact, Pending: true, NeverFails: neverFails(t.name, t.body),
			Settings: Settings{
				"enabled":  first(t.body.String("config", "enabled"), t.body.String("enabled"), t.list.String("config", "enabled")),
				"alias":    first(t.body.String("name"), t.list.String("name")),
				"severity": first(t.body.String("config", "severity"), t.body.String("severity"), t.list.String("config", "severity")),

				"store_failures": first(t.body.String("config", "store_failures"), t.body.String("store_failures"), t.list.String("config", "store_failures")),
			},
		}
		if len(columns) == 0 {
			c.Columns = append(t.body.Strings("combination_of_columns"), t.body.Strings("column_name")...)
			if c.Columns == nil {
				c.Columns = append(t.body.Strings("arguments", "combination_of_columns"), t.body.Strings("arguments", "column_name")...)
			}
		}
		r.facts.Checks = append(r.facts.Checks, c)
		var reads []graph.Ref
		for _, args := range []*plain.Value{t.body, t.body.Get("arguments")} {
			for _, p := range args.Entries() {
				if p.Key != "config" && p.Key != "description" && p.Key != "meta" {
					reads = append(reads, textCalls(p.Value)...)
					for _, item := range p.Value.List() {
						if item != p.Value {
							reads = append(reads, textCalls(item)...)
						}
					}
				}
			}
		}
		if len(reads) > 0 {
			r.facts.Datasets = append(r.facts.Datasets, graph.DatasetFact{
				Tool: tool, Kind: kindTest, Parts: []string{t.name}, Span: t.at, Pending: true, Reads: reads, Settings: c.Settings,
			})
		}
	}
}

var (
	falseWhere  = regexp.MustCompile(`(?i)^\(?\s*(?:1\s*=\s*0|0\s*=\s*1|1\s*!=\s*1|false)\s*\)?$`)
	unreachable = regexp.MustCompile(`^\s*(?:<\s*0|<=\s*-\d+|=\s*-\d+|<\s*-\d+)\s*$`)
)

// neverFails says why a declared test can't fail.
func neverFails(name string, body *plain.Value) string {
	for _, v := range []*plain.Value{body, body.Get("config"), body.Get("arguments")} {
		switch {
		case falseWhere.MatchString(v.String("where")):
			return "its where selects no row"
		case v.String("limit") == "0":
			return "its limit is 0"
		case unreachable.MatchString(v.String("error_if")) && (v.String("severity") != "warn" && !v.Has("warn_if") || unreachable.MatchString(v.String("warn_if"))):
			return "its error_if is never met"
		case unreachable.MatchString(v.String("warn_if")) && strings.EqualFold(v.String("severity"), "warn"):
			return "its warn_if is never met"
		}
	}
	if strings.HasSuffix(name, "accepted_range") && body != nil {
		for _, v := range []*plain.Value{body, body.Get("arguments")} {
			if v.Has("min_value") || v.Has("max_value") {
				return ""
			}
		}
		return "it has neither bound"
	}
	return ""
}

// capability is what a generic test looks at, by its name without the package.
func capability(name string) string {
	name = plainName(name)
	switch {
	case name == "relationships" || name == "relationships_where" || name == "foreign_key":
		return "referential"
	case strings.Contains(name, "unique") || name == "primary_key":
		return "uniqueness"
	case strings.Contains(name, "not_null") || name == "at_least_one" || name == "not_empty_string":
		return "completeness"
	case strings.Contains(name, "equal_rowcount") || name == "equality" || name == "fewer_rows_than":
		return "reconciliation"
	case strings.Contains(name, "row_count") || strings.Contains(name, "rowcount") || name == "volume_anomalies":
		return "volume"
	case name == "recency" || strings.Contains(name, "freshness"):
		return "freshness"
	case strings.Contains(name, "accepted") || strings.Contains(name, "in_set") || strings.Contains(name, "regex") || strings.Contains(name, "between"):
		return "validity"
	case strings.Contains(name, "table_columns") || strings.Contains(name, "schema") || strings.Contains(name, "column_to_exist"):
		return "schema"
	case strings.Contains(name, "anomal") || strings.Contains(name, "stdev") || strings.Contains(name, "mean"):
		return "distribution"
	}
	return "custom"
}
