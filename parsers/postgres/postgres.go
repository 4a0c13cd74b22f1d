// Package postgres reads statements with PostgreSQL's own parser: what they lock, rewrite and validate, as plain data, and
// the tables they read and write, which the tests hold against those of delint's binder.
//
// The parser is C that can't be stopped and can crash the process, so that no statement goes in that is large or deep
// (guard.go), and it is linked on Linux or with the build tag pg_query only: see Available.
package postgres

import (
	"delint/parsers"
	"delint/parsers/sql"
)

// Script is what PostgreSQL's parser makes of the statements of a text.
type Script struct {
	// Statements are those that it accepts, in the order of the text.
	Statements []*Statement
	// Rejected are those that it refuses, and those that were not handed to it.
	Rejected []Rejected
}

// Rejected is a statement without a reading.
type Rejected struct {
	Span
	// Reason is the parser's message, or which limit of delint the statement exceeds.
	Reason string
	// Limit says that the statement was never handed to the parser.
	Limit bool
}

// Span is a range of bytes in the text, from Start to before End.
type Span struct{ Start, End int }

// Statement is one statement that PostgreSQL's parser accepts. Only the fields that its Kind names are set.
type Statement struct {
	Span
	Kind Kind
	// Object is what a Create, Drop, Rename or Reindex is about: "table", "index", "materialized view", "column" …
	Object string
	// Table is the table, view or index that the statement is about; zero for none or several.
	Table Name
	// Names are all objects of a Drop, Truncate or Lock.
	Names []Name
	// Index is the index that a CreateIndex makes; empty where PostgreSQL chooses the name.
	Index string
	// Actions are those of an AlterTable, in the order of the text.
	Actions []Action
	// Columns and Constraints are those of a CreateTable. Constraints that stand at a column are the column's.
	Columns     []Column
	Constraints []Constraint
	// PartitionOf is the parent of a partition that a CreateTable makes.
	PartitionOf Name
	// Partitioned says that the table that a CreateTable makes has partitions: its indexes can't be built concurrently.
	Partitioned bool
	// Temporary says that what a CreateTable or CreateTableAs makes lives no longer than the session.
	Temporary bool
	// IfExists says IF EXISTS or IF NOT EXISTS, or OR REPLACE of a view.
	IfExists bool
	// Concurrently is that word of CREATE INDEX, DROP INDEX, REINDEX and REFRESH.
	Concurrently bool
	Unique       bool // of CreateIndex
	Cascade      bool // of Drop and Truncate
	// Where says that an Update or Delete has a WHERE clause.
	Where bool
	// From and To are the names of a Rename: From is empty where Table is what changes its name.
	From, To string
	// Word is the verb of a Transaction ("begin", "commit", "rollback", "savepoint" …) or the name of a Set ("lock_timeout").
	Word string
	// Value is the constant that a Set gives; empty for DEFAULT and for lists.
	Value string
	// Reads and Writes are the tables and views read and changed, once for each place, without CTEs, in the order of the text.
	// Parents of partitions and of INHERITS are read, as LIKE reads; tables of foreign keys, triggers and indexes are neither.
	Reads, Writes []Name
}

// Kind is what a statement does.
type Kind string

// The kinds of statements that rules tell apart.
const (
	Select        Kind = "select"
	Insert        Kind = "insert"
	Update        Kind = "update"
	Delete        Kind = "delete"
	Merge         Kind = "merge"
	Copy          Kind = "copy"
	Truncate      Kind = "truncate"
	AlterTable    Kind = "alter table"
	CreateTable   Kind = "create table"
	CreateTableAs Kind = "create table as" // SELECT INTO and materialized views too
	CreateView    Kind = "create view"
	CreateIndex   Kind = "create index"
	Drop          Kind = "drop"
	Rename        Kind = "rename"
	Reindex       Kind = "reindex"
	Refresh       Kind = "refresh"
	Lock          Kind = "lock"
	Transaction   Kind = "transaction"
	Set           Kind = "set"
	AlterEnum     Kind = "alter enum"
	Vacuum        Kind = "vacuum" // ANALYZE and CLUSTER too
	Other         Kind = "other"
)

// Name is the name of a relation as PostgreSQL sees it: unquoted parts are in lower case.
type Name struct {
	Catalog, Schema, Name string
	Start                 int // where it stands in the text; -1 where the parser doesn't tell
}

// String joins the parts by dots.
func (n Name) String() string {
	s := n.Name
	if n.Schema != "" {
		s = n.Schema + "." + s
	}
	if n.Catalog != "" {
		s = n.Catalog + "." + s
	}
	return s
}

// Of reads every statement of an SQL file; computed once. Offsets are those of f.Text.
func Of(f *parsers.File) *Script {
	return parsers.Memo(f, fileKey{}, func() *Script {
		if f.Tree == nil || f.Tree.Grammar != sql.Grammar {
			return &Script{}
		}
		return read(f.Tree)
	})
}

type fileKey struct{}

// Parse reads every statement of a text, such as the string that a Python migration executes.
func Parse(text string, limits parsers.Limits) *Script {
	tree, err := sql.Grammar.Parse([]byte(text), limits.ParseTime)
	if err != nil {
		return &Script{Rejected: []Rejected{{Span{0, len(text)}, err.Error(), true}}}
	}
	defer tree.Release()
	return read(tree)
}

// read hands the statements over one by one: one that is refused leaves the others alone.
func read(tree *sql.Tree) *Script {
	s := &Script{}
	if !Available {
		return s
	}
	for n := range tree.All(sql.SqlStatement) {
		span := Span{n.Start(), n.End()}
		if reason := exceeds(n); reason != "" {
			s.Rejected = append(s.Rejected, Rejected{span, reason, true})
			continue
		}
		statements, err := parse(n.Text(), n.Start())
		if err != nil {
			s.Rejected = append(s.Rejected, Rejected{span, err.Error(), false})
			continue
		}
		for _, st := range statements {
			if st.Kind == AlterTable {
				placeActions(st, n)
			}
			s.Statements = append(s.Statements, st)
		}
	}
	return s
}
