package models

import (
	"bytes"
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
	"delint/rules"
)

// NullTrap reports comparisons that NULL makes never true: = NULL, IN (…, NULL), CASE x WHEN NULL, and NOT IN over a subquery
// that itself makes NULLs.
var NullTrap = rules.SQL(rules.Rule{
	Name:     "null-trap",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "best-practices/code-quality",
	Sentence: "Test edge cases, null handling, schema evolution, and failure scenarios",
}, func(pass *rules.Pass, f *sql.File) {
	if !judged(pass.Role) || !compares(pass.File.Text) || ansiNullsOff.Match(pass.File.Text) {
		return
	}
	t := nullTrap{pass}
	for _, s := range f.Statements {
		for _, q := range s.Queries {
			for c := range q.Node.Children() {
				switch c.Kind() {
				case sql.WhereClause, sql.HavingClause, sql.QualifyClause:
					t.condition(s, sql.ExprOf(c))
				case sql.FromClause, sql.JoinClause:
					for on := range c.Children() {
						if on.Is(sql.OnClause) {
							t.condition(s, sql.ExprOf(on))
						}
					}
				case sql.SelectClause:
					for item := range c.Children() {
						if item.Is(sql.Item) {
							t.value(s, sql.ExprOf(item))
						}
					}
				}
			}
		}
	}
})

// judged reports whether the rules on models look at the SQL of a file of that role.
func judged(r graph.Role) bool {
	return r != graph.RoleTest && r != graph.RoleVendored && r != graph.RoleGenerated
}

// byHand knows folders of scripts that a person runs once: corrections, research, trials.
func byHand(path string) bool { return handFolders.MatchString(path) }

var handFolders = regexp.MustCompile(`(?i)(?:^|/)(?:manual(?:[ _-]?\w+)*|ad[ _-]?hoc|working|scratch|sandbox|playground|analytical[ _-]queries|one[ _-]?off\w*)/`)

var ansiNullsOff = regexp.MustCompile(`(?i)\bset\s+ansi_nulls\s+off\b`)

// compares reports whether a text may hold what the rule looks for: a NULL that does not stand after IS, NOT, THEN, ELSE or
// SELECT, or a NOT IN. Few texts do, and to read all expressions costs.
func compares(text []byte) bool {
	for i := range parsers.Words(text, "null") {
		before := bytes.TrimRight(text[:i], " \t\r\n")
		if !afterWord.Match(before[max(0, len(before)-7):]) {
			return true
		}
	}
	for i := range parsers.Words(text, "not") {
		rest := bytes.TrimLeft(text[i+len("not"):], " \t\r\n")
		if len(rest) > 1 && (rest[0]|0x20 == 'i' && rest[1]|0x20 == 'n' || rest[0] == '-' || rest[0] == '/') {
			return true
		}
	}
	return false
}

var afterWord = regexp.MustCompile(`(?i)(?:^|\W)(?:is|not|then|else|select)$`)

type nullTrap struct{ pass *rules.Pass }

// condition looks at an expression that decides: every comparison in it counts.
func (t nullTrap) condition(s *sql.Statement, e *sql.Expr) {
	switch {
	case e == nil:
	case e.Kind == sql.ExprBinary && (e.Op == "and" || e.Op == "or"), e.Is(sql.ExprUnary, "not"):
		for _, a := range e.Args {
			t.condition(s, a)
		}
	case e.Is(sql.ExprBinary, "=", "<>", "!="):
		t.comparison(e)
		t.value(s, e.Args[0])
		t.value(s, e.Args[1])
	case e.Is(sql.ExprBinary, "in"):
		t.in(s, e)
	default:
		t.value(s, e)
	}
}

// value looks at an expression whose value is used: "f(x = NULL)" may name an argument and "SELECT x = NULL" a column, so
// only what chooses between values counts.
func (t nullTrap) value(s *sql.Statement, e *sql.Expr) {
	if e == nil {
		return
	}
	if e.Kind == sql.ExprCase {
		for _, c := range e.Conditions {
			if e.Operand != nil && c.IsNull() {
				t.pass.Report(c, "WHEN NULL is never met: CASE compares `%s` with =", e.Operand.Text()).Key = e.Operand.Text()
			} else if e.Operand == nil {
				t.condition(s, c)
			}
		}
		for _, a := range e.Args {
			t.value(s, a)
		}
		return
	}
	for i, a := range e.Args {
		if i == 0 && e.Is(sql.ExprCall, "if", "iff", "iif", "countif", "count_if") {
			t.condition(s, a)
		} else {
			t.value(s, a)
		}
	}
}

func (t nullTrap) comparison(e *sql.Expr) {
	left, right := e.Args[0], e.Args[1]
	if left.IsNull() == right.IsNull() {
		return
	}
	other := left
	if left.IsNull() {
		other = right
	}
	if other.Kind == sql.ExprTemplate || other.Kind == sql.ExprParameter || other.Kind == sql.ExprOpaque {
		return // what is compared may be a literal too: a switch of a template
	}
	test := "IS NULL"
	if e.Op != "=" {
		test = "IS NOT NULL"
	}
	f := t.pass.Report(e, "`%s` is never true: compare with %s", oneLine(e.Text()), test)
	f.Key = oneLine(other.Text())
	if right.IsNull() {
		at := t.pass.File.Span(left.End(), e.End())
		f.Fix = &rules.Fix{
			Title: "write " + test, Unsafe: true,
			Edits: []rules.Edit{{Path: at.Path, Start: at.Start.Byte, End: at.End.Byte, Text: " " + test}},
		}
	}
}

func (t nullTrap) in(s *sql.Statement, e *sql.Expr) {
	list := e.Args[1]
	if list.Kind == sql.ExprTuple {
		for _, a := range list.Args {
			if !a.IsNull() {
				continue
			}
			f := t.pass.Report(e, "NULL in a list is never equal to `%s`", oneLine(e.Args[0].Text()))
			if e.Not {
				f.Message = "NOT IN a list with NULL keeps no row"
			}
			f.Key = oneLine(e.Args[0].Text())
			return
		}
	}
	if !e.Not || list.Kind != sql.ExprSubquery {
		return
	}
	if column, why := makesNull(s, list.First); column != "" {
		f := t.pass.Report(e, "NOT IN keeps no row once `%s` is NULL: %s", column, why)
		f.Key = column
	}
}

// makesNull is the column of a subquery that the subquery itself makes NULL, and by what; empty if it does not, or if that can't
// be told. Whether a table's column holds NULLs is not known here.
func makesNull(s *sql.Statement, bracket parsers.Node) (column, why string) {
	for _, q := range s.Queries {
		if q.Node != bracket {
			continue
		}
		sc := s.Scope()
		branches := sc.Branches(q)
		if len(branches) != 1 || len(branches[0].Items) != 1 || branches[0].Items[0].Expr == nil {
			return "", ""
		}
		b, e := branches[0], branches[0].Items[0].Expr
		switch {
		case e.Is(sql.ExprCall, "nullif", "try_cast", "safe_cast", "try_to_number", "try_to_date"):
			return oneLine(e.Text()), "`" + e.Op + "` makes it so"
		case e.Kind != sql.ExprColumn:
			return "", ""
		}
		ref := sc.Resolve(b, e, nil)
		if ref.Relation == nil || ref.Outer || filtersNull(q.Node, e.Name()) {
			return "", ""
		}
		for _, j := range b.Joins {
			if j.Relation == ref.Relation && (j.Kind == sql.JoinLeft || j.Kind == sql.JoinFull) {
				return e.Text(), "its table is joined by an outer join"
			}
		}
	}
	return "", ""
}

// filtersNull reports whether a query leaves out the rows whose column is NULL: by IS NOT NULL, or by any comparison of it.
func filtersNull(query parsers.Node, column string) bool {
	for c := range query.Children() {
		if !c.Is(sql.WhereClause, sql.HavingClause) {
			if c.Is(sql.SetOperator, sql.GroupClause) && c.Is(sql.SetOperator) {
				return true // its other branches are not looked at
			}
			continue
		}
		for _, e := range sql.Conjuncts(sql.ExprOf(c)) {
			if e.Kind != sql.ExprBinary || e.Op == "or" || e.Op == "is" && !e.Not {
				if e.Kind == sql.ExprTemplate || e.Kind == sql.ExprOpaque {
					return true
				}
				continue
			}
			for _, x := range e.Columns() {
				if strings.EqualFold(x.Name(), strings.Trim(column, "\"`[]")) {
					return true
				}
			}
		}
	}
	return false
}

// oneLine is a text of source as a message shows it.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:57]) + "…"
	}
	return s
}
