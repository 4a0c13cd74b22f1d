package quality

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// MissingFreshness reports sources and ingested datasets that nothing holds to an age, and consumption datasets whose contract
// promises one that nothing checks. Where the repository asks no dataset for its age it says so once.
var MissingFreshness = rules.Repository(rules.Rule{
	Name:     "missing-freshness",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "data-quality/monitoring",
	Sentence: "Monitor data freshness, pipeline latency",
	Collapsed: func(n int) string {
		return fmt.Sprintf("nothing says how old the data of %d datasets that this file declares may be", n)
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	if g.Options.ExternalChecks {
		return
	}
	anywhere := slices.ContainsFunc(g.Checks, func(c *graph.Check) bool { return c.Capability == "freshness" && g.Accepts(c.Framework) })
	var stale []*graph.Dataset
	fresh := 0
	for _, d := range g.Datasets {
		promised := promisesAge(d)
		switch {
		case !promised && !arrives(d) || !d.InScope || d.Partial || d.Kind == "view" && !promised || static(d) || inTests(g, d.Span().Path):
		case agesChecked(g, d):
			fresh++
		case promised:
			reportAge(pass, d, true)
		default:
			stale = append(stale, d)
		}
	}
	if g.Options.Expand || anywhere && !uncommon(fresh, fresh+len(stale)) {
		for _, d := range stale {
			reportAge(pass, d, false)
		}
		return
	}
	if len(stale) > 0 {
		slices.SortStableFunc(stale, func(a, b *graph.Dataset) int { return b.Descendants - a.Descendants })
		var start []string
		for _, d := range stale[:min(5, len(stale))] {
			start = append(start, d.Name)
		}
		sources := count(len(stale), "source", "sources")
		if fresh > 0 {
			sources = fmt.Sprintf("%d of %d sources", len(stale), len(stale)+fresh)
		}
		f := pass.ReportRepository("nothing says how old the data of %s may be; start with: %s", sources, strings.Join(start, ", "))
		for _, d := range stale[:min(5, len(stale))] {
			f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: d.Name})
		}
	}
})

// arrives reports whether the dataset is where data comes in: a declared source, or a table of the ingestion layer.
func arrives(d *graph.Dataset) bool {
	return d.Kind == "source" || d.Kind == "external" || d.Layer == graph.Ingestion && len(d.Reads) == 0 && !vault.MatchString(d.Parts[len(d.Parts)-1])
}

// vault knows the tables of a raw vault: they are built, whatever their schema is called.
var vault = regexp.MustCompile(`^(?:hub|link|lnk|sat|pit|bridge)_`)

// ageWords are the properties of a contract that promise how old data may be.
var ageWords = regexp.MustCompile(`(?i)^(?:latency|freshness|ly|frequency|fy|generalavailability_lag)$`)

func promisesAge(d *graph.Dataset) bool {
	if d.Layer != graph.Consumption {
		return false
	}
	return slices.ContainsFunc(d.Contracts, func(c *graph.Contract) bool {
		for p := range c.Promises {
			if ageWords.MatchString(p) {
				return true
			}
		}
		return false
	})
}

// unmoving knows tables that nobody loads again, or that are empty when all is well: references, lookups, what people upload by
// hand, extracts of a day, rejected rows, the bookkeeping of a loader.
var unmoving = regexp.MustCompile(`^_dlt_|(?:_types?|_migrations|_state|_progress)$|^migrations$|_(?:19|20)\d{6}(?:_|$)|(?:^|_)(?:sheetload|mock|rejected|rejects|quarantined?|dead_letters?|dlq|errors?|ref|reference|lookups?|mappings?|map|static|manual|gsheets?|google_sheets?|sheets?|uploads?|seeds?|calendar|holidays|countries|country_codes|currencies|zip_?codes|codes|dim_date|archive|archived|historical|history|backfill|deprecated|legacy|old)(?:_|$)`)

func static(d *graph.Dataset) bool {
	for _, key := range []string{"meta.static", "meta.manual", "meta.freshness"} {
		if v := strings.ToLower(d.Setting(key)); v == "true" || key == "meta.freshness" && (v == "false" || v == "none") {
			return true
		}
	}
	for _, p := range d.Producers {
		if slices.ContainsFunc(p.Tags, func(t string) bool { return t == "static" || t == "manual" || t == "reference" }) {
			return true
		}
	}
	return slices.ContainsFunc(d.Parts[max(0, len(d.Parts)-2):], unmoving.MatchString)
}

// agesChecked reports whether something that can fail looks at the age of the dataset, or of one that is built from it alone.
func agesChecked(g *graph.Graph, d *graph.Dataset) bool {
	fresh := func(d *graph.Dataset) bool {
		return slices.ContainsFunc(d.Checks, func(c *graph.Check) bool {
			return c.Capability == "freshness" && c.NeverFails == "" && g.Accepts(c.Framework)
		})
	}
	if fresh(d) || d.Setting("cron") != "" && len(g.Cover(d)) > 0 {
		return true
	}
	return slices.ContainsFunc(d.ReadBy, func(r *graph.Dataset) bool { return len(r.Reads) == 1 && fresh(r) })
}

func reportAge(pass *rules.Pass, d *graph.Dataset, promised bool) {
	f := pass.ReportAt(d.Span(), "nothing says how old the data of `%s` may be", d.Name)
	if promised {
		f.Message = fmt.Sprintf("a contract promises how fresh `%s` is, and nothing checks it", d.Name)
	}
	f.Dataset, f.Key, f.Collapse = d.Name, d.Name, "age"
	f.Unit = rules.Unit{Kind: "block", Name: d.Name, StartLine: d.Span().Start.Line, EndLine: d.Span().End.Line}
	for _, c := range d.Checks {
		if c.Capability == "freshness" && c.NeverFails != "" {
			f.Message = fmt.Sprintf("the freshness check of `%s` can't fail: %s", d.Name, c.NeverFails)
			f.Places = append(f.Places, rules.Place{Span: c.Span, Message: c.NeverFails})
			break
		}
	}
	if d.Setting("loaded_at_field") != "" {
		f.Evidence = "`loaded_at_field` is set, but there is no `freshness` with `warn_after` or `error_after`"
	}
}
