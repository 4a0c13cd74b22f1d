// Package airflow reads what Airflow's operators say of datasets: SQL that they run, and the operators that check tables.
package airflow

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/python"
)

var _ = graph.Register(graph.Tool{Name: "airflow", Extract: extract})

var sqlOperator = regexp.MustCompile(`^(?:SQLExecuteQuery|Postgres|MySql|MsSql|Snowflake|SnowflakeSqlApi|BigQuery|BigQueryInsertJob|BigQueryExecuteQuery|Redshift|RedshiftSQL|RedshiftData|Trino|Presto|Hive|Vertica|Databricks|DatabricksSql|ClickHouse\w*|Sqlite|Jdbc|Oracle|Athena|Exasol|Teradata)Operator$`)

var checkOperator = regexp.MustCompile(`^(?:SQL|BigQuery|Snowflake|Presto|Druid|Postgres)?(ColumnCheck|TableCheck|ValueCheck|IntervalCheck|ThresholdCheck|Check)Operator$`)

func extract(f *parsers.File, facts *graph.Facts) {
	config(f, facts)
	if f.Tree == nil || f.Tree.Grammar != python.Grammar || facts.Role == graph.RoleVendored || facts.Role == graph.RoleTest {
		return
	}
	dicts(f, facts)
	if !bytes.Contains(f.Text, []byte("airflow")) {
		return
	}
	assets(f, facts)
	dags(f, facts)
	plan(f, facts)
	if !bytes.Contains(f.Text, []byte("Operator")) && !bytes.Contains(f.Text, []byte("GenericTransfer")) {
		return
	}
	for call := range f.Tree.All(python.Call) {
		fn := call.Field(python.Function)
		if fn.Is(python.Attribute) && fn.Field(python.AttributeField).Text() == "partial" {
			fn = fn.Field(python.Object)
		}
		name := fn.Text()
		name = name[strings.LastIndexByte(name, '.')+1:]
		if m := checkOperator.FindStringSubmatch(name); m != nil {
			check(f, facts, call, m[1])
		} else if sqlOperator.MatchString(name) {
			statements(f, facts, call)
			if strings.HasPrefix(name, "BigQuery") {
				bigQuery(f, facts, call)
			}
		} else {
			transfer(f, facts, call, strings.TrimSuffix(name, "Operator"))
		}
	}
}

// statements reads SQL that stands in the call; a file that it names is read as a file.
func statements(f *parsers.File, facts *graph.Facts, call parsers.Node) {
	for _, key := range []string{"sql", "query", "hql"} {
		at := pycall.Argument(call, key, -1)
		list := []parsers.Node{at}
		if at.Is(python.List, python.Tuple) {
			list = nil
			for item := range at.NamedChildren() {
				list = append(list, item)
			}
		}
		for _, n := range list {
			text, ok := pycall.Text(f, n)
			if !ok || path.Ext(strings.TrimSpace(text)) == ".sql" || path.Ext(strings.TrimSpace(text)) == ".hql" {
				continue
			}
			span := f.Span(n.Start(), n.End())
			facts.Datasets = append(facts.Datasets, sqltext.Datasets(text, "airflow", func(int, int) parsers.Span { return span })...)
		}
	}
}

var columnChecks = map[string]string{
	"null_check": "completeness", "distinct_check": "uniqueness", "unique_check": "uniqueness", "min": "distribution", "max": "distribution",
}

func check(f *parsers.File, facts *graph.Facts, call parsers.Node, kind string) {
	span := f.Span(call.Start(), call.Field(python.Function).End())
	add := func(parts []string, capability string, columns ...string) {
		facts.Checks = append(facts.Checks, graph.CheckFact{
			Framework: "airflow-sql-check", Name: kind, Capability: capability, Columns: columns,
			Target: graph.Ref{Tool: "sql", Parts: parts}, Span: span, Confidence: graph.Exact,
		})
	}
	if text, ok := pycall.Text(f, pycall.Argument(call, "table", -1)); ok {
		parts, _ := graph.SplitName(text)
		if kind != "ColumnCheck" {
			add(parts, "custom")
			return
		}
		mapping := pycall.Argument(call, "column_mapping", -1)
		for pair := range mapping.NamedChildren() {
			column, _ := pycall.Text(f, pair.Field(python.Key))
			for c := range pair.Field(python.Value).NamedChildren() {
				if key, ok := pycall.Text(f, c.Field(python.Key)); ok {
					add(parts, or(columnChecks[key], "validity"), column)
				}
			}
		}
		if !mapping.Is(python.Dictionary) {
			add(parts, "custom")
		}
		return
	}
	if text, ok := pycall.Text(f, pycall.Argument(call, "sql", -1)); ok {
		for _, st := range sqltext.Read(text) {
			for _, r := range st.Reads {
				add(r.Parts, "custom")
			}
		}
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
