package graph

import (
	"cmp"
	"slices"
	"strings"

	"delint/parsers"
)

// ReferenceFact says that columns of one dataset name rows of another: a foreign key, a relationships test, a join of a cube.
type ReferenceFact struct {
	Tool    string // sql, dbt, soda, sqlmesh, odcs, cube
	From    Ref
	Columns []string
	// To is the other dataset. Its Tool may also be "cube" (the table of a cube of that name) and "grain" (the dataset whose
	// grain is that one column).
	To        Ref
	ToColumns []string // nil: its key
	// Cardinality is many_to_one (if empty), one_to_one or one_to_many, read from From to To.
	Cardinality string
	Confidence  Confidence
	Span        parsers.Span
}

// Reference is a reference with both of its datasets.
type Reference struct {
	*ReferenceFact
	From, To   *Dataset
	Confidence Confidence
}

// assignReferences finds the datasets of every reference; one whose ends aren't both of one dataset each is left out.
func (g *Graph) assignReferences() {
	for _, f := range g.Files {
		for i := range f.References {
			r := &f.References[i]
			from, to := g.oneEnd(r.From, f.Path, nil), (*Dataset)(nil)
			if from != nil {
				to = g.oneEnd(r.To, f.Path, from)
			}
			if from == nil || to == nil || slices.ContainsFunc(g.References, func(o *Reference) bool { return o.same(r, from, to) }) {
				continue
			}
			out := &Reference{ReferenceFact: r, From: from, To: to, Confidence: r.Confidence}
			if len(from.Grain()) == 1 && len(r.Columns) == 1 && strings.EqualFold(from.Grain()[0], r.Columns[0]) && r.Cardinality == "" {
				out.ReferenceFact = new(ReferenceFact)
				*out.ReferenceFact = *r
				out.Cardinality = "one_to_one"
			}
			g.References = append(g.References, out)
		}
	}
	slices.SortStableFunc(g.References, func(a, b *Reference) int {
		return cmp.Or(strings.Compare(a.From.Name, b.From.Name), strings.Compare(a.To.Name, b.To.Name), strings.Compare(strings.Join(a.Columns, ","), strings.Join(b.Columns, ",")))
	})
}

func (r *Reference) same(f *ReferenceFact, from, to *Dataset) bool {
	return r.From == from && r.To == to && slices.EqualFunc(r.Columns, f.Columns, strings.EqualFold)
}

// oneEnd is the one dataset that an end of a reference means; nil where there is none or it may be several.
func (g *Graph) oneEnd(r Ref, path string, other *Dataset) *Dataset {
	var found []*Dataset
	switch r.Tool {
	case "cube":
		for _, u := range g.Uses {
			if u.Tool == "cube" && u.Kind == "cube" && u.Dataset != nil && strings.EqualFold(u.By, r.Parts[0]) && !slices.Contains(found, u.Dataset) {
				found = append(found, u.Dataset)
			}
		}
	case "grain":
		for _, d := range g.Datasets {
			if grain := d.Grain(); d != other && len(grain) == 1 && strings.EqualFold(grain[0], r.Parts[0]) {
				found = append(found, d)
			}
		}
		if len(found) > 1 && other != nil {
			found = slices.DeleteFunc(found, func(d *Dataset) bool {
				return !slices.Equal(d.Parts[:len(d.Parts)-1], other.Parts[:len(other.Parts)-1])
			})
		}
	default:
		found = g.pending.names.find(r, path)
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}
