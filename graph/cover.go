package graph

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// DefaultAccept is the frameworks whose checks count as cover.
var DefaultAccept = []string{
	"soda", "sqlmesh-audit", "dbt-test", "great-expectations", "dagster-asset-check", "airflow-sql-check", "odcs-quality",
	"delta-expectation",
}

// Accepts reports whether the checks of a framework count as cover in this repository.
func (g *Graph) Accepts(framework string) bool {
	accept := g.Options.Accept
	if len(accept) == 0 {
		accept = DefaultAccept
	}
	return slices.Contains(accept, framework)
}

// assignChecks finds the datasets of every check.
func (g *Graph) assignChecks() {
	slices.SortStableFunc(g.pending.checks, func(a, b *CheckFact) int {
		return cmp.Or(strings.Compare(a.Span.Path, b.Span.Path), a.Span.Start.Byte-b.Span.Start.Byte)
	})
	schemas := g.dataSources()
	excluded := g.excludes()
	for _, f := range g.pending.checks {
		if f.Exclude {
			continue
		}
		c := &Check{CheckFact: f}
		if f.Wildcard {
			for _, d := range g.pending.names.like(lastPart(f.Target)) {
				if !excluded[place{f.Span.Path, f.Name}][d] && (f.Target.Tool != "dbt" || d.Tool == "dbt" && d.Kind != "source") {
					c.Datasets = append(c.Datasets, d)
				}
			}
		} else {
			c.Datasets = inDataSource(g.pending.names.find(f.Target, f.Span.Path), schemas[f.DataSource])
			c.Ambiguous = len(c.Datasets) > 1
		}
		for _, d := range c.Datasets {
			if f.Confidence == Partial {
				d.Partial = true
			} else {
				d.Checks = append(d.Checks, c)
			}
		}
		if len(c.Datasets) == 0 && !f.Wildcard {
			g.markNear(f)
		}
		g.Checks = append(g.Checks, c)
	}
	g.markUnread()
}

// markNear makes datasets partial that a check may mean whose target nothing writes: the only one of that name, or one whose
// schema is much like the check's.
func (g *Graph) markNear(f *CheckFact) {
	parts := Canonical(f.Target.Parts)
	if f.Target.Tool != "" && f.Target.Tool != "sql" || f.NeverFails != "" || parts == nil {
		return
	}
	near := g.pending.names.byName[parts[len(parts)-1]]
	for _, d := range near {
		alike := false
		if len(parts) > 1 && len(d.Parts) > 1 {
			a, b := parts[len(parts)-2], d.Parts[len(d.Parts)-2]
			alike = strings.Contains(a, b) || strings.Contains(b, a)
		}
		d.Partial = d.Partial || alike || len(near) == 1
	}
}

func lastPart(r Ref) string {
	if len(r.Parts) == 0 {
		return ""
	}
	return r.Parts[len(r.Parts)-1]
}

// place is a check section: a file and the header in it.
type place struct{ path, name string }

// excludes is what the sections of each file take out again.
func (g *Graph) excludes() map[place]map[*Dataset]bool {
	out := map[place]map[*Dataset]bool{}
	for _, f := range g.pending.checks {
		if !f.Exclude {
			continue
		}
		at := place{f.Span.Path, f.Name}
		if out[at] == nil {
			out[at] = map[*Dataset]bool{}
		}
		for _, d := range g.pending.names.like(lastPart(f.Target)) {
			out[at][d] = true
		}
	}
	return out
}

// dataSources is the schema of every Soda data source that the repository configures.
func (g *Graph) dataSources() map[string]string {
	out := map[string]string{}
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool == "soda" {
				out[p.Name] = normalPart(p.Values["schema"])
			}
		}
	}
	if len(out) == 1 {
		for _, schema := range out {
			out[""] = schema
		}
	}
	return out
}

// inDataSource keeps, of several datasets, those in the schema that the data source speaks of, if there are any.
func inDataSource(found []*Dataset, schema string) []*Dataset {
	if len(found) < 2 || schema == "" {
		return found
	}
	var in []*Dataset
	for _, d := range found {
		if len(d.Parts) > 1 && d.Parts[len(d.Parts)-2] == schema {
			in = append(in, d)
		}
	}
	if in == nil {
		return found
	}
	return in
}

// foreignChecks are files of checks beside what builds a dataset, in a form that only the repository's own tool reads.
var foreignChecks = []string{"checks.sql", "bigconfig.yml"}

// markUnread makes datasets partial that a check file names which could not be read, or that has such a file beside it.
func (g *Graph) markUnread() {
	for _, d := range g.Datasets {
		for _, name := range foreignChecks {
			d.Partial = d.Partial || g.HasPath(path.Join(path.Dir(d.Span().Path), name))
		}
	}
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool != "unread" {
				continue
			}
			for _, word := range p.Lists["words"] {
				for _, d := range g.pending.names.byName[word] {
					d.Partial = true
				}
			}
		}
		if f.NotAnalysed == "" || f.Language != "yaml" || len(f.Projects) > 0 {
			continue
		}
		stem := strings.ToLower(strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path)))
		for _, d := range g.pending.names.byName[stem] {
			d.Partial = true
		}
	}
}

// Cover is the accepted checks of a dataset that can fail. A staging view that only renames and casts one dataset has that
// one's.
func (g *Graph) Cover(d *Dataset) []*Check { return g.cover(d, 0) }

// maxViews is how many views in a row hand their cover on.
const maxViews = 10

func (g *Graph) cover(d *Dataset, depth int) []*Check {
	var out []*Check
	for _, c := range d.Checks {
		if c.NeverFails == "" && g.Accepts(c.Framework) {
			out = append(out, c)
		}
	}
	if len(out) == 0 && depth < maxViews && d.Layer == Transformation && len(d.Reads) == 1 && d.isSimpleView() {
		return g.cover(d.Reads[0], depth+1)
	}
	return out
}

func (d *Dataset) isSimpleView() bool {
	for _, p := range d.Producers {
		if p.Kind != "view" || !p.Simple || len(p.Reads) != 1 {
			return false
		}
	}
	return true
}
