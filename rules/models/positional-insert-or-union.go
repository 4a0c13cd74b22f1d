package models

import (
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers/sql"
	"delint/rules"
)

// PositionalInsertOrUnion reports inserts without a list of columns, and unions whose branches don't match by position.
var PositionalInsertOrUnion = rules.SQL(rules.Rule{
	Name:     "positional-insert-or-union",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "fundamentals/data-modeling",
	Sentence: "Design APIs and interfaces that can evolve gracefully",
}, func(pass *rules.Pass, f *sql.File) {
	if !judged(pass.Role) || pass.Role == graph.RoleMigration || graph.Provisions(pass.File.Path) || byHand(pass.File.Path) {
		return
	}
	made := map[string]bool{}
	for _, s := range f.Statements {
		for _, w := range s.Writes {
			if w.Target != nil && (w.Mode == sql.WriteCreate || w.Mode == sql.WriteReplace) {
				made[strings.ToLower(w.Target.Name())] = true
			}
		}
	}
	for _, s := range f.Statements {
		positionalInsert(pass, s, made)
		if s.Partial {
			continue
		}
		sc := s.Scope()
		for _, q := range s.Queries {
			positionalUnion(pass, sc, sc.Branches(q))
		}
	}
})

var byName = regexp.MustCompile(`(?i)\bby\s+name\b`)

// positionalInsert reports an INSERT that leaves it to the order of the table's columns where each value goes. A table that
// the same file makes has its order in sight.
func positionalInsert(pass *rules.Pass, s *sql.Statement, made map[string]bool) {
	if s.Kind != sql.StatementInsert || byName.Match(text(s)) {
		return
	}
	for _, w := range s.Writes {
		if w.Mode != sql.WriteAppend && w.Mode != sql.WriteMerge || w.Target == nil || !w.Columns.IsNil() || w.Temp ||
			w.Target.Kind != sql.RelationTable || made[strings.ToLower(w.Target.Name())] || scratch.MatchString(w.Target.Name()) {
			continue
		}
		clause := s.Node.Child(sql.InsertClause)
		if clause.IsNil() || s.Node.Child(sql.SelectClause).IsNil() && s.Node.Child(sql.ValuesClause).IsNil() {
			continue // INSERT ALL, JSON formats, a template
		}
		f := pass.Report(w.Target.Node, "the values go into `%s` by position: name its columns", w.Target.Name())
		f.Key = w.Target.Name()
	}
}

// positionalUnion reports branches of a union that have another number of columns, the same names in another order, or
// columns that nobody can see.
func positionalUnion(pass *rules.Pass, sc *sql.Scope, branches []*sql.Branch) {
	for i, b := range branches[min(1, len(branches)):] {
		first := branches[0]
		if !strings.HasPrefix(b.Operator, "union") || strings.Contains(b.Operator, "name") || strings.Contains(b.Operator, "corresponding") || b.Alternative || branches[i].Alternative {
			continue
		}
		names, known := columnsOf(first)
		others, alsoKnown := columnsOf(b)
		if !known || !alsoKnown || b.Select.IsNil() {
			continue
		}
		switch {
		case len(names) != len(others):
			f := pass.Report(b.Select, "this branch of the union has %d columns, the first has %d", len(others), len(names))
			f.Key, f.Severity = "count", rules.High
			return
		case permuted(names, others) && !mirrored(names, others):
			at := slices.IndexFunc(others, func(n string) bool { return n != names[slices.Index(others, n)] })
			f := pass.Report(b.Items[at].Node, "`%s` stands where the first branch of the union has `%s`", others[at], names[at])
			f.Key, f.Severity = others[at], rules.High
			return
		}
	}
}

// columnsOf is the output names of a branch in lower case, "" where an item has none; ok is false where a star or a template
// hides how many there are.
func columnsOf(b *sql.Branch) (names []string, ok bool) {
	if b.Select.IsNil() || len(b.Items) == 0 {
		return nil, false
	}
	for _, i := range b.Items {
		if i.InLoop || i.InIf || i.Expr == nil || i.Expr.Kind == sql.ExprStar || i.Expr.Kind == sql.ExprTemplate || i.Expr.Kind == sql.ExprOpaque {
			return nil, false
		}
		if i.Expr.Kind == sql.ExprUnary && i.Expr.Op == "." {
			return nil, false // t.s.*: the fields of a struct
		}
		names = append(names, strings.ToLower(i.Name()))
	}
	return names, true
}

// mirrored reports whether a branch turns a relation round: from and to, source and target change places, or several pairs at once.
func mirrored(a, b []string) bool {
	swaps := 0
	for i := range a {
		j := slices.Index(b, a[i])
		if j == i {
			continue
		}
		if a[j] != b[i] {
			return false
		}
		swaps++
		if oppositeEnds.MatchString(a[i]) && oppositeEnds.MatchString(a[j]) {
			return true
		}
	}
	return swaps > 2
}

// oppositeEnds knows names of the two ends of an edge: from_id, dst, token_1, left_key.
var oppositeEnds = regexp.MustCompile(`(?:^|_)(?:from|to|src|dst|source|target|destination|origin|left|right|parent|child|sender|receiver|buyer|seller|home|away|[ab]|[01])(?:$|_)|[12]$`)

// permuted reports whether two lists hold the same names, all different, in another order.
func permuted(a, b []string) bool {
	if slices.Equal(a, b) || slices.Contains(a, "") {
		return false
	}
	x, y := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(x, y) && len(slices.Compact(x)) == len(a)
}
