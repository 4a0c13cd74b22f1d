package migrations

import (
	"slices"
	"strings"

	"delint/graph"
)

// replay gives the tables of every series of SQL migrations the columns and names that they end with, and takes those that
// are dropped out of the inventory.
func replay(g *graph.Graph) {
	series := map[string][]graph.Migration{}
	var order []string
	for _, m := range g.Migrations() {
		if m.Series == "" || m.Version == "" && !m.Repeatable || m.Tool == "alembic" || m.File.Role == graph.RoleTest || m.File.Role == graph.RoleVendored {
			continue
		}
		if series[m.Series] == nil {
			order = append(order, m.Series)
		}
		series[m.Series] = append(series[m.Series], m)
	}
	for _, name := range order {
		s := &schema{tables: map[string]*table{}}
		changes := false
		for _, m := range series[name] {
			if !m.Down {
				changes = s.migrate(m) || changes
			}
		}
		if !changes {
			continue
		}
		for _, m := range series[name] {
			s.place(g, m)
		}
	}
}

// schema is the tables of a series, by every name that they had.
type schema struct {
	tables map[string]*table
}

// table is one table while the series is replayed.
type table struct {
	parts   []string
	columns []graph.ColumnFact
	// exact says that columns are all; made that the series makes it; gone that it drops it in the end.
	exact, made, gone bool
	renamed           bool
}

func (s *schema) table(parts []string) *table {
	k := key(parts...)
	t := s.tables[k]
	if t == nil {
		t = &table{parts: parts}
		s.tables[k] = t
	}
	return t
}

// migrate applies the steps of one migration. It reports whether it changes tables that were there.
func (s *schema) migrate(m graph.Migration) (changes bool) {
	for _, step := range m.Steps {
		switch step.Op {
		case "data":
			continue
		case "create table":
			if t := s.table(step.Parts); !t.made || t.gone {
				k := key(step.Parts...)
				s.tables[k] = &table{parts: step.Parts, columns: slices.Clone(step.Columns), exact: step.All, made: true}
			}
			continue
		}
		changes = true
		t := s.table(step.Parts)
		switch step.Op {
		case "drop table":
			t.gone = true
		case "rename table":
			s.rename(t, step.To)
		default:
			t.alter(step)
		}
	}
	if m.Unread {
		for _, t := range s.tables {
			t.exact = false
		}
	}
	return changes || m.HasDown
}

// rename gives a table another name in its schema. Its old name stays its own until another table takes it.
func (s *schema) rename(t *table, to string) {
	i := strings.LastIndex(to, ".")
	parts := append(slices.Clone(t.parts[:len(t.parts)-1]), to[i+1:])
	t.parts, t.renamed = parts, true
	s.tables[key(parts...)] = t
}

func (t *table) alter(step graph.MigrationStep) {
	at := slices.IndexFunc(t.columns, func(c graph.ColumnFact) bool { return strings.EqualFold(c.Name, step.Column.Name) })
	switch {
	case step.Op == "add column" && at < 0:
		t.columns = append(t.columns, step.Column)
	case step.Op == "add column":
	case step.Op == "alter":
		t.exact = false
	case at < 0: // a column that delint doesn't know of
		t.exact = false
	case step.Op == "drop column":
		t.columns = slices.Delete(t.columns, at, at+1)
	case step.Op == "rename column":
		t.columns[at].Name = step.To
	case step.Op == "alter type":
		t.columns[at].Type = step.Column.Type
	}
}

// place gives the inventory what the datasets of a migration have become.
func (s *schema) place(g *graph.Graph, m graph.Migration) {
	g.Claim(m.File.Path)
	var inexact []string
	for i := range m.File.Datasets {
		d := m.File.Datasets[i]
		if d.Tool != "sql" || d.Pending {
			continue
		}
		t := s.tables[key(d.Parts...)]
		creates := d.Kind == "table" && (d.Mode == "create" || d.Mode == "replace")
		if t == nil || !t.made {
			if creates && (m.Down || m.HasDown) {
				continue // only the way back makes it
			}
			g.AddDataset(&d)
			continue
		}
		switch {
		case t.gone:
			d.Transient = "dropped by a migration"
		case d.Transient == "dropped by the same file" || d.Transient == "renamed by the same file":
			d.Transient = ""
		}
		if creates && len(d.Outputs) == 0 {
			d.Columns, d.ColumnsAll = t.columns, t.exact
		}
		if t.renamed {
			d.Parts = t.parts
			if len(d.Quoted) != len(d.Parts) {
				d.Quoted = nil
			}
		}
		g.AddDataset(&d)
	}
	for _, step := range m.Steps {
		if t := s.tables[key(step.Parts...)]; t == nil || !t.exact {
			inexact = append(inexact, key(step.Parts[len(step.Parts)-1]))
		}
	}
	g.Replayed(m.File.Path, inexact)
}
