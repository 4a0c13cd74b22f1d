package graph

import (
	"testing"

	"delint/parsers"
	"delint/parsers/sql"
)

func TestDialect(t *testing.T) {
	files := map[string]string{
		"a/.sqlfluff":           "[sqlfluff]\ntemplater = jinja\ndialect = sparksql\n\n[sqlfluff:rules]\ndialect = nothing\n",
		"a/b/x.sql":             "select 1",
		"a/b/y.sql":             "-- dialect: snowflake\nselect 1",
		"c/pyproject.toml":      "[tool.sqlfluff.core]\ndialect = \"bigquery\"\n[project]\ndependencies = [\"dbt-core\", \"dbt-snowflake>=1.8\"]\n",
		"c/x.sql":               "select 1",
		"d/requirements.txt":    "dbt-core==1.9\n# dbt-spark\ndbt-postgres==1.9\n",
		"d/p/dbt_project.yml":   "name: p\n",
		"d/p/models/x.sql":      "select 1",
		"d/other.sql":           "select 1",
		"e/x.sql":               "select safe_cast(a as int64) from t",
		"e/y.sql":               "select 1",
		"f/requirements.txt":    "dbt-postgres\ndbt-duckdb\n",
		"f/p/dbt_project.yml":   "name: p\n",
		"f/p/models/unsure.sql": "select 1",
	}
	var facts []*Facts
	var paths []string
	for p, text := range files {
		f := &parsers.File{Source: parsers.NewSource(p, []byte(text)), Limits: parsers.DefaultLimits}
		if sql.Language.Match(p) {
			f.Language = sql.Language
			if err := sql.Parse(f); err != nil {
				t.Fatal(err)
			}
		}
		x := &Facts{Path: p}
		extractDialect(f, x)
		if sql.Language.Match(p) == false && len(p) > 15 && p[len(p)-15:] == "dbt_project.yml" {
			x.Projects = []ProjectFact{{Tool: "dbt"}}
		}
		facts = append(facts, x)
		paths = append(paths, p)
	}
	g := Link(facts, paths, Options{})
	for p, want := range map[string]string{
		"a/b/x.sql": "spark", "a/b/y.sql": "snowflake", "c/x.sql": "bigquery", "d/p/models/x.sql": "postgres", "d/other.sql": "",
		"e/x.sql": "bigquery", "e/y.sql": "", "f/p/models/unsure.sql": "",
	} {
		if got := g.Dialect(p); got != want {
			t.Errorf("%s: %q, want %q", p, got, want)
		}
	}
}
