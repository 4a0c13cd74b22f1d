package sqltext

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// Complete adds to the facts of a plain SQL file what their statements say of columns: those that a CREATE TABLE defines, with
// the primary key as grain, and those that the query of a CREATE or INSERT projects. It adds the notes of the queries too.
func Complete(f *parsers.File, facts []graph.DatasetFact) {
	if len(facts) == 0 || f.Tree == nil || f.Tree.Grammar != sql.Grammar {
		return
	}
	byStart := map[int][]*sql.Statement{}
	for _, s := range sql.Of(f).Statements {
		for _, w := range s.Writes {
			if w.Target != nil {
				at := f.Span(w.Target.Node.Start(), w.Target.Node.End()).Start.Byte
				byStart[at] = append(byStart[at], s)
			}
		}
	}
	for i := range facts {
		d := &facts[i]
		if d.Span.Path != f.Path {
			continue
		}
		for _, s := range byStart[d.Span.Start.Byte] {
			outputs, notes := Lineage(f, s, d.Reads, d.Dialect)
			d.Outputs, d.Notes = append(d.Outputs, outputs...), append(d.Notes, notes...)
			if s.Kind == sql.StatementCreateTable {
				columns, key, all := Definitions(f, s.Writes[0])
				if len(outputs) == 0 || all {
					d.Columns, d.ColumnsAll = append(d.Columns, columns...), all
				}
				if len(d.Grain) == 0 {
					d.Grain = key
				}
			}
		}
	}
}

// Altered names the tables, the last parts in lower case, whose columns ALTER TABLE changes in the file.
func Altered(f *parsers.File) []string {
	var out []string
	for _, s := range sql.Of(f).Statements {
		if s.Kind != sql.StatementAlter {
			continue
		}
		for _, w := range s.Writes {
			if w.Target != nil && len(w.Target.Parts) > 0 {
				out = append(out, strings.ToLower(w.Target.Parts[len(w.Target.Parts)-1].Text))
			}
		}
	}
	return out
}

// Definitions reads the column definitions in the brackets of a CREATE TABLE. key is the primary key; all says that every item
// was understood, so that the table has no other columns.
func Definitions(f *parsers.File, w *sql.Write) (columns []graph.ColumnFact, key []string, all bool) {
	if w.Columns.IsNil() {
		return nil, nil, false
	}
	all = true
	for n := range w.Columns.Children() {
		switch {
		case n.Is(sql.TemplateTag, sql.Unclosed, sql.Stray, parsers.Error):
			all = false
		case n.Is(sql.Item):
			c, primary, ok := definition(f, n)
			switch {
			case !ok && primary != nil:
				key = primary
			case !ok:
				all = all && isConstraint(n)
			default:
				columns = append(columns, c)
				if primary != nil {
					key = append(key, c.Name)
				}
			}
		}
	}
	for n := range w.Columns.Parent().Parent().Children() { // Hive: PARTITIONED BY (d date) defines a column
		if !n.Is(sql.ByClause) || !strings.HasPrefix(strings.ToLower(n.Text()), "partitioned") {
			continue
		}
		for item := range n.Child(sql.Item).Child(sql.Group).Children() {
			if item.Is(sql.Item) && !item.FirstNamed().NextSibling().IsNil() {
				if c, _, ok := definition(f, item); ok && c.Type != "" {
					columns = append(columns, c)
				}
			}
		}
	}
	for i := range columns {
		for _, k := range key {
			columns[i].NotNull = columns[i].NotNull || strings.EqualFold(columns[i].Name, k)
		}
	}
	return columns, key, all && len(columns) > 0
}

// isConstraint reports whether an item of a CREATE TABLE constrains columns and defines none.
func isConstraint(n parsers.Node) bool {
	first := n.FirstNamed()
	if first.Is(sql.Call) {
		first = first.Field(sql.Function)
	}
	switch strings.ToLower(first.Text()) {
	case "primary", "foreign", "unique", "constraint", "check", "key", "index", "fulltext", "spatial", "exclude", "period", "watermark", "projection", "distinct":
		return true
	}
	return false
}

// definition reads one item of a CREATE TABLE. Of a constraint ok is false, and primary holds the columns of a primary key;
// of a column that is the primary key primary is empty, but not nil.
func definition(f *parsers.File, n parsers.Node) (c graph.ColumnFact, primary []string, ok bool) {
	var t []parsers.Node
	for x := range n.NamedChildren() {
		if !x.Is(sql.Comment, sql.TemplateComment) {
			t = append(t, x)
		}
	}
	if len(t) == 0 {
		return c, nil, false
	}
	if isConstraint(n) && (len(t) > 1 || t[0].Is(sql.Call)) {
		for i, x := range t {
			if x.Is(sql.Call) && strings.EqualFold(x.Field(sql.Function).Text(), "key") && i > 0 && strings.EqualFold(t[i-1].Text(), "primary") {
				primary = []string{}
				for item := range x.Field(sql.Arguments).Children() {
					if item.Is(sql.Item) {
						primary = append(primary, unquoted(item.FirstNamed().Text()))
					}
				}
			}
		}
		return c, primary, false
	}
	if !t[0].Is(sql.Name, sql.DoubleQuoted) || strings.ContainsAny(t[0].Text(), "{@") || strings.EqualFold(t[0].Text(), "like") {
		return c, nil, false
	}
	c = graph.ColumnFact{Name: unquoted(t[0].Text()), Span: f.Span(t[0].Start(), t[0].End())}
	text := n.Tree().Text
	typeEnd := 0
	for i := 1; i < len(t); i++ {
		word := strings.ToLower(t[i].Text())
		if t[i].Is(sql.Call) {
			word = strings.ToLower(t[i].Field(sql.Function).Text())
		}
		next := parsers.Node{}
		if i+1 < len(t) {
			next = t[i+1]
		}
		switch {
		case t[i].Is(sql.Template, sql.TemplateTag) && i == 1:
			c.Type = t[i].Text()
		case word == "not" && next.Is(sql.Null):
			c.NotNull = true
		case word == "primary" && strings.EqualFold(next.Text(), "key"):
			c.NotNull, primary = true, []string{}
		case word == "comment" && next.Is(sql.String):
			c.Description = unquoteString(next.Text())
		case word == "options" && t[i].Is(sql.Call):
			options(&c, t[i].Field(sql.Arguments))
		case word == "masking" || word == "masked":
			c.Masked = true
		}
		if i == typeEnd+1 && (i == 1 || typeWord[word]) && !t[i].Is(sql.Alias, sql.String) && !columnWord[word] {
			typeEnd = i
		}
	}
	if typeEnd > 0 {
		c.Type = strings.Join(strings.Fields(string(text[t[1].Start():t[typeEnd].End()])), " ")
	}
	return c, primary, true
}

// typeWord are the words that continue a type: DOUBLE PRECISION, TIMESTAMP WITH TIME ZONE, INT UNSIGNED.
var typeWord = map[string]bool{"precision": true, "varying": true, "with": true, "without": true, "local": true, "time": true, "zone": true, "unsigned": true, "large": true, "object": true}

// columnWord are the words that may stand right after a column without a type.
var columnWord = map[string]bool{"not": true, "null": true, "default": true, "primary": true, "unique": true, "references": true, "check": true, "comment": true, "options": true,
	"generated": true, "constraint": true, "collate": true}

// options reads BigQuery's OPTIONS(description="…").
func options(c *graph.ColumnFact, group parsers.Node) {
	for item := range group.Children() {
		if !item.Is(sql.Item) {
			continue
		}
		var last parsers.Node
		for x := range item.NamedChildren() {
			last = x
		}
		switch strings.ToLower(item.FirstNamed().Text()) {
		case "description":
			c.Description = unquoteString(last.Text())
		case "policy_tags":
			c.Masked = true
		}
	}
}

func unquoteString(s string) string {
	for _, q := range []string{`"""`, `'''`, `"`, `'`} {
		if len(s) >= 2*len(q) && strings.HasPrefix(s, q) && strings.HasSuffix(s, q) {
			return s[len(q) : len(s)-len(q)]
		}
	}
	return s
}
