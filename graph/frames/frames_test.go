package frames

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"

	"github.com/google/go-cmp/cmp"
)

func TestReads(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"only what leads to the write", `
def load(spark):
    a = spark.read.table("raw.a")
    b = spark.read.parquet("s3://lake/b")
    c = spark.sql("select * from raw.c join raw.d using (id)")
    joined = a.join(c, "id")
    joined.write.saveAsTable("silver.x")
    b.write.saveAsTable("silver.y")
`, []string{"silver.x < raw.a,raw.c,raw.d", "silver.y < s3://lake/b"}},
		{"a variable that nothing follows: all reads of the function", `
def load(spark):
    spark.read.table("raw.a").createOrReplaceTempView("v")
    transform(spark).write.saveAsTable("silver.x")
`, []string{"silver.x < raw.a"}},
		{"pandas, outside of a function, table or query", `
import pandas as pd
orders = pd.read_sql("select * from raw.orders", engine)
names = pd.read_sql("raw_names", engine)
orders.merge(names).to_sql("orders", engine, schema="mart")
`, []string{"mart.orders < raw.orders,raw_names"}},
		{"a name that only a run knows", `
def load(spark, name):
    spark.read.table(name).write.saveAsTable("silver.x")
    spark.read.table("raw.a").write.saveAsTable(name)
`, []string{"silver.x < raw.a"}},
	} {
		f := &parsers.File{Source: parsers.NewSource("jobs/x.py", []byte(c.text)), Language: python.Language, Limits: parsers.DefaultLimits}
		if err := python.Language.Parse(f); err != nil {
			t.Fatal(err)
		}
		facts := &graph.Facts{Path: "jobs/x.py"}
		extract(f, facts)
		var got []string
		for _, d := range facts.Datasets {
			var reads []string
			for _, r := range d.Reads {
				if !r.Inferred {
					t.Errorf("%s: %v is not inferred", c.name, r.Parts)
				}
				reads = append(reads, strings.Join(r.Parts, "."))
			}
			got = append(got, fmt.Sprintf("%s < %s", strings.Join(d.Parts, "."), strings.Join(reads, ",")))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}
