package sql

import (
	"sort"

	"delint/parsers"
)

// Unit is what a place of a file belongs to, for findings and fingerprints.
type Unit struct {
	Kind string // "model", "cte", "query" or "statement"
	Name string // the model, the CTE, the table written; empty for none
	Node parsers.Node
}

// StatementAt is the statement that holds the byte at an offset; nil between statements.
func (f *File) StatementAt(offset int) *Statement {
	i := sort.Search(len(f.Statements), func(i int) bool { return f.Statements[i].End() > offset })
	if i < len(f.Statements) && f.Statements[i].Start() <= offset {
		return f.Statements[i]
	}
	return nil
}

// QueryAt is the innermost query that holds the byte at an offset; nil between statements.
func (f *File) QueryAt(offset int) *Query {
	s := f.StatementAt(offset)
	if s == nil {
		return nil
	}
	var best *Query
	for _, q := range s.Queries {
		if q.Node.Start() <= offset && offset < q.Node.End() &&
			(best == nil || q.Node.End()-q.Node.Start() <= best.Node.End()-best.Node.Start()) {
			best = q
		}
	}
	return best
}

// UnitAt names what the byte at an offset belongs to: the CTE, else the SQLMesh model, else the statement.
// The zero Unit stands for a place between statements.
func (f *File) UnitAt(offset int) Unit {
	for q := f.QueryAt(offset); q != nil; q = q.Parent {
		if q.CTE != nil {
			return Unit{"cte", q.CTE.Name, q.CTE.Node}
		}
	}
	s := f.StatementAt(offset)
	switch {
	case s == nil:
		return Unit{}
	case s.Model != nil:
		return Unit{string(s.Kind), s.Model.Name, s.Node}
	case s.Kind == StatementSelect:
		if m := f.Model(); m != nil {
			return Unit{"model", m.Name, s.Node}
		}
		return Unit{"query", "", s.Node}
	case len(s.Writes) > 0:
		return Unit{"statement", s.Writes[0].Target.Name(), s.Node}
	}
	return Unit{"statement", "", s.Node}
}

// Model is the file's first SQLMesh MODEL block; nil if it has none.
func (f *File) Model() *Model {
	for _, s := range f.Statements {
		if s.Kind == StatementModel {
			return s.Model
		}
	}
	return nil
}
