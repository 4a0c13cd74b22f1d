package lineage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"delint/graph"
)

// selected is the part of a graph that was asked for.
type selected struct {
	narrowed bool
	datasets map[*graph.Dataset]bool
	edges    map[[2]*graph.Dataset]bool // nil: all between datasets that are in
	columns  map[columnKey]bool         // nil: all
	up, down []columnKey                // what was named; column is empty for a dataset
}

type columnKey struct {
	d      *graph.Dataset
	column string // in lower case
}

func key(d *graph.Dataset, column string) columnKey { return columnKey{d, strings.ToLower(column)} }

func (s selected) has(d *graph.Dataset) bool { return !s.narrowed || s.datasets[d] }

func (s selected) edge(from, to *graph.Dataset) bool {
	return !s.narrowed || s.datasets[from] && s.datasets[to] && (s.edges == nil || s.edges[[2]*graph.Dataset{from, to}])
}

func (s selected) hasColumn(d *graph.Dataset, column string) bool {
	return s.columns == nil || s.columns[key(d, column)]
}

// choose finds what the options name.
func choose(g *graph.Graph, o Options) (selected, error) {
	s := selected{narrowed: len(o.Upstream)+len(o.Downstream)+len(o.Layers) > 0, datasets: map[*graph.Dataset]bool{}}
	if err := knownLayers(o.Layers); err != nil || !s.narrowed {
		return s, err
	}
	if len(o.Upstream)+len(o.Downstream) == 0 {
		for _, d := range g.Datasets {
			s.datasets[d] = true
		}
	}
	children := map[columnKey][]columnKey{}
	if o.Columns {
		for _, d := range g.Datasets {
			for _, c := range d.Columns {
				for _, source := range c.Sources {
					if source.Of != nil {
						k := key(source.Of, source.Column)
						children[k] = append(children[k], key(d, c.Name))
					}
				}
			}
		}
	}
	up := func(k columnKey) (out []columnKey) {
		if c := k.d.Column(k.column); c != nil {
			for _, source := range c.Sources {
				if source.Of != nil {
					out = append(out, key(source.Of, source.Column))
				}
			}
		}
		return out
	}
	for _, direction := range []struct {
		names   []string
		roots   *[]columnKey
		next    func(*graph.Dataset) []*graph.Dataset
		columns func(columnKey) []columnKey
	}{
		{o.Upstream, &s.up, func(d *graph.Dataset) []*graph.Dataset { return d.Reads }, up},
		{o.Downstream, &s.down, func(d *graph.Dataset) []*graph.Dataset { return d.ReadBy }, func(k columnKey) []columnKey { return children[k] }},
	} {
		for _, name := range direction.names {
			d, column, err := resolve(g, name, o.Columns)
			if err != nil {
				return s, err
			}
			*direction.roots = append(*direction.roots, columnKey{d, column})
			if column == "" {
				for found := range walk(d, o.Depth, direction.next) {
					s.datasets[found] = true
				}
				continue
			}
			if s.columns == nil {
				s.columns, s.edges = map[columnKey]bool{}, map[[2]*graph.Dataset]bool{}
			}
			for k := range walk(key(d, column), o.Depth, direction.columns) {
				s.columns[k], s.datasets[k.d] = true, true
				for _, from := range up(k) {
					s.edges[[2]*graph.Dataset{from.d, k.d}] = true
				}
			}
		}
	}
	if len(o.Layers) > 0 {
		for d := range s.datasets {
			if layer := cmp.Or(string(d.Layer), "unknown"); !slices.Contains(o.Layers, layer) {
				delete(s.datasets, d)
			}
		}
	}
	return s, nil
}

func knownLayers(layers []string) error {
	known := []string{string(graph.Ingestion), string(graph.Transformation), string(graph.Consumption), "unknown"}
	for _, l := range layers {
		if !slices.Contains(known, l) {
			return fmt.Errorf("--layer: unknown layer %q; it is one of %s", l, strings.Join(known, ", "))
		}
	}
	return nil
}

// walk is everything within depth steps of a start (all if 0), with the start.
func walk[T comparable](start T, depth int, next func(T) []T) map[T]bool {
	seen := map[T]bool{start: true}
	level := []T{start}
	for step := 0; len(level) > 0 && (depth == 0 || step < depth); step++ {
		var below []T
		for _, at := range level {
			for _, n := range next(at) {
				if !seen[n] {
					seen[n] = true
					below = append(below, n)
				}
			}
		}
		level = below
	}
	return seen
}

// resolve finds the one dataset that a name means; with columns, the last part may be a column of it.
func resolve(g *graph.Graph, name string, columns bool) (*graph.Dataset, string, error) {
	found := find(g, name)
	if len(found) == 1 {
		return found[0], "", nil
	}
	if i := strings.LastIndexByte(name, '.'); len(found) == 0 && columns && i > 0 {
		column := strings.Trim(name[i+1:], "\"`[]")
		of := find(g, name[:i])
		if len(of) == 1 && of[0].Column(column) != nil {
			return of[0], of[0].Column(column).Name, nil
		}
		if len(of) == 1 {
			var names []string
			for _, c := range of[0].Columns {
				names = append(names, c.Name)
			}
			return nil, "", fmt.Errorf("%s has no column %q that is known%s", of[0].Name, column, near(column, names))
		}
		found = of
	}
	if len(found) > 1 {
		var names []string
		for _, d := range found[:min(5, len(found))] {
			names = append(names, d.Name)
		}
		return nil, "", fmt.Errorf("%q may mean %d datasets: %s …; write more of the name", name, len(found), strings.Join(names, ", "))
	}
	var names []string
	for _, d := range g.Datasets {
		names = append(names, d.Name)
		if len(d.Parts) > 1 {
			names = append(names, d.Parts[len(d.Parts)-1])
		}
	}
	return nil, "", fmt.Errorf("no dataset is named %q%s", name, near(name, names))
}

// find is the dataset of exactly that canonical name, else those that a reference of that name means.
func find(g *graph.Graph, name string) []*graph.Dataset {
	i, ok := slices.BinarySearchFunc(g.Datasets, name, func(d *graph.Dataset, n string) int { return strings.Compare(d.Name, n) })
	if ok {
		return g.Datasets[i : i+1]
	}
	parts, _ := graph.SplitName(name)
	if strings.Contains(name, "/") {
		return g.Find(graph.Ref{Tool: "path", Parts: []string{name}}, "")
	}
	return g.Find(graph.Ref{Tool: "sql", Parts: parts}, "")
}

// near suggests the nearest names: those of few letters' difference, then those that hold the name.
func near(name string, names []string) string {
	name = strings.ToLower(name)
	slices.Sort(names)
	type candidate struct {
		name     string
		distance int
	}
	var list []candidate
	for _, n := range slices.Compact(names) {
		limit := max(2, len(name)/3)
		if d := graph.EditDistance(name, strings.ToLower(n), limit); d <= limit {
			list = append(list, candidate{n, d})
		} else if len(name) > 2 && strings.Contains(strings.ToLower(n), name) {
			list = append(list, candidate{n, limit + 1})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return a.distance - b.distance })
	if len(list) == 0 {
		return "; `delint graph` lists what is known"
	}
	var out []string
	for _, c := range list[:min(3, len(list))] {
		out = append(out, fmt.Sprintf("%q", c.name))
	}
	return "; nearest: " + strings.Join(out, ", ")
}
