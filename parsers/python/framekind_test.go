package python_test

import (
	"strings"
	"testing"

	"delint/parsers"
	"delint/parsers/python"
)

const frameHead = `import pandas as pd
import polars as pl
import narwhals as nw
from pyspark.sql import DataFrame, SparkSession, functions as F

def helper() -> pl.LazyFrame: ...

def f(df: pd.DataFrame, sdf: DataFrame, spark: SparkSession, opt: "pd.DataFrame | None", other):
`

func TestFrameOf(t *testing.T) {
	for _, tt := range []struct {
		body string // its last line is the expression
		want python.Frame
	}{
		{"df", python.Frame{Kind: python.PandasFrame, Shape: python.Table}},
		{"df['a']", python.Frame{Kind: python.PandasFrame, Shape: python.Column}},
		{"df[['a', 'b']].dropna()", python.Frame{Kind: python.PandasFrame, Shape: python.Table}},
		{"df.groupby('a')", python.Frame{Kind: python.PandasFrame, Shape: python.Grouped}},
		{"df.to_dict()", python.Frame{}},
		{"sdf.filter('a > 1').select('a')", python.Frame{Kind: python.SparkFrame, Shape: python.Table}},
		{"sdf.toPandas()", python.Frame{Kind: python.PandasFrame, Shape: python.Table}},
		{"sdf.collect()", python.Frame{}},
		{"sdf.rdd.map(str)", python.Frame{Kind: python.SparkFrame, Shape: python.RDD}},
		{"spark.read.option('a', 1)", python.Frame{Kind: python.SparkFrame, Shape: python.Reader}},
		{"spark.read.option('a', 1).csv('x')", python.Frame{Kind: python.SparkFrame, Shape: python.Table}},
		{"SparkSession.builder.appName('x').getOrCreate().table('t')", python.Frame{Kind: python.SparkFrame, Shape: python.Table}},
		{"pl.scan_csv('x').filter(1).collect()", python.Frame{Kind: python.PolarsFrame, Shape: python.Table}},
		{"helper().select('a')", python.Frame{Kind: python.PolarsLazy, Shape: python.Table}},
		{"nw.from_native(other)", python.Frame{Kind: python.NarwhalsFrame, Shape: python.Table}},
		{"pd.read_csv('x', chunksize=5)", python.Frame{}},
		{"x = df\n    x = x.dropna()\n    x", python.Frame{Kind: python.PandasFrame, Shape: python.Table}},
		{"x = df\n    if other:\n        x = sdf\n    x", python.Frame{}},
		{"x = df\n    x = other\n    x", python.Frame{}},
		{"other.dropna()", python.Frame{}},
		{"F.col('a')", python.Frame{Kind: python.SparkFrame, Shape: python.Column}},
	} {
		text := frameHead + "    " + tt.body + "\n"
		f := &parsers.File{Source: parsers.NewSource("a.py", []byte(text))}
		if err := python.Parse(f); err != nil {
			t.Fatal(err)
		}
		last := strings.LastIndex(strings.TrimRight(text, "\n"), "\n") + 1
		var expression parsers.Node
		for n := range f.Tree.All(python.ExpressionStatement) {
			if n.Start() >= last {
				expression = n.FirstNamed()
			}
		}
		if got := python.FrameOf(f, expression); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.body, got, tt.want)
		}
	}
}

func BenchmarkFrameOf(b *testing.B) {
	text := frameHead + strings.Repeat("    df = df.dropna().assign(a=1)\n", 50) + "    df\n"
	f := &parsers.File{Source: parsers.NewSource("a.py", []byte(text))}
	if err := python.Parse(f); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for call := range f.Tree.All(python.Call) {
			python.FrameOf(f, call)
		}
	}
}
