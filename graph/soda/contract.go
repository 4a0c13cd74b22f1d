package soda

import (
	"fmt"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// readContract reads a contract of version 4: dataset: source/database/schema/table.
func (d *document) readContract() {
	v := d.root
	for _, p := range v.Get("variables").Entries() {
		if s := p.Value.String("default"); s != "" {
			d.vars[p.Key] = s
		}
	}
	d.known(v, "a contract", "contract", contractKeys)
	id := v.Get("dataset")
	if id == nil {
		d.problem(Syntax, v.Pairs[0].At, "dataset", "the contract has no `dataset`, so Soda verifies nothing of it")
		id = &plain.Value{Span: v.Pairs[0].At}
	} else if !strings.Contains(id.Text, "/") {
		d.problem(Syntax, id.Span, id.Text, "`%s` must be the full name of a dataset: source/schema/table", id.Text)
	}
	target := d.path(id.String(), id.Span)
	if kind := v.String("kind"); kind != "" && kind != "contract" {
		d.problem(Cloud, v.Get("kind").Span, "kind", "Soda Core knows no kind `%s`, only contracts", kind).Values = map[string]string{}
	}
	if columns := v.Get("columns"); columns == nil || columns.Kind != plain.Sequence {
		d.problem(Syntax, id.Span, "columns", "the contract of `%s` has no `columns`, so Soda verifies nothing of it", id.Text)
	}
	if v.Has("soda_agent") && v.Has("soda_runner") {
		d.problem(Syntax, pair(v, "soda_agent").At, "soda_agent", "`soda_agent` and `soda_runner` exclude each other")
	} else if p := pair(v, "soda_agent"); p.Value != nil {
		f := d.problem(Syntax, p.At, "soda_agent", "`soda_agent` is the old name of `soda_runner`")
		f.Minor, f.Values = true, map[string]string{"since": "12"}
		d.replace(f, p.At, "soda_agent", "soda_runner", false)
	}
	for _, p := range v.Get("variables").Entries() {
		d.unknownKeys(p.Value, "a variable", variableKeys)
	}
	for _, p := range v.Get("scopes").Entries() {
		d.unknownKeys(p.Value, "a scope", scopeKeys)
	}
	c := &graph.ContractFact{Tool: "soda", Name: strings.Join(target.Parts, "."), Target: target, Span: id.Span}
	d.contract = c
	from := len(d.checks)
	d.columns(v, c)
	d.contractChecks(pair(v, "checks"), nil)
	for i := range d.checks[from:] {
		check := &d.checks[from+i]
		check.Target = target
		if check.NeverFails == "" && alwaysFalse(v.String("filter")) {
			check.NeverFails = "the contract's filter selects no row"
		}
		if check.Name == "schema" {
			c.Enforced = true
		}
	}
	d.promises(c)
}

// path is the dataset that a qualified name of version 4 means: without its data source.
func (d *document) path(id string, at parsers.Span) graph.Ref {
	parts := strings.Split(strings.Trim(graph.Evaluate(id, d.vars), "/"), "/")
	if len(parts) > 1 {
		parts = parts[1:]
	}
	return graph.Ref{Tool: "sql", Parts: parts, Span: at}
}

// pair is a key with its value; zero if there is none.
func pair(v *plain.Value, key string) plain.Pair {
	for _, p := range v.Entries() {
		if p.Key == key {
			return p
		}
	}
	return plain.Pair{}
}

// known reports keys that Soda does not read in a mapping, values of another type than it wants, and the keys that the
// earliest releases did not know yet.
func (d *document) known(v *plain.Value, where, kind string, allowed []string) {
	d.unknownKeys(v, where, allowed)
	for _, p := range v.Entries() {
		minor := since[kind+"."+p.Key]
		if minor == 0 && p.Key == "scope" {
			minor = since["check.scope"]
		}
		if minor > 0 && contains(allowed, p.Key) {
			f := d.problem(Syntax, p.At, p.Key, "`%s` is read from soda-core 4.%d on", p.Key, minor)
			f.Values = map[string]string{"since": strconv.Itoa(minor)}
		}
		want := types4[p.Key]
		if got := d.typeOf(p.Value); want != "" && contains(allowed, p.Key) && got != want && got != "nothing" && !variable(p.Value) {
			f := d.problem(Syntax, p.At, p.Key, "`%s` must be %s, not %s", p.Key, want, got)
			if strings.HasSuffix(p.Key, "between") && got == "a list" && len(p.Value.Items) == 2 {
				f.Evidence = fmt.Sprintf("write {greater_than_or_equal: %s, less_than_or_equal: %s}", p.Value.Items[0].Text, p.Value.Items[1].Text)
			}
		}
	}
}

// columns reads the columns of a contract with their checks.
func (d *document) columns(v *plain.Value, c *graph.ContractFact) {
	seen := map[string]bool{}
	if columns := v.Get("columns"); columns == nil || columns.Kind != plain.Sequence {
		return
	}
	for _, column := range v.List("columns") {
		name := column.String("name")
		if column.Kind != plain.Mapping {
			d.problem(Syntax, column.Span, column.Text, "a column must be a mapping with a `name`, not %s", d.typeOf(column))
			continue
		}
		d.known(column, "a column", "column", columnKeys)
		d.formats(column)
		if name == "" {
			d.problem(Syntax, column.Span, "name", "a column has no `name`")
		} else if seen[name] {
			d.problem(Syntax, column.Get("name").Span, name, "column `%s` stands twice", name)
		}
		seen[name] = true
		fact := graph.ColumnFact{Name: name, Type: column.String("data_type"), Description: column.String("description"), Optional: column.True("optional"), Span: column.Span}
		if at := column.Get("name"); at != nil {
			fact.Span = at.Span
		}
		before := len(d.checks)
		d.contractChecks(pair(column, "checks"), column)
		for _, check := range d.checks[before:] {
			fact.Tests = append(fact.Tests, check.Name)
		}
		c.Columns = append(c.Columns, fact)
	}
}

// contractChecks reads a list of checks, of a column or of the dataset (column is nil).
func (d *document) contractChecks(p plain.Pair, column *plain.Value) {
	if p.Value == nil || p.Value.Kind != plain.Sequence {
		return
	}
	if len(p.Value.Items) == 0 {
		d.problem(Syntax, p.At, "checks", "`checks` must not be an empty list")
	}
	seen := map[string]bool{}
	for _, item := range p.Value.Items {
		switch {
		case item.Kind == plain.Scalar:
			f := d.problem(Syntax, item.Span, item.Text, "the check `%s` needs a colon behind it", item.Text)
			if checkTypes[item.Text].capability != "" {
				f.Fix = &graph.ProblemFix{Title: "write `" + item.Text + ":`", Unsafe: true, Start: item.Span.Start.Byte, End: item.Span.End.Byte, Text: item.Text + ":"}
			}
			d.contractCheck(plain.Pair{Key: item.Text, At: item.Span, Value: &plain.Value{}}, column, true)
		case item.Kind != plain.Mapping || len(item.Pairs) == 0:
			d.problem(Syntax, item.Span, "check", "a check must be a mapping with its type as the key, not %s", d.typeOf(item))
		case len(item.Pairs) > 1:
			f := d.problem(Syntax, item.Pairs[1].At, item.Pairs[1].Key, "`%s` stands beside the check `%s`, so Soda skips both; indent it", item.Pairs[1].Key, item.Pairs[0].Key)
			if checkTypes[item.Pairs[1].Key].capability != "" {
				f.Message = fmt.Sprintf("`%s` stands in one list item with `%s`, so Soda skips both", item.Pairs[1].Key, item.Pairs[0].Key)
			} else if item.Pairs[0].Value.Kind == plain.Null {
				d.indent(f, item)
			}
		default:
			check := item.Pairs[0]
			identity := check.Key + "\x00" + check.Value.String("qualifier") + "\x00" + check.Value.String("scope")
			if check.Key == "duplicate" && column == nil {
				identity += "\x00" + strings.Join(check.Value.Strings("columns"), ",")
			}
			if seen[identity] && checkTypes[check.Key].capability != "" {
				d.problem(Syntax, check.At, check.Key, "two `%s` checks here are one to Soda; give one a `qualifier`", check.Key)
			}
			seen[identity] = true
			d.contractCheck(check, column, false)
		}
	}
}

// contractCheck reads one check of a contract.
func (d *document) contractCheck(p plain.Pair, column *plain.Value, broken bool) {
	kind, body := p.Key, p.Value
	t := checkTypes[kind]
	before := len(d.problems)
	c := graph.CheckFact{Framework: "soda", Name: kind, Capability: t.capability, Blocking: graph.BlockingYes, Span: p.At, Confidence: graph.Exact}
	if name := column.String("name"); name != "" {
		c.Columns = []string{name}
	}
	c.Columns = append(c.Columns, body.Strings("columns")...)
	if kind == "freshness" && body.String("column") != "" {
		c.Columns = append(c.Columns, body.String("column"))
	}
	if body.Has("store_failed_rows") {
		c.Settings = map[string]string{"store_failed_rows": body.String("store_failed_rows")}
	}
	switch {
	case t.capability == "":
		d.unknownCheck(p, column)
		c.Capability, c.NeverFails = "custom", "Soda knows no check of this type"
	case broken:
		c.NeverFails = "Soda skips it"
	case body != nil && body.Kind != plain.Mapping && body.Kind != plain.Null:
		d.problem(Syntax, p.At, kind, "what stands under `%s` must be a mapping, not %s", kind, d.typeOf(body))
		c.NeverFails = "Soda reads nothing of its settings"
	default:
		d.checkBody(kind, t, body, p.At, column, &c)
	}
	d.refused(&c, before)
	d.checks = append(d.checks, c)
}

func (d *document) unknownCheck(p plain.Pair, column *plain.Value) {
	var names []string
	for _, n := range contractCheckTypes() {
		if t := checkTypes[n]; column != nil && t.column || column == nil && t.dataset {
			names = append(names, n)
		}
	}
	near := nearest(p.Key, names)
	f := d.problem(Syntax, p.At, p.Key, "Soda knows no check `%s`", p.Key)
	f.Values = map[string]string{"check": p.Key}
	if near != "" {
		f.Message += "; did you mean `" + near + "`?"
	}
	f.Evidence = "checks: " + strings.Join(names, ", ")
	d.replace(f, p.At, p.Key, near, true)
}

// checkBody looks at what stands under a check of a known type.
func (d *document) checkBody(kind string, t checkType, body *plain.Value, at parsers.Span, column *plain.Value, c *graph.CheckFact) {
	allowed := append(append([]string(nil), commonKeys...), t.keys...)
	if kind == "duplicate" && column != nil {
		allowed = append(append([]string(nil), commonKeys...), withValidity...)
	}
	d.known(body, "a `"+kind+"` check", kind, allowed)
	d.formats(body)
	switch {
	case kind == "freshness" && column != nil:
		d.problem(Syntax, at, kind, "a `freshness` check belongs to the dataset, not to a column")
	case column == nil && !t.dataset:
		d.problem(Syntax, at, kind, "a `%s` check belongs to a column, not to the dataset", kind)
	}
	if scope := body.String("scope"); scope != "" && scope != "base" {
		d.cloudOnly(body.Get("scope").Span, scope, "Soda Core does not evaluate the checks of scope `%s`", scope)
	}
	if alwaysFalse(body.String("filter")) {
		c.NeverFails = "its filter selects no row"
	}
	switch kind {
	case "schema":
		return
	case "invalid":
		if !configuresValidity(body) && !configuresValidity(column) {
			d.problem(Syntax, at, kind, "the `invalid` check of `%s` says no valid or invalid values", column.String("name"))
			c.NeverFails = "no valid or invalid values are configured"
		}
	case "duplicate":
		if column == nil && len(body.List("columns")) == 0 {
			d.problem(Syntax, at, kind, "a `duplicate` check of the dataset needs `columns`")
		}
	case "freshness":
		if body.String("column") == "" {
			d.problem(Syntax, at, kind, "a `freshness` check needs `column`")
		}
	case "aggregate":
		d.function(body, at)
	case "failed_rows":
		d.failedRowsOf(body, at, c)
	case "metric":
		if body.String("expression") == "" && body.String("query") == "" {
			d.problem(Syntax, at, kind, "a `metric` check needs `expression` or `query`")
		} else if body.String("expression") != "" && body.String("query") != "" {
			d.problem(Weak, at, kind, "the `metric` check has `expression` and `query`, and Soda runs only one of them")
		}
	}
	if reference := body.Get("valid_reference_data"); reference != nil {
		c.Capability = "referential"
		d.reference(reference, c, column)
	} else if reference := column.Get("valid_reference_data"); reference != nil && kind == "invalid" {
		c.Capability = "referential"
		d.reference(reference, c, column)
	}
	if why := d.threshold(kind, t, body, at, c); c.NeverFails == "" {
		c.NeverFails = why
	}
}

// formats looks at the mappings of a column or check that describe a format.
func (d *document) formats(v *plain.Value) {
	for _, key := range []string{"valid_format", "invalid_format", "missing_format"} {
		if f := v.Get(key); f != nil && f.Kind == plain.Mapping {
			d.unknownKeys(f, "`"+key+"`", []string{"regex", "name"})
			for _, k := range []string{"regex", "name"} {
				if !f.Has(k) {
					d.problem(Syntax, pair(v, key).At, key, "`%s` needs `%s`", key, k)
				}
			}
		}
	}
}

func (d *document) function(body *plain.Value, at parsers.Span) {
	f := body.Get("function")
	if f == nil || f.Text == "" {
		d.problem(Syntax, at, "function", "an `aggregate` check needs `function`: avg, sum, min, max, minLength, maxLength, avgLength")
		return
	}
	for _, name := range functions {
		if strings.EqualFold(name, f.Text) {
			return
		}
	}
	if !variable(f) {
		near := nearest(f.Text, functions)
		p := d.problem(Syntax, f.Span, f.Text, "an `aggregate` check knows no function `%s`", f.Text)
		p.Evidence = "functions: avg, sum, min, max, minLength, maxLength, avgLength"
		p.Values = map[string]string{"engine": "data source"}
		d.replace(p, f.Span, f.Text, near, true)
	}
}

func (d *document) failedRowsOf(body *plain.Value, at parsers.Span, c *graph.CheckFact) {
	var forms []string
	for _, key := range []string{"expression", "query", "keys_query"} {
		if body.String(key) != "" {
			forms = append(forms, key)
		}
	}
	switch {
	case len(forms) == 0:
		d.problem(Syntax, at, "failed_rows", "a `failed_rows` check needs `expression`, `query` or `keys_query`")
	case len(forms) > 1:
		d.problem(Syntax, at, "failed_rows", "a `failed_rows` check can't have both `%s` and `%s`", forms[0], forms[1])
	case forms[0] != "expression" && body.String("threshold", "metric") == "percent" && body.String("rows_tested_query") == "":
		d.problem(Syntax, at, "failed_rows", "a percentage of a `%s` needs `rows_tested_query`", forms[0])
	}
	if body.Has("key_column_mapping") && !body.Has("keys_query") {
		d.problem(Syntax, pair(body, "key_column_mapping").At, "key_column_mapping", "`key_column_mapping` is read only with `keys_query`")
	}
	if body.Has("rows_tested_query") && len(forms) == 1 && forms[0] == "expression" {
		d.problem(Syntax, pair(body, "rows_tested_query").At, "rows_tested_query", "`rows_tested_query` is read only with `query` or `keys_query`")
	}
	if alwaysFalse(body.String("expression")) || noRows(body.String("query")) {
		c.NeverFails = "its condition is never true"
	}
}

func (d *document) reference(v *plain.Value, c *graph.CheckFact, column *plain.Value) {
	d.unknownKeys(v, "`valid_reference_data`", []string{"dataset", "column"})
	name := v.String("dataset")
	switch {
	case name == "" || !v.Has("column"):
		d.problem(Syntax, v.Span, "valid_reference_data", "`valid_reference_data` needs `dataset` and `column`")
	case !strings.Contains(name, "/") && !variable(v.Get("dataset")):
		d.problem(Syntax, v.Get("dataset").Span, name, "`%s` must be the full name of a dataset: source/schema/table", name)
	}
	if c.Settings == nil {
		c.Settings = map[string]string{}
	}
	target := d.path(name, v.Span)
	c.Settings["reads"], c.Settings["reads columns"] = strings.Join(target.Parts, "."), v.String("column")
	if strings.EqualFold(name, d.root.String("dataset")) && strings.EqualFold(v.String("column"), column.String("name")) {
		c.NeverFails = "it compares a column with itself"
	}
}

func configuresValidity(v *plain.Value) bool {
	for _, p := range v.Entries() {
		if hasPrefix(p.Key, "valid_", "invalid_") && hasBody(p.Value) {
			return true
		}
	}
	return false
}
