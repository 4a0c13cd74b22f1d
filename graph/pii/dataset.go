package pii

import "delint/graph"

// Judged is a column of a dataset with its verdict.
type Judged struct {
	Column *graph.Column
	Verdict
}

// Of judges every known column of a dataset.
func Of(d *graph.Dataset) []Judged {
	columns := make([]Column, len(d.Columns))
	for i, c := range d.Columns {
		columns[i] = Described(c)
	}
	out := make([]Judged, len(columns))
	for i, v := range Classify(d.Parts[len(d.Parts)-1], columns) {
		out[i] = Judged{d.Columns[i], v}
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
