package pii

import (
	"strings"

	"delint/graph"
)

// Judged is a column of a dataset with its verdict.
type Judged struct {
	Column *graph.Column
	Verdict
}

// Of judges every known column of a dataset.
func Of(d *graph.Dataset) []Judged {
	known := d.Columns
	if len(known) == 0 {
		known = declared(d)
	}
	columns := make([]Column, len(known))
	for i, c := range known {
		columns[i] = Described(c)
	}
	out := make([]Judged, len(columns))
	for i, v := range Classify(tableName(d), columns) {
		out[i] = Judged{known[i], v}
	}
	return out
}

// tableName is the dataset's own name; of a path the last segments.
func tableName(d *graph.Dataset) string {
	name := strings.TrimSuffix(d.Parts[len(d.Parts)-1], "/")
	return name[strings.LastIndexByte(name, '/')+1:]
}

// declared is the columns that producers and contracts declare, of a dataset whose columns nothing has joined.
func declared(d *graph.Dataset) []*graph.Column {
	var out []*graph.Column
	byName := map[string]*graph.Column{}
	add := func(list []graph.ColumnFact) {
		for i := range list {
			f := &list[i]
			key := strings.ToLower(f.Name)
			c := byName[key]
			if c == nil {
				c = &graph.Column{Name: f.Name, Type: f.Type, Span: f.Span, Confidence: graph.Exact}
				byName[key] = c
				out = append(out, c)
			}
			c.Declared = append(c.Declared, f)
		}
	}
	for _, p := range d.Producers {
		add(p.Columns)
	}
	for _, c := range d.Contracts {
		add(c.Columns)
	}
	return out
}

// Described is what all that declare a column say of it together.
func Described(c *graph.Column) Column {
	out := Column{Name: c.Name, Type: c.Type}
	for _, f := range c.Declared {
		if out.Type == "" {
			out.Type = f.Type
		}
		if out.Description == "" {
			out.Description = f.Description
		}
		if out.Label == "" {
			out.Label = f.Label
		}
		out.Masked = out.Masked || f.Masked
	}
	return out
}
