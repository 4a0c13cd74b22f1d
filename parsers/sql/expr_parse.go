package sql

import (
	"strings"

	"delint/parsers"
)

// maxExprDepth bounds how deep brackets are read; below it they are opaque.
const maxExprDepth = 100

// maxExprRun bounds how long a run is read: a tree of operators is as deep as the run is long.
const maxExprRun = 2000

// exprReader reads one run of tokens by operator precedence.
type exprReader struct {
	t     []parsers.Node
	i     int
	depth int
}

func parseRun(run []parsers.Node, depth int) *Expr {
	if len(run) == 0 {
		return nil
	}
	if depth > maxExprDepth || len(run) > maxExprRun {
		return &Expr{Kind: ExprOpaque, First: run[0], Last: last(run)}
	}
	r := &exprReader{t: run, depth: depth}
	var all []*Expr
	for r.i < len(r.t) {
		if e := r.expression(0); e != nil {
			all = append(all, e)
			continue
		}
		all = append(all, &Expr{Kind: ExprOpaque, First: r.t[r.i], Last: r.t[r.i]})
		r.i++
	}
	if len(all) == 1 {
		return all[0]
	}
	return &Expr{Kind: ExprOpaque, Args: all, First: run[0], Last: last(run)}
}

// at is the token j places on; nil after the last.
func (r *exprReader) at(j int) parsers.Node {
	if r.i+j < len(r.t) {
		return r.t[r.i+j]
	}
	return parsers.Node{}
}

// word is the token j places on in lower case, if it is a word or an operator.
func (r *exprReader) word(j int) string {
	if n := r.at(j); n.Is(Keyword, Name, Operator, Star) {
		return lowerWords(n.Text())
	}
	return ""
}

// lowerWords lowers a word and makes one blank of what separates several.
func lowerWords(s string) string {
	s = strings.ToLower(s)
	if strings.ContainsAny(s, " \t\r\n") {
		s = strings.Join(strings.Fields(s), " ")
	}
	return s
}

// Precedences, from what binds least.
const (
	precArrow = iota + 1
	precOr
	precAnd
	precNot
	precCompare
	precOther
	precAdd
	precMultiply
	precPower
	precSign
)

func precedence(op string) int {
	switch op {
	case "=>", ":=", ":", "->":
		return precArrow
	case "or", "xor":
		return precOr
	case "and":
		return precAnd
	case "=", "==", "<>", "!=", "<", ">", "<=", ">=", "<=>", "^=", "is", "in", "not", "between", "like", "ilike", "rlike", "regexp",
		"similar", "glob", "~", "~*", "!~", "!~*", "overlaps", "isnull", "notnull", "is distinct from", "is not distinct from":
		return precCompare
	case "+", "-":
		return precAdd
	case "*", "/", "%", "//", "div", "mod":
		return precMultiply
	case "^", "**":
		return precPower
	}
	return precOther
}

func (r *exprReader) expression(least int) *Expr {
	left := r.prefix()
	for left != nil && r.i < len(r.t) {
		n := r.t[r.i]
		op := r.word(0)
		if !n.Is(Operator, Keyword) && op != "div" && op != "mod" && op != "isnull" && op != "notnull" && op != "overlaps" && op != "rlike" && op != "regexp" && op != "glob" {
			break
		}
		if n.Is(Name) && r.i+1 == len(r.t) && op != "isnull" && op != "notnull" {
			break
		}
		p := precedence(op)
		if op == "->" && r.at(1).Is(String, Number) {
			p = precOther // a path into JSON
		}
		if n.Is(Keyword) && p == precOther || p <= least {
			break
		}
		next := r.infix(left, op, p)
		if next == nil {
			break
		}
		left = next
	}
	return left
}

// infix reads what follows an operand: the operator and its right side. nil if it is no operator after all.
func (r *exprReader) infix(left *Expr, op string, p int) *Expr {
	begin := r.i
	e := &Expr{Kind: ExprBinary, Op: op, Args: []*Expr{left}, First: left.First}
	r.i++
	if op == "not" {
		e.Not = true
		switch e.Op = r.word(0); e.Op {
		case "in", "between", "like", "ilike", "rlike", "regexp", "similar", "glob":
			r.i++
		default:
			r.i = begin
			return nil
		}
	}
	switch e.Op {
	case "isnull", "notnull":
		e.Op, e.Not = "is", e.Op == "notnull"
		e.Last = r.t[begin]
		e.Args = append(e.Args, &Expr{Kind: ExprLiteral, Op: "null", First: e.Last, Last: e.Last})
		return e
	case "is":
		for r.word(0) == "not" {
			e.Not = !e.Not
			r.i++
		}
		if strings.HasPrefix(r.word(0), "distinct") {
			e.Op = "is distinct from"
			r.i++
			if r.word(0) == "from" {
				r.i++
			}
		}
	case "is distinct from", "is not distinct from":
		e.Not = e.Op != "is distinct from"
		e.Op = "is distinct from"
	case "similar":
		if r.word(0) == "to" {
			r.i++
		}
	case "between":
		if w := r.word(0); w == "symmetric" || w == "asymmetric" {
			r.i++
		}
		low := r.expression(precCompare)
		if low == nil || r.word(0) != "and" {
			r.i = begin
			return nil
		}
		r.i++
		e.Args = append(e.Args, low)
	}
	right := r.expression(p)
	if right == nil {
		r.i = begin
		return nil
	}
	e.Args = append(e.Args, right)
	e.Last = right.Last
	if strings.Contains(e.Op, "like") && r.word(0) == "escape" && r.at(1).Is(String) {
		e.Last = r.at(1)
		r.i += 2
	}
	switch e.Op {
	case "=>", ":=", ":":
		return named(e, left, right)
	case "->":
		return lambda(e, left, right)
	}
	return e
}

// named makes "x => y" of its operator; "a:b" is a pair only where a key stands before it.
func named(e, name, value *Expr) *Expr {
	if name.Kind == ExprColumn || name.Kind == ExprLiteral || name.Kind == ExprParameter {
		return &Expr{Kind: ExprNamed, Op: strings.ToLower(unquote(name.Text())), Args: []*Expr{value}, First: e.First, Last: e.Last}
	}
	return e
}

func lambda(e, left, right *Expr) *Expr {
	if right.Kind == ExprLiteral {
		return e
	}
	parameters := []*Expr{left}
	if left.Kind == ExprTuple {
		parameters = left.Args
	}
	l := &Expr{Kind: ExprLambda, Args: []*Expr{right}, First: e.First, Last: e.Last}
	for _, p := range parameters {
		if p.Kind != ExprColumn || len(p.Parts) != 1 {
			return e
		}
		l.Parts = append(l.Parts, p.Parts[0])
	}
	return l
}

// prefix reads an operand with what stands before it.
func (r *exprReader) prefix() *Expr {
	n := r.at(0)
	if n.IsNil() {
		return nil
	}
	switch {
	case n.Is(Keyword):
		switch op := r.word(0); op {
		case "not":
			return r.unary(op, precNot)
		case "exists", "prior", "all", "any", "some":
			return r.unary(op, precSign)
		}
		return nil
	case n.Is(Operator):
		switch op := n.Text(); op {
		case "-", "+", "~", "!", "@", "|/", "||/":
			return r.unary(op, precSign)
		}
		return nil
	}
	e := r.operand(n)
	if e == nil {
		return nil
	}
	return r.postfix(e)
}

func (r *exprReader) unary(op string, p int) *Expr {
	first := r.t[r.i]
	r.i++
	e := r.expression(p - 1)
	if e == nil {
		r.i--
		return nil
	}
	return &Expr{Kind: ExprUnary, Op: op, Args: []*Expr{e}, First: first, Last: e.Last}
}
