package quality

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/pii"
	"delint/rules"
)

// FailedRowSamplesExposePII reports checks that copy failing rows of personal columns somewhere else: Soda's samples, stored failed
// rows, Great Expectations' complete results, dbt's stored failures.
var FailedRowSamplesExposePII = rules.Repository(rules.Rule{
	Name:     "failed-row-samples-expose-pii",
	Severity: rules.High,
	Class:    rules.Security,
	Topic:    "security/pii-handling",
	Sentence: "Implement data masking and anonymization for sensitive data (PII, PHI)",
	Tags:     []string{"external/cwe/cwe-532"},
}, func(pass *rules.Pass, g *graph.Graph) {
	s := samplingOf(g)
	for _, c := range g.Checks {
		if f := g.File(c.Span.Path); f != nil && (f.Role == graph.RoleTest || f.Role == graph.RoleVendored) {
			continue
		}
		for _, d := range c.Datasets {
			what, columns := s.copies(c, d)
			if len(columns) == 0 {
				continue
			}
			f := pass.ReportAt(c.Span, "`%s` %s with `%s` of `%s`", short(c.Name), what, strings.Join(columns[:min(3, len(columns))], "`, `"), d.Name)
			f.Key, f.Dataset = c.Name+" "+strings.Join(columns, ","), d.Name
			if c.Framework == "soda" && c.Settings["store_failed_rows"] == "" && !s.cloud {
				f.Severity = rules.Low
				f.Evidence = "no Soda Cloud is configured: the samples go to the log"
			}
			break
		}
	}
})

// sampling is what a repository's configuration says of samples.
type sampling struct {
	cloud    bool // failing rows go to Soda Cloud
	disabled bool
	excluded []string // patterns of columns, in lower case
}

func samplingOf(g *graph.Graph) sampling {
	var s sampling
	for _, f := range g.Files {
		for _, p := range f.Projects {
			s.cloud = s.cloud || p.Tool == "soda-cloud"
			if p.Tool == "soda" {
				s.disabled = s.disabled || strings.EqualFold(p.Values["disable_samples"], "true") || p.Values["samples_limit"] == "0"
				s.excluded = append(s.excluded, p.Lists["exclude_columns"]...)
			}
		}
	}
	return s
}

// copies says what a check does with failing rows, and which personal columns are in them.
func (s sampling) copies(c *graph.Check, d *graph.Dataset) (what string, columns []string) {
	switch c.Framework {
	case "soda":
		if v := c.Settings["store_failed_rows"]; v != "" {
			if v != "true" {
				return "", nil
			}
			return "stores failed rows", s.personal(c, d, true)
		}
		if s.contract(d, c) || s.disabled || !sampled(c) {
			return "", nil
		}
		if n, err := strconv.Atoi(c.Settings["samples limit"]); err == nil && n == 0 {
			return "", nil
		}
		return "collects samples of failing rows", s.personal(c, d, c.Capability == "custom" || c.Capability == "referential")
	case "great-expectations":
		if c.Settings["result_format"] == "COMPLETE" {
			return "keeps all failing values", s.personal(c, d, false)
		}
	case "dbt-test":
		if strings.EqualFold(c.Settings["store_failures"], "true") {
			return "stores failing rows", s.personal(c, d, false)
		}
	}
	return "", nil
}

// contract reports whether a check stands in a contract of version 4, which keeps no rows unless it says so.
func (s sampling) contract(d *graph.Dataset, c *graph.Check) bool {
	return slices.ContainsFunc(d.Contracts, func(k *graph.Contract) bool { return k.Tool == "soda" && k.Span.Path == c.Span.Path })
}

// sampled reports whether Soda 3 collects failing rows for a check: counts of missing, invalid and duplicate values, failed rows
// and references.
func sampled(c *graph.Check) bool {
	for _, prefix := range []string{"missing_", "invalid_", "duplicate_", "failed rows", "values in "} {
		if strings.HasPrefix(c.Name, prefix) {
			return true
		}
	}
	return false
}

// personal is the personal columns in the rows that a check copies: its own, or, where whole rows are copied, all direct
// identifiers of the dataset.
func (s sampling) personal(c *graph.Check, d *graph.Dataset, rows bool) []string {
	var out []string
	judged := pii.Of(d)
	own := func(j pii.Judged) bool {
		return slices.ContainsFunc(c.Columns, func(x string) bool { return strings.EqualFold(strings.Trim(x, "\"`"), j.Column.Name) })
	}
	empty := c.Capability == "completeness" // the rows that fail have nothing in the column
	rows = rows || empty && slices.ContainsFunc(judged, func(j pii.Judged) bool { return j.Personal() && own(j) })
	for _, j := range judged {
		if !j.Personal() || s.excludes(d, j.Column.Name) || own(j) && empty || !own(j) && !(rows && (j.Direct() || j.Explicit)) {
			continue
		}
		out = append(out, j.Column.Name)
	}
	if len(out) == 0 && len(d.Columns) == 0 && !rows && !empty { // the dataset's columns are not known: those that the check names
		names := make([]pii.Column, len(c.Columns))
		for i, n := range c.Columns {
			names[i].Name = n
		}
		for i, v := range pii.Classify(d.Parts[len(d.Parts)-1], names) {
			if v.Personal() && v.Alone && !s.excludes(d, c.Columns[i]) {
				out = append(out, c.Columns[i])
			}
		}
	}
	return out
}

// excludes reports whether the configuration keeps a column out of samples: "table.column", with * for any letters.
func (s sampling) excludes(d *graph.Dataset, column string) bool {
	name := strings.ToLower(fmt.Sprintf("%s.%s", d.Parts[len(d.Parts)-1], column))
	return slices.ContainsFunc(s.excluded, func(p string) bool {
		return graph.Like(strings.ReplaceAll(p, "_", "\x00"), strings.ReplaceAll(name, "_", "\x00"))
	})
}
