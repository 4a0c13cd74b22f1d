package migrations

import (
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/postgres"
)

// unit is one migration while its statements are read: what it has made, emptied and filled so far.
type unit struct {
	f *parsers.File
	m *graph.MigrationFact
	// made are the tables and indexes that the unit makes; emptied those that it leaves without rows; all in lower case.
	made, emptied map[string]bool
	// locked are tables that the unit alters or drops, lifted the constraints that it drops.
	locked, lifted map[string]bool
	// fresh are columns, as table.column, that the unit adds without a value; filled are tables whose rows it changes after.
	fresh, filled map[string]bool
	part          part
	statements    int
	inside        bool // BEGIN … COMMIT of the text
	// within says that the statement stands in a string of another language, whose place is whole.
	within bool
	whole  parsers.Span
	// waived are the kinds that a comment for another linter allows at the statement.
	waived map[string]bool
	// concurrent are the statements that can't run in a transaction.
	concurrent []*postgres.Statement
}

func newUnit(f *parsers.File, m *graph.MigrationFact, p part) *unit {
	return &unit{f: f, m: m, part: p, made: map[string]bool{}, emptied: map[string]bool{}, fresh: map[string]bool{}, filled: map[string]bool{},
		locked: map[string]bool{}, lifted: map[string]bool{}}
}

func key(parts ...string) string { return strings.ToLower(strings.Join(parts, ".")) }

func (u *unit) span(s postgres.Span) parsers.Span {
	if u.within {
		return u.whole
	}
	return u.f.Span(s.Start, s.End)
}

func (u *unit) hazard(kind, table, name string, at postgres.Span) *graph.HazardFact {
	if u.waived[kind] {
		return &graph.HazardFact{}
	}
	u.m.Hazards = append(u.m.Hazards, graph.HazardFact{Kind: kind, Table: table, Name: name, Exact: true, Span: u.span(at)})
	return &u.m.Hazards[len(u.m.Hazards)-1]
}

// edit replaces a range of the file's text; nothing where the statement stands in a string.
func (u *unit) edit(h *graph.HazardFact, start, end int, text string) {
	if !u.within {
		h.Start, h.End, h.Text = u.f.Offset(start), u.f.Offset(end), text
	}
}

// isNew reports whether the table holds no rows that were there before the unit.
func (u *unit) isNew(table string) bool { return u.made[key(table)] || u.emptied[key(table)] }

// statement reads one statement that PostgreSQL's parser accepts.
func (u *unit) statement(s *postgres.Statement) {
	u.statements++
	table := s.Table.Name
	u.waived = u.waivers(s.Start)
	switch s.Kind {
	case postgres.Transaction:
		u.statements--
		switch s.Word {
		case "begin":
			u.inside = true
		case "commit", "rollback":
			u.inside = false
		}
	case postgres.CreateTable, postgres.CreateTableAs:
		u.made[key(table)] = true
		u.m.Made = append(u.m.Made, key(table))
		if s.Partitioned || s.Object == "materialized view" {
			u.m.Partitioned = append(u.m.Partitioned, key(table))
		}
		for i := range s.Constraints {
			u.guard(table, &s.Constraints[i])
		}
	case postgres.CreateView:
		u.made[key(table)] = true
	case postgres.Truncate:
		for _, n := range s.Names {
			u.emptied[key(n.Name)] = true
		}
	case postgres.Delete:
		if !s.Where && len(s.Writes) > 0 {
			u.emptied[key(s.Writes[0].Name)] = true
		}
	case postgres.Insert, postgres.Update, postgres.Merge, postgres.Copy:
		for _, n := range s.Writes {
			u.filled[key(n.Name)] = true
			delete(u.emptied, key(n.Name))
		}
	case postgres.Rename:
		u.locked[key(table)] = true
		if s.From == "" && u.made[key(table)] {
			u.made[key(s.To)] = true
		}
	case postgres.AlterTable:
		if table != "" {
			u.alter(s, table)
		}
	default:
		u.index(s, table)
	}
	u.transaction(s)
}

// guard notes a CHECK that lets a later SET NOT NULL skip its scan.
func (u *unit) guard(table string, c *postgres.Constraint) {
	if c != nil && c.NotNull != "" {
		u.m.Proven = append(u.m.Proven, key(table, c.NotNull))
	}
}

func (u *unit) alter(s *postgres.Statement, table string) {
	u.locked[key(table)] = true
	for i := range s.Actions {
		a := &s.Actions[i]
		if a.Kind == postgres.DropConstraint {
			u.lifted[key(a.Name)] = true
		}
		if a.Kind == postgres.AddConstraint {
			u.guard(table, a.Constraint)
		}
		if u.isNew(table) {
			continue
		}
		switch a.Kind {
		case postgres.AddColumn:
			u.added(table, a)
		case postgres.SetNotNull:
			u.hazard("set not null", table, a.Name, a.Span)
		case postgres.AddConstraint:
			u.constrained(table, a)
		case postgres.DetachPartition:
			if !a.Concurrently {
				u.hazard("detach partition", table, a.Partition.Name, a.Span)
			}
		}
	}
}

func (u *unit) added(table string, a *postgres.Action) {
	c := a.Column
	switch {
	case c.Serial(), c.Generated, c.Identity, c.Default && c.Volatility == postgres.Volatile:
		u.hazard("volatile default", table, c.Name, a.Span)
	case c.Default:
	case c.NotNull:
		h := u.hazard("required column", table, c.Name, a.Span)
		if at := notNull.FindStringIndex(string(u.f.Text[min(a.Start, len(u.f.Text)):min(a.End, len(u.f.Text))])); at != nil && !c.PrimaryKey {
			u.edit(h, a.Start+at[0], a.Start+at[1], "")
		}
	default:
		u.fresh[key(table, c.Name)] = true
	}
}

func (u *unit) constrained(table string, a *postgres.Action) {
	c := a.Constraint
	if c.NotValid || c.Kind != postgres.ForeignKey && c.Kind != postgres.Check {
		return
	}
	if c.Kind == postgres.ForeignKey && !u.filled[key(table)] {
		empty := len(c.Columns) > 0
		for _, name := range c.Columns {
			empty = empty && u.fresh[key(table, name)]
		}
		if empty {
			return // columns that the unit adds hold nothing to look up
		}
	}
	h := u.hazard("unvalidated "+string(c.Kind), table, c.Name, a.Span)
	u.edit(h, a.End, a.End, " NOT VALID")
}

func (u *unit) index(s *postgres.Statement, table string) {
	if s.Kind == postgres.CreateIndex {
		u.made[key(s.Index)] = true
	}
	if s.Concurrently {
		return
	}
	switch s.Kind {
	case postgres.CreateIndex:
		if u.isNew(table) || u.onOnly(s) {
			return
		}
		u.concurrently(u.hazard("create index", table, s.Index, s.Span), s)
	case postgres.Drop:
		if s.Object == "table" {
			for _, n := range s.Names {
				u.locked[key(n.Name)] = true
			}
		}
		if s.Object != "index" {
			return
		}
		for _, n := range s.Names {
			if !u.made[key(n.Name)] && !namedAfter(n.Name, u.made) {
				u.concurrently(u.hazard("drop index", "", n.Name, s.Span), s)
				return
			}
		}
	case postgres.Reindex:
		u.hazard("reindex", table, "", s.Span)
	}
}

// namedAfter reports whether an index is named after one of the tables.
func namedAfter(index string, tables map[string]bool) bool {
	plain := strings.NewReplacer("_", "")
	name := plain.Replace(key(index))
	for t := range tables {
		if len(t) > 2 && strings.Contains(name, plain.Replace(t)) {
			return true
		}
	}
	return false
}

// transaction notes a statement that PostgreSQL refuses in a transaction.
func (u *unit) transaction(s *postgres.Statement) {
	concurrent := s.Concurrently && s.Kind != postgres.Refresh
	for i := range s.Actions {
		concurrent = concurrent || s.Actions[i].Concurrently
	}
	if !concurrent {
		return
	}
	if u.inside {
		u.hazard("concurrently in transaction", s.Table.Name, s.Index, s.Span).Note = "the file begins one"
		return
	}
	if u.part.wrapped != "" {
		u.hazard("concurrently in transaction", s.Table.Name, s.Index, s.Span).Note = u.part.wrapped
		return
	}
	u.concurrent = append(u.concurrent, s)
}

// moot reports whether dropping an index says nothing more: it went with its constraint, is built again, or may belong to a
// table that the unit locks in any case.
func (u *unit) moot(h graph.HazardFact) bool {
	return u.lifted[key(h.Name)] || u.made[key(h.Name)] || u.locked[key(h.Table)] || h.Table == "" && len(u.locked) > 0
}

// close says what only the end of the unit tells.
func (u *unit) close() {
	u.m.Hazards = slices.DeleteFunc(u.m.Hazards, func(h graph.HazardFact) bool {
		return h.Kind == "drop index" && u.moot(h)
	})
	if u.part.several != "" && u.statements > 1 {
		for _, s := range u.concurrent {
			u.hazard("concurrently in transaction", s.Table.Name, s.Index, s.Span).Note = u.part.several
		}
	}
	if u.statements > 1 || !u.part.free { // CONCURRENTLY would fail there
		for i := range u.m.Hazards {
			if h := &u.m.Hazards[i]; strings.HasSuffix(h.Text, "CONCURRENTLY") {
				h.Start, h.End, h.Text = 0, 0, ""
			}
		}
	}
}
