package models

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// BreakingSchemaChange reports columns that a change removes, renames, narrows or makes a key of, where something in the
// repository still relies on them: against the revision of --changed-since, and in migrations.
var BreakingSchemaChange = rules.Repository(rules.Rule{
	Name:     "breaking-schema-change",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "data-quality/data-contracts",
	Sentence: "Plan for schema evolution and backward compatibility",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, f := range g.Files {
		for _, c := range f.Changes {
			migrated(pass, g, f.Path, c)
		}
	}
	if g.Base == nil {
		return
	}
	now := map[string]*graph.Dataset{}
	for _, d := range g.Datasets {
		now[d.Name] = d
	}
	for _, old := range g.Base.Datasets {
		if d := now[old.Name]; d != nil && old.InScope && d.InScope && !announced(d) {
			compared(pass, g, old, d)
		}
	}
})

// announced reports whether a dataset tells its readers of changes: by versions, a date of deprecation, or a setting that
// takes destructive changes on purpose.
func announced(d *graph.Dataset) bool {
	return d.Setting("deprecation_date") != "" || d.Setting("version") != "" || d.Setting("versions") != "" ||
		strings.EqualFold(d.Setting("on_destructive_change"), "allow")
}

// compared reports what the dataset had and has no more.
func compared(pass *rules.Pass, g *graph.Graph, old, d *graph.Dataset) {
	if old.ColumnsExact && d.ColumnsExact {
		for _, c := range old.Columns {
			if d.Column(c.Name) == nil {
				what := "removed"
				if to := renamedTo(old, d, c); to != "" {
					what = "renamed to `" + to + "`"
				}
				broken(pass, g, d, c.Name, what, d.Span())
			}
		}
	}
	for _, c := range old.Columns {
		after := d.Column(c.Name)
		if after == nil {
			continue
		}
		if from, to := declaredType(c), declaredType(after); narrowed(from, to) {
			broken(pass, g, d, c.Name, fmt.Sprintf("`%s` now and was `%s`", to, from), after.Span)
		}
	}
	if a, b := old.Grain(), d.Grain(); len(a) > 0 && len(b) > 0 && !sameNames(a, b) {
		if relyOn(g, d, a[0]).promised { // a model that reads the column, or a check of it, may not care
			broken(pass, g, d, a[0], fmt.Sprintf("no more the key: that is (%s) now", strings.Join(b, ", ")), d.Span())
		}
	}
}

func sameNames(a, b []string) bool {
	lower := func(list []string) []string {
		out := make([]string, len(list))
		for i, s := range list {
			out[i] = strings.ToLower(s)
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(lower(a), lower(b))
}

// renamedTo is the column that is computed from the same columns as one that is gone, if exactly one new column is.
func renamedTo(old, d *graph.Dataset, gone *graph.Column) string {
	before := computedFrom(old, gone.Name)
	var found []string
	for _, c := range d.Columns {
		if len(before) > 0 && old.Column(c.Name) == nil && slices.Equal(before, computedFrom(d, c.Name)) {
			found = append(found, c.Name)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return ""
}

// computedFrom is the columns that a column of a dataset comes from, as its query names them.
func computedFrom(d *graph.Dataset, column string) []string {
	for _, p := range d.Producers {
		for _, o := range p.Outputs {
			if !strings.EqualFold(o.Name, column) {
				continue
			}
			var out []string
			for _, s := range o.Sources {
				if s.Read >= 0 && s.Read < len(p.Reads) {
					out = append(out, strings.ToLower(strings.Join(append(slices.Clone(p.Reads[s.Read].Parts), s.Column), ".")))
				}
			}
			return out
		}
	}
	return nil
}

func declaredType(c *graph.Column) string {
	for _, f := range c.Declared {
		if f.Type != "" {
			return f.Type
		}
	}
	return ""
}

// broken reports a change of a column that something still relies on.
func broken(pass *rules.Pass, g *graph.Graph, d *graph.Dataset, column, what string, at parsers.Span) {
	r := relyOn(g, d, column)
	tail := r.first + " still relies on it"
	switch {
	case len(r.places) == 0 && len(r.whole) == 0:
		return
	case len(r.places) == 0:
		tail = r.whole[0] + " reads the table"
	}
	f := pass.ReportAt(at, "`%s.%s` is %s, and %s", d.Parts[len(d.Parts)-1], column, what, tail)
	f.Dataset, f.Key = d.Name, column
	f.Places = r.places[:min(len(r.places), 5)]
	if r.promised {
		f.Severity = rules.Critical
	}
}

// migrated reports a statement that changes a column on which something in the repository relies, unless a later migration
// gives the column back.
func migrated(pass *rules.Pass, g *graph.Graph, path string, c graph.ChangeFact) {
	what := map[string]string{"drop column": "dropped", "rename column": "renamed to `" + c.To + "`", "alter type": "made `" + c.To + "`"}[c.Kind]
	if what == "" {
		return
	}
	found := g.Find(c.Target, path)
	if len(found) != 1 || found[0].Column(c.Column) != nil && c.Kind != "alter type" && definedAfter(found[0], path) {
		return
	}
	for _, f := range g.Files {
		for _, later := range f.Changes {
			if f.Path >= path && (later.Kind == "add column" && strings.EqualFold(later.Column, c.Column) || later.Kind == "rename column" && strings.EqualFold(later.To, c.Column)) {
				return
			}
		}
	}
	if c.Kind != "alter type" {
		broken(pass, g, found[0], c.Column, what, c.Span)
	}
}

// definedAfter reports whether a file that follows the path in the order of names builds the dataset anew.
func definedAfter(d *graph.Dataset, path string) bool {
	return slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool { return p.Span.Path > path })
}
