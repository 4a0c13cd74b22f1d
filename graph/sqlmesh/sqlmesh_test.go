package sqlmesh

import (
	"path"
	"strings"
	"testing"

	"delint/graph"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/python"
	"delint/parsers/sql"
	"delint/parsers/yaml"

	"github.com/google/go-cmp/cmp"
)

func extracted(t testing.TB, name, text string) *graph.Facts {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource(name, []byte(text)), Limits: parsers.DefaultLimits}
	switch path.Ext(name) {
	case ".sql":
		f.Language = sql.Language
	case ".py":
		f.Language = python.Language
	default:
		f.Language = yaml.Language
	}
	if err := f.Language.Parse(f); err != nil {
		t.Fatal(err)
	}
	facts := &graph.Facts{Path: name, Role: graph.RoleSource}
	extract(f, facts)
	return facts
}

const whole = `-- Orders of a shop,
-- one row per order
MODEL (
  name gold.@customer, /* the dataset */
  kind INCREMENTAL_BY_TIME_RANGE (time_column (ts, '%Y-%m-%d'), batch_size 3, forward_only true),
  columns (id INT, ts TIMESTAMP(6), tags ARRAY<TEXT>, price DECIMAL(10, 2)),
  audits (not_null(columns := (id, ts)), own, accepted_range(column := price, min_v := 1), unique_values_non_blocking(columns := id)),
  grains ((id, ts), code),
  column_descriptions (id = 'the id, of course'),
  tags ['gold', daily],
  owner 'Data Team',
  partitioned_by (day(ts)),
  blueprints ((customer := a), (customer := b))
);
@DEF(from_here, @start_ts);
SELECT id, ts, tags, price FROM raw.orders WHERE ts BETWEEN @from_here AND @end_ts;
AUDIT (name own, blocking false);
SELECT * FROM @this_model WHERE NOT EXISTS (SELECT 1 FROM gold.customers)`

func TestModel(t *testing.T) {
	facts := extracted(t, "models/gold/orders.sql", whole)
	if len(facts.Datasets) != 2 {
		t.Fatalf("%d datasets, want one of each blueprint", len(facts.Datasets))
	}
	d := facts.Datasets[0]
	type seen struct {
		Names                                []string
		Grain, Tags                          []string
		Kind, Owner, Description, TimeColumn string
		Columns                              []string
		Reads                                []string
	}
	got := seen{Grain: d.Grain, Tags: d.Tags, Kind: d.Settings["kind"], Owner: d.Owner, Description: d.Description, TimeColumn: d.TimeColumn}
	for _, d := range facts.Datasets {
		got.Names = append(got.Names, strings.Join(d.Parts, "."))
	}
	for _, c := range d.Columns {
		got.Columns = append(got.Columns, strings.TrimSpace(c.Name+" "+c.Type+" "+c.Description))
	}
	for _, r := range d.Reads {
		got.Reads = append(got.Reads, strings.Join(r.Parts, "."))
	}
	want := seen{
		Names: []string{"gold.a", "gold.b"}, Grain: []string{"id", "ts"}, Tags: []string{"gold", "daily"}, Kind: "INCREMENTAL_BY_TIME_RANGE",
		Owner: "Data Team", Description: "Orders of a shop,\none row per order", TimeColumn: "ts",
		Columns: []string{"id INT the id, of course", "ts TIMESTAMP(6)", "tags ARRAY<TEXT>", "price DECIMAL(10, 2)"}, Reads: []string{"raw.orders"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var checks []string
	for _, c := range facts.Checks {
		if c.Target.Parts[1] == "a" {
			checks = append(checks, c.Name+" "+c.Capability+" "+strings.Join(c.Columns, "+")+" "+string(c.Blocking))
		}
	}
	if diff := cmp.Diff([]string{"not_null completeness id+ts yes", "own custom  ", "accepted_range validity price yes", "unique_values_non_blocking uniqueness id warn"}, checks); diff != "" {
		t.Error(diff)
	}
	if s := d.Span; s.Start.Line != 4 || s.Start.Column != 8 || s.End.Column != 22 {
		t.Errorf("the name stands at %+v", s)
	}
}

func notes(d graph.DatasetFact, kind string) (out []string) {
	for _, n := range d.Notes {
		if n.Kind == kind {
			out = append(out, n.Text+" "+n.Values["start"]+" "+n.Values["end"]+" "+n.Values["unknown"])
		}
	}
	return out
}

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"both", "SELECT a FROM b WHERE ts BETWEEN @start_ds AND @end_ds", []string{"@start_ds true true "}},
		{"of an inner query", "WITH x AS (SELECT a FROM b WHERE ts >= @start_dt AND ts < @end_dt) SELECT a FROM x", []string{"@start_dt true true "}},
		{"a definition", "@DEF(s, @start_ds); SELECT a FROM b WHERE ts BETWEEN @s AND @end_ds", []string{"@s true true "}},
		{"one bound", "SELECT a FROM b WHERE ts <= @end_ds", []string{"@end_ds  true "}},
		{"projected only", "SELECT @start_ds AS s, @end_ds AS e FROM b", nil},
		{"none", "SELECT a FROM b", nil},
		{"a macro may ask", "SELECT a FROM b WHERE @in_interval(ts)", []string{"@in_interval true true true"}},
		{"jinja may ask", "JINJA_QUERY_BEGIN; SELECT a FROM b WHERE ts > '{{ start_ds }}' JINJA_END;", []string{"JINJA_QUERY_BEGIN true true true"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			facts := extracted(t, "models/a/b.sql", "MODEL (name a.b, kind INCREMENTAL_BY_TIME_RANGE (time_column ts));\n"+c.body)
			got := notes(facts.Datasets[0], IntervalNote)
			if c.name == "jinja may ask" && len(got) == 1 {
				return // its text is the whole query
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPython(t *testing.T) {
	facts := extracted(t, "models/a.py", `
from sqlmesh import ExecutionContext, model
from sqlmesh.core.model import IncrementalByTimeRangeKind, TimeColumn

@model(
    "gold.scores",
    kind=IncrementalByTimeRangeKind(time_column=TimeColumn(column="ds", format="%Y")),
    columns={"id": "int", "ds": "date"},
    cron="@daily",
    owner="me@example.com",
    grain=["id", "ds"],
    depends_on=["silver.a"],
    audits=["own", ("not_null", {"columns": ["id"]})],
)
def execute(context: ExecutionContext, start, end, execution_time, **kwargs):
    table = context.resolve_table("silver.b")
    return context.fetchdf(f"SELECT id, ds FROM silver.c JOIN {table} USING (id)")
`)
	d := facts.Datasets[0]
	var reads []string
	for _, r := range d.Reads {
		reads = append(reads, strings.Join(r.Parts, "."))
	}
	got := []string{strings.Join(d.Parts, "."), d.Settings["kind"], d.TimeColumn, d.Settings["cron"], d.Owner, strings.Join(d.Grain, "+"), strings.Join(reads, " "), facts.Checks[1].Name + " " + facts.Checks[1].Columns[0]}
	want := []string{"gold.scores", "INCREMENTAL_BY_TIME_RANGE", "ds", "@daily", "me@example.com", "id+ds", "silver.a silver.b silver.c", "not_null id"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLogic(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT a FROM b": "",
		"SELECT CASE WHEN a THEN 1 ELSE 2 END FROM b": "",
		"SELECT CASE WHEN a THEN 1 WHEN c THEN 2 END, CASE a WHEN 1 THEN 2 WHEN 2 THEN 3 END, CASE a WHEN 1 THEN 2 WHEN 2 THEN 3 END FROM b": "2 CASE",
		"SELECT SUM(CASE WHEN a THEN 1 END), COUNT(*) FILTER (WHERE a) FROM b":                                                               "2 conditional aggregate",
		"SELECT a FROM b LEFT JOIN c ON b.id = c.id WHERE c.id IS NULL":                                                                      "1 self or anti join",
		"SELECT a FROM b AS x JOIN b AS y ON x.id = y.parent":                                                                                "1 self or anti join",
		"SELECT a FROM b UNION ALL SELECT a FROM b":                                                                                          "",
		"SELECT DATE_ADD(a, INTERVAL 1 DAY), x + INTERVAL '1 day', REGEXP_LIKE(a, 'x') FROM b":                                               "3 date arithmetic, regexp",
	} {
		facts := extracted(t, "models/a/b.sql", "MODEL (name a.b, kind FULL);\n"+sql)
		got := ""
		for _, n := range facts.Datasets[0].Notes {
			if n.Kind == sqltext.LogicNote {
				got = n.Values["score"] + " " + n.Text
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
}

func FuzzExtract(f *testing.F) {
	f.Add(whole)
	f.Add("AUDIT (name a, standalone true); SELECT 1 FROM x WHERE false")
	f.Add("MODEL (kind @IF(x, FULL, VIEW), name a.b, @m(), grain, columns (, audits ((()")
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range extracted(t, "models/a/b.sql", text).Datasets {
			if len(d.Parts) == 0 {
				t.Fatal("a dataset without a name")
			}
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	f := &parsers.File{Source: parsers.NewSource("models/a/b.sql", []byte(whole)), Language: sql.Language, Limits: parsers.DefaultLimits}
	if err := f.Language.Parse(f); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(whole)))
	for b.Loop() {
		extract(f, &graph.Facts{Path: f.Path, Role: graph.RoleSource})
	}
}
