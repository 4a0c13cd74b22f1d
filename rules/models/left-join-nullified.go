package models

import (
	"delint/parsers/sql"
	"delint/rules"
)

// LeftJoinNullified reports LEFT JOINs whose unmatched rows a WHERE takes out again.
var LeftJoinNullified = rules.SQL(rules.Rule{
	Name:     "left-join-nullified",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "best-practices/code-quality",
	Sentence: "Test edge cases, null handling, schema evolution, and failure scenarios",
}, func(pass *rules.Pass, f *sql.File) {
	if !judged(pass.Role) {
		return
	}
	for _, s := range f.Statements {
		if s.Partial {
			continue
		}
		sc := s.Scope()
		for _, q := range s.Queries {
			for _, b := range sc.Branches(q) {
				for _, j := range b.Joins {
					if j.Kind == sql.JoinLeft && j.Relation != nil {
						nullified(pass, sc, b, j)
					}
				}
			}
		}
	}
})

// nullified reports the first conjunct of WHERE that is never true for a row without a match of the join.
func nullified(pass *rules.Pass, sc *sql.Scope, b *sql.Branch, j *sql.Join) {
	for _, w := range b.Where {
		if asked(sc, b, j.Relation, w) {
			return // whoever asks for a match by IS NOT NULL knows
		}
	}
	for _, w := range b.Where {
		if !rejectsNull(sc, b, j.Relation, w) {
			continue
		}
		name := j.Relation.Alias
		if name == "" {
			name = called(j.Relation)
		}
		f := pass.Report(j.Node, "WHERE `%s` drops the rows that this LEFT JOIN of `%s` keeps", oneLine(w.Text()), name)
		f.Key = name
		f.Places = []rules.Place{{Span: pass.File.Span(w.Start(), w.End()), Message: "is never true without a match"}}
		return
	}
}

// asked reports whether a condition asks by IS NOT NULL for rows with a match.
func asked(sc *sql.Scope, b *sql.Branch, r *sql.Relation, e *sql.Expr) bool {
	if e.Kind != sql.ExprBinary || e.Op != "is" || !e.Not || e.Args[0].Kind != sql.ExprColumn || !e.Args[1].IsNull() {
		return false
	}
	ref := sc.Resolve(b, e.Args[0], nil)
	return ref.Relation == r && !ref.Outer
}

// rejectsNull reports whether a condition compares a column of the relation itself, so that a NULL there makes it untrue.
// Functions of the column (COALESCE, a macro) may turn the NULL into a value.
func rejectsNull(sc *sql.Scope, b *sql.Branch, r *sql.Relation, e *sql.Expr) bool {
	of := func(x *sql.Expr) bool {
		if x.Kind != sql.ExprColumn || len(x.Parts) < 2 {
			return false // an unqualified one may be another relation's
		}
		ref := sc.Resolve(b, x, nil)
		return ref.Relation == r && !ref.Outer && ref.Confidence == sql.Exact
	}
	switch {
	case e.Kind != sql.ExprBinary:
		return false
	case e.Op == "=" || e.Op == "<" || e.Op == "<=" || e.Op == ">" || e.Op == ">=" || e.Op == "<>" || e.Op == "!=":
		left, right := e.Args[0], e.Args[1]
		return of(left) && solid(right) || of(right) && solid(left)
	case e.Op == "like" || e.Op == "ilike" || e.Op == "between" || e.Op == "in":
		if e.Op == "in" && e.Args[1].Kind != sql.ExprTuple {
			return false
		}
		return of(e.Args[0])
	}
	return false
}

// solid reports whether an operand is a plain value or column: what a template makes is not known.
func solid(e *sql.Expr) bool {
	for x := range e.All() {
		switch x.Kind {
		case sql.ExprTemplate, sql.ExprOpaque, sql.ExprSubquery:
			return false
		}
	}
	return !e.IsNull()
}
