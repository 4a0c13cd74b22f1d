package architecture

import (
	"cmp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// DependencyCycle reports datasets that are built from themselves, directly or by way of others. Only names that mean one
// dataset beyond doubt count, and only what defines a dataset: rows that a script adds may come from anywhere.
var DependencyCycle = rules.Repository(rules.Rule{
	Name:     "dependency-cycle",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "governance/data-lineage",
	Sentence: "Document data lineage, metadata, and data dictionaries",
}, func(pass *rules.Pass, g *graph.Graph) {
	next := map[*graph.Dataset][]arc{}
	named := map[string]int{}
	for _, d := range g.Datasets {
		named[ending(d)]++
	}
	for _, d := range g.Datasets {
		next[d] = slices.DeleteFunc(arcs(g, d), func(a arc) bool {
			return a.ref.Tool == "source" && named[ending(a.from)] > 1 // which of several databases is meant can't be seen
		})
	}
	for _, loop := range loops(g.Datasets, next) {
		cycle := shortest(loop, next)
		if declared(cycle) {
			reportCycle(pass, cycle)
		}
	}
})

// ending is the schema and the name of a dataset, whatever its database.
func ending(d *graph.Dataset) string { return strings.Join(d.Parts[max(0, len(d.Parts)-2):], ".") }

// arc is one reference by which a dataset is built from another.
type arc struct {
	from, to *graph.Dataset
	by       *graph.DatasetFact
	ref      graph.Ref
}

// arcs is what a dataset is built from, without doubt.
func arcs(g *graph.Graph, d *graph.Dataset) []arc {
	var out []arc
	if severalModels(d) {
		return nil
	}
	for _, p := range d.Producers {
		if !defines(p) || d.Why == "test" || strings.Contains(d.Name, graph.Hole) {
			continue
		}
		for _, r := range p.Reads {
			found := g.Find(r, p.Span.Path)
			if r.Inferred || len(found) != 1 || !sameName(r, found[0]) || strings.Contains(found[0].Name, graph.Hole) || maybeAnother(r, found[0]) {
				continue
			}
			if r.Tool == "source" && found[0].Setting("materialized") == "incremental" {
				continue // what is kept from run to run: today's rows are compared with yesterday's
			}
			if severalModels(found[0]) || found[0] == d && !definesOnce(p, r) {
				continue
			}
			out = append(out, arc{found[0], d, p, r})
		}
	}
	return out
}

// severalModels reports whether models of several files seem to be one dataset: a macro puts them into schemas that can't be seen.
func severalModels(d *graph.Dataset) bool {
	path := ""
	for _, p := range d.Producers {
		if (p.Tool == "dbt" || p.Tool == "sqlmesh") && p.Kind != "source" && p.Kind != "external" {
			if path != "" && path != p.Span.Path {
				return true
			}
			path = p.Span.Path
		}
	}
	return false
}

// defines reports whether a producer says what its dataset is, rather than change some rows of it, and does so for good.
func defines(p *graph.DatasetFact) bool {
	if p.Confidence != graph.Exact || p.Transient != "" {
		return false
	}
	switch p.Tool {
	case "dbt", "sqlmesh", "dagster", "delta":
		return p.Kind != "source" && p.Kind != "external"
	}
	switch p.Mode {
	case "create", "replace", "overwrite":
		return true
	}
	return false
}

// definesOnce reports whether a dataset that reads itself can't be built: a view, or a model that refers to itself by ref.
// Anything else reads what an earlier run left.
func definesOnce(p *graph.DatasetFact, r graph.Ref) bool {
	return p.Kind == "view" && p.Tool != "dbt" || r.Tool == "ref"
}

// sameName reports whether a reference spells the whole name of its dataset: one without the schema may mean another's.
func sameName(r graph.Ref, d *graph.Dataset) bool {
	return r.Tool != "sql" && r.Tool != "" || len(graph.Canonical(r.Parts)) == len(d.Parts)
}

// maybeAnother reports whether a source whose schema is not known may be another table than the model of its name.
func maybeAnother(r graph.Ref, d *graph.Dataset) bool {
	return r.Tool == "source" && len(d.Parts) == 1 && slices.ContainsFunc(d.Producers, defines)
}

// declared reports whether the order of a cycle's steps is nobody's but the graph's: a model or view is part of it. Scripts
// that fill tables in turns are in the order in which something runs them.
func declared(cycle []arc) bool {
	return slices.ContainsFunc(cycle, func(a arc) bool { return a.by.Kind == "view" || a.by.Tool == "dbt" || a.by.Tool == "sqlmesh" })
}

// loops is the strongly connected components that hold a cycle (Tarjan, without recursion), each in the order of the datasets.
func loops(datasets []*graph.Dataset, next map[*graph.Dataset][]arc) [][]*graph.Dataset {
	index, low, on := map[*graph.Dataset]int{}, map[*graph.Dataset]int{}, map[*graph.Dataset]bool{}
	var stack []*graph.Dataset
	var out [][]*graph.Dataset
	type frame struct {
		d *graph.Dataset
		i int
	}
	for _, start := range datasets {
		if index[start] > 0 {
			continue
		}
		calls := []frame{{start, 0}}
		for len(calls) > 0 {
			f := &calls[len(calls)-1]
			if f.i == 0 {
				index[f.d] = len(index) + 1
				low[f.d] = index[f.d]
				stack, on[f.d] = append(stack, f.d), true
			}
			if f.i < len(next[f.d]) {
				to := next[f.d][f.i].from
				f.i++
				if index[to] == 0 {
					calls = append(calls, frame{to, 0})
				} else if on[to] {
					low[f.d] = min(low[f.d], index[to])
				}
				if f.i > 0 {
					continue
				}
			}
			d := f.d
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				above := calls[len(calls)-1].d
				low[above] = min(low[above], low[d])
			}
			if low[d] != index[d] {
				continue
			}
			at := slices.Index(stack, d)
			component := slices.Clone(stack[at:])
			stack = stack[:at]
			for _, c := range component {
				on[c] = false
			}
			if len(component) > 1 || slices.ContainsFunc(next[d], func(a arc) bool { return a.from == d }) {
				slices.SortFunc(component, func(a, b *graph.Dataset) int { return strings.Compare(a.Name, b.Name) })
				out = append(out, component)
			}
		}
	}
	slices.SortFunc(out, func(a, b []*graph.Dataset) int { return strings.Compare(a[0].Name, b[0].Name) })
	return out
}

// maxSearched bounds from how many datasets of a component a shorter cycle is looked for.
const maxSearched = 200

// shortest is the shortest cycle inside a component, each arc leading to what the one before is built from.
func shortest(component []*graph.Dataset, next map[*graph.Dataset][]arc) []arc {
	in := map[*graph.Dataset]bool{}
	for _, d := range component {
		in[d] = true
	}
	var best []arc
	for _, start := range component[:min(maxSearched, len(component))] {
		by := map[*graph.Dataset]arc{}
		open := []*graph.Dataset{start}
		for len(open) > 0 && by[start].by == nil {
			d := open[0]
			open = open[1:]
			for _, a := range next[d] {
				if in[a.from] && by[a.from].by == nil {
					by[a.from] = a
					open = append(open, a.from)
				}
			}
		}
		var cycle []arc
		for at := start; by[at].by != nil; {
			a := by[at]
			cycle = append(cycle, a)
			if at = a.to; at == start {
				break
			}
		}
		if best == nil || len(cycle) < len(best) {
			best = cycle
		}
	}
	slices.Reverse(best)
	return best
}

// maxNamed is how many datasets a message names.
const maxNamed = 4

func reportCycle(pass *rules.Pass, cycle []arc) {
	first := 0
	for i, a := range cycle {
		b := cycle[first]
		if cmp.Or(strings.Compare(a.ref.Span.Path, b.ref.Span.Path), a.ref.Span.Start.Byte-b.ref.Span.Start.Byte) < 0 {
			first = i
		}
	}
	cycle = append(slices.Clone(cycle[first:]), cycle[:first]...)
	var names []string
	for _, a := range cycle {
		names = append(names, "`"+a.to.Name+"`")
	}
	if len(names) > maxNamed {
		names = append(names[:maxNamed-1], "…")
	}
	start := cycle[0]
	f := pass.ReportAt(start.ref.Span, "%s is built from %s: a cycle", names[0], strings.Join(append(names[1:], names[0]), ", from "))
	if len(cycle) == 1 {
		f.Message = names[0] + " reads itself, so it can't be built"
	}
	f.Dataset, f.Key = start.to.Name, cycleKey(cycle)
	f.Unit = rules.Unit{Kind: "block", Name: start.to.Name, StartLine: start.ref.Span.Start.Line, EndLine: start.ref.Span.Start.Line}
	for _, a := range cycle[1:] {
		f.Places = append(f.Places, rules.Place{Span: a.ref.Span, Message: "`" + a.to.Name + "` reads `" + a.from.Name + "`"})
	}
}

// cycleKey names the members of a cycle, whatever its order.
func cycleKey(cycle []arc) string {
	var names []string
	for _, a := range cycle {
		names = append(names, a.to.Name)
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}
