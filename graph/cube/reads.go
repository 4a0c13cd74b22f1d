package cube

import (
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/graph/read/sqltext"
)

// reads finds the datasets that a cube stands on, and what its own query does.
func (r *reader) reads(s *graph.SemanticFact, v *object) {
	if t := v.get("sql_table"); t != nil && t.Kind == plain.Scalar {
		parts, _ := graph.SplitName(holes(t.Text))
		if !strings.HasPrefix(t.Text, "SELECT") {
			s.Reads = append(s.Reads, graph.Ref{Tool: "sql", Parts: parts, Span: t.Span})
		}
		return
	}
	q := v.get("sql")
	if q == nil || q.Kind != plain.Scalar || q.Text == graph.Hole {
		return
	}
	fact := sqltext.Query(q.Text, q.Span)
	s.SQL = &fact
	for _, st := range sqltext.Read(holes(q.Text)) {
		for _, n := range st.Reads {
			if graph.Canonical(n.Parts) != nil {
				s.Reads = append(s.Reads, graph.Ref{Tool: "sql", Parts: n.Parts, Span: q.Span})
			}
		}
	}
	if st := sqltext.Read(holes(q.Text)); len(st) == 1 && st[0].Simple {
		s.Values["simple"] = "true"
	}
}

// holes makes the references and template placeholders of a text holes.
func holes(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			break
		}
		end := placeholderEnd(s, i+1)
		if end < 0 {
			break
		}
		b.WriteString(s[:i])
		b.WriteString(graph.Hole)
		s = s[end+1:]
	}
	b.WriteString(s)
	return b.String()
}
