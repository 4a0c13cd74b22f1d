package sqlmesh

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// columns is the columns that the block declares, with the descriptions that it, or a comment beside the projection, gives.
// all says that it declares every one.
func columns(f *parsers.File, h head, q *sql.Statement) (out []graph.ColumnFact, all bool) {
	for _, item := range h.get("columns").items() {
		if len(item) == 0 || !item[0].Is(sql.Name, sql.DoubleQuoted) {
			continue
		}
		out = append(out, graph.ColumnFact{
			Name: unquote(item[0].Text()), Type: item[1:].source(), Span: f.Span(item[0].Start(), item[0].End()),
		})
	}
	all = len(out) > 0
	describe := func(name, text string, span parsers.Span) {
		for i := range out {
			if strings.EqualFold(out[i].Name, name) {
				out[i].Description = text
				return
			}
		}
		if !all {
			out = append(out, graph.ColumnFact{Name: name, Description: text, Span: span})
		}
	}
	if v := h.get("column_descriptions"); len(v) > 0 {
		v.pairs(func(key string, text value, at parsers.Node) {
			describe(key, text.text(), f.Span(at.Start(), at.End()))
		})
		return out, all
	}
	if q != nil {
		for i, text := range comments(q) {
			c := q.Columns[i]
			if name := outputName(c); text != "" && name != "" {
				describe(name, text, f.Span(c.Node.Start(), c.Node.End()))
			}
		}
	}
	return out, all
}

// outputName is the name of a projected column: that of the column itself where it is only cast, as in id::int.
func outputName(c sql.Column) string {
	if c.Name != "" || c.Star {
		return c.Name
	}
	all := tokens(c.Node)
	if len(all) == 2 && all[0].Is(sql.Name, sql.DoubleQuoted) && all[1].Is(sql.Cast) {
		name := all[0].Text()
		return unquote(name[strings.LastIndexByte(name, '.')+1:])
	}
	return ""
}

// comments is what stands beside each projection of a query: a comment on its own line belongs to the next one, any other to
// the one before it.
func comments(q *sql.Statement) []string {
	out := make([]string, len(q.Columns))
	if len(q.Columns) == 0 {
		return out
	}
	at := map[int]int{}
	for i, c := range q.Columns {
		at[c.Node.Index()] = i
	}
	current, row, pending := -1, -1, ""
	for c := range q.Columns[0].Node.Parent().Children() {
		switch {
		case c.Is(sql.Item):
			current = at[c.Index()]
			row = c.EndRow()
			if pending != "" {
				out[current], pending = pending, ""
			}
			for inner := range c.Children() {
				if inner.Is(sql.Comment) {
					out[current] = plainComment(inner.Text())
				}
			}
		case c.Is(sql.Comment) && (current < 0 || c.Row() > row):
			pending = plainComment(c.Text())
		case c.Is(sql.Comment):
			out[current] = plainComment(c.Text())
		}
	}
	// The comment after the last projection stands between the clauses.
	if next := q.Columns[0].Node.Parent().NextSibling(); next.Is(sql.Comment) && next.Row() == row && current >= 0 {
		out[current] = plainComment(next.Text())
	}
	return out
}

func plainComment(s string) string {
	s = strings.TrimSpace(s)
	if t, ok := strings.CutPrefix(s, "/*"); ok {
		return strings.TrimSpace(strings.TrimSuffix(t, "*/"))
	}
	return strings.TrimSpace(strings.TrimPrefix(s, "--"))
}

// leadingComment is the comment before a block: SQLMesh makes it the model's description.
func leadingComment(block parsers.Node) string {
	var lines []string
	statement := block.Parent()
	for c := range statement.Parent().Children() {
		if c == statement {
			break
		}
		if c.Is(sql.Comment) {
			lines = append(lines, plainComment(c.Text()))
		} else {
			lines = nil
		}
	}
	for c := range statement.Children() {
		if c == block {
			break
		}
		if c.Is(sql.Comment) {
			lines = append(lines, plainComment(c.Text()))
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
