// Package migrations reads the migrations of databases (Flyway, golang-migrate, goose, dbmate, Alembic, Liquibase, Prisma, sqitch,
// popx and plain numbered folders): what each does to the schema on the way forward, and which of its statements fail, lock or
// rewrite on tables with rows. Link replays them in the order of their versions, so that tables have the columns that they end with.
package migrations

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/parsers/sql"
)

var _ = graph.Register(graph.Tool{Name: graph.EngineTool, Extract: extract, Link: replay})

func extract(f *parsers.File, facts *graph.Facts) {
	switch {
	case facts.Role == graph.RoleVendored || facts.NotAnalysed != "":
	case f.Language == sql.Language && f.Tree != nil:
		if m, part, ok := recognise(f, facts.Role); ok {
			finish(f, m)
			if !m.Down {
				readSQL(f, m, part)
			}
			facts.Migrations = append(facts.Migrations, *m)
		}
	case f.Language == python.Language && f.Tree != nil && f.Mentions("down_revision") && f.Mentions("alembic"):
		if m := alembic(f); m != nil {
			finish(f, m)
			facts.Migrations = append(facts.Migrations, *m)
		}
	default:
		engines(f, facts)
	}
}

func finish(f *parsers.File, m *graph.MigrationFact) {
	m.Span = f.RawSpan(0, 0)
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(string(f.Raw)), " ")))
	m.Digest = hex.EncodeToString(sum[:8])
	if m.Engine == "" {
		m.Engine = engineOfPath(f.Path)
	}
}

// engineWords are the names of databases as folders and suffixes spell them.
var engineWords = map[string]string{
	"postgres": "postgres", "postgresql": "postgres", "pg": "postgres", "pgx": "postgres", "psql": "postgres", "mysql": "mysql", "mariadb": "mysql",
	"sqlite": "sqlite", "sqlite3": "sqlite", "h2": "h2", "hsqldb": "hsqldb", "derby": "derby", "clickhouse": "clickhouse",
	"snowflake": "snowflake", "bigquery": "bigquery", "redshift": "redshift", "cockroach": "cockroach", "cockroachdb": "cockroach",
	"crdb": "cockroach", "yugabyte": "yugabyte", "spanner": "spanner", "mssql": "tsql", "sqlserver": "tsql", "oracle": "oracle", "db2": "db2", "ydb": "ydb",
	"turso": "sqlite", "starrocks": "starrocks", "vertica": "vertica", "duckdb": "duckdb", "redis": "redis", "cassandra": "cassandra", "spark": "spark", "databricks": "databricks",
}

// engineParts are the names that folders hold inside longer words: riversqlite, jdbcpostgres.
var engineParts = []string{"sqlite", "postgres", "mysql", "clickhouse", "cockroach", "pgx"}

// engineOfPath is the one database that the folders of a path name; empty for none or several.
func engineOfPath(p string) string {
	found := ""
	for _, w := range strings.FieldsFunc(strings.ToLower(path.Dir(p)), func(r rune) bool { return strings.ContainsRune("/-_.", r) }) {
		e := engineWords[w]
		for _, part := range engineParts {
			if e == "" && strings.Contains(w, part) {
				e = engineWords[part]
			}
		}
		if e != "" && e != found {
			if found != "" {
				return ""
			}
			found = e
		}
	}
	return found
}
