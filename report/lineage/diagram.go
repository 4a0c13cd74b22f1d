package lineage

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"
)

// maxNodes is how many boxes a person can read in one diagram; a larger graph is drawn by groups.
const maxNodes = 80

// layers is the order of the layers in everything that is drawn.
var layers = []string{"ingestion", "transformation", "consumption", "unknown"}

func layerOf(d *Dataset) string { return cmp.Or(d.Layer, "unknown") }

// node is a box of a diagram: a dataset, a group of them, or a consumer.
type node struct {
	name   string // unique
	label  string
	layer  string // one of layers, or "consumers"
	class  string // source, table, view, path, group, consumer
	count  int    // of datasets in a group
	fields []field
}

// field is a column that a diagram shows in its dataset.
type field struct{ name, kind string }

// link is an arrow.
type link struct {
	from, to           string
	fromField, toField string
	count              int
	dashed             bool // inferred
}

// diagram is what the drawing formats draw.
type diagram struct {
	title     string
	collapsed string // how it was collapsed; empty if it was not
	nodes     []node
	links     []link
}

// draw decides what is drawn: every dataset, or groups by schema, or by layer, where there are too many to read.
func draw(d *Document, s Style) *diagram {
	out := &diagram{title: fmt.Sprintf("%s, %s", count(len(d.Datasets), "dataset"), count(len(d.Edges), "edge"))}
	consumers := map[string]bool{}
	for _, u := range d.Uses {
		if u.Dataset != "" {
			consumers[u.Tool+" "+u.Kind+" "+u.By] = true
		}
	}
	if s.Expand || len(d.Datasets)+len(consumers) <= maxNodes {
		out.each(d, s)
		return out
	}
	schemas := map[string]bool{}
	for _, set := range d.Datasets {
		schemas[group(set)] = true
	}
	by := group
	out.collapsed = "by schema"
	if len(schemas) > maxNodes {
		by, out.collapsed = layerOf, "by layer"
	}
	out.groups(d, by)
	return out
}

// group is the layer and schema of a dataset; of one without a schema, where its first producer stands.
func group(d *Dataset) string {
	schema := ""
	switch {
	case len(d.Parts) > 1:
		schema = strings.Join(d.Parts[:len(d.Parts)-1], ".")
	case d.Kind == "path":
		schema = path.Dir(d.Name)
	case len(d.Producers) > 0:
		schema = path.Dir(d.Producers[0].Path) + "/"
	}
	return layerOf(d) + ": " + schema
}

func (out *diagram) each(d *Document, s Style) {
	fields := map[string][]field{}
	if s.Columns {
		linked := map[ColumnName]bool{}
		for _, e := range d.ColumnEdges {
			linked[e.From], linked[e.To] = true, true
			out.links = append(out.links, link{
				from: e.From.Dataset, to: e.To.Dataset, fromField: e.From.Column, toField: e.To.Column, count: 1, dashed: e.Confidence != "exact",
			})
		}
		read := map[string][]string{} // by dataset, the columns that others are computed from
		for _, e := range d.ColumnEdges {
			read[e.From.Dataset] = append(read[e.From.Dataset], e.From.Column)
		}
		for _, set := range d.Datasets {
			seen := map[string]bool{}
			for _, c := range set.Columns {
				if linked[ColumnName{set.Name, c.Name}] {
					seen[c.Name] = true
					fields[set.Name] = append(fields[set.Name], field{c.Name, c.Type})
				}
			}
			for _, c := range read[set.Name] { // a column that only its readers know
				if !seen[c] {
					seen[c] = true
					fields[set.Name] = append(fields[set.Name], field{c, ""})
				}
			}
		}
	}
	for _, set := range d.Datasets {
		out.nodes = append(out.nodes, node{name: set.Name, label: set.Name, layer: layerOf(set), class: class(set), fields: fields[set.Name]})
	}
	for _, e := range d.Edges {
		if len(fields[e.From]) == 0 || len(fields[e.To]) == 0 {
			out.links = append(out.links, link{from: e.From, to: e.To, count: 1, dashed: e.Confidence != "exact"})
		}
	}
	out.consumers(d, func(set *Dataset) string { return set.Name })
}

func class(d *Dataset) string {
	switch d.Kind {
	case "source", "external", "seed":
		return "source"
	case "view", "path":
		return d.Kind
	}
	return "table"
}

// consumers draws what reads datasets without making one.
func (out *diagram) consumers(d *Document, of func(*Dataset) string) {
	seen := map[string]bool{}
	linked := map[[2]string]bool{}
	for _, u := range d.Uses {
		set := d.Dataset(u.Dataset)
		if set == nil {
			continue
		}
		name := "use " + u.Tool + " " + u.Kind + " " + u.By
		if !seen[name] {
			seen[name] = true
			out.nodes = append(out.nodes, node{name: name, label: u.Kind + " " + u.By, layer: "consumers", class: "consumer"})
		}
		if l := [2]string{of(set), name}; !linked[l] {
			linked[l] = true
			out.links = append(out.links, link{from: l[0], to: l[1], count: 1})
		}
	}
}

func (out *diagram) groups(d *Document, by func(*Dataset) string) {
	index := map[string]int{}
	for _, set := range d.Datasets {
		name := by(set)
		i, ok := index[name]
		if !ok {
			i = len(out.nodes)
			index[name] = i
			_, label, found := strings.Cut(name, ": ")
			if !found || label == "" {
				label = name
			}
			out.nodes = append(out.nodes, node{name: name, label: label, layer: layerOf(set), class: "group"})
		}
		out.nodes[i].count++
	}
	slices.SortStableFunc(out.nodes, func(a, b node) int { return strings.Compare(a.name, b.name) })
	between := map[[2]string]*link{}
	for _, e := range d.Edges {
		l := [2]string{by(d.Dataset(e.From)), by(d.Dataset(e.To))}
		if l[0] == l[1] {
			continue
		}
		if between[l] == nil {
			between[l] = &link{from: l[0], to: l[1], dashed: true}
		}
		between[l].count++
		between[l].dashed = between[l].dashed && e.Confidence != "exact"
	}
	for _, l := range between {
		out.links = append(out.links, *l)
	}
	slices.SortFunc(out.links, func(a, b link) int { return cmp.Or(strings.Compare(a.from, b.from), strings.Compare(a.to, b.to)) })
}

// text is the label of a box.
func (n node) text() string {
	if n.class == "group" {
		return fmt.Sprintf("%s (%s)", visible(n.label), count(n.count, "dataset"))
	}
	return visible(n.label)
}

// note says what a reader should know of the diagram.
func (d *diagram) note() string {
	if d.collapsed == "" {
		return d.title
	}
	return d.title + ", drawn " + d.collapsed + "; --expand draws all"
}

// id is a short name for something in a language of diagrams: letters and digits only, the same in every run.
func id(prefix string, names ...string) string {
	h := sha256.New()
	for _, n := range names {
		fmt.Fprintf(h, "%d:%s", len(n), n)
	}
	return prefix + hex.EncodeToString(h.Sum(nil)[:6])
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
