package sql

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"delint/parsers"
)

func dialectFile(t testing.TB, text string) *parsers.File {
	f := &parsers.File{Source: parsers.NewSource("a.sql", []byte(text)), Language: Language, Limits: parsers.DefaultLimits}
	if err := Parse(f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestDialectOf(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		confidence DialectConfidence
	}{
		{"select 1 from t", "", DialectUndecided},
		{"-- dialect: postgresql\nselect 1", DialectPostgres, DialectDeclared},
		{"-- sqlfluff:dialect:sparksql\nselect 1", DialectSpark, DialectDeclared},
		{"MODEL (name a.b, dialect snowflake);\nselect safe_cast(a as int64)", DialectSnowflake, DialectDeclared},
		{"select safe_cast(a as int64) from `p.d.t`", DialectBigQuery, DialectVoted},
		{"select * from a, lateral flatten(input => b) f", DialectSnowflake, DialectVoted},
		{"create table t (a int) tblproperties ('x' = 'y')", DialectSpark, DialectVoted},
		{"select a from t lateral view explode(b) c as d", DialectSpark, DialectVoted},
		{"select top 5 [a] from dbo.t", DialectTSQL, DialectVoted},
		{"create table t (a int) diststyle key distkey (a)", DialectRedshift, DialectVoted},
		{"create table t (a DateTime64) engine = MergeTree() order by a", DialectClickHouse, DialectVoted},
		{"select * from read_parquet('a.parquet')", DialectDuckDB, DialectVoted},
		{"create function f() returns int as $$ begin end $$ language plpgsql", DialectPostgres, DialectVoted},
		{"create table t (a int auto_increment)", DialectMySQL, DialectVoted},
		{"select iff(a, safe_cast(b as int64), 1)", "", DialectUndecided}, // two say so
	} {
		if got, c := DialectOf(dialectFile(t, tt.text)); got != tt.want || c != tt.confidence {
			t.Errorf("%s: %q %q, want %q %q", tt.text, got, c, tt.want, tt.confidence)
		}
	}
}

func TestOpaque(t *testing.T) {
	for _, tt := range []struct {
		text           string
		opaque, tokens int
	}{
		{"select a, b + 1 c from t u where a = 1", 0, 10},
		{"select {{ ref('a') }} -- words\nfrom t", 0, 1},
		{"create table t (a int encode zstd)", 2, 6},
		{"vacuum full t", 2, 3},
		{"select 1 )", 1, 2},
	} {
		if o, n := Opaque(dialectFile(t, tt.text).Tree); o != tt.opaque || n != tt.tokens {
			t.Errorf("%s: %d of %d, want %d of %d", tt.text, o, n, tt.opaque, tt.tokens)
		}
	}
}

// TestDialectsOfFiles measures the votes on files whose dialect is known: DELINT_DIALECT_LIST names a file with a line each,
// path, tab, dialect.
func TestDialectsOfFiles(t *testing.T) {
	list, err := os.Open(os.Getenv("DELINT_DIALECT_LIST"))
	if err != nil {
		t.Skip("DELINT_DIALECT_LIST is not set")
	}
	defer list.Close()
	right, wrong, none := 0, map[string]int{}, 0
	for in := bufio.NewScanner(list); in.Scan(); {
		fields := strings.Split(in.Text(), "\t")
		text, err := os.ReadFile(fields[0])
		if err != nil || len(fields) < 2 || fields[1] == "" || len(text) > 1<<20 {
			continue
		}
		switch got, _ := DialectOf(dialectFile(t, string(text))); got {
		case "":
			none++
		case fields[1]:
			right++
		default:
			wrong[fields[1]+" as "+got]++
			if testing.Verbose() {
				t.Log(fields[0], got)
			}
		}
	}
	t.Logf("right %d, undecided %d, wrong %v", right, none, wrong)
}
