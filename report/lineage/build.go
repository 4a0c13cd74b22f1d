package lineage

import (
	"cmp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
)

// Options says what of a graph is wanted and how it is shown.
type Options struct {
	Project     string
	ToolVersion string
	// Upstream and Downstream name datasets (or, with Columns, columns) whose ancestors and descendants are wanted; the whole
	// graph if both are empty.
	Upstream, Downstream []string
	// Depth is how many steps are followed; all if 0.
	Depth int
	// Layers keeps the datasets of these layers only; all if empty. "unknown" is one.
	Layers []string
	// Columns follows columns, and shows them where a format can.
	Columns bool
	// Redact hides secrets in a text; nil where there are none.
	Redact func(string) string
	// Text is a file's text with its secrets hidden; nil if it can't be read.
	Text func(path string) []byte
}

// builder turns a graph into a document.
type builder struct {
	g    *graph.Graph
	o    Options
	keep selected
	doc  *Document
}

// Of is what a graph says of what the options ask for. The error is an unknown or ambiguous name.
func Of(g *graph.Graph, o Options) (*Document, error) {
	keep, err := choose(g, o)
	if err != nil {
		return nil, err
	}
	b := &builder{g: g, o: o, keep: keep, doc: &Document{
		Version: version, Tool: Tool{"delint", o.ToolVersion}, Root: ".", Project: o.Project, byName: map[string]*Dataset{}, text: o.Text,
		Datasets: []*Dataset{}, Edges: []Edge{}, ColumnEdges: []ColumnEdge{}, Uses: []Use{}, Contracts: []Contract{}, Checks: []Check{}, References: []Reference{},
	}}
	if keep.narrowed {
		b.doc.Selection = &Selection{Upstream: b.roots(keep.up), Downstream: b.roots(keep.down), Depth: o.Depth, Layers: o.Layers, Columns: o.Columns}
	}
	for _, d := range g.Datasets {
		if keep.has(d) {
			b.dataset(d)
		}
	}
	b.said()
	return b.doc, nil
}

// roots is what was named, under its full name.
func (b *builder) roots(list []columnKey) []ColumnName {
	var out []ColumnName
	for _, k := range list {
		out = append(out, ColumnName{b.text(k.d.Name), b.text(k.column)})
	}
	return out
}

// text hides the secrets of a text that comes from the repository.
func (b *builder) text(s string) string {
	if b.o.Redact == nil || s == "" {
		return s
	}
	return b.o.Redact(s)
}

func (b *builder) texts(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, b.text(s))
	}
	return out
}

func (b *builder) place(s parsers.Span) Place {
	return Place{Path: encoded(s.Path), Line: max(1, s.Start.Line), Column: max(1, s.Start.Column), Byte: s.Start.Byte}
}

func (b *builder) dataset(d *graph.Dataset) {
	out := &Dataset{
		Name: b.text(d.Name), Parts: b.texts(d.Parts), Kind: d.Kind, Tool: d.Tool, Layer: string(d.Layer), InScope: d.InScope, Why: d.Why,
		Aliases: []string{}, Producers: []Producer{}, Columns: []Column{}, ColumnsExact: d.ColumnsExact, Grain: b.texts(d.Grain()),
		Owner: b.text(d.Owner()), Description: b.text(d.Description()), Materialized: b.text(d.Setting("materialized")), Tags: []string{},
		Settings: map[string]string{}, Checks: len(d.Checks), Covered: len(b.g.Cover(d)) > 0, Partial: d.Partial, Descendants: d.Descendants,
		Upstream: len(d.Reads), Downstream: len(d.ReadBy),
	}
	for _, p := range d.Producers {
		out.Producers = append(out.Producers, Producer{
			Tool: p.Tool, Kind: p.Kind, Mode: p.Mode, Confidence: p.Confidence.String(), Transient: p.Transient, Dialect: p.Dialect, Place: b.place(p.Span),
		})
		out.Aliases = append(out.Aliases, b.texts(p.Alias)...)
		out.Tags = append(out.Tags, b.texts(p.Tags)...)
		out.TimeColumn = cmp.Or(out.TimeColumn, b.text(p.TimeColumn))
		out.Access = cmp.Or(out.Access, p.Access)
		for k, v := range p.Settings {
			if _, set := out.Settings[k]; !set {
				out.Settings[b.text(k)] = b.text(v)
			}
		}
	}
	for _, list := range []*[]string{&out.Aliases, &out.Tags} {
		*list = slices.DeleteFunc(*list, func(s string) bool { return s == "" })
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	for _, c := range d.Columns {
		if b.keep.hasColumn(d, c.Name) {
			out.Columns = append(out.Columns, b.column(d, c))
		}
	}
	b.doc.Datasets = append(b.doc.Datasets, out)
	b.doc.byName[out.Name] = out
	for _, e := range d.Edges {
		if b.keep.edge(e.From, d) {
			b.doc.Edges = append(b.doc.Edges, Edge{From: b.text(e.From.Name), To: out.Name, Confidence: e.Confidence.String(), Place: b.place(e.Span)})
		}
	}
}

func (b *builder) column(d *graph.Dataset, c *graph.Column) Column {
	out := Column{Name: b.text(c.Name), Type: b.text(c.Type), Transform: string(c.Transform), Confidence: c.Confidence.String(), Sources: []ColumnSource{}}
	for _, f := range c.Declared {
		out.Type = cmp.Or(out.Type, b.text(f.Type))
		out.Description = cmp.Or(out.Description, b.text(f.Description))
		out.Label = cmp.Or(out.Label, b.text(f.Label))
		out.Masked = out.Masked || f.Masked
	}
	for _, s := range c.Sources {
		if s.Of == nil {
			continue
		}
		transform := string(cmp.Or(s.Transform, c.Transform))
		out.Sources = append(out.Sources, ColumnSource{Dataset: b.text(s.Of.Name), Column: b.text(s.Column), Transform: transform, Masks: b.text(maskOf(s, transform))})
		if b.keep.has(s.Of) && b.keep.hasColumn(s.Of, s.Column) {
			b.doc.ColumnEdges = append(b.doc.ColumnEdges, ColumnEdge{
				From: ColumnName{b.text(s.Of.Name), b.text(s.Column)}, To: ColumnName{b.text(d.Name), out.Name},
				Transform: transform, Masks: b.text(maskOf(s, transform)), Confidence: c.Confidence.String(),
			})
		}
	}
	return out
}

// said adds what is said of the datasets: uses, contracts, checks, references. What is about datasets that nothing in the
// repository makes stands in the document of the whole graph only.
func (b *builder) said() {
	whole := !b.keep.narrowed
	for _, u := range b.g.Uses {
		if u.Dataset == nil && !whole || u.Dataset != nil && !b.keep.has(u.Dataset) {
			continue
		}
		b.doc.Uses = append(b.doc.Uses, Use{
			Tool: u.Tool, Kind: u.Kind, By: b.text(u.By), Owner: b.text(u.Owner), Description: b.text(u.Description), Public: u.Public,
			Columns: b.texts(u.Columns), Dataset: b.name(u.Dataset), Reference: b.reference(u.Ref), Place: b.place(u.Span),
		})
	}
	for _, c := range b.g.Contracts {
		if c.Dataset == nil && !whole || c.Dataset != nil && !b.keep.has(c.Dataset) {
			continue
		}
		out := Contract{
			Tool: c.Tool, Name: b.text(c.Name), Version: b.text(c.Version), Status: b.text(c.Status), Owner: b.text(c.Owner), Enforced: c.Enforced,
			Columns: []string{}, Key: b.texts(c.Key), Dataset: b.name(c.Dataset), Reference: b.reference(c.Target), Place: b.place(c.Span),
		}
		for _, column := range c.Columns {
			out.Columns = append(out.Columns, b.text(column.Name))
		}
		b.doc.Contracts = append(b.doc.Contracts, out)
	}
	for _, c := range b.g.Checks {
		out := Check{
			Framework: c.Framework, Name: b.text(c.Name), Capability: c.Capability, Columns: b.texts(c.Columns), Datasets: []string{}, Ambiguous: c.Ambiguous,
			NeverFails: b.text(c.NeverFails), Reference: b.reference(c.Target), Confidence: c.Confidence.String(), Place: b.place(c.Span),
		}
		for _, d := range c.Datasets {
			if b.keep.has(d) {
				out.Datasets = append(out.Datasets, b.text(d.Name))
			}
		}
		if whole || len(out.Datasets) > 0 {
			b.doc.Checks = append(b.doc.Checks, out)
		}
	}
	for _, r := range b.g.References {
		if b.keep.has(r.From) && b.keep.has(r.To) {
			b.doc.References = append(b.doc.References, Reference{
				Tool: r.Tool, From: b.text(r.From.Name), Columns: b.texts(r.Columns), To: b.text(r.To.Name), ToColumns: b.texts(r.ToColumns),
				Cardinality: cmp.Or(r.Cardinality, "many_to_one"), Confidence: r.Confidence.String(), Place: b.place(r.Span),
			})
		}
	}
}

func (b *builder) name(d *graph.Dataset) string {
	if d == nil {
		return ""
	}
	return b.text(d.Name)
}

// reference is a reference as a person writes it.
func (b *builder) reference(r graph.Ref) string {
	s := strings.Join(r.Parts, ".")
	if r.Tool != "" && r.Tool != "sql" && r.Tool != "path" {
		s = r.Tool + ":" + s
	}
	return b.text(s)
}

// maskOf is the function that makes a value unreadable. What counts, sums or compares values does so too, but it is no mask that
// anybody chose.
func maskOf(e *graph.ColumnEdge, transform string) string {
	switch e.Masks {
	case "comparison", "constant", "boolean":
		return ""
	}
	if transform == string(graph.Aggregate) {
		return ""
	}
	return e.Masks
}
