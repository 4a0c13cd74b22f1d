// Package frames reads the datasets that Python writes: Spark, pandas, Polars, Delta tables, declarative pipelines, and SQL
// that Spark is handed as text.
package frames

import (
	"bytes"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/python"
)

var _ = graph.Register(graph.Tool{Name: "frames", Extract: extract})

// writer says where a method that writes has the dataset's name.
type writer struct {
	tool    string
	kind    string // table or path
	mode    string
	keyword string // beside the first positional argument
}

var writers = map[string]writer{
	"saveAsTable":    {"spark", "table", "", "name"},
	"insertInto":     {"spark", "table", "append", "tableName"},
	"writeTo":        {"spark", "table", "", "table"},
	"toTable":        {"spark", "table", "append", "tableName"},
	"tableName":      {"spark", "table", "create", "identifier"},
	"to_sql":         {"pandas", "table", "", "name"},
	"write_database": {"polars", "table", "", "table_name"},
	"to_gbq":         {"pandas", "table", "", "destination_table"},
	"save":           {"spark", "path", "", "path"},
	"parquet":        {"spark", "path", "", "path"},
	"orc":            {"spark", "path", "", "path"},
	"delta":          {"spark", "path", "", "path"},
	"write_delta":    {"polars", "path", "", "target"},
	"write_iceberg":  {"polars", "path", "", "target"},
	"write_parquet":  {"polars", "path", "", "file"},
	"sink_parquet":   {"polars", "path", "", "path"},
	"to_parquet":     {"pandas", "path", "", "path"},
}

// writing is the words of which a file that writes a dataset holds one.
var writing = []string{
	"saveAsTable", "insertInto", "writeTo", "toTable", "tableName", "to_sql", "write_database", "to_gbq", ".save(", ".parquet(", ".orc(",
	"write_delta", "write_iceberg", "write_parquet", "sink_parquet", "to_parquet", ".sql(", "dlt", "pyspark.pipelines",
}

func extract(f *parsers.File, facts *graph.Facts) {
	if f.Tree == nil || f.Tree.Grammar != python.Grammar || facts.Role == graph.RoleVendored || facts.Role == graph.RoleTest || !f.Mentions(writing...) {
		return
	}
	for call := range f.Tree.All(python.Call) {
		fn := call.Field(python.Function)
		if !fn.Is(python.Attribute) {
			continue
		}
		method := fn.Field(python.AttributeField).Text()
		if method == "sql" && sparkLike(fn.Field(python.Object)) {
			query(f, facts, call)
			continue
		}
		w, ok := writers[method]
		if !ok || !writes(method, fn.Field(python.Object)) {
			continue
		}
		written(f, facts, call, w)
	}
	declarative(f, facts)
}

// writes reports whether the object of a method with an everyday name is a writer.
func writes(method string, object parsers.Node) bool {
	text := object.Bytes()
	switch method {
	case "save", "parquet", "orc", "delta":
		return bytes.Contains(text, []byte(".write")) && !bytes.HasPrefix(text, []byte("spark.read")) || bytes.Contains(text, []byte(".writeStream"))
	case "insertInto", "saveAsTable":
		return true
	case "tableName":
		return bytes.Contains(text, []byte("DeltaTable."))
	case "to_sql", "to_parquet", "to_gbq":
		return true
	}
	return true
}

func sparkLike(object parsers.Node) bool {
	text := object.Text()
	return text == "spark" || strings.HasSuffix(text, ".spark") || strings.HasSuffix(text, "spark_session") || strings.HasSuffix(text, "sqlContext")
}

func written(f *parsers.File, facts *graph.Facts, call parsers.Node, w writer) {
	at := pycall.Argument(call, w.keyword, 0)
	text, ok := pycall.Text(f, at)
	if !ok || strings.TrimSpace(text) == "" {
		return
	}
	d := graph.DatasetFact{
		Tool: w.tool, Kind: w.kind, Span: f.Span(at.Start(), at.End()), Confidence: graph.Exact, Mode: mode(f, call, w), Persisted: true,
	}
	if w.kind == "path" {
		if !lake(text) {
			return
		}
		d.Parts = []string{text}
	} else {
		d.Parts, d.Quoted = graph.SplitName(text)
		if schema, ok := pycall.Text(f, pycall.Argument(call, "schema", -1)); ok && len(d.Parts) == 1 {
			d.Parts = []string{schema, d.Parts[0]}
		}
	}
	d.Reads = reads(f, call)
	facts.Datasets = append(facts.Datasets, d)
}

var lakeRoot = regexp.MustCompile(`^(?:s3[an]?|gs|gcs|abfss?|wasbs?|adl|hdfs|dbfs|lakefs|oss)://[^/]+/.+|^/(?:mnt|lake|dbfs|Volumes)/.+`)

// lake reports whether a path is one of shared storage: a file on the machine of a job is no dataset.
func lake(path string) bool { return lakeRoot.MatchString(path) }

var modeCall = regexp.MustCompile(`\.mode\(\s*["'](\w+)["']`)

func mode(f *parsers.File, call parsers.Node, w writer) string {
	if m := modeCall.FindSubmatch(call.Field(python.Function).Bytes()); m != nil {
		return string(m[1])
	}
	for _, key := range []string{"mode", "if_exists", "if_table_exists"} {
		if t, ok := pycall.Text(f, pycall.Argument(call, key, -1)); ok {
			return t
		}
	}
	return w.mode
}

// query reads the text of spark.sql("…"). Its datasets stand at the string.
func query(f *parsers.File, facts *graph.Facts, call parsers.Node) {
	at := pycall.Argument(call, "sqlQuery", 0)
	text, ok := pycall.Text(f, at)
	if !ok {
		return
	}
	facts.Datasets = append(facts.Datasets, sqltext.Datasets(text, "spark", func(int, int) parsers.Span { return f.Span(at.Start(), at.End()) })...)
}

// declarative reads tables of declarative pipelines, @dlt.table and @dp.table, and what they expect of their rows.
func declarative(f *parsers.File, facts *graph.Facts) {
	for _, u := range python.Units(f) {
		if u.Kind != python.SparkTable {
			continue
		}
		name, at := u.Def.Node.Field(python.Name).Text(), u.Def.Node.Field(python.Name)
		kind := ""
		var expects []parsers.Node
		for _, d := range python.DecoratorPaths(f, u.Def) {
			last := d.Path[strings.LastIndexByte(d.Path, '.')+1:]
			switch {
			case strings.HasPrefix(last, "expect"):
				expects = append(expects, d.Node)
			case last == "table" || last == "materialized_view" || last == "view" || last == "temporary_view":
				kind = last
				if t, ok := pycall.Text(f, pycall.Argument(d.Call, "name", 0)); ok && !d.Call.IsNil() {
					name, at = t, pycall.Argument(d.Call, "name", 0)
				}
			}
		}
		if kind == "" {
			continue
		}
		parts, quoted := graph.SplitName(name)
		d := graph.DatasetFact{Tool: "delta", Kind: "table", Parts: parts, Quoted: quoted, Span: f.Span(at.Start(), at.End()), Confidence: graph.Exact, Persisted: true}
		if kind == "view" || kind == "temporary_view" {
			d.Transient = "temporary"
		}
		facts.Datasets = append(facts.Datasets, d)
		for _, e := range expects {
			facts.Checks = append(facts.Checks, graph.CheckFact{
				Framework: "delta-expectation", Name: "expect", Capability: "validity", Target: graph.Ref{Tool: "sql", Parts: parts},
				Span: f.Span(e.Start(), e.End()), Confidence: graph.Exact,
			})
		}
	}
}
