package sqlmesh

import (
	"regexp"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/sql"
)

// The notes of a model's query.
const (
	// IntervalNote stands once where the query's predicates ask for the interval that a run loads: Values start and end say
	// which bounds. Where a macro or a template may ask (unknown), both are said to be there.
	IntervalNote = "interval"
	// DateBoundNote is a comparison with @end_ds or @end_date: Values column, table (dotted, empty if unknown), cast (the type
	// that the column is cast to), projected (the type that the query's projection of that name is cast to), start (the other
	// macro) with start_from and start_to (its bytes). Text is the end macro.
	DateBoundNote = "date-bound"
	// MacroNote is a macro that the file itself does not define: Values call says that it is a function.
	MacroNote = "macro"
	// ProjectionNote stands where every column that the query projects is known: Text is their names, joined by commas.
	ProjectionNote = "projection"
)

var predicates = []parsers.Kind{sql.WhereClause, sql.OnClause, sql.HavingClause, sql.QualifyClause, sql.JoinClause, sql.FromClause, sql.UsingClause}

// queryNotes notes what the rules of SQLMesh models judge in a query and the statements around it.
func queryNotes(f *parsers.File, fact *graph.DatasetFact, q *sql.Statement, statements []*sql.Statement) {
	jinja := strings.Contains(string(f.Text), "JINJA_") || strings.Contains(string(f.Text), "{{")
	if n, ok := interval(f, q, statements, jinja); ok {
		fact.Notes = append(fact.Notes, n)
	}
	fact.Notes = append(fact.Notes, dateBounds(f, q)...)
	if n, ok := sqltext.Logic(f, q); ok {
		fact.Notes = append(fact.Notes, n)
	}
	if !jinja {
		fact.Notes = append(fact.Notes, macroNotes(f, fact, statements)...)
	} else {
		fact.Settings["jinja"] = "true"
	}
	if names := outputs(q, jinja); names != "" {
		fact.Notes = append(fact.Notes, graph.Note{Kind: ProjectionNote, Text: names, Span: f.Span(q.Start(), q.End())})
	}
}

// outputs is the names that the query projects, joined by commas; empty where a star, a macro or a template may project more.
func outputs(q *sql.Statement, jinja bool) string {
	if jinja || q.Partial || len(q.Columns) == 0 {
		return ""
	}
	var names []string
	for _, c := range q.Columns {
		name := outputName(c)
		if c.Star || name == "" || strings.Contains(name, "@") || c.Node.FirstNamed().Is(sql.Star) {
			return ""
		}
		for d := range c.Node.Descendants() {
			if d.Is(sql.Macro) && strings.HasPrefix(strings.ToLower(d.Text()), "@each") || d.Is(sql.Star) && d.Parent() == c.Node {
				return ""
			}
		}
		if strings.HasSuffix(c.Source, ".*") {
			return ""
		}
		names = append(names, name)
	}
	return strings.Join(names, ",")
}

// interval finds the temporal macros in what filters the query.
func interval(f *parsers.File, q *sql.Statement, statements []*sql.Statement, jinja bool) (graph.Note, bool) {
	note := graph.Note{Kind: IntervalNote, Values: map[string]string{}}
	see := func(n parsers.Node) {
		if note.Span.IsZero() {
			note.Span, note.Text = f.Span(n.Start(), n.End()), n.Text()
		}
	}
	unknown := func(n parsers.Node) {
		see(n)
		note.Values["start"], note.Values["end"], note.Values["unknown"] = "true", "true", "true"
	}
	if jinja {
		unknown(q.Node)
	}
	defined := map[string]string{} // @DEF(from_date, @start_ds)
	for _, s := range statements {
		if name, v, ok := definition(s); ok {
			defined[strings.ToLower(name)] = v
		}
	}
	for n := range q.Node.Descendants() {
		if !n.Is(sql.Macro) {
			continue
		}
		name := macroName(n.Text())
		text := n.Text() + " " + defined[strings.ToLower(name)]
		clause := n.Ancestor(append(predicates, sql.SelectClause)...)
		if clause.IsNil() || clause.Is(sql.SelectClause) {
			continue
		}
		if n.FieldID() == sql.Function && !builtinMacros[strings.ToLower(name)] || n.Parent().Is(sql.FromItem) && !strings.EqualFold(n.Text(), "@this_model") {
			unknown(n) // what it becomes is not known here
			continue
		}
		for _, word := range macroWord.FindAllString(text, -1) {
			if bound, _, ok := IsTemporal(word); ok && bound != "latest" {
				see(n)
				note.Values[bound] = "true"
			}
		}
	}
	return note, !note.Span.IsZero()
}

var macroWord = regexp.MustCompile(`@\{?\w+\}?`)

// macroName is the name in @name, @{name}, @{name}_suffix.
func macroName(s string) string {
	if m := macroWord.FindString(s); m != "" {
		return strings.Trim(m[1:], "{}")
	}
	return ""
}

// definition reads @DEF(name, value).
func definition(s *sql.Statement) (name, text string, ok bool) {
	call := s.Node.FirstNamed()
	if !call.Is(sql.Call) || !strings.EqualFold(call.Field(sql.Function).Text(), "@def") {
		return "", "", false
	}
	items := itemsOf(call.Field(sql.Arguments))
	if len(items) < 2 {
		return "", "", false
	}
	return tokens(items[0]).text(), items[1].Text(), true
}

// dateBounds finds the comparisons of a column with a macro that names a day and no time.
func dateBounds(f *parsers.File, q *sql.Statement) []graph.Note {
	var out []graph.Note
	for n := range q.Node.Descendants() {
		if !n.Is(sql.WhereClause, sql.OnClause, sql.HavingClause, sql.QualifyClause, sql.Item, sql.CaseWhen) {
			continue
		}
		seq := tokens(n)
		for i, t := range seq {
			if i == 0 || i+1 >= len(seq) {
				continue
			}
			b := bound{seq: seq, left: i - 1}
			switch {
			case t.Is(sql.Keyword) && strings.EqualFold(t.Text(), "between"):
				b.between(i + 1)
			case t.Is(sql.Operator) && t.Text() == "<=":
				b.end, _ = b.macro(i + 1)
			}
			if b.end.IsNil() {
				continue
			}
			if note, ok := b.note(f, q); ok {
				out = append(out, note)
			}
		}
	}
	return out
}

// bound is one comparison on its way to become a note.
type bound struct {
	seq        value
	left       int // the last token of the left side
	start, end parsers.Node
}

func (b *bound) between(i int) {
	var next int
	if b.start, next = b.macro(i); b.start.IsNil() || next >= len(b.seq) || !strings.EqualFold(b.seq[next].Text(), "and") {
		return
	}
	b.end, _ = b.macro(next + 1)
	if bound, _, _ := IsTemporal(b.start.Text()); bound != "start" {
		b.end = parsers.Node{}
	}
}

// macro is the macro of a day at place i, alone or cast; next is the place after it.
func (b *bound) macro(i int) (n parsers.Node, next int) {
	if i >= len(b.seq) {
		return parsers.Node{}, i
	}
	n, next = b.seq[i], i+1
	if inner, _, ok := castCall(n); ok {
		n = inner
	} else if next < len(b.seq) && b.seq[next].Is(sql.Cast) {
		next++
	}
	if next < len(b.seq) && !b.seq[next].Is(sql.Keyword) {
		return parsers.Node{}, next // @end_ds + INTERVAL '1 day', @end_ds || ' 23:59:59'
	}
	_, form, ok := IsTemporal(n.Text())
	if !n.Is(sql.Macro) || !ok || form != "ds" && form != "date" {
		return parsers.Node{}, next
	}
	return n, next
}

func (b *bound) note(f *parsers.File, q *sql.Statement) (graph.Note, bool) {
	if bound, _, _ := IsTemporal(b.end.Text()); bound != "end" {
		return graph.Note{}, false
	}
	column, cast := b.seq[b.left], ""
	if column.Is(sql.Cast) && b.left > 0 {
		cast, column = strings.TrimPrefix(column.Text(), "::"), b.seq[b.left-1]
		b.left--
	} else if inner, to, ok := castCall(column); ok {
		column, cast = inner, to
	}
	if !column.Is(sql.Name, sql.DoubleQuoted) || b.left > 0 && b.seq[b.left-1].Is(sql.Operator) {
		return graph.Note{}, false
	}
	words := strings.Split(column.Text(), ".")
	note := graph.Note{Kind: DateBoundNote, Text: b.end.Text(), Span: f.Span(b.end.Start(), b.end.End()), Values: map[string]string{
		"column": unquote(words[len(words)-1]), "cast": strings.TrimSpace(cast),
	}}
	qualifier := ""
	if len(words) > 1 {
		qualifier = unquote(words[len(words)-2])
	}
	note.Values["table"] = table(f, q, column.Start(), qualifier)
	for _, c := range q.Columns {
		if strings.EqualFold(outputName(c), note.Values["column"]) {
			note.Values["projected"] = projectedType(c)
		}
	}
	if !b.start.IsNil() {
		at := f.Span(b.start.Start(), b.start.End())
		note.Values["start"] = b.start.Text()
		note.Values["start_from"], note.Values["start_to"] = strconv.Itoa(at.Start.Byte), strconv.Itoa(at.End.Byte)
	}
	return note, true
}

// castCall reads CAST(x AS t) and the functions that make a timestamp of x.
func castCall(n parsers.Node) (inner parsers.Node, to string, ok bool) {
	if !n.Is(sql.Call) {
		return parsers.Node{}, "", false
	}
	items := itemsOf(n.Field(sql.Arguments))
	if len(items) != 1 {
		return parsers.Node{}, "", false
	}
	all := tokens(items[0])
	switch name := strings.ToLower(n.Field(sql.Function).Text()); name {
	case "cast", "try_cast", "safe_cast":
		if len(all) > 1 && all[1].Is(sql.Alias) {
			words := strings.Fields(value(all[1:]).source())
			return all[0], strings.Join(words[1:], " "), true
		}
	case "timestamp", "datetime", "to_timestamp":
		if len(all) == 1 {
			return all[0], name, true
		}
	}
	return parsers.Node{}, "", false
}

// projectedType is the type that an item of a SELECT is cast to as its last step; empty if it is not.
func projectedType(c sql.Column) string {
	all := tokens(c.Node)
	if len(all) > 1 && all[1].Is(sql.Cast) && (len(all) == 2 || len(all) == 3) {
		return strings.TrimPrefix(all[1].Text(), "::")
	}
	if len(all) > 0 && len(all) <= 2 {
		if _, to, ok := castCall(all[0]); ok {
			return to
		}
	}
	return ""
}

// table is the relation that a column at an offset belongs to, as a dotted name; empty where that is not plain.
func table(f *parsers.File, q *sql.Statement, at int, qualifier string) string {
	inner := sql.Of(f).QueryAt(at)
	if inner == nil {
		return ""
	}
	found := ""
	for _, r := range inner.Relations {
		if r.Kind != sql.RelationTable || r.CTE != nil {
			if qualifier == "" || strings.EqualFold(r.Alias, qualifier) {
				return ""
			}
			continue
		}
		name := r.Alias
		if name == "" {
			name = r.Parts[len(r.Parts)-1].Text
		}
		if qualifier != "" && !strings.EqualFold(name, qualifier) {
			continue
		}
		if found != "" {
			return ""
		}
		found = strings.Join(parts(r), ".")
	}
	return found
}
