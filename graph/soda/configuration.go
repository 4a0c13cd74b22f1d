package soda

import (
	"fmt"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
)

// sourceName is how Soda 3 wants a data source to be called.
var sourceName = regexp.MustCompile(`^[a-z_][a-z_0-9]+$`)

// readConfiguration reads a configuration of version 3: data sources and the cloud.
func (d *document) readConfiguration() {
	for _, p := range d.root.Pairs {
		name, source := strings.CutPrefix(p.Key, "data_source ")
		switch {
		case source:
			name = strings.TrimSpace(name)
			d.projects = append(d.projects, d.source3(name, p))
			if !sourceName.MatchString(name) && !strings.Contains(name, "${") {
				d.problem(Syntax, p.At, p.Key, "data source `%s` must be of small letters, digits and underscores", name)
			}
			if p.Value.Kind != plain.Mapping {
				d.problem(Syntax, p.At, p.Key, "`%s` must be a mapping, not %s", p.Key, d.typeOf(p.Value))
			} else if p.Value.String("type") == "" {
				d.problem(Syntax, p.At, p.Key, "data source `%s` has no `type`", name)
			}
			if c := p.Value.Get("connection"); c != nil && c.Kind != plain.Mapping && c.Kind != plain.Null {
				d.problem(Syntax, c.Span, "connection", "`connection` must be a mapping, not %s", d.typeOf(c))
			}
		case p.Key == "soda_cloud":
			d.cloud(p)
		case p.Key == "dbt_cloud":
		default:
			f := d.problem(Syntax, p.At, p.Key, "Soda skips the unknown section `%s` of this configuration", p.Key)
			f.Evidence = "sections: data_source NAME, soda_cloud, dbt_cloud"
			if near := nearest(strings.SplitN(p.Key, " ", 2)[0], []string{"data_source", "soda_cloud"}); near != "" && strings.Contains(p.Key, " ") {
				d.replace(f, p.At, p.Key, near+" "+strings.SplitN(p.Key, " ", 2)[1], true)
			}
		}
	}
}

func (d *document) cloud(p plain.Pair) {
	d.projects = append(d.projects, graph.ProjectFact{Tool: "soda-cloud", Name: "soda_cloud", Span: p.At})
}

func (d *document) source3(name string, p plain.Pair) graph.ProjectFact {
	fact := graph.ProjectFact{Tool: "soda", Name: name, Span: p.At, Values: map[string]string{"version": "3", "type": p.Value.String("type")}}
	for _, v := range []*plain.Value{p.Value, p.Value.Get("connection")} {
		for _, key := range []string{"schema", "dataset", "database"} {
			if s := v.String(key); s != "" && fact.Values["schema"] == "" {
				fact.Values["schema"] = graph.Evaluate(s, nil)
			}
			if s := v.String(key); s != "" && key == "schema" {
				fact.Values["prefix"] = s // what Soda puts before every table
			}
		}
	}
	sampler(p.Value.Get("sampler"), &fact)
	return fact
}

// sampler reads what a data source says of samples of failing rows: off, or which columns stay out, as "table.column".
func sampler(v *plain.Value, fact *graph.ProjectFact) {
	fact.Values["disable_samples"] = v.String("disable_samples")
	fact.Values["samples_limit"] = v.String("samples_limit")
	for _, table := range v.Get("exclude_columns").Entries() {
		for _, column := range v.Strings("exclude_columns", table.Key) {
			if fact.Lists == nil {
				fact.Lists = map[string][]string{}
			}
			fact.Lists["exclude_columns"] = append(fact.Lists["exclude_columns"], strings.ToLower(table.Key+"."+column))
		}
	}
}

// readDataSource reads a data source of version 4.
func (d *document) readDataSource() {
	v := d.root
	if !contains(sourceTypes, v.String("type")) {
		d.kind = NoSoda // of another tool
		return
	}
	d.projects = append(d.projects, graph.ProjectFact{Tool: "soda", Name: v.String("name"), Span: pair(v, "name").At,
		Values: map[string]string{"version": "4", "type": v.String("type")}})
	for _, p := range v.Pairs {
		if near := nearest(p.Key, []string{"type", "name", "connection"}); near != "" && near != p.Key {
			d.unknownKey(p, "a data source", []string{"type", "name", "connection"})
		}
	}
}

var sourceTypes = []string{
	"postgres", "postgresql", "snowflake", "bigquery", "databricks", "redshift", "sqlserver", "fabric", "synapse", "athena", "duckdb", "trino", "sparkdf",
	"oracle", "mysql", "dremio", "clickhouse", "db2", "teradata", "hive",
}

var oldTypes = map[string]string{
	"no_missing_values": "completeness", "missing_count": "completeness", "missing_percent": "completeness", "missing": "completeness",
	"no_invalid_values": "validity", "invalid_count": "validity", "invalid_percent": "validity", "invalid": "validity",
	"no_duplicate_values": "uniqueness", "duplicate_count": "uniqueness", "duplicate_percent": "uniqueness", "unique": "uniqueness",
	"rows_exist": "volume", "row_count": "volume", "freshness_in_days": "freshness", "freshness_in_hours": "freshness", "freshness_in_minutes": "freshness",
	"schema": "schema", "avg": "distribution", "sum": "distribution", "min": "distribution", "max": "distribution",
}

// readOldContract reads a contract of version 3's experiment, which version 4 does not read.
func (d *document) readOldContract() {
	id := d.root.Get("dataset")
	target := graph.Ref{Tool: "sql", Parts: []string{graph.Evaluate(id.Text, nil)}, Span: id.Span}
	f := d.problem(Syntax, id.Span, "dataset", "this contract is of Soda 3's experiment (`type:` in checks), which Soda 4 does not read")
	f.Values = map[string]string{"installed": "4"}
	if strings.Contains(id.Text, "/") {
		f.Values, f.Message = nil, "Soda 4 has a check's type as its key, `- missing:`, and no `type:`"
	}
	f.Evidence = "write the type as the key: `- missing:`, and the dataset as source/database/schema/" + id.Text
	add := func(list []*plain.Value, column string) {
		for _, item := range list {
			kind := item.String("type")
			c := graph.CheckFact{Framework: "soda", Name: kind, Capability: oldTypes[kind], Target: target, Blocking: graph.BlockingYes, Span: item.Span, Confidence: graph.Inferred}
			if c.Capability == "" {
				c.Capability = "custom"
			}
			if column != "" {
				c.Columns = []string{column}
			}
			if kind != "" {
				d.checks = append(d.checks, c)
			}
		}
	}
	for _, column := range d.root.List("columns") {
		add(column.List("checks"), column.String("name"))
	}
	add(d.root.List("checks"), "")
}

// promises reports what a contract declares and no check of it verifies.
func (d *document) promises(c *graph.ContractFact) {
	typed := ""
	for _, column := range d.root.List("columns") {
		if typed == "" && column.String("data_type") != "" {
			typed = column.String("name")
		}
		d.unchecked(column)
	}
	if typed != "" && !c.Enforced {
		f := d.problem(Promise, pair(d.root, "columns").At, "schema", "the types of `%s` are declared, but no `schema` check compares them", strings.Join(c.Target.Parts, "."))
		d.addSchema(f)
	}
}

// unchecked reports validity that a column declares and no check of it reads.
func (d *document) unchecked(column *plain.Value) {
	checks := map[string]bool{}
	for _, item := range column.List("checks") {
		if len(item.Pairs) == 1 {
			checks[item.Pairs[0].Key] = true
		}
	}
	reads := func(prefix string) bool {
		return checks["invalid"] || prefix == "missing_" && (checks["missing"] || checks["duplicate"] || checks["aggregate"] || checks["metric"])
	}
	for _, p := range column.Entries() {
		for _, prefix := range []string{"valid_", "invalid_", "missing_"} {
			if strings.HasPrefix(p.Key, prefix) && (contains(validityKeys4, p.Key) || contains(missingKeys4, p.Key)) && !reads(prefix) {
				want := "invalid"
				if prefix == "missing_" {
					want = "missing"
				}
				d.problem(Promise, p.At, p.Key, "`%s` of column `%s` is read by no `%s` check", p.Key, column.String("name"), want)
				return
			}
		}
	}
}

// addSchema gives a problem the fix that adds a schema check at the beginning of the contract's checks.
func (d *document) addSchema(f *graph.ProblemFact) {
	p := pair(d.root, "checks")
	if p.Value == nil {
		end := len(d.source.Raw)
		text := "checks:\n  - schema:\n"
		if end > 0 && d.source.Raw[end-1] != '\n' {
			text = "\n" + text
		}
		if columns := d.root.Get("columns"); columns == nil || d.root.Pairs[len(d.root.Pairs)-1].Key != "columns" || d.flow(d.root) {
			return
		}
		f.Fix = &graph.ProblemFix{Title: "add a `schema` check", Unsafe: true, Start: end, End: end, Text: text}
		return
	}
	if p.Value.Kind != plain.Sequence || len(p.Value.Items) == 0 || d.flow(p.Value) {
		return
	}
	first := p.Value.Items[0].Span.Start
	start := d.lineStart(first.Byte)
	dash := string(d.source.Raw[start:first.Byte])
	if strings.TrimSpace(dash) != "-" {
		return
	}
	f.Fix = &graph.ProblemFix{Title: "add a `schema` check", Unsafe: true, Start: start, End: start, Text: fmt.Sprintf("%sschema:\n", dash)}
}

// flow reports whether a value is written in brackets.
func (d *document) flow(v *plain.Value) bool {
	i := v.Span.Start.Byte
	return i >= 0 && i < len(d.source.Raw) && (d.source.Raw[i] == '[' || d.source.Raw[i] == '{')
}
