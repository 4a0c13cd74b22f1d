package references

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

const quotedName = `((?:[\w$]+|"[^"]*"|` + "`[^`]*`" + `|\[[^\]]*\])(?:\s*\.\s*(?:[\w$]+|"[^"]*"|` + "`[^`]*`" + `|\[[^\]]*\]))*)`

var (
	foreignKey = regexp.MustCompile(`(?is)\bforeign\s+key\s*(?:[\w"]+\s*)?\(([^()]*)\)\s*references\s+` + quotedName + `\s*(?:\(([^()]*)\))?`)
	inlineKey  = regexp.MustCompile(`(?is)\breferences\s+` + quotedName + `\s*(?:\(([^()]*)\))?`)
	firstName  = regexp.MustCompile(`^\s*(?:(\w+)|"([^"]*)"|` + "`([^`]*)`" + `|\[([^\]]*)\])`)
)

// statements reads the foreign keys of CREATE TABLE and ALTER TABLE, and the references of SQLMesh's MODEL.
func (r *reader) statements(f *parsers.File) {
	for _, s := range sql.Of(f).Statements {
		switch s.Kind {
		case sql.StatementModel:
			r.model(f, s.Model)
		case sql.StatementCreateTable, sql.StatementAlter:
			if len(s.Writes) > 0 && s.Writes[0].Target != nil {
				r.ddl(f, s)
			}
		}
	}
}

func (r *reader) ddl(f *parsers.File, s *sql.Statement) {
	var name []string
	for _, p := range s.Writes[0].Target.Parts {
		if p.Hole {
			return
		}
		name = append(name, p.Text)
	}
	from := graph.Ref{Tool: "sql", Parts: name}
	create := s.Node.Child(sql.CreateClause)
	for n := range create.Field(sql.Columns).NamedChildren() {
		if m := foreignKey.FindStringSubmatch(n.Text()); m != nil {
			r.add("sql", from, columns(m[1]), table(m[2]), columns(m[3]), f.Span(n.Start(), n.End()))
		} else if m := inlineKey.FindStringSubmatch(n.Text()); m != nil {
			if c := firstName.FindStringSubmatch(n.Text()); c != nil {
				r.add("sql", from, []string{strings.Join(c[1:], "")}, table(m[1]), columns(m[2]), f.Span(n.Start(), n.End()))
			}
		}
	}
	if s.Kind == sql.StatementAlter {
		for _, m := range foreignKey.FindAllStringSubmatch(s.Node.Text(), -1) {
			r.add("sql", from, columns(m[1]), table(m[2]), columns(m[3]), f.Span(s.Start(), s.End()))
		}
	}
}

var asName = regexp.MustCompile(`(?is)^(\w+)(?:\s+as\s+(\w+))?$`)

// model reads references (a, b AS c): columns that are the grain of another model.
func (r *reader) model(f *parsers.File, m *sql.Model) {
	p, ok := m.Property("references")
	if !ok || m.Name == "" {
		return
	}
	for _, item := range strings.Split(strings.Trim(strings.TrimSpace(p.Value), "()[]"), ",") {
		if c := asName.FindStringSubmatch(strings.TrimSpace(item)); c != nil {
			to := c[2]
			if to == "" {
				to = c[1]
			}
			fact := r.add("sqlmesh", table(m.Name), c[1:2], graph.Ref{Tool: "grain", Parts: []string{to}}, []string{to}, f.Span(p.Node.Start(), p.Node.End()))
			fact.Confidence = graph.Inferred
		}
	}
}
