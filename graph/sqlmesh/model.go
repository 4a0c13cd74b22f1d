package sqlmesh

import (
	"path"
	"strings"

	"delint/graph"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/sql"
)

// The notes of a model's block: what its rules judge. Property: Text is the key, Values["value"] the value as written; option
// likewise, of the kind. The column notes name a column that a key of the block asks for: Values["key"] says which.
const (
	PropertyNote = "property"
	OptionNote   = "option"
	ColumnNote   = "column"
)

// model reads a MODEL block with the query that follows it: one dataset, or one of each blueprint.
func model(f *parsers.File, facts *graph.Facts, h head, statements []*sql.Statement) {
	kindWord, options := h.get("kind").word()
	kind := strings.ToUpper(kindWord.Text())
	name := h.get("name")
	fact := graph.DatasetFact{
		Tool: tool, Kind: datasetKind(kind), Confidence: graph.Exact, Persisted: true, Pending: true,
		Transient: transient(kind), Tags: h.get("tags").strings(), Owner: h.get("owner").text(), Dialect: strings.ToLower(h.get("dialect").text()),
		Settings: map[string]string{}, Grain: grain(h),
	}
	if len(name) > 0 {
		fact.Span = f.Span(name[0].Start(), name[len(name)-1].End())
	} else {
		fact.Span = f.Span(h.m.Node.Start(), h.m.Node.Start()+len("MODEL"))
		if fact.Parts = inferred(f.Path); fact.Parts == nil {
			return
		}
		fact.Settings["inferred_name"] = "true"
	}
	if h.get("enabled").isFalse() {
		return
	}
	settings(f, h, &fact, kindWord, options)
	if fact.Grain == nil {
		fact.Grain = texts(optionColumns(options, "unique_key"))
	}
	if c := optionColumns(options, "time_column"); len(c) > 0 {
		fact.TimeColumn = unquote(c[0].Text())
	}
	for _, t := range fact.Tags {
		if l := graph.WordLayer(strings.TrimPrefix(t, "layer:")); l != graph.Unknown && fact.Layer == graph.Unknown {
			fact.Layer = l
		}
	}
	fact.Description = h.get("description").text()
	if fact.Description == "" {
		fact.Description = leadingComment(h.m.Node)
	}
	fact.Columns, fact.ColumnsAll = columns(f, h, query(body(after(statements, h.m))))
	read(f, h, &fact, body(after(statements, h.m)))
	for _, vars := range blueprints(h.get("blueprints")) {
		d := fact
		if len(name) > 0 {
			d.Settings = clone(fact.Settings)
			d.Settings["name"] = evaluateKnown(name.source(), vars)
			d.Parts, d.Quoted = graph.SplitName(graph.Evaluate(d.Settings["name"], nil))
		}
		d.Private = strings.HasPrefix(d.Parts[len(d.Parts)-1], "_")
		facts.Datasets = append(facts.Datasets, d)
		facts.Checks = append(facts.Checks, attached(f, h.get("audits"), d.Parts)...)
	}
}

// evaluateKnown puts the values of blueprint variables where a name asks for them; other macros stay.
func evaluateKnown(name string, vars map[string]string) string {
	for k, v := range vars {
		name = strings.ReplaceAll(name, "@{"+k+"}", v)
		name = replaceWord(name, "@"+k, v)
	}
	return name
}

func replaceWord(s, word, by string) string {
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return s
		}
		i += from
		end := i + len(word)
		if end < len(s) && (s[end] == '_' || s[end] >= '0' && s[end] <= '9' || s[end]|0x20 >= 'a' && s[end]|0x20 <= 'z') {
			from = end
			continue
		}
		s = s[:i] + by + s[end:]
		from = i + len(by)
	}
}

func clone(m map[string]string) map[string]string {
	out := make(map[string]string, len(m)+4)
	for k, v := range m {
		out[k] = v
	}
	return out
}

// settings keeps every property under its own key, the options of the kind beside them, and notes where each stands.
func settings(f *parsers.File, h head, fact *graph.DatasetFact, kind parsers.Node, options []parsers.Node) {
	for _, p := range h.m.Properties {
		key, v := split(p.Node)
		if key.IsNil() {
			continue
		}
		if p.Name != "kind" && p.Name != "blueprints" && p.Name != "columns" && p.Name != "column_descriptions" && p.Name != "name" {
			fact.Settings[p.Name] = short(v)
		}
		fact.Notes = append(fact.Notes, graph.Note{Kind: PropertyNote, Text: p.Name, Values: map[string]string{"value": short(v)}, Span: f.Span(key.Start(), key.End())})
		switch p.Name {
		case "partitioned_by", "clustered_by":
			columnNotes(f, fact, p.Name, v.columns())
		case "grain", "grains":
			columnNotes(f, fact, p.Name, v.columns())
		}
	}
	if len(h.get("blueprints")) > 0 {
		fact.Settings["blueprints"] = "true"
	}
	if h.generated() {
		fact.Settings["generated"] = "true"
	}
	if kind.IsNil() {
		return
	}
	fact.Settings["kind"] = strings.ToUpper(kind.Text())
	for i := range fact.Notes {
		if fact.Notes[i].Text == "kind" {
			fact.Notes[i].Span = f.Span(kind.Start(), kind.End())
		}
	}
	for _, item := range options {
		key, v := split(item)
		name := strings.ToLower(unquote(key.Text()))
		if key.IsNil() {
			continue
		}
		setting := name
		if name == "columns" || name == "dialect" {
			setting = "kind." + name
		}
		fact.Settings[setting] = short(v)
		switch name {
		case "time_column", "unique_key":
			cols := optionColumns(options, name)
			fact.Settings[setting] = strings.Join(texts(cols), ",")
			columnNotes(f, fact, name, cols)
		}
		fact.Notes = append(fact.Notes, graph.Note{Kind: OptionNote, Text: name, Values: map[string]string{"value": short(v)}, Span: f.Span(key.Start(), key.End())})
	}
}

func columnNotes(f *parsers.File, fact *graph.DatasetFact, key string, nodes []parsers.Node) {
	for _, n := range nodes {
		fact.Notes = append(fact.Notes, graph.Note{Kind: ColumnNote, Text: unquote(n.Text()), Values: map[string]string{"key": key}, Span: f.Span(n.Start(), n.End())})
	}
}

// maxSetting bounds what is kept of a long value.
const maxSetting = 400

func short(v value) string {
	s := v.text()
	if len(v) == 1 && v[0].Is(sql.Group, sql.Array) {
		s = strings.Join(v.strings(), ",")
	}
	if len(s) > maxSetting {
		s = s[:maxSetting]
	}
	return s
}

// optionColumns is the columns that an option of a kind names: time_column (ts, '%Y'), unique_key (a, COALESCE(b, ”)).
func optionColumns(options []parsers.Node, name string) []parsers.Node {
	for _, item := range options {
		if key, v := split(item); strings.EqualFold(key.Text(), name) {
			return v.columns()
		}
	}
	return nil
}

// grain is the columns of the first grain: grain (a, b) is one of two columns, grains (a, (b, c)) two.
func grain(h head) []string {
	v := h.get("grain")
	if items := h.get("grains").items(); len(v) == 0 && len(items) > 0 {
		v = items[0]
	}
	out := texts(v.columns())
	for i, name := range out { // "id AS order_id": the name under which others refer to it
		out[i], _, _ = strings.Cut(name, " ")
	}
	return out
}

// inferred is the name that SQLMesh gives a model without one: the last folders below models/ and the file's stem.
func inferred(file string) []string {
	_, rest, ok := strings.Cut("/"+file, "/models/")
	if !ok {
		return nil
	}
	parts := strings.Split(strings.TrimSuffix(rest, path.Ext(rest)), "/")
	return parts[max(0, len(parts)-3):]
}

func datasetKind(kind string) string {
	switch kind {
	case "", "VIEW":
		return "view"
	case "SEED":
		return "seed"
	case "EXTERNAL":
		return "external"
	}
	return "table"
}

func transient(kind string) string {
	if kind == "EMBEDDED" {
		return "embedded"
	}
	return ""
}

// blueprints is the variables of each dataset that a model stands for: ((customer := a), (customer := b)); one empty set
// for a model without blueprints, and for blueprints that a macro makes.
func blueprints(v value) []map[string]string {
	var out []map[string]string
	for _, item := range v.items() {
		vars := map[string]string{}
		put := func(key string, v value, _ parsers.Node) { vars[key] = v.text() }
		item.pairs(put)
		if len(vars) == 0 {
			value{}.pairs(put)
			if len(item) > 2 && item[1].Is(sql.Operator) { // (a := 1) alone is a blueprint of one variable
				vars[unquote(item[0].Text())] = item[2:].text()
			}
		}
		if len(vars) > 0 {
			out = append(out, vars)
		}
	}
	if out == nil {
		return []map[string]string{nil}
	}
	return out
}

func after(statements []*sql.Statement, m *sql.Model) []*sql.Statement {
	for i, s := range statements {
		if s.Model == m {
			return statements[i+1:]
		}
	}
	return nil
}

// query is the model's query: the last SELECT that stands among its statements.
func query(statements []*sql.Statement) *sql.Statement {
	var found *sql.Statement
	for _, s := range statements {
		if s.Kind == sql.StatementSelect {
			found = s
		}
	}
	return found
}

// read fills in what the model is built from.
func read(f *parsers.File, h head, fact *graph.DatasetFact, statements []*sql.Statement) {
	q := query(statements)
	for _, item := range h.get("depends_on").items() {
		parts, _ := graph.SplitName(graph.Evaluate(item.text(), nil))
		fact.Reads = append(fact.Reads, graph.Ref{Tool: "sql", Parts: parts, Span: f.Span(item[0].Start(), item[len(item)-1].End())})
	}
	if q == nil {
		if fact.Kind != "seed" && fact.Kind != "external" {
			fact.Confidence = graph.Partial // a macro writes the query
			fact.Reads = append(fact.Reads, handed(f, statements)...)
		}
		return
	}
	for _, st := range sqltext.Statements(f) {
		if st.Start != q.Start() {
			continue
		}
		fact.Simple = st.Simple
		for _, r := range st.Reads {
			fact.Reads = append(fact.Reads, graph.Ref{Tool: "sql", Parts: r.Parts, Span: f.Span(r.Start, r.End)})
		}
	}
	queryNotes(f, fact, q, statements)
	outputs, notes := sqltext.Lineage(f, q, fact.Reads, fact.Dialect)
	fact.Outputs, fact.Notes = outputs, append(fact.Notes, notes...)
}

// handed is the relations that a macro which writes the query is handed by name: @load_hub(sources := (silver.a, silver.b)).
func handed(f *parsers.File, statements []*sql.Statement) (out []graph.Ref) {
	for _, s := range statements {
		call := s.Node.FirstNamed()
		if !call.Is(sql.Call) || !call.Field(sql.Function).Is(sql.Macro) || builtinMacros[strings.ToLower(macroName(call.Field(sql.Function).Text()))] {
			continue
		}
		for n := range call.Field(sql.Arguments).Descendants() {
			if !n.Is(sql.Name) || !strings.Contains(n.Text(), ".") || n.FieldID() == sql.Function {
				continue
			}
			parts, _ := graph.SplitName(n.Text())
			out = append(out, graph.Ref{Tool: "sql", Parts: parts, Span: f.Span(n.Start(), n.End()), Inferred: true})
		}
	}
	return out
}
