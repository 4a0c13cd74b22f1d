package graph

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"delint/parsers"
)

// MigrationFact is one migration of a database: what a file does to the schema on the way forward.
type MigrationFact struct {
	// Tool runs it: flyway, golang-migrate, goose, dbmate, alembic, liquibase, prisma, sqitch, popx, directory (one folder a
	// migration, as diesel and Hasura have it), numbered, plain (a file in a folder of migrations without a number).
	Tool string
	// Version is the version as written; empty where the order is not in the name. Name is what follows it.
	Version, Name string
	// Series names the migrations that are ordered together; empty where their order is elsewhere.
	Series string
	// Down says that the file only takes back what another one does.
	Down bool
	// HasDown says that the file holds its own way back.
	HasDown bool
	// Repeatable says that it runs again whenever it changes, in no order.
	Repeatable bool
	// Engine is the database, in sqlglot's spelling, where the path or the file says it; empty if neither does.
	Engine string
	// Digest changes when the text does, but for white space.
	Digest string
	// Steps are what it does to tables, in order; Unread says that there may be more than what Steps tell.
	Steps  []MigrationStep
	Unread bool
	// Parsed says that PostgreSQL's own parser was asked.
	Parsed bool
	// Hazards are its statements that fail, lock or rewrite on tables with rows.
	Hazards []HazardFact
	// Proven are the columns, as table.column in lower case, which a CHECK (column IS NOT NULL) guards.
	Proven []string
	// Made are the tables that it makes, the last parts in lower case; Unit names the files that the tool treats as one migration.
	Made []string
	Unit string
	// Partitioned are the tables and materialized views that it makes whose indexes can't be built like a table's.
	Partitioned []string
	// Span is the file's first line.
	Span parsers.Span
}

// MigrationStep is one change of the schema.
type MigrationStep struct {
	// Op is create table, drop table, rename table, add column, drop column, rename column, alter type, alter (one that
	// was not understood), data (rows of a table that the file did not make).
	Op    string
	Parts []string // of the table, as written
	// Column is what is changed or added; To its new name, or the table's.
	Column ColumnFact
	To     string
	// Columns are those of a create table; All that they are all of them.
	Columns []ColumnFact
	All     bool
	Span    parsers.Span
}

// HazardFact is a statement that is unsafe on a table with rows, or under load.
type HazardFact struct {
	// Kind is required column, volatile default, set not null, unvalidated foreign key, unvalidated check, create index, drop
	// index, reindex, detach partition, concurrently in transaction.
	Kind string
	// Table and Name (a column, constraint or index) are what it is about, as written.
	Table, Name string
	// Exact says that the database's own parser read the statement; then it is PostgreSQL to that parser.
	Exact bool
	// Note is what else the message needs: why there is a transaction.
	Note string
	Span parsers.Span
	// Start, End and Text are an edit of the file's raw bytes that ends the hazard; Text and the range are empty for none.
	Start, End int
	Text       string
}

// Migration is a migration with its file and what the repository says of its database.
type Migration struct {
	*MigrationFact
	File *Facts
	// Engine is the database in sqlglot's spelling; empty where nothing says it, or several things are said.
	Engine string
}

// Migrations is every migration of the repository: by series, in the order in which the tool runs them.
func (g *Graph) Migrations() []Migration {
	var out []Migration
	for _, f := range g.Files {
		for i := range f.Migrations {
			out = append(out, Migration{MigrationFact: &f.Migrations[i], File: f})
		}
	}
	slices.SortStableFunc(out, func(a, b Migration) int {
		return cmp.Or(strings.Compare(a.Series, b.Series), CompareVersions(a.Version, b.Version), strings.Compare(a.File.Path, b.File.Path))
	})
	g.findEngines(out)
	return out
}

// Replayed says that the ALTER TABLE statements of a file are in the columns of its tables' facts already, but for the tables
// named: the last parts of their names in lower case.
func (g *Graph) Replayed(file string, inexact []string) {
	if g.pending.replayed == nil {
		g.pending.replayed = map[string][]string{}
	}
	g.pending.replayed[file] = inexact
}

// CompareVersions orders versions by their numbers: 2 before 10, 1.9 before 1.10.
func CompareVersions(a, b string) int {
	x, y := versionParts(a), versionParts(b)
	for i := range min(len(x), len(y)) {
		m, errM := strconv.ParseUint(x[i], 10, 64)
		n, errN := strconv.ParseUint(y[i], 10, 64)
		c := strings.Compare(x[i], y[i])
		switch {
		case errM == nil && errN == nil:
			c = cmp.Compare(m, n)
		case len(x[i]) != len(y[i]): // numbers of twenty digits
			c = len(x[i]) - len(y[i])
		}
		if c != 0 {
			return c
		}
	}
	return len(x) - len(y)
}

func versionParts(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '_' || r == '-' })
}

// EngineTool and EngineKey file what a configuration says of the database.
const (
	EngineTool = "migrations"
	EngineKey  = "engine"
)

// findEngines asks, for every migration: its path and file; the words of the other files of its folder; the nearest
// configuration. A folder that several databases share says nothing.
func (g *Graph) findEngines(all []Migration) {
	declared := map[string][]string{} // by folder with a slash
	for _, f := range g.Files {
		for _, s := range f.Settings {
			if s.Tool == EngineTool && s.Key == EngineKey {
				key := folderKey(f.Path)
				for _, v := range s.Value {
					if !slices.Contains(declared[key], v) {
						declared[key] = append(declared[key], v)
					}
				}
			}
		}
	}
	votes := map[string][]string{}
	for _, m := range all {
		key := voteKey(m)
		if e := g.votedIn(m.File); e != "" && !slices.Contains(votes[key], e) {
			votes[key] = append(votes[key], e)
		}
	}
	for i := range all {
		m := &all[i]
		switch v := votes[voteKey(*m)]; {
		case m.MigrationFact.Engine != "":
			m.Engine = m.MigrationFact.Engine
		case len(v) == 1:
			m.Engine = v[0]
		case len(v) == 0:
			m.Engine = declaredNear(declared, m.File.Path)
		}
	}
}

func voteKey(m Migration) string { return cmp.Or(m.Series, path.Dir(m.File.Path)) }

// votedIn is the dialect that a file's own words say.
func (g *Graph) votedIn(f *Facts) string {
	for _, s := range f.Settings {
		if s.Tool == dialectTool && (s.Key == dialectVoted || s.Key == dialectDeclared) && len(s.Value) > 0 {
			return s.Value[0]
		}
	}
	return ""
}

func declaredNear(declared map[string][]string, file string) string {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if found := declared[dir+"/"]; len(found) == 1 {
			return found[0]
		} else if len(found) > 1 {
			return ""
		}
		if dir == "." || dir == "/" {
			return ""
		}
	}
}
