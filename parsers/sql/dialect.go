package sql

import (
	"regexp"
	"strings"

	"delint/parsers"
)

// Dialects, in sqlglot's spelling, as SQLMesh writes them too.
const (
	DialectUnknown    = ""
	DialectBigQuery   = "bigquery"
	DialectClickHouse = "clickhouse"
	DialectDatabricks = "databricks"
	DialectDuckDB     = "duckdb"
	DialectHive       = "hive"
	DialectMySQL      = "mysql"
	DialectOracle     = "oracle"
	DialectPostgres   = "postgres"
	DialectRedshift   = "redshift"
	DialectSnowflake  = "snowflake"
	DialectSpark      = "spark"
	DialectSQLite     = "sqlite"
	DialectTeradata   = "teradata"
	DialectTrino      = "trino"
	DialectTSQL       = "tsql"
)

// dialectNames are other spellings: dbt adapters, sqlfluff, drivers.
var dialectNames = map[string]string{
	"athena": "athena", "bigquery": DialectBigQuery, "clickhouse": DialectClickHouse, "databricks": DialectDatabricks,
	"doris": "doris", "dremio": "dremio", "drill": "drill", "druid": "druid", "duckdb": DialectDuckDB, "exasol": "exasol",
	"fabric": "fabric", "hive": DialectHive, "impala": DialectHive, "mariadb": DialectMySQL, "materialize": "materialize",
	"motherduck": DialectDuckDB, "mssql": DialectTSQL, "mysql": DialectMySQL, "oracle": DialectOracle, "postgres": DialectPostgres,
	"postgresql": DialectPostgres, "greenplum": DialectPostgres, "presto": "presto", "redshift": DialectRedshift,
	"risingwave": "risingwave", "snowflake": DialectSnowflake, "spark": DialectSpark, "spark2": "spark2", "sparksql": DialectSpark,
	"sqlite": DialectSQLite, "sqlserver": DialectTSQL, "synapse": DialectTSQL, "starrocks": "starrocks", "teradata": DialectTeradata,
	"trino": DialectTrino, "starburst": DialectTrino, "tsql": DialectTSQL, "vertica": "vertica", "glue": DialectSpark,
}

// DialectName is a dialect in sqlglot's spelling; empty for a word that names none (and for "ansi").
func DialectName(word string) string { return dialectNames[strings.ToLower(strings.TrimSpace(word))] }

// DialectConfidence says where a dialect is known from.
type DialectConfidence string

// The confidences of a dialect.
const (
	DialectUndecided DialectConfidence = ""
	DialectDeclared  DialectConfidence = "exact"    // the file says it: a MODEL property, a comment
	DialectVoted     DialectConfidence = "inferred" // its words say it
)

var dialectComment = regexp.MustCompile(`(?i)(?:--|/\*|#)\s*(?:sqlfluff:\s*)?dialect\s*[:=]\s*([a-z0-9]+)`)

type dialectKey struct{}

type dialectVote struct {
	name       string
	confidence DialectConfidence
}

// DialectOf is the dialect that a file's own text gives: what it declares, else what only one dialect writes so. Empty where
// the text leaves a doubt, which is most often; configuration comes first: see graph.Graph.Dialect.
func DialectOf(f *parsers.File) (string, DialectConfidence) {
	v := parsers.Memo(f, dialectKey{}, func() dialectVote {
		if f.Tree == nil || f.Tree.Grammar != Grammar {
			return dialectVote{}
		}
		return dialectOf(f.Tree)
	})
	return v.name, v.confidence
}

func dialectOf(tree *Tree) dialectVote {
	if name := declaredDialect(tree); name != "" {
		return dialectVote{name, DialectDeclared}
	}
	votes := map[string]int{}
	for i := range tree.Len() {
		votesOf(tree.At(i), votes)
	}
	votes[DialectSpark] += votes["lakehouse"]
	if votes[DialectDatabricks] > 0 {
		votes[DialectDatabricks] += votes[DialectSpark]
		votes[DialectSpark] = 0
	}
	best, second := "", 0
	for name, n := range votes {
		switch {
		case name == "lakehouse":
		case best == "" || n > votes[best] || n == votes[best] && name < best:
			if best != "" {
				second = max(second, votes[best])
			}
			best = name
		default:
			second = max(second, n)
		}
	}
	if best == "" || votes[best] < 3 || votes[best] < 2*second {
		return dialectVote{}
	}
	return dialectVote{best, DialectVoted}
}

// declaredDialect is what a MODEL block or a comment in the file's first 20 lines says.
func declaredDialect(tree *Tree) string {
	for n := range tree.All(ModelBlock) {
		if p, ok := readModel(n).Property("dialect"); ok {
			return DialectName(unquote(p.Value))
		}
	}
	for n := range tree.All(Comment) {
		if n.Row() > 20 {
			break
		}
		if m := dialectComment.FindSubmatch(n.Bytes()); m != nil {
			return DialectName(string(m[1]))
		}
	}
	return ""
}
