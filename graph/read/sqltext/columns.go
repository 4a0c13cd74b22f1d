package sqltext

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// Lineage is what a statement's final query projects and what in its queries a rule may judge. reads are the dataset's
// references in the order of its fact: a relation is the reference that stands where it stands.
func Lineage(f *parsers.File, s *sql.Statement, reads []graph.Ref, dialect string) ([]graph.OutputFact, []graph.Note) {
	sc := s.Scope()
	switch dialect {
	case "bigquery", "spark", "databricks", "mysql", "hive", "clickhouse", "doris", "starrocks":
		sc.StringQuotes = true
	case "":
	default:
		sc.StringQuotes = false
	}
	sc.QuotesKnown = dialect != ""
	l := &lineage{f: f, s: s, sc: sc, reads: reads, of: map[*sql.Relation]int{}, dialect: dialect}
	return l.outputs(), l.notes()
}

type lineage struct {
	f       *parsers.File
	s       *sql.Statement
	sc      *sql.Scope
	reads   []graph.Ref
	starts  map[int]int // where a reference begins, to its index
	of      map[*sql.Relation]int
	dialect string
}

// read is the index of the reference that a relation is; -1 where it is none of them.
func (l *lineage) read(r *sql.Relation) int {
	if r == nil {
		return -1
	}
	if i, ok := l.of[r]; ok {
		return i
	}
	if l.starts == nil {
		l.starts = map[int]int{}
		for i, ref := range l.reads {
			if ref.Span.Path == l.f.Path {
				if _, seen := l.starts[ref.Span.Start.Byte]; !seen {
					l.starts[ref.Span.Start.Byte] = i
				}
			}
		}
	}
	found := -1
	for _, n := range []parsers.Node{r.Node, callNode(r)} {
		if i, ok := l.starts[l.f.Span(n.Start(), n.Start()).Start.Byte]; ok && !n.IsNil() {
			found = i
			break
		}
	}
	l.of[r] = found
	return found
}

func callNode(r *sql.Relation) parsers.Node {
	if r.Call == nil {
		return parsers.Node{}
	}
	return r.Call.Node
}

var transforms = map[sql.Transform]graph.Transform{
	sql.Constant: graph.Constant, sql.Identity: graph.Identity, sql.Rename: graph.Rename, sql.CastValue: graph.Cast,
	sql.Expression: graph.Expression, sql.Aggregate: graph.Aggregate,
}

func (l *lineage) outputs() []graph.OutputFact {
	list := l.sc.Outputs()
	if len(list) == 0 {
		return nil
	}
	names := l.targetColumns(list)
	out := make([]graph.OutputFact, 0, len(list))
	for i, o := range list {
		x := graph.OutputFact{
			Name: o.Name, Star: o.Star, StarOf: -1, Except: o.Except, Replaced: o.Renamed, Transform: transforms[o.Transform], Branch: o.Branch,
			Masks: o.Masks, Type: o.Type, Optional: o.Optional, Span: l.f.Span(o.Node.Start(), o.Node.End()), Confidence: graph.Confidence(o.Confidence),
		}
		if i < len(names) {
			x.Name = names[i]
			if x.Transform == graph.Identity || x.Transform == graph.Rename {
				x.Transform = graph.Identity
				for _, s := range o.Sources {
					if !strings.EqualFold(s.Column, x.Name) {
						x.Transform = graph.Rename
					}
				}
			}
		}
		if o.Star {
			x.StarOf = l.read(o.StarOf)
			if x.StarOf < 0 {
				x.Confidence = graph.Partial
			}
		}
		for _, s := range o.Sources {
			source := graph.SourceFact{Read: -1, Column: s.Column, Indirect: s.Indirect}
			if s.Relation != nil {
				source.Read = l.read(s.Relation)
			}
			for _, c := range s.Candidates {
				if i := l.read(c); i >= 0 {
					source.Of = append(source.Of, i)
				} else {
					x.Confidence = graph.Partial
				}
			}
			if source.Read < 0 && len(source.Of) == 0 {
				x.Confidence = graph.Partial
			}
			x.Sources = append(x.Sources, source)
		}
		out = append(out, x)
	}
	return out
}

// targetColumns are the names that INSERT INTO t (a, b) and CREATE VIEW v (a, b) give to the outputs; nil for none, and where
// the outputs can't be counted.
func (l *lineage) targetColumns(list []*sql.Output) []string {
	if len(l.s.Writes) == 0 || l.s.Kind != sql.StatementInsert && l.s.Kind != sql.StatementCreateView && l.s.Kind != sql.StatementCreateTable {
		return nil
	}
	var names []string
	for item := range l.s.Writes[0].Columns.Children() {
		if item.Is(sql.Item) {
			names = append(names, unquoted(item.FirstNamed().Text()))
		}
	}
	for _, o := range list {
		if o.Star || o.Branch > 0 {
			return nil
		}
	}
	if len(names) != len(list) {
		return nil
	}
	return names
}

func unquoted(s string) string {
	if len(s) > 1 && strings.ContainsRune("\"`[", rune(s[0])) {
		return s[1 : len(s)-1]
	}
	return s
}

// notes are the places in the statement's queries that rules judge.
func (l *lineage) notes() []graph.Note {
	final := l.sc.Final()
	if final == nil {
		return nil
	}
	var out []graph.Note
	for _, q := range l.s.Queries {
		isFinal := ""
		if q == final {
			isFinal = "true"
		}
		branches := l.sc.Branches(q)
		for i, b := range branches {
			see := func(e *sql.Expr, context, alias string) {
				for x := range e.All() {
					if n, ok := l.unstable(x); ok {
						n.Values = map[string]string{"context": context, "alias": alias, "final": isFinal, "bound": rangeEnd(e, x), "guarded": l.guarded(x)}
						out = append(out, n)
					}
					if n, ok := l.unordered(x); ok {
						n.Values["alias"], n.Values["final"] = alias, isFinal
						out = append(out, n)
					}
				}
			}
			for _, item := range b.Items {
				if item.Expr != nil {
					see(item.Expr, "projection", item.Name())
				}
				for _, x := range item.Replace {
					see(x, "projection", x.Op)
				}
			}
			for _, j := range b.Joins {
				if j.On != nil {
					see(j.On, "on", "")
				}
				if j.Relation != nil && j.Relation.Kind == sql.RelationFunction && j.Relation.Node.Is(sql.Call) {
					see(sql.ParseExpr(j.Relation.Node), "from", "")
				}
			}
			for _, part := range []struct {
				context string
				list    []*sql.Expr
			}{{"where", b.Where}, {"having", b.Having}, {"qualify", b.Qualify}, {"group", b.GroupBy}, {"order", b.OrderBy}} {
				for _, e := range part.list {
					see(e, part.context, "")
				}
			}
			if i == len(branches)-1 && !b.Limit.IsNil() && b.Order.IsNil() && !zero(b.Limit) {
				out = append(out, graph.Note{Kind: "limit", Text: short(b.Limit.Text()), Values: map[string]string{"final": isFinal, "place": place(q)}, Span: l.span(b.Limit)})
			}
		}
	}
	return append(out, l.stars()...)
}

// rangeEnd says which end of a range the operand x gives in the comparison e: "upper" (day < x), "lower" (day >= x), "equal", or
// empty for anything else.
func rangeEnd(e, x *sql.Expr) (end string) {
	for c := range e.All() { // the innermost comes last
		if c.Kind != sql.ExprBinary || len(c.Args) < 2 {
			continue
		}
		at := slices.IndexFunc(c.Args, func(a *sql.Expr) bool { return a.Start() <= x.Start() && x.End() <= a.End() })
		switch {
		case at < 0:
		case c.Op == "=":
			end = "equal"
		case (c.Op == "<" || c.Op == "<=") && at == 1, (c.Op == ">" || c.Op == ">=") && at == 0, c.Op == "between" && at == 2:
			end = "upper"
		case c.Op == "<", c.Op == "<=", c.Op == ">", c.Op == ">=", c.Op == "between":
			end = "lower"
		}
	}
	return end
}

// leavesBlock matches the tags that end a branch of a template.
var leavesBlock = regexp.MustCompile(`\{%-?\s*(?:else|elif|endif)\b`)

// guarded is "true" where an expression stands in a template's block that only incremental runs take.
func (l *lineage) guarded(x *sql.Expr) string {
	before := l.f.Text[:min(len(l.f.Text), l.f.Span(x.Start(), x.End()).Start.Byte)]
	at := bytes.LastIndex(before, []byte("is_incremental"))
	if at < 0 || leavesBlock.Match(before[at:]) {
		return ""
	}
	return "true"
}

// place says where a query stands.
func place(q *sql.Query) string {
	switch {
	case q.CTE != nil:
		return "cte"
	case q.Parent == nil, q.Node.Parent().Is(sql.InsertClause, sql.CreateClause, sql.SqlStatement):
		return "outer"
	case q.Node.Parent().Is(sql.FromItem):
		return "from"
	case q.Node.Parent().Is(sql.SetOperator, sql.Subquery):
		return place(q.Parent)
	}
	return "expression"
}

func (l *lineage) span(n parsers.Node) parsers.Span { return l.f.Span(n.Start(), n.End()) }

// zero reports whether a LIMIT takes no row: LIMIT 0 asks for the columns only.
func zero(limit parsers.Node) bool {
	n := limit.FirstNamed()
	return n.Is(sql.Number) && n.Text() == "0"
}

// short is a text on one line, cut where it is long.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// unstable notes a call that gives another value when the query runs again.
func (l *lineage) unstable(e *sql.Expr) (graph.Note, bool) {
	kind := sql.Deterministic
	switch e.Kind {
	case sql.ExprCall:
		kind = sql.DeterminismOf(e.Op, l.dialect, len(e.Args))
	case sql.ExprTemplate:
		switch e.Op[strings.LastIndexByte(e.Op, '.')+1:] {
		case "current_timestamp", "current_timestamp_in_utc", "current_timestamp_backcompat", "now", "today", "yesterday", "tomorrow", "current_timestamp_in_utc_backcompat":
			if strings.HasPrefix(e.Op, "dbt") || e.Op == "current_timestamp" {
				kind = sql.Clock
			}
		}
	}
	if kind == sql.Deterministic {
		return graph.Note{}, false
	}
	return graph.Note{Kind: kind.String(), Text: short(e.Text()), Span: l.f.Span(e.Start(), e.End())}, true
}

// unordered notes a window function that picks rows by an order which it lacks.
func (l *lineage) unordered(e *sql.Expr) (graph.Note, bool) {
	if e.Kind != sql.ExprCall || !e.Over.Is(sql.Group) {
		return graph.Note{}, false
	}
	switch e.Op {
	case "row_number", "first_value", "last_value", "nth_value", "lag", "lead", "ntile":
	default:
		return graph.Note{}, false
	}
	order, partition := "missing", ""
	for c := range e.Over.NamedChildren() {
		switch {
		case c.Is(sql.OrderClause):
			order = "constant"
			for item := range c.Children() {
				if x := sql.ExprOf(item); item.Is(sql.Item) && !(x.IsConstant() || x.Kind == sql.ExprSubquery) {
					return graph.Note{}, false
				}
			}
		case c.Is(sql.ByClause):
			partition = "true"
		case c.Is(sql.Comment, sql.TemplateComment):
		default:
			return graph.Note{}, false // a named window, a template, SORT BY
		}
	}
	for c := range e.Over.Children() {
		if c.Is(sql.ByClause) && !strings.HasPrefix(strings.ToLower(c.Text()), "partition") {
			return graph.Note{}, false
		}
	}
	for n := range e.Over.Descendants() {
		if n.Is(sql.TemplateTag) || n.Is(sql.Template) && n.Parent() == e.Over {
			return graph.Note{}, false
		}
	}
	return graph.Note{Kind: "row_number", Text: short(e.Text()), Values: map[string]string{"function": e.Op, "order": order, "partition": partition}, Span: l.f.Span(e.Start(), e.End())}, true
}

// stars notes the items of the final projection that stand for columns which the file does not name.
func (l *lineage) stars() []graph.Note {
	var out []graph.Note
	seen := map[int]bool{}
	for _, o := range l.sc.Outputs() {
		if !o.Star || o.Expr == nil || o.Expr.Kind != sql.ExprStar && o.StarOf == nil || seen[o.Node.Index()] {
			continue
		}
		seen[o.Node.Index()] = true
		n := graph.Note{Kind: "star", Text: short(o.Node.Text()), Values: map[string]string{}, Span: l.span(o.Node)}
		if o.StarOf != nil {
			n.Values["of"] = o.StarOf.Name()
		}
		if len(o.Except) > 0 || len(o.Renamed) > 0 {
			n.Values["except"] = "true"
		}
		out = append(out, n)
	}
	return out
}
