package sql

import (
	"iter"
	"strings"

	"delint/parsers"
)

// ExprKind is what an expression is.
type ExprKind uint8

// The kinds of expressions.
const (
	// ExprOpaque is what was not understood, or what branches of a template put side by side: Args holds the pieces.
	ExprOpaque    ExprKind = iota
	ExprColumn             // a name: Parts; a.b.c may be a column with its schema and table, or a field of a struct
	ExprStar               // * or t.*: Parts is the qualifier
	ExprLiteral            // a string, number, NULL, boolean; DATE '…', INTERVAL 1 DAY; a date part: Op says which
	ExprParameter          // :x, ?, $1, @x
	ExprTemplate           // {{ … }} or @macro(…): Op is the function called, Args what a macro is given
	ExprCall               // Op is the function in lower case; a word such as current_date is one too
	ExprUnary              // Op: not, -, +, exists, prior; "." is a field and ":" a path of Args[0]; "at time zone", "collate"
	ExprBinary             // Op: and, or, =, <>, +, ||, in, between, like, is, is distinct from …
	ExprCase               // Args are the results, Conditions what chooses between them, Operand the x of CASE x WHEN
	ExprCast               // Args[0] is the value, Type what it becomes
	ExprSubquery           // Node is its bracket: Statement.QueryOf finds it
	ExprTuple              // (a, b), [a, b], {'a': b}
	ExprNamed              // a => b, a := b, STRUCT(b AS a): Op is the name, Args[0] the value
	ExprLambda             // (x, y) -> …: Parts are the parameters, Args[0] the body
)

// Expr is an expression as it is read off the flat run of tokens of a clause. Nothing is an error: what is not understood is
// ExprOpaque. Comparisons, NOT, AND, OR and arithmetic bind as in standard SQL.
type Expr struct {
	Kind ExprKind
	// Op is the operator, the function, or what kind of literal: in lower case, words separated by one blank.
	Op string
	// Not says that the operator is negated: NOT IN, NOT LIKE, IS NOT NULL.
	Not bool
	// Distinct says that a call takes each value once: COUNT(DISTINCT x).
	Distinct bool
	// Window says that a call has an OVER: then Conditions hold what partitions and orders it.
	Window bool
	// Over is the bracket or the window's name after OVER; nil without.
	Over parsers.Node
	Args []*Expr
	// Conditions decide or order but are no part of the value: the conditions of CASE, PARTITION BY, ORDER BY and FILTER of calls.
	Conditions []*Expr
	Operand    *Expr
	Parts      []Part
	Type       string
	// First and Last are the tokens between which it stands.
	First, Last parsers.Node
}

// Start is the offset of the expression's first byte.
func (e *Expr) Start() int { return e.First.Start() }

// End is the offset after the expression's last byte.
func (e *Expr) End() int { return e.Last.End() }

// Text is the source text of the expression.
func (e *Expr) Text() string {
	if e.First.IsNil() {
		return ""
	}
	return string(e.First.Tree().Text[e.Start():e.End()])
}

// Name is the last part of a column's or star's name, without quotes; empty for other kinds.
func (e *Expr) Name() string {
	if e.Kind != ExprColumn || len(e.Parts) == 0 {
		return ""
	}
	return e.Parts[len(e.Parts)-1].Text
}

// Is reports whether the expression has one of the operators, or calls one of the functions.
func (e *Expr) Is(kind ExprKind, ops ...string) bool {
	if e == nil || e.Kind != kind {
		return false
	}
	for _, op := range ops {
		if e.Op == op {
			return true
		}
	}
	return len(ops) == 0
}

// IsNull reports whether it is the literal NULL.
func (e *Expr) IsNull() bool { return e.Is(ExprLiteral, "null") }

// DoubleQuoted reports whether it is one word in double quotes: a name, but a string in BigQuery, Spark and MySQL.
func (e *Expr) DoubleQuoted() bool {
	return e.Kind == ExprColumn && len(e.Parts) == 1 && e.First.Is(DoubleQuoted)
}

// All ranges over the expression and everything below it, what conditions hold included, subqueries' insides not.
func (e *Expr) All() iter.Seq[*Expr] {
	return func(yield func(*Expr) bool) { e.walk(yield) }
}

func (e *Expr) walk(yield func(*Expr) bool) bool {
	if e == nil {
		return true
	}
	if !yield(e) || !e.Operand.walk(yield) {
		return false
	}
	for _, list := range [...][]*Expr{e.Args, e.Conditions} {
		for _, a := range list {
			if !a.walk(yield) {
				return false
			}
		}
	}
	return true
}

// Columns are the column references of the expression in the order of the walk, parameters of lambdas left out.
func (e *Expr) Columns() []*Expr { return e.columns(nil, nil) }

func (e *Expr) columns(out []*Expr, bound []Part) []*Expr {
	if e == nil {
		return out
	}
	switch e.Kind {
	case ExprColumn:
		for _, p := range bound {
			if strings.EqualFold(p.Text, e.Parts[0].Text) {
				return out
			}
		}
		return append(out, e)
	case ExprLambda:
		bound = append(bound[:len(bound):len(bound)], e.Parts...)
	}
	out = e.Operand.columns(out, bound)
	for _, a := range e.Args {
		out = a.columns(out, bound)
	}
	for _, a := range e.Conditions {
		out = a.columns(out, bound)
	}
	return out
}

// IsConstant reports whether the expression is made of literals and operators only: no column, call, parameter or template.
func (e *Expr) IsConstant() bool {
	if e == nil {
		return false
	}
	for x := range e.All() {
		switch x.Kind {
		case ExprLiteral, ExprUnary, ExprBinary, ExprCast, ExprTuple, ExprNamed, ExprCase:
		default:
			return false
		}
	}
	return true
}

// IsAggregate reports whether the expression computes something of several rows into one: an aggregate function somewhere in
// it that is no window function.
func (e *Expr) IsAggregate() bool {
	for x := range e.All() {
		if x.Kind == ExprCall && !x.Window && IsAggregateFunction(x.Op) {
			return true
		}
	}
	return false
}

// Conjuncts are the conditions that must all hold: the operands of the outermost ANDs. nil gives none.
func Conjuncts(e *Expr) []*Expr {
	if e == nil {
		return nil
	}
	if e.Is(ExprBinary, "and") {
		return append(Conjuncts(e.Args[0]), Conjuncts(e.Args[1])...)
	}
	return []*Expr{e}
}

// ParseExpr reads a run of sibling tokens. Comments among them are skipped; template tags between two alternatives give an
// ExprOpaque with the alternatives as Args. nil for no tokens.
func ParseExpr(nodes ...parsers.Node) *Expr {
	runs := splitAtTags(nodes)
	switch len(runs) {
	case 0:
		return nil
	case 1:
		return parseRun(runs[0], 0)
	}
	e := &Expr{Kind: ExprOpaque, Op: "template", First: runs[0][0], Last: last(last(runs))}
	for _, r := range runs {
		e.Args = append(e.Args, parseRun(r, 0))
	}
	return e
}

// ExprOf reads what a clause or item holds: WHERE, ON, HAVING, QUALIFY, an item of a list. nil for a nil or empty node.
func ExprOf(n parsers.Node) *Expr { return ParseExpr(tokens(n)...) }

// tokens is the named children of a node without comments.
func tokens(n parsers.Node) []parsers.Node {
	var out []parsers.Node
	for c := range n.NamedChildren() {
		if !c.Is(Comment, TemplateComment) {
			out = append(out, c)
		}
	}
	return out
}

func last[T any](list []T) T { return list[len(list)-1] }

// splitAtTags splits a run at the template tags that separate alternatives: where neither side of a tag is an operator.
func splitAtTags(nodes []parsers.Node) [][]parsers.Node {
	plain := len(nodes) > 0
	for _, n := range nodes {
		if n.Is(Comment, TemplateComment, TemplateTag) {
			plain = false
			break
		}
	}
	if plain {
		return [][]parsers.Node{nodes}
	}
	var runs [][]parsers.Node
	var run []parsers.Node
	tag := false
	for _, n := range nodes {
		switch {
		case n.Is(Comment, TemplateComment):
		case n.Is(TemplateTag):
			tag = tag || !isPlainTag(n)
		default:
			if tag && len(run) > 0 && !joins(n) && !joins(last(run)) {
				runs = append(runs, run)
				run = nil
			}
			tag = false
			run = append(run, n)
		}
	}
	if len(run) > 0 {
		runs = append(runs, run)
	}
	return runs
}

// isPlainTag reports whether a tag neither branches nor repeats: {% set … %}, {% do … %}.
func isPlainTag(tag parsers.Node) bool {
	switch TagWord(tag) {
	case "set", "do", "raw", "endraw", "import", "from", "include":
		return true
	}
	return false
}

// TagWord is the first word of a template tag: if, else, for, endfor, set.
func TagWord(tag parsers.Node) string {
	return strings.Trim(tag.Child(TagOpen).Text(), "{%-+ \t\r\n")
}

func joins(n parsers.Node) bool { return n.Is(Operator, Keyword) }
