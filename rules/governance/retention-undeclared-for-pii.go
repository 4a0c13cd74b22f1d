package governance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/pii"
	"delint/rules"
)

// RetentionUndeclaredForPII reports persisted datasets with direct identifiers for which nothing says how long they are kept: one
// finding a repository. Only tools whose settings are read whole are asked; what a table's own options say is not seen.
var RetentionUndeclaredForPII = rules.Repository(rules.Rule{
	Name:     "retention-undeclared-for-pii",
	Severity: rules.Medium,
	Class:    rules.Fixed,
	Topic:    "governance/compliance",
	Sentence: "Design for GDPR, CCPA, and relevant compliance requirements",
}, func(pass *rules.Pass, g *graph.Graph) {
	var found []personal
	for _, d := range g.Datasets {
		if !d.InScope || !keeps(d) || retained(d) {
			continue
		}
		var direct []pii.Judged
		for _, c := range pii.Of(d) {
			if c.Personal() && c.Direct() && !described(c) {
				direct = append(direct, c)
			}
		}
		if len(direct) > 0 {
			found = append(found, personal{d, direct})
		}
	}
	if len(found) == 0 {
		return
	}
	if g.Options.Expand {
		for _, p := range found {
			f := pass.ReportAt(p.dataset.Span(), "nothing says how long `%s` keeps %s", p.dataset.Name, p.names())
			f.Dataset, f.Key, f.Evidence = p.dataset.Name, p.dataset.Name, p.evidence()+subject(p)
			f.Unit = rules.Unit{Kind: "block", Name: p.dataset.Name, StartLine: p.dataset.Span().Start.Line, EndLine: p.dataset.Span().End.Line}
		}
		return
	}
	slices.SortStableFunc(found, func(a, b personal) int { return len(b.columns) - len(a.columns) })
	f := pass.ReportRepository("nothing says how long personal data is kept in %s: %s", plural(len(found), "dataset", "datasets"), start(found))
	for _, p := range found[:min(5, len(found))] {
		f.Places = append(f.Places, rules.Place{Span: p.dataset.Span(), Message: fmt.Sprintf("%s: %s%s", p.dataset.Name, p.names(), subject(p))})
	}
})

// keeps reports whether the dataset is stored by a tool whose settings say all that there is to say of its life: a table of dbt or
// SQLMesh, or one with a contract.
func keeps(d *graph.Dataset) bool {
	if d.Kind == "view" {
		return false
	}
	if slices.ContainsFunc(d.Contracts, func(c *graph.Contract) bool { return c.Tool == "odcs" }) {
		return true
	}
	return (d.Tool == "dbt" || d.Tool == "sqlmesh") && d.Kind != "source" && d.Kind != "external" && d.Kind != "seed"
}

// retentionKey knows the settings that end the life of rows. Snowflake's data_retention_time_in_days is time travel, not retention.
var retentionKey = regexp.MustCompile(`(?i)retention|expir|(?:^|[._])ttl(?:$|[._])|time_to_live|legal_hold|delete_after|purge`)

// retained reports whether something says how long rows are kept: a setting, a contract, a job that deletes from it.
func retained(d *graph.Dataset) bool {
	for _, p := range d.Producers {
		for key, value := range p.Settings {
			if retentionKey.MatchString(key) && !strings.Contains(key, "retention_time") && value != "" {
				return true
			}
			if (strings.HasSuffix(key, "hook") || strings.HasSuffix(key, "properties")) && (retentionKey.MatchString(value) || strings.Contains(strings.ToLower(value), "delete from")) {
				return true
			}
		}
		if p.Mode == "delete" || slices.ContainsFunc(p.Tags, func(t string) bool { return retentionKey.MatchString(t) }) {
			return true
		}
	}
	return slices.ContainsFunc(d.Contracts, func(c *graph.Contract) bool {
		for key := range c.Promises {
			if retentionKey.MatchString(key) {
				return true
			}
		}
		return false
	})
}

// described reports whether a column says of itself that it holds no plain value.
func described(c pii.Judged) bool {
	return slices.ContainsFunc(c.Column.Declared, func(f *graph.ColumnFact) bool { return f.Masked }) || slices.ContainsFunc(c.Column.Sources, func(e *graph.ColumnEdge) bool { return e.Masks != "" })
}

// subject says that nothing in a table leads to one person, so that erasure cannot find rows; empty where something may.
func subject(p personal) string {
	if !p.dataset.ColumnsExact {
		return ""
	}
	for _, c := range p.dataset.Columns {
		words := pii.Tokens(c.Name)
		if last := words[max(0, len(words)-1):]; len(last) > 0 && slices.Contains([]string{"id", "key", "uuid", "email", "number", "sk"}, last[0]) {
			return ""
		}
	}
	return " (and no key leads to the rows of one person)"
}
