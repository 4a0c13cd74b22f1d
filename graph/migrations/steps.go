package migrations

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/sql"
)

// opaque knows statements that may change tables without naming them where delint reads.
var opaque = regexp.MustCompile(`(?i)^\s*(?:do|exec|execute|call|begin\s+(?:declare|if)|declare|prepare|if)\b|^\s*rename\s+table\b|\b(?:alter|rename|drop)\s+table\b`)

// steps reads what the statements of the part do to tables, whatever the dialect.
func steps(f *parsers.File, m *graph.MigrationFact, p part) {
	made := map[string]bool{}
	for _, s := range sql.Of(f).Statements {
		if s.Start() < p.start || s.Start() >= p.end {
			continue
		}
		switch s.Kind {
		case sql.StatementCreateTable, sql.StatementDrop, sql.StatementAlter, sql.StatementInsert, sql.StatementUpdate, sql.StatementDelete, sql.StatementMerge:
		case sql.StatementTruncate:
			for _, w := range s.Writes {
				if parts, ok := names(w.Target); ok {
					made[key(parts[len(parts)-1])] = true
				}
			}
			continue
		case sql.StatementOther:
			m.Unread = m.Unread || opaque.MatchString(s.Node.Text())
			continue
		default:
			continue
		}
		for _, w := range s.Writes {
			parts, ok := names(w.Target)
			if !ok {
				m.Unread = m.Unread || s.Kind == sql.StatementDrop || s.Kind == sql.StatementAlter
				continue
			}
			step := graph.MigrationStep{Parts: parts, Span: f.Span(s.Start(), min(s.End(), s.Start()+200))}
			last := key(parts[len(parts)-1])
			switch {
			case s.Kind == sql.StatementCreateTable:
				step.Op = "create table"
				made[last] = true
				if !w.Temp {
					step.Columns, _, step.All = sqltext.Definitions(f, w)
					step.All = step.All && !s.Partial
					m.Steps = append(m.Steps, step)
				}
			case s.Kind == sql.StatementDrop:
				if s.Object == "table" || s.Object == "view" {
					step.Op = "drop table"
					m.Steps = append(m.Steps, step)
				}
			case s.Kind == sql.StatementAlter:
				if s.Object == "table" {
					alteration(f, m, s, w, step, made[last])
				}
			case s.Kind == sql.StatementDelete && s.Where.IsNil():
				made[last] = true // without rows
			case !made[last]:
				step.Op = "data"
				m.Steps = append(m.Steps, step)
			}
		}
	}
}

func names(r *sql.Relation) ([]string, bool) {
	if r == nil || r.Kind != sql.RelationTable || len(r.Parts) == 0 {
		return nil, false
	}
	var out []string
	for _, p := range r.Parts {
		if p.Hole {
			return nil, false
		}
		out = append(out, p.Text)
	}
	return out, true
}

// alteration reads the actions of an ALTER TABLE.
func alteration(f *parsers.File, m *graph.MigrationFact, s *sql.Statement, w *sql.Write, step graph.MigrationStep, made bool) {
	for _, a := range actions(s.Node, w.Target.Node.End()) {
		st := a.step()
		if s.Partial {
			st.Op = "alter"
		}
		if st.Op == "" {
			continue
		}
		at := f.Span(a[0].start, a[len(a)-1].end)
		st.Parts, st.Span, st.Column.Span = step.Parts, at, at
		m.Steps = append(m.Steps, st)
		if st.Op == "add column" && !made && a.required() {
			h := graph.HazardFact{Kind: "required column", Table: step.Parts[len(step.Parts)-1], Name: st.Column.Name, Note: strings.ToLower(st.Column.Type), Span: at}
			m.Hazards = append(m.Hazards, h)
		}
	}
}

// action is the words of one action of ALTER TABLE, unquoted where they are names.
type action []word

type word struct {
	text       string
	start, end int
	quoted     bool
}

// actions splits what follows the table's name at the commas that stand in no brackets.
func actions(n parsers.Node, from int) []action {
	out := []action{nil}
	depth := 0
	for d := range n.Descendants() {
		if d.Start() < from || !d.FirstNamed().IsNil() || d.Is(sql.Comment, sql.TemplateComment) || d.Start() == d.End() {
			continue
		}
		text := d.Text()
		if text == ";" {
			continue
		}
		if !d.Is(sql.String) {
			depth += strings.Count(text, "(") - strings.Count(text, ")")
		}
		if text == "," && depth == 0 {
			out = append(out, nil)
			continue
		}
		w := word{text, d.Start(), d.End(), strings.ContainsAny(text[:1], "\"`['")}
		if w.quoted && text[0] != '\'' {
			w.text = strings.Trim(text, "\"`[]")
		}
		last := &out[len(out)-1]
		if fields := strings.Fields(text); !w.quoted && len(fields) > 1 {
			for _, x := range fields {
				*last = append(*last, word{x, w.start, w.end, false})
			}
			continue
		}
		*last = append(*last, w)
	}
	kept := out[:0]
	for _, a := range out {
		if len(a) > 0 {
			kept = append(kept, a)
		}
	}
	return kept
}

func (a action) is(i int, words ...string) bool {
	for k, x := range words {
		if i+k >= len(a) || a[i+k].quoted || !strings.EqualFold(a[i+k].text, x) {
			return false
		}
	}
	return true
}

func (a action) at(i int) string {
	if i < len(a) {
		return a[i].text
	}
	return ""
}

// object skips COLUMN, IF EXISTS and IF NOT EXISTS.
func (a action) object(i int) int {
	if a.is(i, "column") {
		i++
	}
	if a.is(i, "if", "not", "exists") {
		return i + 3
	}
	if a.is(i, "if", "exists") {
		return i + 2
	}
	return i
}

var (
	notColumns = map[string]bool{"constraint": true, "primary": true, "foreign": true, "unique": true, "check": true, "index": true, "key": true, "fulltext": true, "spatial": true, "exclude": true, "partition": true}
	shapeless  = map[string]bool{"owner": true, "enable": true, "disable": true, "validate": true, "set": true, "reset": true, "attach": true, "detach": true, "replica": true, "cluster": true,
		"engine": true, "inherit": true, "force": true, "no": true, "auto_increment": true, "comment": true, "algorithm": true, "lock": true, "convert": true, "default": true, "row_format": true, "charset": true}
)

// step says what an action does to the columns; Op is empty where it leaves them alone, "alter" where that isn't known.
func (a action) step() (s graph.MigrationStep) {
	column := func(op string, i int) graph.MigrationStep {
		if a.at(i) == "" {
			return graph.MigrationStep{Op: "alter"}
		}
		s := graph.MigrationStep{Op: op}
		s.Column.Name = a.at(i)
		return s
	}
	first := strings.ToLower(a.at(0))
	switch first {
	case "add":
		if a.is(1, "column") || !notColumns[strings.ToLower(a.at(1))] || a[1].quoted {
			i := a.object(1)
			if a.at(i) == "(" {
				return graph.MigrationStep{Op: "alter"}
			}
			s = column("add column", i)
			s.Column.Type = a.typeAt(i + 1)
			return s
		}
		return s
	case "drop":
		if a.is(1, "column") || !notColumns[strings.ToLower(a.at(1))] && len(a) <= 4 {
			return column("drop column", a.object(1))
		}
		return s
	case "rename":
		switch {
		case a.is(1, "to"), a.is(1, "as"):
			return graph.MigrationStep{Op: "rename table", To: a.at(2)}
		case a.is(1, "constraint"), a.is(1, "index"), a.is(1, "key"):
			return s
		}
		i := a.object(1)
		if !a.is(i+1, "to") {
			return graph.MigrationStep{Op: "alter"}
		}
		s = column("rename column", i)
		s.To = a.at(i + 2)
		return s
	case "alter":
		i := a.object(1)
		if a.is(i+1, "type") {
			s = column("alter type", i)
			s.Column.Type = a.typeAt(i + 2)
		} else if a.is(i+1, "set", "data", "type") {
			s = column("alter type", i)
			s.Column.Type = a.typeAt(i + 4)
		}
		return s
	case "modify":
		i := a.object(1)
		s = column("alter type", i)
		s.Column.Type = a.typeAt(i + 1)
		return s
	case "change":
		i := a.object(1)
		s = column("rename column", i)
		s.To = a.at(i + 1)
		return s
	}
	if shapeless[first] {
		return s
	}
	return graph.MigrationStep{Op: "alter"}
}

// typeAt is the type that begins at a word: the word and what stands in brackets right after it.
func (a action) typeAt(i int) string {
	if i >= len(a) {
		return ""
	}
	t := a[i].text
	if a.at(i+1) == "(" {
		for j := i + 1; j < len(a); j++ {
			t += a[j].text
			if a[j].text == ")" {
				break
			}
		}
	}
	return t
}

// required reports whether an ADD COLUMN says NOT NULL, and nothing that gives the rows a value.
func (a action) required() bool {
	found := false
	for i := range a {
		switch {
		case a.is(i, "not", "null"):
			found = true
		case a[i].quoted:
		default:
			switch strings.ToLower(a[i].text) {
			case "default", "auto_increment", "autoincrement", "generated", "identity", "as", "serial", "bigserial", "smallserial", "materialized", "alias":
				return false
			}
		}
	}
	return found
}
