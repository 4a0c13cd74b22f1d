package airflow

import (
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/python"
)

// end is where an operator's arguments name one end of a transfer: a table (with its schema), a path of a bucket and a key,
// a URI, or a query whose relations are read.
type end struct {
	schema, table string
	scheme        string // of a path: s3, gs
	bucket, key   string
	query         string
}

// transfers are the operators that copy from one end to the other. A positional argument is never used for them.
var transfers = map[string]struct{ from, to end }{
	"S3ToRedshift":                     {end{scheme: "s3", bucket: "s3_bucket", key: "s3_key"}, end{schema: "schema", table: "table"}},
	"RedshiftToS3":                     {end{schema: "schema", table: "table"}, end{scheme: "s3", bucket: "s3_bucket", key: "s3_key"}},
	"S3ToSql":                          {end{scheme: "s3", bucket: "s3_bucket", key: "s3_key"}, end{schema: "schema", table: "table"}},
	"SqlToS3":                          {end{query: "query"}, end{scheme: "s3", bucket: "s3_bucket", key: "s3_key"}},
	"GCSToBigQuery":                    {end{scheme: "gs", bucket: "bucket", key: "source_objects"}, end{table: "destination_project_dataset_table"}},
	"BigQueryToGCS":                    {end{table: "source_project_dataset_table"}, end{scheme: "uri", key: "destination_cloud_storage_uris"}},
	"BigQueryToBigQuery":               {end{table: "source_project_dataset_tables"}, end{table: "destination_project_dataset_table"}},
	"BigQueryToMySql":                  {end{table: "dataset_table"}, end{table: "target_table_name"}},
	"BigQueryToPostgres":               {end{table: "dataset_table"}, end{table: "target_table_name"}},
	"PostgresToGCS":                    {end{query: "sql"}, end{scheme: "gs", bucket: "bucket", key: "filename"}},
	"MySQLToGCS":                       {end{query: "sql"}, end{scheme: "gs", bucket: "bucket", key: "filename"}},
	"MSSQLToGCS":                       {end{query: "sql"}, end{scheme: "gs", bucket: "bucket", key: "filename"}},
	"OracleToGCS":                      {end{query: "sql"}, end{scheme: "gs", bucket: "bucket", key: "filename"}},
	"CopyFromExternalStageToSnowflake": {end{}, end{schema: "schema", table: "table"}},
	"S3ToSnowflake":                    {end{}, end{schema: "schema", table: "table"}},
	"DatabricksCopyInto":               {end{scheme: "uri", key: "file_location"}, end{table: "table_name"}},
	"HiveToMySql":                      {end{query: "sql"}, end{table: "mysql_table"}},
	"MySqlToHive":                      {end{query: "sql"}, end{table: "hive_table"}},
	"S3ToHive":                         {end{scheme: "uri", key: "s3_key"}, end{table: "hive_table"}},
}

// transfer reads an operator that copies a dataset. An end that can't be resolved is left out.
func transfer(f *parsers.File, facts *graph.Facts, call parsers.Node, name string) {
	t, ok := transfers[name]
	if !ok {
		if name == "GenericTransfer" {
			t.from, t.to = end{query: "sql"}, end{table: "destination_table"}
		} else {
			return
		}
	}
	var reads []graph.Ref
	for _, r := range t.from.refs(f, call) {
		r.Inferred = true
		reads = append(reads, r)
	}
	for _, to := range t.to.refs(f, call) {
		kind := "table"
		if to.Tool == "path" {
			kind = "path"
		}
		facts.Datasets = append(facts.Datasets, graph.DatasetFact{
			Tool: "airflow", Kind: kind, Parts: to.Parts, Span: to.Span, Confidence: graph.Exact, Persisted: true, Mode: "append", Reads: reads,
		})
	}
}

func (e end) refs(f *parsers.File, call parsers.Node) []graph.Ref {
	switch {
	case e.query != "":
		at := pycall.Argument(call, e.query, -1)
		text, ok := pycall.Text(f, at)
		if !ok {
			return nil
		}
		var out []graph.Ref
		for _, st := range sqltext.Read(text) {
			for _, r := range st.Reads {
				out = append(out, graph.Ref{Tool: "sql", Parts: r.Parts, Span: f.Span(at.Start(), at.End())})
			}
		}
		return out
	case e.table != "":
		var out []graph.Ref
		for _, at := range items(pycall.Argument(call, e.table, -1)) {
			text, ok := pycall.Text(f, at)
			if !ok || text == "" {
				continue
			}
			parts, _ := graph.SplitName(strings.ReplaceAll(text, ":", "."))
			if schema, ok := pycall.Text(f, pycall.Argument(call, e.schema, -1)); ok && e.schema != "" && len(parts) == 1 {
				parts = append([]string{schema}, parts...)
			}
			if graph.Canonical(parts) != nil {
				out = append(out, graph.Ref{Tool: "sql", Parts: parts, Span: f.Span(at.Start(), at.End())})
			}
		}
		return out
	case e.key != "":
		bucket, ok := "", true
		if e.bucket != "" {
			bucket, ok = pycall.Text(f, pycall.Argument(call, e.bucket, -1))
		}
		var out []graph.Ref
		for _, at := range items(pycall.Argument(call, e.key, -1)) {
			text, known := pycall.Text(f, at)
			if !ok || !known || text == "" {
				continue
			}
			if e.bucket != "" && !strings.Contains(text, "://") {
				text = e.scheme + "://" + bucket + "/" + strings.TrimPrefix(text, "/")
			}
			if storage.MatchString(text) {
				out = append(out, graph.Ref{Tool: "path", Parts: []string{text}, Span: f.Span(at.Start(), at.End())})
			}
		}
		return out
	}
	return nil
}

// bigQuery reads the job of BigQueryInsertJobOperator(configuration={"query": {"query": …, "destinationTable": {…}}}) and the
// destination_dataset_table of older operators.
func bigQuery(f *parsers.File, facts *graph.Facts, call parsers.Node) {
	query, target := pycall.Argument(call, "sql", -1), []string(nil)
	at := pycall.Argument(call, "destination_dataset_table", -1)
	if text, ok := pycall.Text(f, at); ok {
		target, _ = graph.SplitName(strings.ReplaceAll(text, ":", "."))
	}
	if job := value(f, pycall.Argument(call, "configuration", -1), "query"); job.Is(python.Dictionary) {
		query = value(f, job, "query")
		if table := value(f, job, "destinationTable"); table.Is(python.Dictionary) {
			at = table
			for _, key := range []string{"projectId", "datasetId", "tableId"} {
				text, ok := pycall.Text(f, value(f, table, key))
				if !ok {
					text = graph.Hole
				}
				target = append(target, text)
			}
		} else if text, ok := pycall.Text(f, query); ok {
			span := f.Span(query.Start(), query.End())
			facts.Datasets = append(facts.Datasets, sqltext.Datasets(text, "airflow", func(int, int) parsers.Span { return span })...)
		}
	}
	if graph.Canonical(target) == nil {
		return
	}
	d := graph.DatasetFact{Tool: "airflow", Kind: "table", Parts: target, Span: f.Span(at.Start(), at.End()), Confidence: graph.Exact, Persisted: true}
	if text, ok := pycall.Text(f, query); ok {
		for _, st := range sqltext.Read(text) {
			for _, r := range st.Reads {
				d.Reads = append(d.Reads, graph.Ref{Tool: "sql", Parts: r.Parts, Span: f.Span(query.Start(), query.End())})
			}
		}
	}
	facts.Datasets = append(facts.Datasets, d)
}

// value is the value of a key of a dictionary; nil if it has none.
func value(f *parsers.File, dict parsers.Node, key string) parsers.Node {
	if dict.Is(python.Dictionary) {
		for pair := range dict.NamedChildren() {
			if k, ok := pycall.Text(f, pair.Field(python.Key)); ok && k == key {
				return pair.Field(python.Value)
			}
		}
	}
	return parsers.Node{}
}
