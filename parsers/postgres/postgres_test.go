package postgres

import (
	"fmt"
	"strings"
	"testing"

	"delint/parsers"

	"github.com/google/go-cmp/cmp"
)

// brief writes a statement as one line: kind, table, then what its kind has.
func brief(text string, s *Statement) string {
	b := string(s.Kind)
	add := func(format string, args ...any) { b += fmt.Sprintf(format, args...) }
	if s.Table.Name != "" {
		add(" %s", s.Table)
	}
	for _, n := range s.Names {
		add(" [%s]", n)
	}
	for _, w := range []struct {
		on   bool
		word string
	}{{s.IfExists, "if-exists"}, {s.Concurrently, "concurrently"}, {s.Unique, "unique"}, {s.Cascade, "cascade"}, {s.Temporary, "temp"},
		{s.Partitioned, "partitioned"}, {s.Where, "where"}} {
		if w.on {
			add(" %s", w.word)
		}
	}
	for _, w := range []string{s.Index, s.From, s.To, s.Word, s.Value, s.PartitionOf.Name} {
		if w != "" {
			add(" %s", w)
		}
	}
	column := func(c *Column) {
		add(" %s:%s%v", c.Name, c.Type, c.Parameters)
		if c.NotNull {
			add("!")
		}
		if c.Default {
			add("=%s", c.Volatility)
		}
		if c.Generated || c.Identity {
			add("*")
		}
	}
	constraint := func(c Constraint) {
		add(" (%s %s %v %s", c.Kind, c.Name, c.Columns, c.References)
		if c.NotValid {
			add(" not-valid")
		}
		add(" %s%s)", c.UsingIndex, c.NotNull)
	}
	for _, a := range s.Actions {
		add(" | %q %s %s", text[a.Start:a.End], a.Kind, a.Name)
		if a.Column != nil {
			column(a.Column)
		}
		if a.Constraint != nil {
			constraint(*a.Constraint)
		}
	}
	for i := range s.Columns {
		column(&s.Columns[i])
	}
	for _, c := range s.Constraints {
		constraint(c)
	}
	return b
}

func TestFacts(t *testing.T) {
	if !Available {
		t.Skip("built without PostgreSQL's parser")
	}
	for _, tt := range []struct{ sql, want string }{
		{"ALTER TABLE s.t ADD COLUMN a int NOT NULL, ADD b text DEFAULT random()",
			`alter table s.t | "ADD COLUMN a int NOT NULL" add column a a:int4[]! | "ADD b text DEFAULT random()" add column b b:text[]=volatile`},
		{"alter table if exists t alter column a set not null", `alter table t if-exists | "alter column a set not null" set not null a`},
		{"alter table t alter a set not null, alter b set default 1, drop constraint if exists c cascade",
			`alter table t | "alter a set not null" set not null a | "alter b set default 1" set default b b:[]=constant | "drop constraint if exists c cascade" drop constraint c`},
		{"alter table t alter a type varchar(10) using a::text", `alter table t | "alter a type varchar(10) using a::text" alter column type a a:varchar[10]`},
		{"alter table t add constraint c check (a is not null) not valid", `alter table t | "add constraint c check (a is not null) not valid" add constraint c (check c []  not-valid a)`},
		{"alter table t add foreign key (a) references u (id)", `alter table t | "add foreign key (a) references u (id)" add constraint  (foreign key  [a] u )`},
		{"alter table t add constraint p primary key using index i", `alter table t | "add constraint p primary key using index i" add constraint p (primary key p []  i)`},
		{"alter table t detach partition p concurrently", `alter table t | "detach partition p concurrently" detach partition `},
		{"alter table t add a uuid default gen_random_uuid(), add b timestamptz default now(), add c int default f()",
			`alter table t | "add a uuid default gen_random_uuid()" add column a a:uuid[]=volatile | "add b timestamptz default now()" add column b b:timestamptz[]=stable | "add c int default f()" add column c c:int4[]=unknown`},
		{"create index concurrently if not exists i on s.t (a)", `create index s.t if-exists concurrently i`},
		{"create unique index on t (a)", `create index t unique`},
		{"drop index concurrently a, s.b", `drop [a] [s.b] concurrently`},
		{"drop table if exists t cascade", `drop [t] if-exists cascade`},
		{"create table t (a serial primary key, b numeric(10, 2) not null default 0, c int generated always as identity, constraint u unique (b))",
			`create table t a:serial[]! b:numeric[10 2]!=constant c:int4[]!* (unique u [b]  )`},
		{"create table p partition of t for values in (1)", `create table p t`},
		{"create table t (a int) partition by range (a)", `create table t partitioned a:int4[]`},
		{"create temp table t as select 1", `create table as t temp`},
		{"alter table t rename column a to b", `rename t a b`},
		{"alter table t rename to u", `rename t u`},
		{"reindex table concurrently t", `reindex t concurrently`},
		{"refresh materialized view concurrently v", `refresh v concurrently`},
		{"begin", "transaction begin"},
		{"start transaction", "transaction begin"},
		{"set local lock_timeout = '5s'", "set lock_timeout 5s"},
		{"set statement_timeout to 0", "set statement_timeout 0"},
		{"update t set a = 1", "update t"},
		{"delete from t where a", "delete t where"},
		{"truncate a, b cascade", "truncate [a] [b] cascade"},
		{"lock table a", "lock [a]"},
	} {
		text := "select 1;\n" + tt.sql + ";\n"
		s := Parse(text, parsers.DefaultLimits)
		if len(s.Statements) != 2 {
			t.Errorf("%s: %d statements, rejected %v", tt.sql, len(s.Statements), s.Rejected)
			continue
		}
		st := s.Statements[1]
		if diff := cmp.Diff(tt.want, brief(text, st)); diff != "" {
			t.Errorf("%s\n%s", tt.sql, diff)
		}
		if got := text[st.Start:st.End]; got != tt.sql {
			t.Errorf("span %q of %q", got, tt.sql)
		}
	}
}

// TestGuard holds that what crashes the C parser never reaches it.
func TestGuard(t *testing.T) {
	if !Available {
		t.Skip("built without PostgreSQL's parser")
	}
	for name, text := range map[string]string{
		"operators": "select 1" + strings.Repeat("+1", 30_000),
		"casts":     "select 1" + strings.Repeat("::int", 10_000),
		"brackets":  "select " + strings.Repeat("(", 5_000) + "1" + strings.Repeat(")", 5_000),
		"queries":   strings.Repeat("select * from (", 4_000) + "t" + strings.Repeat(")", 4_000),
		"not":       "select " + strings.Repeat("not ", 15_000) + "a",
		"minus":     "select " + strings.Repeat("- ", 30_000) + "1",
		"union":     "select 1" + strings.Repeat(" union select 1", 4_000),
		"joins":     "select 1 from a" + strings.Repeat(" cross join a", 4_500),
		"collate":   "select a" + strings.Repeat(" collate c", 6_000),
		"zone":      "select a" + strings.Repeat(" at time zone b", 4_000),
		"is null":   "select a" + strings.Repeat(" is null", 8_000),
		"case":      "select " + strings.Repeat("case when ", 6_000),
		"arrays":    "select " + strings.Repeat("array[", 10_000),
		"calls":     "select " + strings.Repeat("f(", 30_000),
		"large":     "select '" + strings.Repeat("a", 70_000) + "'",
	} {
		s := Parse(text, parsers.DefaultLimits)
		if len(s.Statements) != 0 || len(s.Rejected) == 0 || !s.Rejected[0].Limit {
			t.Errorf("%s: %d statements, %d rejected", name, len(s.Statements), len(s.Rejected))
		}
	}
	// What people write is below the limits.
	s := Parse("insert into t values (1, 'a')"+strings.Repeat(", (2, 'b')", 6_000), parsers.DefaultLimits)
	if len(s.Statements) != 1 {
		t.Errorf("rows: %v", s.Rejected)
	}
}

// TestLimitsAreLow parses statements at the limits: they must not crash the process.
func TestLimitsAreLow(t *testing.T) {
	if !Available {
		t.Skip("built without PostgreSQL's parser")
	}
	for _, text := range []string{
		"select 1" + strings.Repeat("+1", maxOperators-10),
		"select " + strings.Repeat("(", maxNesting-10) + "1" + strings.Repeat(")", maxNesting-10),
		"select " + strings.Repeat("(select ", maxNesting-10) + "1" + strings.Repeat(")", maxNesting-10),
		"select " + strings.Repeat("not ", maxOperators-10) + "true",
		"select 1" + strings.Repeat(" union select 1", maxOperators/2-10),
		"select 1 from a" + strings.Repeat(" cross join a", maxOperators/2-10),
	} {
		if s := Parse(text, parsers.DefaultLimits); len(s.Statements) != 1 {
			t.Errorf("%.40s…: rejected: %.100v", text, s.Rejected)
		}
	}
}
