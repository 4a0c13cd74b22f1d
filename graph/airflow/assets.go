package airflow

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
)

// tables are the schemes of asset URIs whose path ends in a table: scheme://host/[database/][schema/]table.
var tables = map[string]bool{
	"postgres": true, "postgresql": true, "mysql": true, "mssql": true, "snowflake": true, "redshift": true, "bigquery": true, "trino": true,
	"databricks": true, "hive": true, "iceberg": true, "clickhouse": true,
}

var storage = regexp.MustCompile(`^(?:s3[an]?|gs|gcs|abfss?|wasbs?|adl|hdfs|dbfs|lakefs|oss)://[^/]+/.+`)

// named is the dataset that an asset's URI speaks of. An asset that is only a name is a signal and no dataset.
func named(uri string) (kind string, parts []string, ok bool) {
	if storage.MatchString(uri) {
		return "path", []string{uri}, true
	}
	scheme, rest, found := strings.Cut(uri, "://")
	if !found || !tables[scheme] || strings.ContainsAny(uri, "?#@") {
		return "", nil, false
	}
	parts = strings.Split(strings.Trim(rest, "/"), "/")
	if scheme != "bigquery" && len(parts) > 1 {
		parts = parts[1:] // the host
	}
	return "table", parts, len(parts) > 1 && len(parts) < 4
}

// assets reads what tasks say they write and read: outlets and inlets of operators and of decorated functions, and @asset.
// What is declared need not happen, so all of it is inferred.
func assets(f *parsers.File, facts *graph.Facts) {
	if !f.Mentions("outlets", "uri") {
		return
	}
	names := python.Imports(f)
	known := map[string]string{} // variables that hold an asset, by name
	for a := range f.Tree.All(python.Assignment) {
		if uri, ok := assetURI(f, names, a.Field(python.Right), nil); ok && a.Field(python.Left).Is(python.Identifier) {
			known[a.Field(python.Left).Text()] = uri
		}
	}
	for call := range f.Tree.All(python.Call) {
		outlets := items(pycall.Argument(call, "outlets", -1))
		if len(outlets) == 0 {
			continue
		}
		var reads []graph.Ref
		for _, in := range items(pycall.Argument(call, "inlets", -1)) {
			if uri, ok := assetURI(f, names, in, known); ok {
				if kind, parts, ok := named(uri); ok {
					reads = append(reads, graph.Ref{Tool: refTool(kind), Parts: parts, Span: f.Span(in.Start(), in.End()), Inferred: true})
				}
			}
		}
		for _, out := range outlets {
			if uri, ok := assetURI(f, names, out, known); ok {
				asset(f, facts, uri, out, reads)
			}
		}
	}
	for _, d := range python.Definitions(f) {
		for _, dec := range python.DecoratorPaths(f, d) {
			if dec.Path == "airflow.sdk.asset" || dec.Path == "airflow.sdk.definitions.asset.decorators.asset" {
				at := pycall.Argument(dec.Call, "uri", -1)
				if uri, ok := pycall.Text(f, at); ok {
					asset(f, facts, uri, at, nil)
				}
			}
		}
	}
}

func refTool(kind string) string {
	if kind == "path" {
		return "path"
	}
	return "sql"
}

// assetURI is the URI of Asset("…") or Dataset(uri="…"), or of the variable that holds one.
func assetURI(f *parsers.File, names *python.ImportTable, n parsers.Node, known map[string]string) (string, bool) {
	if n.Is(python.Identifier) {
		uri, ok := known[n.Text()]
		return uri, ok
	}
	if !n.Is(python.Call) {
		return "", false
	}
	path := names.Resolve(n.Field(python.Function))
	last := path[strings.LastIndexByte(path, '.')+1:]
	if !strings.HasPrefix(path, "airflow.") || last != "Asset" && last != "Dataset" {
		return "", false
	}
	if uri, ok := pycall.Text(f, pycall.Argument(n, "uri", -1)); ok {
		return uri, true
	}
	return pycall.Text(f, pycall.Argument(n, "", 0))
}

func asset(f *parsers.File, facts *graph.Facts, uri string, at parsers.Node, reads []graph.Ref) {
	kind, parts, ok := named(uri)
	if !ok {
		return
	}
	facts.Datasets = append(facts.Datasets, graph.DatasetFact{
		Tool: "airflow", Kind: kind, Parts: parts, Span: f.Span(at.Start(), at.End()), Confidence: graph.Inferred, Persisted: true, Reads: reads,
	})
}

// items is the elements of a list or tuple; a single value is a list of one.
func items(n parsers.Node) []parsers.Node {
	if n.IsNil() {
		return nil
	}
	if !n.Is(python.List, python.Tuple) {
		return []parsers.Node{n}
	}
	var out []parsers.Node
	for item := range n.NamedChildren() {
		out = append(out, item)
	}
	return out
}
