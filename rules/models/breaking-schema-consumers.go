package models

import (
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// reliance is what relies on a column.
type reliance struct {
	first  string // what a message names
	places []rules.Place
	// promised says that something outside the pipeline is among them: a contract, an exposure, a dashboard.
	promised bool
	// whole are those that name the table and no column.
	whole []string
}

func (r *reliance) add(what string, at parsers.Span) {
	if r.first == "" {
		r.first = what
	}
	if len(r.places) < 20 {
		r.places = append(r.places, rules.Place{Span: at, Message: what})
	}
}

// relyOn finds the contracts, consumers, models and checks that name a column of a dataset.
func relyOn(g *graph.Graph, d *graph.Dataset, column string) *reliance {
	r := &reliance{}
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(c string) bool { return strings.EqualFold(c, column) })
	}
	for _, c := range d.Contracts {
		if c.Status == "draft" || c.Status == "retired" {
			continue
		}
		for _, f := range c.Columns {
			if strings.EqualFold(f.Name, column) {
				r.promised = true
				r.add("the "+c.Tool+" contract", f.Span)
			}
		}
	}
	for _, u := range d.UsedBy {
		if has(u.Columns) || len(u.Columns) == 0 && (u.Kind == "exposure" || u.Kind == "dashboard") {
			what := strings.TrimSpace(u.Kind + " `" + u.By + "`")
			if len(u.Columns) == 0 {
				r.whole = append(r.whole, what)
				continue // it names the table only: whether it shows the column is not known
			}
			r.promised = true
			r.add(what, u.Span)
		}
	}
	for _, reader := range d.ReadBy {
		for _, p := range reader.Producers {
			if at, ok := projects(g, p, d, column); ok {
				r.add("`"+reader.Name+"`", at)
				break
			}
		}
	}
	for _, c := range g.Checks {
		if has(c.Columns) && slices.Contains(c.Datasets, d) && c.Name != "contract" {
			r.add("the check "+c.Name, c.Span)
		}
	}
	return r
}

// projects reports whether a producer computes a column from one of the dataset.
func projects(g *graph.Graph, p *graph.DatasetFact, d *graph.Dataset, column string) (parsers.Span, bool) {
	for _, o := range p.Outputs {
		for _, s := range o.Sources {
			if s.Read >= 0 && s.Read < len(p.Reads) && strings.EqualFold(s.Column, column) && slices.Contains(g.Find(p.Reads[s.Read], p.Span.Path), d) {
				return o.Span, true
			}
		}
	}
	return parsers.Span{}, false
}
