package sql

import (
	"slices"
	"strings"

	"delint/parsers"
)

// Branch is one SELECT of a query: those that set operators join, or that the branches of a template put side by side.
type Branch struct {
	Query *Query
	// Operator is the set operator before it in lower case ("union all", "union all by name", "except"); empty for the first.
	Operator string
	// Alternative says that no set operator but a template decides between it and the one before.
	Alternative bool
	// Nested is the query of a branch that is one in brackets: (SELECT …) UNION …; the branch then has no items of its own.
	Nested *Query
	// Select is the SELECT clause; nil for a nested branch, VALUES, and DuckDB's FROM t.
	Select   parsers.Node
	Distinct bool
	Items    []*SelectItem
	// Joins are its relations in the order of the text, the first of FROM included.
	Joins []*Join
	// Where, Having and Qualify are the conjuncts of the clauses; several where a template chooses between clauses.
	Where, Having, Qualify []*Expr
	// GroupBy and OrderBy hold the expressions, without ASC and NULLS; a clause that is only a template gives one ExprTemplate.
	GroupBy, OrderBy []*Expr
	// Group, Order and Limit are the clauses; nil where there is none. After the last branch ORDER BY and LIMIT are the whole query's.
	Group, Order, Limit parsers.Node
	// Values says that it is VALUES (…), (…).
	Values parsers.Node

	start, end int
	aliases    map[string]*SelectItem // the first item of each alias
}

// SelectItem is one item of a SELECT.
type SelectItem struct {
	// Expr is the item without its alias; of a star with EXCEPT or REPLACE the star.
	Expr *Expr
	// Alias is the name given to it, without quotes; empty for none. AliasNode is where it stands.
	Alias     string
	AliasNode parsers.Node
	// Except are the columns that a star leaves out, Replace the expressions it puts in place of columns (named by Op), Rename
	// the new names, old to new in lower case. StarFilter says that words which were not understood limit the star: * LIKE 'x'.
	Except     []string
	Replace    []*Expr
	Rename     map[string]string
	StarFilter bool
	Node       parsers.Node
	// InLoop says that a template loop repeats the item, InIf that a template may leave it out.
	InLoop, InIf bool

	variable variable // of a loop that was unrolled
}

// Name is the item's output name without quotes; empty for stars, templates, and expressions without an alias.
func (i *SelectItem) Name() string {
	if i.Alias != "" || i.Expr == nil {
		return i.Alias
	}
	switch e := i.Expr; {
	case e.Kind == ExprColumn:
		return e.Name()
	case e.Kind == ExprUnary && e.Op == "." && len(e.Parts) > 0:
		return last(e.Parts).Text
	}
	return ""
}

// JoinKind is how a relation is joined to those before it.
type JoinKind string

// The kinds of joins.
const (
	JoinFrom    JoinKind = "from" // the first relation
	JoinInner   JoinKind = "inner"
	JoinLeft    JoinKind = "left"
	JoinRight   JoinKind = "right"
	JoinFull    JoinKind = "full"
	JoinCross   JoinKind = "cross"
	JoinComma   JoinKind = "comma"
	JoinLateral JoinKind = "lateral" // LATERAL, LATERAL VIEW, APPLY, ARRAY JOIN: it reads the relations before it
	JoinSemi    JoinKind = "semi"    // SEMI and ANTI: it gives no columns
	JoinAsOf    JoinKind = "asof"
	JoinOther   JoinKind = "other" // inside a bracket, or a kind that is not known
)

// Join is one relation of a branch with how it is joined.
type Join struct {
	Kind JoinKind
	// Natural says NATURAL.
	Natural bool
	// Relation is nil where the item was not understood.
	Relation *Relation
	// On is the condition; nil without ON.
	On *Expr
	// Using are the columns of USING.
	Using []string
	// Node is the FROM item; Clause the JOIN or FROM clause.
	Node, Clause parsers.Node
}

// Branches are the SELECTs of a query in the order of the text.
func (sc *Scope) Branches(q *Query) []*Branch {
	if b, ok := sc.branches[q]; ok {
		return b
	}
	b := sc.readBranches(q)
	sc.branches[q] = b
	return b
}

func (sc *Scope) readBranches(q *Query) []*Branch {
	var out []*Branch
	var b *Branch
	operator := ""
	relations := slices.Clone(q.Relations)
	slices.SortStableFunc(relations, func(a, b *Relation) int { return a.Node.Index() - b.Node.Index() })
	open := func(at parsers.Node, alternative bool) {
		b = &Branch{Query: q, Operator: operator, Alternative: alternative, start: at.Start()}
		operator = ""
		out = append(out, b)
	}
	need := func(at parsers.Node) {
		if b == nil || operator != "" {
			open(at, false)
		}
	}
	for c := range q.Node.Children() {
		switch c.Kind() {
		case SetOperator:
			operator = setOperator(c)
			if b == nil {
				open(c, false)
			}
			b.end = c.Start()
			b = nil
			if sub := c.Child(Subquery); !sub.IsNil() && sc.QueryOf(sub) != nil { // UNION (SELECT …)
				open(c, false)
				b.Nested = sc.QueryOf(sub)
			}
		case SelectClause:
			need(c)
			if !b.Select.IsNil() || b.Nested != nil {
				b.end = c.Start()
				open(c, true)
			}
			b.Select = c
			for x := range c.Children() {
				if x.Is(Quantifier) && strings.HasPrefix(strings.ToLower(x.Text()), "distinct") {
					b.Distinct = true
				}
			}
		case Subquery:
			if sub := sc.QueryOf(c); sub != nil {
				if b != nil && operator == "" && (!b.Select.IsNil() || b.Nested != nil) {
					continue
				}
				need(c)
				b.Nested = sub
			}
		case FromClause, JoinClause:
			need(c)
			sc.joins(b, c, relations)
		case WhereClause:
			need(c)
			b.Where = append(b.Where, Conjuncts(ExprOf(c))...)
		case HavingClause:
			need(c)
			b.Having = append(b.Having, Conjuncts(ExprOf(c))...)
		case QualifyClause:
			need(c)
			b.Qualify = append(b.Qualify, Conjuncts(ExprOf(c))...)
		case GroupClause:
			need(c)
			b.Group = c
			b.GroupBy = append(b.GroupBy, (&exprReader{}).orderItems(c)...)
		case OrderClause:
			need(c)
			b.Order = c
			b.OrderBy = append(b.OrderBy, (&exprReader{}).orderItems(c)...)
		case LimitClause:
			need(c)
			b.Limit = c
		case ValuesClause:
			if q.Parent != nil || len(q.statementWrites()) == 0 || operator != "" {
				need(c)
				b.Values = c
			}
		}
		if b != nil {
			b.end = c.End()
		}
	}
	for _, b := range out {
		if !b.Select.IsNil() {
			b.Items = sc.selectItems(b.Select)
		}
	}
	return out
}

func (q *Query) statementWrites() []*Write {
	if q.statement == nil {
		return nil
	}
	return q.statement.Writes
}

// setOperator is the words of a set operator: UNION ALL BY NAME.
func setOperator(n parsers.Node) string {
	end := n.End()
	for c := range n.NamedChildren() {
		if c.Is(Name, Keyword, Comment, TemplateComment) {
			continue
		}
		end = c.Start()
		break
	}
	return lowerWords(strings.TrimSpace(string(n.Tree().Text[n.Start():end])))
}

// joins reads the relations of a FROM or JOIN clause.
func (sc *Scope) joins(b *Branch, clause parsers.Node, relations []*Relation) {
	kind, natural := joinKind(clause)
	comma := false
	for c := range clause.Children() {
		switch {
		case c.Is(FromItem):
			j := &Join{Kind: kind, Natural: natural, Node: c, Clause: clause}
			if clause.Is(FromClause) || comma {
				j.Kind, j.Natural = JoinFrom, false
				if len(b.Joins) > 0 {
					j.Kind = JoinComma
				}
			}
			if strings.EqualFold(c.FirstNamed().Text(), "lateral") {
				j.Kind = JoinLateral
			}
			found := relationsIn(relations, c)
			if isReshaped(c) {
				for _, r := range found {
					sc.reshaped[r] = true
				}
			}
			if len(found) == 0 {
				b.Joins = append(b.Joins, j)
			}
			for i, r := range found {
				if i > 0 {
					j = &Join{Kind: JoinOther, Node: c, Clause: clause}
				}
				j.Relation = r
				b.Joins = append(b.Joins, j)
			}
			comma = false
		case !c.Named() && c.Text() == ",":
			comma = true
		case c.Is(OnClause) && len(b.Joins) > 0:
			last(b.Joins).On = ExprOf(c)
		case c.Is(UsingClause) && len(b.Joins) > 0:
			last(b.Joins).Using = usingColumns(c)
		}
	}
}

func usingColumns(c parsers.Node) []string {
	var out []string
	for item := range c.Field(Columns).Children() {
		if item.Is(Item) {
			parts := splitParts(item.Text())
			out = append(out, last(parts).Text)
		}
	}
	return out
}

// relationsIn are those of a query's own relations, in the order of the text, that stand in a FROM item.
func relationsIn(relations []*Relation, item parsers.Node) []*Relation {
	i, _ := slices.BinarySearchFunc(relations, item.Index(), func(r *Relation, index int) int { return r.Node.Index() - index })
	j := i
	for j < len(relations) && item.Contains(relations[j].Node) {
		j++
	}
	return relations[i:j]
}

// isReshaped reports whether a FROM item gives other columns than its relation has: PIVOT, UNPIVOT, MATCH_RECOGNIZE.
func isReshaped(item parsers.Node) bool {
	for c := range item.NamedChildren() {
		if c.Is(Call) {
			c = c.Field(Function)
		}
		if c.Is(Name, Keyword) {
			switch strings.ToLower(c.Text()) {
			case "pivot", "unpivot", "match_recognize":
				return true
			}
		}
	}
	return false
}

func joinKind(clause parsers.Node) (kind JoinKind, natural bool) {
	words := lowerWords(clause.Child(JoinOperator).Text())
	has := func(w string) bool { return strings.Contains(" "+words+" ", " "+w+" ") }
	natural = has("natural")
	switch {
	case has("lateral") || has("apply") || has("array"):
		return JoinLateral, natural
	case has("semi") || has("anti"):
		return JoinSemi, natural
	case has("asof"):
		return JoinAsOf, natural
	case has("cross"):
		return JoinCross, natural
	case has("left"):
		return JoinLeft, natural
	case has("right"):
		return JoinRight, natural
	case has("full"), has("outer"):
		return JoinFull, natural
	case has("inner"), words == "join", natural, has("straight_join"), has("any"), has("all"), has("global"):
		return JoinInner, natural
	}
	return JoinOther, natural
}

// selectItems reads the items of a SELECT.
func (sc *Scope) selectItems(clause parsers.Node) []*SelectItem {
	var out []*SelectItem
	regions := sc.templateRegions()
	// What stands in one loop over a written list waits until the loop ends.
	var waiting []*SelectItem
	var loop *region
	flush := func() {
		if loop != nil && len(out)+len(waiting)*len(loop.values) <= maxUnrolled {
			waiting = unroll(waiting, loop)
		}
		out = append(out, waiting...)
		waiting, loop = nil, nil
	}
	for c := range clause.Children() {
		if !c.Is(Item) {
			continue
		}
		items := readItems(c)
		var inside *region
		for k, r := range regions {
			if r.start <= c.Start() && c.End() <= r.end && r.start > clause.Start() {
				if inside == nil && r.values != nil {
					inside = &regions[k]
				} else {
					inside = &region{} // in two
				}
			}
			for _, i := range items {
				if r.start <= c.Start() && c.End() <= r.end && r.start > clause.Start() {
					i.InLoop = i.InLoop || r.loop
					i.InIf = i.InIf || !r.loop
				}
				if c.Start() < r.start && r.start < c.End() {
					i.InLoop = i.InLoop || r.loop
				}
			}
		}
		if inside != nil && inside.values == nil {
			inside = nil
		}
		if inside != loop {
			flush()
		}
		if loop = inside; loop == nil {
			out = append(out, items...)
		} else {
			waiting = append(waiting, items...)
		}
	}
	flush()
	return out
}

// readItems reads an item of a SELECT: several where the branches of a template put items without a comma side by side.
func readItems(n parsers.Node) []*SelectItem {
	t := tokens(n)
	runs := splitAtTags(t)
	if len(runs) > 1 && last(runs[0]).Is(Alias) {
		var out []*SelectItem
		for _, run := range runs {
			i := readItem(n, run)
			i.InIf = true
			out = append(out, i)
		}
		return out
	}
	for len(t) > 0 && last(t).Is(TemplateTag) {
		t = t[:len(t)-1]
	}
	return []*SelectItem{readItem(n, t)}
}

// readItem reads one item of a SELECT: the alias is taken off, then the rest is an expression.
func readItem(n parsers.Node, t []parsers.Node) *SelectItem {
	i := &SelectItem{Node: n}
	if len(t) == 0 {
		return i
	}
	if t[0].Is(Star) || t[0].Is(TemplatedName) && strings.HasSuffix(t[0].Text(), ".*") {
		i.star(t)
		return i
	}
	end := len(t)
	switch tail := last(t); {
	case tail.Is(Alias):
		i.AliasNode = tail.Field(NameField)
		end--
	case end > 1 && tail.Is(Name, DoubleQuoted) && isOperand(t[end-2]) && !isTail(t, end-1):
		i.AliasNode = tail
		end--
	case end > 1 && tail.Is(Template, TemplatedName) && isOperand(t[end-2]): // x {{ alias }}
		i.AliasNode = tail
		end--
	}
	if !i.AliasNode.IsNil() {
		i.Alias = unquote(i.AliasNode.Text())
	}
	i.Expr = ParseExpr(t[:end]...)
	return i
}

// isTail reports whether the last word of an item belongs to what stands before it: INTERVAL '1' DAY, COLLATE x, IGNORE NULLS.
func isTail(t []parsers.Node, i int) bool {
	before := strings.ToLower(t[i-1].Text())
	switch before {
	case "collate", "zone", "at", "time":
		return true
	}
	if i >= 2 && strings.EqualFold(t[i-2].Text(), "interval") && isDatePart(strings.ToLower(t[i].Text())) {
		return true
	}
	return t[i-1].Is(Name) && (before == "ignore" || before == "respect")
}

// star reads a star with what limits and changes it.
func (i *SelectItem) star(t []parsers.Node) {
	i.Expr = ParseExpr(t[0])
	r := &exprReader{}
	for k := 1; k < len(t); k++ {
		n := t[k]
		word, list := strings.ToLower(n.Text()), parsers.Node{}
		switch {
		case n.Is(Call):
			word, list = strings.ToLower(n.Field(Function).Text()), n.Field(Arguments)
		case k+1 < len(t) && t[k+1].Is(Group):
			list = t[k+1]
			k++
		case k+1 < len(t) && t[k+1].Is(Name, DoubleQuoted) && (word == "exclude" || word == "except"):
			i.Except = append(i.Except, last(splitParts(t[k+1].Text())).Text)
			k++
			continue
		}
		if list.IsNil() {
			if n.Is(TemplateTag) {
				continue
			}
			i.StarFilter = true
			continue
		}
		switch word {
		case "except", "exclude":
			for item := range list.Children() {
				if item.Is(Item) {
					if first := item.FirstNamed(); first.Is(Name, DoubleQuoted) {
						i.Except = append(i.Except, last(splitParts(first.Text())).Text)
					} else {
						i.StarFilter = true
					}
				}
			}
		case "replace":
			i.Replace = append(i.Replace, r.items(list)...)
		case "rename":
			for _, x := range r.items(list) {
				if x.Kind == ExprNamed && x.Args[0].Kind == ExprColumn {
					if i.Rename == nil {
						i.Rename = map[string]string{}
					}
					i.Rename[strings.ToLower(x.Args[0].Name())] = unquote(x.Last.Field(NameField).Text())
				}
			}
		default:
			i.StarFilter = true
		}
	}
	if r := strings.HasSuffix(t[0].Text(), "*"); !r {
		i.StarFilter = true
	}
}
