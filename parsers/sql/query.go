package sql

import (
	"strings"

	"delint/parsers"
)

// query binds the relations of one query and everything below it. q.Node is a statement or a subquery. The clauses that
// give aliases come first: a subquery of the SELECT may read a field of an alias that a later FROM gives.
func (b *binder) query(q *Query) {
	selects := 0
	for c := range q.Node.Children() {
		switch c.Kind() {
		case SelectClause:
			if selects++; selects == 1 {
				q.Columns = columns(c)
			}
		case WithClause:
			b.with(q, c)
		case FromClause:
			if selects == 0 && b.statement.Kind == StatementCreateTable && c.Child(FromItem).FirstNamed().Is(Group) {
				continue // FOR VALUES FROM (1) TO (10)
			}
			b.relations(q, c)
		case UpdateClause, MergeClause:
			if q.Parent != nil { // WITH changed AS (UPDATE t SET … RETURNING *)
				b.verb(c)
			}
			b.relations(q, c)
		case JoinClause:
			b.relations(q, c)
		case SetOperator:
			b.tableOperand(q, c)
		case IntoClause:
			if selects > 0 && (b.statement.Kind == StatementSelect || b.statement.Kind == StatementOther) {
				b.selectInto(c)
			}
		case InsertClause, DeleteClause, CreateClause, AlterClause, DropClause, TruncateClause, CopyClause:
			if q.Parent != nil { // a statement inside brackets: WITH gone AS (DELETE FROM …)
				b.verb(c)
			}
		}
	}
	for c := range q.Node.Children() {
		switch c.Kind() {
		case WithClause, FromClause, JoinClause, UpdateClause, MergeClause:
		case Subquery:
			// (SELECT …) UNION (SELECT …): the brackets' columns are the query's.
			sub := b.subquery(q, c)
			if selects == 0 && len(q.Columns) == 0 {
				q.Columns = sub.Columns
			}
		default:
			b.below(q, c)
		}
	}
}

// below binds the subqueries that stand anywhere below n.
func (b *binder) below(q *Query, n parsers.Node) {
	for d := range n.DescendantsSkipping(Subquery, WithClause) {
		switch d.Kind() {
		case Subquery:
			b.subquery(q, d)
		case Call:
			b.tableArguments(q, d)
		}
	}
}

func (b *binder) newQuery(n parsers.Node, parent *Query) *Query {
	q := &Query{Node: n, Parent: parent, statement: b.statement, ctes: map[string]*CTE{}, aliases: map[string]*Relation{}}
	b.statement.Queries = append(b.statement.Queries, q)
	return q
}

func (b *binder) subquery(parent *Query, n parsers.Node) *Query {
	q := b.newQuery(n, parent)
	b.query(q)
	return q
}

// tableOperand reads the t of UNION TABLE t.
func (b *binder) tableOperand(q *Query, operator parsers.Node) {
	if word := operator.FirstNamed(); word.Is(Name) && strings.EqualFold(word.Text(), "table") {
		if t := word.NextSibling(); t.Is(Name, DoubleQuoted, Template, TemplatedName) {
			b.relation(q, t, "")
		}
	}
}

// tableArguments reads f(TABLE t) and ML.PREDICT(MODEL m, …): a table handed to a function by name.
func (b *binder) tableArguments(q *Query, call parsers.Node) {
	for item := range call.Field(Arguments).Children() {
		if !item.Is(Item) {
			continue
		}
		first := item.FirstNamed()
		if first.Is(Name) && (strings.EqualFold(first.Text(), "table") || strings.EqualFold(first.Text(), "model")) {
			if t := first.NextSibling(); t.Is(Name, DoubleQuoted, Template, TemplatedName) {
				b.relation(q, t, "")
			}
		}
	}
}

func (b *binder) with(q *Query, with parsers.Node) {
	recursive := false
	if first := with.FirstNamed(); !first.IsNil() {
		recursive = strings.Contains(strings.ToLower(string(with.Tree().Text[with.Start():first.Start()])), "recursive")
	}
	for n := range with.Children() {
		if !n.Is(Cte) {
			continue
		}
		cte := &CTE{Name: unquote(n.Field(NameField).Text()), Node: n}
		b.statement.CTEs = append(b.statement.CTEs, cte)
		key := strings.ToLower(cte.Name)
		body := n.Child(Subquery)
		if call := n.Child(Call); body.IsNil() && call.Field(Arguments).Is(Subquery) {
			body = call.Field(Arguments) // AS MATERIALIZED (SELECT …)
		}
		if body.IsNil() {
			b.statement.Partial = true
		} else {
			sub := b.newQuery(body, q)
			sub.CTE, cte.Query = cte, sub
			// Recursion needs a set operator; T-SQL and Snowflake don't ask for the word.
			if recursive || !body.Child(SetOperator).IsNil() {
				if _, shadowed := q.ctes[key]; !shadowed {
					q.ctes[key] = cte
				}
			}
			b.query(sub)
		}
		q.ctes[key] = cte
		for c := range n.Children() { // a template or a call may stand for the body
			if c.Field(Arguments) != body && c != body && c != n.Field(NameField) {
				b.below(q, c)
			}
		}
	}
}

// cte finds the common table expression that a bare name means at a place in q; nil if it is none.
func (q *Query) cte(name string) *CTE {
	name = strings.ToLower(name)
	for ; q != nil; q = q.Parent {
		if c := q.ctes[name]; c != nil {
			return c
		}
	}
	return nil
}

// alias reports whether a name is the alias of a relation in q or in a query around it.
func (q *Query) alias(name string) bool {
	name = strings.ToLower(name)
	for ; q != nil; q = q.Parent {
		if q.aliases[name] != nil {
			return true
		}
	}
	return false
}

// columns reads the items of a SELECT.
func columns(selectClause parsers.Node) []Column {
	var out []Column
	for item := range selectClause.Children() {
		if item.Is(Item) {
			out = append(out, column(item))
		}
	}
	return out
}

func column(item parsers.Node) Column {
	col := Column{Node: item}
	var tokens []parsers.Node
	for c := range item.NamedChildren() {
		if !c.Is(Comment, TemplateComment, TemplateTag) {
			tokens = append(tokens, c)
		}
	}
	if len(tokens) == 0 {
		return col
	}
	last := tokens[len(tokens)-1]
	switch {
	case tokens[0].Is(Star):
		col.Star = true
	case last.Is(Alias):
		col.Name = unquote(last.Field(NameField).Text())
		if len(tokens) == 2 && tokens[0].Is(Name) {
			col.Source = tokens[0].Text()
		}
	case len(tokens) == 1 && last.Is(Name, DoubleQuoted):
		parts := splitParts(last.Text())
		col.Name, col.Source = parts[len(parts)-1].Text, last.Text()
	case len(tokens) > 1 && last.Is(Name, DoubleQuoted) && isOperand(tokens[len(tokens)-2]):
		col.Name = unquote(last.Text())
		if len(tokens) == 2 && tokens[0].Is(Name) {
			col.Source = tokens[0].Text()
		}
	}
	return col
}

// isOperand reports whether a token ends an expression, so that a bare name after it is an alias.
func isOperand(n parsers.Node) bool {
	switch n.Kind() {
	case Name, DoubleQuoted, String, Number, Null, Boolean, Parameter, Macro, Template, TemplatedName, Call, Case, Cast, Group,
		Subquery, Array, Braces, Type:
		return true
	}
	return false
}
