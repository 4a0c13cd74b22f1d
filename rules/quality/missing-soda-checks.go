package quality

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// MissingSodaChecks reports datasets of a known layer that no accepted check looks at. Where the repository has no check at
// all it says so once.
var MissingSodaChecks = rules.Repository(rules.Rule{
	Name:     "missing-soda-checks",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "data-quality/overview",
	Sentence: "Implement comprehensive data quality checks at ingestion, transformation, and consumption layers",
	Collapsed: func(n int) string {
		return fmt.Sprintf("nothing checks %d datasets that this file declares", n)
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	if g.Options.ExternalChecks {
		return
	}
	var asked, unchecked []*graph.Dataset
	for _, d := range g.Datasets {
		if !needsChecks(d) || inTests(g, d.Span().Path) {
			continue
		}
		asked = append(asked, d)
		if !d.Partial && len(g.Cover(d)) == 0 {
			unchecked = append(unchecked, d)
		}
	}
	slices.SortStableFunc(unchecked, func(a, b *graph.Dataset) int { return b.Descendants - a.Descendants })
	seen := lookAt(g)
	if !seen.any && len(unchecked) > 0 && !g.Options.Expand {
		if len(unchecked) == len(asked) && !seen.unread {
			none(pass, unchecked, seen)
		}
		return
	}
	for _, d := range unchecked {
		report(pass, g, d, seen)
	}
})

// needsChecks reports whether a dataset is one that the rule asks checks of: in scope, of a known layer, no private helper.
func needsChecks(d *graph.Dataset) bool {
	if !d.InScope || d.Layer == graph.Unknown {
		return false
	}
	return d.Layer != graph.Transformation || !slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool { return p.Private })
}

// evidence is what the repository has of checks: what a person needs to trust or correct a finding.
type evidence struct {
	any     bool // an accepted check exists, whatever it looks at
	unread  bool // there are checks that could not be read
	files   map[string]bool
	soda    int
	targets []string // names that checks speak of, sorted
}

func lookAt(g *graph.Graph) evidence {
	e := evidence{files: map[string]bool{}}
	targets := map[string]bool{}
	for _, c := range g.Checks {
		if !g.Accepts(c.Framework) {
			continue
		}
		e.any = e.any || c.NeverFails == ""
		if p := c.Span.Path; !e.files[p] {
			e.files[p] = true
			if c.Framework == "soda" {
				e.soda++
			}
		}
		if n := len(c.Target.Parts); n > 0 && !c.Wildcard {
			targets[strings.ToLower(c.Target.Parts[n-1])] = true
		}
	}
	e.unread = slices.ContainsFunc(g.Files, func(f *graph.Facts) bool {
		return slices.ContainsFunc(f.Projects, func(p graph.ProjectFact) bool { return p.Tool == "unread" && p.Name == "great-expectations" })
	})
	for t := range targets {
		e.targets = append(e.targets, t)
	}
	slices.Sort(e.targets)
	return e
}

// line is the line of evidence under a finding.
func (e evidence) line(d *graph.Dataset) string {
	if len(e.files) == 0 {
		return "looked for checks of Soda, dbt, SQLMesh, Great Expectations, Dagster, Airflow, ODCS and Delta: there are none"
	}
	line := fmt.Sprintf("looked at %s", count(len(e.files), "file with checks", "files with checks"))
	if e.soda == len(e.files) {
		line = fmt.Sprintf("looked at %s", count(e.soda, "Soda file", "Soda files"))
	}
	if d == nil {
		return line
	}
	if near := e.nearest(d.Parts[len(d.Parts)-1]); near != "" {
		line += ", nearest names: " + near
	} else {
		line += ", none with a similar name"
	}
	return line
}

// maxDistance is how many letters a name may differ to be called near.
const maxDistance = 3

func (e evidence) nearest(name string) string {
	type candidate struct {
		name     string
		distance int
	}
	var found []candidate
	for _, t := range e.targets {
		if d := graph.EditDistance(name, t, maxDistance); d <= maxDistance && d*3 <= len(name) {
			found = append(found, candidate{t, d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var out []string
	for _, c := range found[:min(2, len(found))] {
		out = append(out, fmt.Sprintf("%s (distance %d)", c.name, c.distance))
	}
	return strings.Join(out, ", ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// none reports once that the repository has no check of any framework.
func none(pass *rules.Pass, unchecked []*graph.Dataset, seen evidence) {
	var start []string
	for _, d := range unchecked[:min(5, len(unchecked))] {
		start = append(start, d.Name)
	}
	f := pass.ReportRepository("0 of %s with quality checks; start with: %s",
		count(len(unchecked), "dataset", "datasets"), strings.Join(start, ", "))
	f.Evidence = seen.line(nil)
	for _, d := range unchecked[:min(5, len(unchecked))] {
		f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: d.Name})
	}
}

// maxPlaces bounds the checks that are shown beside a finding.
const maxPlaces = 5

func report(pass *rules.Pass, g *graph.Graph, d *graph.Dataset, seen evidence) {
	f := pass.ReportAt(d.Span(), "nothing checks `%s` (%s)", d.Name, d.Layer)
	f.Dataset, f.Key, f.Collapse = d.Name, d.Name, "unchecked"
	f.Unit = rules.Unit{Kind: "block", Name: d.Name, StartLine: d.Span().Start.Line, EndLine: d.Span().End.Line}
	if d.Layer == graph.Transformation {
		f.Severity = rules.Medium
	}
	f.Evidence = seen.line(d)
	for _, c := range d.Checks {
		switch {
		case c.NeverFails != "":
			f.Message = fmt.Sprintf("no check of `%s` (%s) can fail: %s", d.Name, d.Layer, c.NeverFails)
			f.Places = append(f.Places, rules.Place{Span: c.Span, Message: c.Name + " never fails: " + c.NeverFails})
		case !g.Accepts(c.Framework):
			f.Severity = rules.Low
			f.Message = fmt.Sprintf("`%s` has %s checks, but no Soda contract", d.Name, c.Framework)
		}
	}
	if f.Severity != rules.Low {
		f.Fix = scaffoldFix(g, d, layerNeeds(d))
	}
	if len(f.Places) > maxPlaces {
		f.Places = f.Places[:maxPlaces]
	}
	for _, p := range d.Producers[1:min(len(d.Producers), 4)] {
		f.Places = append(f.Places, rules.Place{Span: p.Span, Message: "written here too"})
	}
}
