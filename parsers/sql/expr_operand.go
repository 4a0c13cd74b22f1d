package sql

import (
	"strings"

	"delint/parsers"
)

// operand reads one operand without what follows it; nil if the token begins none.
func (r *exprReader) operand(n parsers.Node) *Expr {
	r.i++
	e := &Expr{First: n, Last: n}
	switch n.Kind() {
	case Name:
		return r.name(e, n)
	case DoubleQuoted:
		e.Kind, e.Parts = ExprColumn, splitParts(n.Text())
	case String, Number, Null, Boolean:
		e.Kind, e.Op = ExprLiteral, n.KindName()
	case Star:
		e.Kind = ExprStar
		if q := strings.TrimSuffix(strings.TrimRight(strings.TrimSuffix(n.Text(), "*"), " \t\r\n"), "."); q != "" {
			e.Parts = splitParts(q)
		}
	case Parameter, Macro:
		e.Kind = ExprParameter
	case Template:
		e.Kind = ExprTemplate
		if c := n.FirstNamed(); c.Is(TemplateCall) && c.NextSibling() == n.Child(TemplateCall).NextSibling() {
			e.Op = strings.ToLower(c.Field(Function).Text())
		}
	case TemplatedName:
		return templatedName(e, n)
	case Call:
		return r.call(e, n)
	case Case:
		return r.caseOf(e, n)
	case Subquery:
		e.Kind = ExprSubquery
	case Group:
		return r.group(e, n)
	case Array, Braces:
		e.Kind = ExprTuple
		e.Args = r.items(n)
	case Type: // ARRAY<INT64>[1, 2]
		if a := r.at(0); a.Is(Array) {
			r.i++
			e.Kind, e.Args, e.Last = ExprTuple, r.items(a), a
			return e
		}
		return e
	default:
		r.i--
		return nil
	}
	return e
}

// name reads a word: a column, a function without brackets, a typed literal (DATE '…'), an interval.
func (r *exprReader) name(e *Expr, n parsers.Node) *Expr {
	word := strings.ToLower(n.Text())
	next := r.at(0)
	switch {
	case next.Is(Array) && word == "array":
		r.i++
		e.Kind, e.Args, e.Last = ExprTuple, r.items(next), next
		return e
	case word == "interval" && next.Is(String, Number, Group, Template, Name, Parameter, Call, Macro, TemplatedName) && !follows(next):
		value := r.prefixOnly()
		e.Kind, e.Op = ExprLiteral, "interval"
		if value.Kind != ExprLiteral {
			e.Kind, e.Args = ExprCall, []*Expr{value}
		}
		e.Last = value.Last
		for r.at(0).Is(Name) && isDatePart(r.word(0)) || r.word(0) == "to" && isDatePart(r.word(1)) {
			e.Last = r.at(0)
			r.i++
		}
		return e
	case next.Is(String) && typedLiteral[word]:
		r.i++
		e.Kind, e.Op, e.Last = ExprLiteral, word, next
		return e
	case bareFunctions[word]:
		e.Kind, e.Op = ExprCall, word
		return e
	}
	e.Kind, e.Parts = ExprColumn, splitParts(n.Text())
	return e
}

// follows reports whether a word after INTERVAL shows that interval is a column's name.
func follows(n parsers.Node) bool { return n.Is(Name) && n.NextSibling().IsNil() }

func (r *exprReader) prefixOnly() *Expr {
	n := r.at(0)
	if e := r.operand(n); e != nil {
		return e
	}
	r.i++
	return &Expr{Kind: ExprOpaque, First: n, Last: n}
}

var typedLiteral = map[string]bool{
	"date": true, "timestamp": true, "time": true, "datetime": true, "timestamptz": true, "json": true, "numeric": true, "bignumeric": true,
	"decimal": true, "bytes": true, "uuid": true, "range": true, "x": true, "b": true, "n": true, "e": true, "r": true,
}

// templatedName reads a name with template or path: col:path.x of Snowflake is a path of a column.
func templatedName(e *Expr, n parsers.Node) *Expr {
	head := n.FirstNamed()
	plain := head.Is(Name, DoubleQuoted) && strings.HasPrefix(head.NextSibling().Text(), ":")
	for c := range n.NamedChildren() {
		if c != head && !c.Is(NamePart) || strings.Contains(c.Text(), "{") {
			plain = false
		}
	}
	if plain {
		col := &Expr{Kind: ExprColumn, Parts: splitParts(head.Text()), First: head, Last: head}
		return &Expr{Kind: ExprUnary, Op: ":", Args: []*Expr{col}, First: n, Last: n}
	}
	e.Kind, e.Parts = ExprTemplate, splitParts(n.Text())
	return e
}

// group reads (x) as x, and (a, b) as a tuple.
func (r *exprReader) group(e *Expr, n parsers.Node) *Expr {
	items := r.items(n)
	if len(items) == 1 && items[0].Kind != ExprNamed {
		one := *items[0]
		one.First, one.Last = n, n
		return &one
	}
	e.Kind, e.Args = ExprTuple, items
	return e
}

// items reads the items of a bracket.
func (r *exprReader) items(n parsers.Node) []*Expr {
	var out []*Expr
	for c := range n.Children() {
		if c.Is(Item) {
			if e := r.item(c); e != nil {
				out = append(out, e)
			}
		}
	}
	return out
}

// item reads an item of a bracket; "x AS y" in it is a named value.
func (r *exprReader) item(n parsers.Node) *Expr {
	t := tokens(n)
	for len(t) > 0 && t[len(t)-1].Is(TemplateTag) {
		t = t[:len(t)-1]
	}
	if k := len(t); k > 1 && t[k-1].Is(Alias) {
		if e := r.run(t[:k-1]); e != nil {
			return &Expr{Kind: ExprNamed, Op: strings.ToLower(unquote(t[k-1].Field(NameField).Text())), Args: []*Expr{e}, First: t[0], Last: t[k-1]}
		}
	}
	return r.run(t)
}

// run reads a run of tokens one level deeper.
func (r *exprReader) run(t []parsers.Node) *Expr {
	runs := splitAtTags(t)
	if len(runs) == 0 {
		return nil
	}
	if len(runs) == 1 {
		return parseRun(runs[0], r.depth+1)
	}
	e := &Expr{Kind: ExprOpaque, Op: "template", First: runs[0][0], Last: last(last(runs))}
	for _, part := range runs {
		e.Args = append(e.Args, parseRun(part, r.depth+1))
	}
	return e
}

func (r *exprReader) caseOf(e *Expr, n parsers.Node) *Expr {
	e.Kind, e.Op = ExprCase, "case"
	var head []parsers.Node
	for c := range n.NamedChildren() {
		switch {
		case c.Is(Comment, TemplateComment):
		case c.Is(CaseWhen):
			if x := r.run(tokens(c)); x != nil {
				e.Conditions = append(e.Conditions, x)
			}
		case c.Is(CaseThen, CaseElse):
			if x := r.run(tokens(c)); x != nil {
				e.Args = append(e.Args, x)
			}
		case c.Is(Unclosed):
		default:
			head = append(head, c)
		}
	}
	e.Operand = r.run(head)
	return e
}

// call reads a call with its arguments. CAST and its relatives become ExprCast.
func (r *exprReader) call(e *Expr, n parsers.Node) *Expr {
	f, arguments := n.Field(Function), n.Field(Arguments)
	e.Kind, e.Op = ExprCall, strings.ToLower(unquoteName(f.Text()))
	if f.Is(Macro) {
		e.Kind = ExprTemplate
	}
	if arguments.Is(Subquery) {
		e.Args = []*Expr{{Kind: ExprSubquery, First: arguments, Last: arguments}}
		return e
	}
	for c := range arguments.Children() {
		switch c.Kind() {
		case Item:
			r.argument(e, c)
		case OrderClause, ByClause:
			e.Conditions = append(e.Conditions, r.orderItems(c)...)
		case WhereClause: // FILTER (WHERE …)
			if x := r.run(tokens(c)); x != nil {
				e.Args = append(e.Args, x)
			}
		}
	}
	markDatePart(e)
	return e
}

// markDatePart makes a literal of the bare word that names a part of a date: DATE_TRUNC(x, MONTH), DATEDIFF(day, a, b).
func markDatePart(e *Expr) {
	first, last := datePartPlace(e.Op, len(e.Args))
	try := func(i int) bool {
		a := e.Args[i]
		word := a.Op
		if a.Kind == ExprColumn && len(a.Parts) == 1 {
			word = strings.ToLower(a.Text())
		} else if !a.Is(ExprCall, "week") {
			return false
		}
		if !isDatePart(word) {
			return false
		}
		*a = Expr{Kind: ExprLiteral, Op: "date part", First: a.First, Last: a.Last}
		return true
	}
	if len(e.Args) == 0 || first && last && e.Args[0].Is(ExprLiteral, "string") || last && try(len(e.Args)-1) {
		return
	}
	if first {
		try(0)
	}
}

func unquoteName(s string) string {
	if strings.ContainsAny(s, "\"`[") {
		return joinParts(splitParts(s))
	}
	return s
}

// argument reads one argument: CAST(x AS t), EXTRACT(part FROM x), TRIM(BOTH a FROM x), SUBSTRING(x FROM 1 FOR 2), DISTINCT x.
func (r *exprReader) argument(e *Expr, item parsers.Node) {
	t := tokens(item)
	if castFunctions[e.Op] {
		for i, n := range t {
			if n.Is(Alias) && i > 0 {
				e.Kind = ExprCast
				typeName := n.Field(NameField)
				text := item.Tree().Text
				e.Type = strings.TrimSpace(string(text[typeName.Start():last(t).End()]))
				if x := r.run(t[:i]); x != nil {
					e.Args = append(e.Args, x)
				}
				return
			}
		}
	}
	if len(t) > 1 && t[0].Is(Keyword, Name) {
		switch strings.ToLower(t[0].Text()) {
		case "distinct":
			e.Distinct = true
			t = t[1:]
		case "all":
			t = t[1:]
		case "both", "leading", "trailing":
			if e.Op == "trim" {
				t = t[1:]
			}
		}
	}
	// What words separate are arguments of their own.
	start := 0
	for i, n := range t {
		w := ""
		if n.Is(Keyword, Name) {
			w = strings.ToLower(n.Text())
		}
		switch {
		case w == "from" && e.Op == "extract":
			start = i + 1
		case i > 0 && (w == "from" || w == "for" || w == "placing") || w == "in" && e.Op == "position",
			(w == "ignore" || w == "respect") && i+1 < len(t) && strings.EqualFold(t[i+1].Text(), "nulls"):
			if x := r.run(t[start:i]); x != nil {
				e.Args = append(e.Args, x)
			}
			start = i + 1
			if w == "ignore" || w == "respect" {
				start = i + 2
			}
		case w == "having" && i > 0: // ANY_VALUE(x HAVING MAX y)
			if x := r.run(t[start:i]); x != nil {
				e.Args = append(e.Args, x)
			}
			if i+2 <= len(t) {
				if x := r.run(t[min(i+2, len(t)):]); x != nil {
					e.Conditions = append(e.Conditions, x)
				}
			}
			return
		}
	}
	var x *Expr
	if start == 0 && len(t) > 0 && t[0] == item.FirstNamed() {
		x = r.item(item)
	} else {
		x = r.run(t[start:])
	}
	if x != nil {
		e.Args = append(e.Args, x)
	}
}

var castFunctions = map[string]bool{"cast": true, "try_cast": true, "safe_cast": true, "@safe_cast": true}

// postfix reads what follows an operand: casts, subscripts, fields, OVER, FILTER, WITHIN GROUP, AT TIME ZONE, COLLATE.
func (r *exprReader) postfix(e *Expr) *Expr {
	for {
		n := r.at(0)
		switch {
		case n.Is(Cast):
			r.i++
			e = &Expr{Kind: ExprCast, Op: "::", Args: []*Expr{e}, First: e.First, Last: n}
			e.Type = strings.TrimSpace(strings.TrimPrefix(n.Text(), "::"))
			if g := r.at(0); g.Is(Group, Array) {
				e.Type += g.Text()
				e.Last = g
				r.i++
			}
			for (r.word(0) == "with" || r.word(0) == "without") && r.word(1) == "time" && r.word(2) == "zone" {
				e.Type += " " + r.word(0) + " time zone"
				e.Last = r.at(2)
				r.i += 3
			}
		case n.Is(Array):
			r.i++
			e = &Expr{Kind: ExprBinary, Op: "[]", Args: append([]*Expr{e}, r.items(n)...), First: e.First, Last: n}
		case n.Is(Operator) && n.Text() == "." && r.at(1).Is(Name, DoubleQuoted, Star, Call, TemplatedName):
			e = &Expr{Kind: ExprUnary, Op: ".", Args: []*Expr{e}, Parts: splitParts(r.at(1).Text()), First: e.First, Last: r.at(1)}
			r.i += 2
		case n.Is(NamePart):
			e = &Expr{Kind: ExprUnary, Op: ".", Args: []*Expr{e}, First: e.First, Last: n}
			r.i++
		case e.Kind == ExprCall && n.Is(Keyword) && r.word(0) == "over" && r.at(1).Is(Group, Name, DoubleQuoted):
			e.Window, e.Over, e.Last = true, r.at(1), r.at(1)
			e.Conditions = append(e.Conditions, r.window(r.at(1))...)
			r.i += 2
		case e.Kind == ExprCall && n.Is(Call) && strings.EqualFold(n.Field(Function).Text(), "filter"):
			filter := r.call(&Expr{First: n, Last: n}, n)
			e.Conditions = append(e.Conditions, filter.Args...)
			e.Last = n
			r.i++
		case e.Kind == ExprCall && r.word(0) == "within" && r.word(1) == "group" && r.at(2).Is(Group):
			order := r.ordered(r.at(2))
			if strings.HasPrefix(e.Op, "percentile") || e.Op == "mode" || e.Op == "median" {
				e.Args = append(e.Args, order...)
			} else {
				e.Conditions = append(e.Conditions, order...)
			}
			e.Last = r.at(2)
			r.i += 3
		case e.Kind == ExprCall && (r.word(0) == "ignore" || r.word(0) == "respect") && r.word(1) == "nulls":
			e.Last = r.at(1)
			r.i += 2
		case r.word(0) == "at" && r.word(1) == "time" && r.word(2) == "zone" && !r.at(3).IsNil():
			r.i += 3
			zone := r.prefixOnly()
			e = &Expr{Kind: ExprUnary, Op: "at time zone", Args: []*Expr{e}, First: e.First, Last: zone.Last}
			if zone.Kind != ExprLiteral {
				e.Conditions = []*Expr{zone}
			}
		case r.word(0) == "collate" && r.at(1).Is(Name, DoubleQuoted, String):
			e = &Expr{Kind: ExprUnary, Op: "collate", Args: []*Expr{e}, First: e.First, Last: r.at(1)}
			r.i += 2
		default:
			return e
		}
	}
}

// window reads what stands in the bracket of OVER: what partitions, orders and frames. A named window holds nothing here.
func (r *exprReader) window(n parsers.Node) []*Expr {
	if !n.Is(Group) {
		return nil
	}
	return r.ordered(n)
}

// ordered reads the items of the PARTITION BY and ORDER BY of a bracket.
func (r *exprReader) ordered(n parsers.Node) []*Expr {
	var out []*Expr
	for c := range n.Children() {
		if c.Is(OrderClause, ByClause) {
			out = append(out, r.orderItems(c)...)
		}
	}
	return out
}

func (r *exprReader) orderItems(clause parsers.Node) []*Expr {
	var out []*Expr
	for item := range clause.Children() {
		if item.Is(Item) {
			if x := r.run(untilFrame(tokens(item))); x != nil {
				out = append(out, x)
			}
		}
	}
	return out
}

// untilFrame cuts an item of ORDER BY at ASC, DESC, NULLS and the frame: ROWS BETWEEN ….
func untilFrame(t []parsers.Node) []parsers.Node {
	for i, n := range t {
		if i > 0 && n.Is(Name, Keyword) {
			switch strings.ToLower(n.Text()) {
			case "asc", "desc", "nulls", "rows", "range", "groups":
				return t[:i]
			}
		}
	}
	return t
}
