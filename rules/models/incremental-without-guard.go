package models

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/dbt"
	"delint/rules"
)

// IncrementalWithoutGuard reports incremental models that read everything on every run, or merge rows on no key or on a key
// that may be null.
var IncrementalWithoutGuard = rules.Repository(rules.Rule{
	Name:     "incremental-without-guard",
	Severity: rules.High,
	Class:    rules.Reliability,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Design for idempotency and incremental processing",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, p := range dbt.Read(g) {
		for _, n := range p.Nodes {
			s := n.Settings
			if n.Kind != "model" || n.Disabled || s["materialized"] != "incremental" || s["language"] == "python" || outsideProduction(g, n.Fact.Span.Path) {
				continue
			}
			c := &guard{pass: pass, p: p, n: n, strategy: strings.ToLower(s["incremental_strategy"])}
			c.judge()
		}
	}
	for _, d := range g.Datasets {
		for _, f := range d.Producers {
			if f.Tool == "sqlmesh" && strings.EqualFold(f.Settings["kind"], "INCREMENTAL_BY_TIME_RANGE") && !outsideProduction(g, f.Span.Path) {
				interval(pass, d, f)
			}
		}
	}
})

// guard judges one incremental dbt model.
type guard struct {
	pass     *rules.Pass
	p        *dbt.Project
	n        *dbt.Node
	strategy string
}

func (c *guard) judge() {
	s := c.n.Settings
	switch c.strategy {
	case "", "default", "merge", "delete+insert", "append":
	default:
		return // microbatch and insert_overwrite bring their own; of a project's own strategies nothing is known
	}
	unfiltered := s["is_incremental"] == "" && s["reads_this"] == "" && s["bounded"] == "" && s["anti_join"] == "" && !c.elsewhere() && !c.upstream()
	keyless := s["unique_key"] == "" && c.strategy != "append" && s["anti_join"] == "" && !c.overwrites()
	var what string
	switch {
	case c.strategy == "append" && s["unique_key"] == "":
		return // an append without a watermark is a load that is not idempotent: another rule's affair
	case unfiltered && keyless:
		what = "has neither is_incremental() nor a unique_key: every run appends all rows again"
	case unfiltered: // right, and dear
		c.say(rules.Medium, "guard", "never asks is_incremental(): every run reads everything")
	case keyless && (c.strategy == "" || c.strategy == "default") && s["watermark"] == "" && c.elsewhere():
		return // a macro writes the query, and may leave out what is there
	case keyless && c.strategy == "" && s["watermark"] == ">":
		c.say(rules.Low, "key", "has no unique_key: rows that come again are appended")
	case keyless:
		what = "has no unique_key: rows that come again are appended"
		if c.strategy != "" && c.strategy != "default" {
			what = "has the strategy " + c.strategy + " and no unique_key"
		}
	}
	if what != "" {
		c.say(rules.High, "guard", what)
	}
	if !keyless {
		c.nullable()
	}
	if s["truncated"] != "" && s["watermark"] == ">" && s["is_incremental"] != "" {
		c.say(rules.Low, "truncated", "loads days after the last one that it has: late rows of that day are lost")
	}
}

// overwrites reports whether the adapter's own strategy replaces partitions.
func (c *guard) overwrites() bool {
	return (c.strategy == "" || c.strategy == "default") && (c.p.Dialect == "athena" || c.p.Dialect == "spark" && c.n.Settings["partition_by"] != "")
}

// elsewhere reports whether a macro that the model calls may hold the filter.
func (c *guard) elsewhere() bool {
	for _, name := range strings.Split(c.n.Settings["calls"], ",") {
		pkg, rest, dotted := strings.Cut(name, ".")
		switch {
		case name == "" || pkg == "dbt_utils" || pkg == "dbt_expectations":
			continue
		case dotted && pkg != c.p.Name:
			return true
		case !dotted:
			rest = name
		}
		m := c.p.Macros[rest]
		if m == nil || m.Settings["is_incremental"] != "" || m.Settings["reads_this"] != "" || m.Settings["calls"] != "" {
			return true
		}
	}
	return false
}

// upstream reports whether a model that it reads holds the filter, or whether it reads none: then it makes one row a run.
func (c *guard) upstream() bool {
	for _, r := range c.n.Reads {
		for _, up := range c.p.Resolve(r) {
			s := up.Settings
			passes := s["materialized"] != "table" && s["materialized"] != "incremental" &&
				(s["bounded"] != "" || s["anti_join"] != "" || s["watermark"] != "" || s["is_incremental"] != "" || s["reads_this"] != "")
			if up.Kind == "model" && (passes || strings.Contains(s["calls"], "refresh")) {
				return true
			}
		}
	}
	return len(c.n.Reads) == 0
}

// nullable reports a key that nothing keeps from being null, where the project tests the model's columns at all.
func (c *guard) nullable() {
	key := c.n.Settings["unique_key"]
	if c.n.Properties == nil || c.elsewhere() || strings.ContainsAny(key, "{(|~") {
		return
	}
	tested := false
	for _, col := range c.n.Properties.Columns {
		tested = tested || len(col.Tests) > 0
	}
	if !tested || len(c.n.Properties.Grain) > 0 && c.n.Settings["contract.enforced"] == "true" {
		return
	}
	var open []string
	for _, k := range strings.Split(key, ",") {
		k = strings.ToLower(strings.Trim(k, " '\"`[]"))
		if k != "" && !c.kept(k) {
			open = append(open, k)
		}
	}
	if len(open) > 0 && len(strings.Split(key, ",")) == 1 {
		c.say(rules.Low, "null", "merges on `"+open[0]+"`, and nothing says that it is never null: null keys are inserted again")
	}
}

// kept reports whether something says that a column is never null: a test or constraint here or upstream, or the query.
func (c *guard) kept(column string) bool {
	if slices.Contains(strings.Split(c.n.Settings["not_null"], ","), column) {
		return true
	}
	columns := c.n.Properties.Columns
	for _, r := range c.n.Reads {
		for _, up := range c.p.Resolve(r) {
			if up.Properties != nil {
				columns = append(slices.Clone(columns), up.Properties.Columns...)
			} else {
				columns = append(slices.Clone(columns), up.Fact.Columns...)
			}
		}
	}
	for _, col := range columns {
		if strings.EqualFold(col.Name, column) && (col.NotNull || slices.ContainsFunc(col.Tests, func(t string) bool {
			return strings.Contains(t, "not_null") || strings.Contains(t, "primary_key") || strings.Contains(t, "not_be_null")
		})) {
			return true
		}
	}
	return false
}

func (c *guard) say(severity rules.Severity, key, what string) {
	f := c.pass.ReportAt(c.n.Fact.Span, "%s", fmt.Sprintf("incremental model `%s` %s", c.n.Name, what))
	f.Severity, f.Key, f.Dataset = severity, key, c.n.Name
	if severity == rules.Low {
		f.Severities = nil
	}
}

// interval reports a SQLMesh model that loads by time and reads without the bounds of the interval.
func interval(pass *rules.Pass, d *graph.Dataset, p *graph.DatasetFact) {
	if len(p.Reads) == 0 || p.Settings["generated"] != "" || p.Settings["batch_size"] == "1" || strings.HasSuffix(p.Span.Path, ".py") {
		return
	}
	start, end, unknown := "", "", p.Settings["jinja"] != ""
	for _, n := range p.Notes {
		if n.Kind == "interval" {
			start, end = n.Values["start"]+start, n.Values["end"]+end
			unknown = unknown || n.Values["unknown"] != ""
		}
	}
	if unknown || start != "" && end != "" {
		return
	}
	what := "no predicate on @start_… and @end_…: every interval reads everything"
	switch {
	case start != "":
		what = "no predicate on @end_…: an interval reads past its end"
	case end != "":
		what = "no predicate on @start_…: every interval reads from the beginning"
	}
	f := pass.ReportAt(p.Span, "`%s` is loaded by time range, with %s", d.Name, what)
	f.Key, f.Dataset = "interval", d.Name
}
