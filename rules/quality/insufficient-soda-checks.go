package quality

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// InsufficientSodaChecks reports datasets that are checked, but not for what their layer needs. What no dataset of the repository is
// checked for is said once.
var InsufficientSodaChecks = rules.Repository(rules.Rule{
	Name:     "insufficient-soda-checks",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "data-quality/testing-strategies",
	Sentence: "Implement comprehensive data quality checks at ingestion, transformation, and consumption layers",
	Collapsed: func(n int) string {
		return fmt.Sprintf("%d datasets that this file declares are not checked for all that their layers need", n)
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	if g.Options.ExternalChecks {
		return
	}
	known := map[string]bool{} // capabilities that some check of the repository has
	for _, c := range g.Checks {
		if c.NeverFails == "" && g.Accepts(c.Framework) {
			known[c.Capability] = true
			known[meant(c)] = true
		}
	}
	var lacking []lack
	met, asked := map[string]int{}, map[string]int{}
	for _, d := range g.Datasets {
		if !needsChecks(d) || d.Partial || oneToOne(d) || inTests(g, d.Span().Path) {
			continue
		}
		cover := g.Cover(d)
		if len(cover) == 0 {
			continue // missing-soda-checks
		}
		l := lack{dataset: d}
		for _, need := range needs(d) {
			asked[need.word()]++
			if need.met(d, cover) {
				met[need.word()]++
			} else {
				l.needs = append(l.needs, need)
			}
		}
		if len(l.needs) > 0 {
			lacking = append(lacking, l)
		}
	}
	together := map[string][]*graph.Dataset{} // what is said once
	for _, l := range lacking {
		var missing []string
		for _, need := range l.needs {
			word := need.word()
			unknown := !slices.ContainsFunc(need.any, func(c string) bool { return known[c] })
			if !g.Options.Expand && (unknown || word == "validity" || uncommon(met[word], asked[word])) {
				together[word] = append(together[word], l.dataset)
				continue
			}
			missing = append(missing, word)
		}
		if len(missing) > 0 {
			reportInsufficient(pass, g, l.dataset, missing)
		}
	}
	for _, c := range matrixOrder {
		if list := together[c]; len(list) > 0 {
			f := pass.ReportRepository("no check anywhere looks at %s; %s, first `%s`", capabilityWords[c], count(len(list), "dataset needs it", "datasets need it"), list[0].Name)
			if met[c] > 0 {
				f.Message = fmt.Sprintf("%d of %d datasets that need it are not checked for %s, first `%s`", len(list), asked[c], capabilityWords[c], list[0].Name)
			}
			f.Key = c
			for _, d := range list[:min(5, len(list))] {
				f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: d.Name})
			}
		}
	}
})

// few is how many findings of one sort a person reads one by one.
const few = 5

// uncommon reports whether what a rule asks of each dataset is not what the repository does: it lacks in more than a few, and in
// most. Then it is said once.
func uncommon(met, asked int) bool { return asked-met > few && met*2 < asked }

// longKey is how many columns a key may have for nulls in it to be asked about: the longer ones are combinations of attributes that
// may be empty.
const longKey = 3

// lack is what a dataset is not checked for.
type lack struct {
	dataset *graph.Dataset
	needs   []need
}

var matrixOrder = []string{"arrival", "volume", "schema", "uniqueness", "completeness", "freshness", "validity"}

var capabilityWords = map[string]string{
	"arrival": "the number of rows or the columns", "volume": "the number of rows", "schema": "the columns", "uniqueness": "the uniqueness of a key", "completeness": "nulls in a key",
	"freshness": "the age of the data", "validity": "values, references or rows",
}

// need is one row of the matrix: one of the capabilities, on the columns if there are any.
type need struct {
	any     []string
	columns []string
}

// word is the need's key in capabilityWords.
func (n need) word() string {
	if len(n.any) == 2 {
		return "arrival"
	}
	return n.any[0]
}

// needs is what a dataset's layer asks for, as far as it can be asked: no key, no uniqueness; no time column, no age. The age of
// what comes in is missing-freshness's.
func needs(d *graph.Dataset) []need {
	var out []need
	key := keyOf(d)
	switch d.Layer {
	case graph.Ingestion:
		out = append(out, need{any: []string{"volume", "schema"}})
	case graph.Transformation:
		if len(key) > 0 {
			out = append(out, need{any: []string{"uniqueness"}, columns: key}, need{any: []string{"validity", "referential", "volume", "reconciliation", "distribution", "custom"}})
		}
	case graph.Consumption:
		out = append(out, need{any: []string{"volume"}}, need{any: []string{"schema"}})
		if len(key) > 0 {
			out = append(out, need{any: []string{"uniqueness"}, columns: key})
		}
		if timeOf(d) != "" && d.Kind != "view" && !promisesAge(d) {
			out = append(out, need{any: []string{"freshness"}})
		}
	}
	if len(key) > 0 && len(key) <= longKey {
		out = append(out, need{any: []string{"completeness"}, columns: key})
	}
	if enforced(d) {
		out = slices.DeleteFunc(out, func(n need) bool { return n.any[0] == "uniqueness" || n.any[0] == "completeness" })
	}
	return out
}

// informational names the engines that store keys and hold nothing to them.
var informational = []string{"snowflake", "bigquery", "redshift", "databricks", "spark", "spark2", "hive", "athena", "trino", "presto"}

// enforced reports whether the database itself holds the key: it is a key of DDL, in an engine that may enforce it.
func enforced(d *graph.Dataset) bool {
	return slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool {
		return len(p.Grain) > 0 && p.ColumnsAll && (p.Tool == "sql" || p.Tool == "migrations") && !slices.Contains(informational, strings.ToLower(p.Dialect))
	})
}

// met reports whether a check is of one of the capabilities, and looks at a column of the need where it names columns.
func (n need) met(d *graph.Dataset, cover []*graph.Check) bool {
	for _, c := range cover {
		if !slices.Contains(n.any, c.Capability) && !slices.Contains(n.any, meant(c)) {
			continue
		}
		if len(n.columns) == 0 || len(c.Columns) == 0 || slices.ContainsFunc(c.Columns, func(x string) bool {
			return slices.ContainsFunc(n.columns, func(k string) bool { return strings.EqualFold(strings.Trim(x, "\"`"), k) })
		}) {
			return true
		}
	}
	switch n.any[0] {
	case "schema":
		return len(d.Contracts) > 0 || strings.EqualFold(d.Setting("contract.enforced"), "true")
	case "completeness":
		return slices.ContainsFunc(n.columns, func(k string) bool {
			c := d.Column(k)
			return c != nil && slices.ContainsFunc(c.Declared, func(f *graph.ColumnFact) bool { return f.NotNull })
		})
	}
	return false
}

// says knows what a check of a person's own looks at, by its name.
var says = []struct {
	words      *regexp.Regexp
	capability string
}{
	{regexp.MustCompile(`(?i)dup|uniq|primary_key|grain`), "uniqueness"},
	{regexp.MustCompile(`(?i)row_?count|num_?rows|number_of_rows|at_least_one|not_empty|volume|count`), "volume"},
	{regexp.MustCompile(`(?i)fresh|recen|stale|latest|age`), "freshness"},
	{regexp.MustCompile(`(?i)null|missing`), "completeness"},
	{regexp.MustCompile(`(?i)schema|columns?_`), "schema"},
}

// meant is what a custom check looks at, as far as its name says; empty if it doesn't.
func meant(c *graph.Check) string {
	if c.Capability == "custom" {
		for _, s := range says {
			if s.words.MatchString(c.Name) {
				return s.capability
			}
		}
	}
	return ""
}

// oneToOne reports whether a dataset is a view that only renames and casts another.
func oneToOne(d *graph.Dataset) bool {
	return d.Kind == "view" && !slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool { return !p.Simple })
}

func reportInsufficient(pass *rules.Pass, g *graph.Graph, d *graph.Dataset, missing []string) {
	var words []string
	for _, m := range missing {
		word := capabilityWords[m]
		if m == "uniqueness" || m == "completeness" {
			key := keyOf(d)
			if len(key) > longKey {
				key = append(slices.Clone(key[:longKey]), "…")
			}
			names := strings.Join(key, ", ")
			word = map[string]string{"uniqueness": "duplicates of `" + names + "`", "completeness": "nulls in `" + names + "`"}[m]
		}
		words = append(words, word)
	}
	f := pass.ReportAt(d.Span(), "`%s` (%s) is checked, but not for %s", d.Name, d.Layer, strings.Join(words, ", "))
	if d.Layer == graph.Consumption && slices.Contains(missing, "uniqueness") {
		f.Severity = rules.High
	}
	f.Dataset, f.Key, f.Collapse = d.Name, d.Name, "insufficient"
	f.Unit = rules.Unit{Kind: "block", Name: d.Name, StartLine: d.Span().Start.Line, EndLine: d.Span().End.Line}
	for _, c := range d.Checks[:min(3, len(d.Checks))] {
		f.Places = append(f.Places, rules.Place{Span: c.Span, Message: short(c.Name) + " looks at " + c.Capability})
	}
	if i := slices.Index(missing, "arrival"); i >= 0 {
		missing[i] = "volume"
	}
	f.Evidence = "to add: " + newScaffold(g, d, missing).snippet()
	if !slices.ContainsFunc(d.Contracts, func(c *graph.Contract) bool { return c.Tool == "soda" }) {
		f.Fix = scaffoldFix(g, d, missing)
	}
}
