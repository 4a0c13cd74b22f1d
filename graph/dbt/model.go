package dbt

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/sql"
)

// The kinds of pending facts beside the resources themselves; Link reads them and none reaches the inventory.
const (
	kindProperties = "properties" // an entry of a properties file: Settings kind, Columns
	kindMacro      = "macro"      // a macro with what it refers to: Reads, Settings calls
	kindDoc        = "doc"        // a doc block: Description
	kindGroup      = "group"      // Owner
	kindUnitTest   = "unit_test"  // Reads: the model
	kindExposure   = "exposure"   // Reads: depends_on
	kindSemantic   = "semantic_model"
	kindMetric     = "metric"
	kindSavedQuery = "saved_query"
	kindTest       = "test" // a generic test: Reads, what its arguments refer to
)

// The kinds of notes on a model.
const (
	// NoteVar is a variable that the file reads: Text is its name, Values default is set where the call has one.
	NoteVar = "dbt-var"
	// NoteRelation is a relation that the query names by a literal: Text as written; Values unit is the statement's kind.
	NoteRelation = "dbt-relation"
	// NoteDynamic is a ref or source whose name only a run knows.
	NoteDynamic = "dbt-dynamic"
)

var otherHeader = regexp.MustCompile(`(?i)^\s*(?:--[^\n]*\n\s*|/\*(?s:.*?)\*/\s*)*(?:MODEL|AUDIT|METRIC)\s*\(`)

// model reads an SQL file as what it would be in a dbt project: a model, a snapshot, a singular test or macros. Link knows which.
func model(f *parsers.File, facts *graph.Facts) {
	if otherHeader.Match(f.Text) {
		return
	}
	t := templateOf(f)
	macros(f, t, facts)
	stem := strings.TrimSuffix(path.Base(f.Path), ".sql")
	whole := graph.DatasetFact{
		Tool: tool, Kind: "model", Parts: []string{stem},
		Span: firstLine(f), Confidence: graph.Exact, Persisted: true, Pending: true, Settings: Settings{},
	}
	var snapshots []graph.DatasetFact
	for _, b := range t.blocks {
		if b.kind == "snapshot" {
			s := whole
			s.Kind, s.Parts, s.Span, s.Settings = "snapshot", []string{b.name}, f.Span(b.start, b.end), Settings{"file": stem}
			snapshots = append(snapshots, s)
		}
	}
	// of is the fact that an offset belongs to.
	of := func(at int) *graph.DatasetFact {
		i := 0
		for _, b := range t.blocks {
			if b.kind == "snapshot" {
				if b.start <= at && at < b.to {
					return &snapshots[i]
				}
				i++
			}
		}
		if len(snapshots) > 0 {
			return nil
		}
		return &whole
	}
	for _, c := range t.calls {
		if d := of(c.start); d != nil {
			for _, each := range t.unrolled(&c) {
				take(f, each, d)
			}
		}
	}
	for _, st := range sqltext.Statements(f) {
		if d := of(st.Start); d != nil {
			d.Simple = st.Simple
		}
	}
	relations(f, of)
	columnLineage(f, t, of)
	if len(snapshots) > 0 {
		facts.Datasets = append(facts.Datasets, snapshots...)
		return
	}
	if strings.Contains(f.Path, "test") && alwaysFalse.Match(f.Text) { // asked of singular tests only
		whole.Settings["where"] = "1=0"
	}
	body(f, &whole)
	if n, ok := sqltext.LogicOf(f); ok {
		whole.Notes = append(whole.Notes, n)
	}
	facts.Datasets = append(facts.Datasets, whole)
}

var (
	alwaysFalse = regexp.MustCompile(`(?i)\bwhere\s+(?:1\s*=\s*0|0\s*=\s*1|false)\s*(?:;|\)|$|--)`)
	readsThis   = regexp.MustCompile(`\{[{%][^}]*\bthis\b`)
)

func firstLine(f *parsers.File) parsers.Span {
	end := bytes.IndexByte(f.Text, '\n')
	if end < 0 {
		end = len(f.Text)
	}
	return f.Span(0, len(bytes.TrimRight(f.Text[:end], "\r")))
}

// take files one call of a template with what it is a call in.
func take(f *parsers.File, c *call, d *graph.DatasetFact) {
	switch strings.TrimPrefix(c.name, "builtins.") {
	case "config":
		for _, a := range c.args {
			merge(d.Settings, flat(a))
		}
		merge(d.Settings, flat(&plain.Value{Kind: plain.Mapping, Pairs: c.keys}))
		for _, hook := range []string{"pre_hook", "post_hook"} {
			for _, text := range c.key(hook).Strings() {
				for _, inner := range readTemplate(text).calls {
					inner.start, inner.end = c.start, c.end
					if inner.name == "ref" || inner.name == "source" {
						take(f, &inner, d)
					}
				}
			}
		}
	case "ref", "source":
		if r, ok := reference(f, c); ok {
			d.Reads = append(d.Reads, r)
		} else {
			n := graph.Note{Kind: NoteDynamic, Text: c.name, Span: f.Span(c.start, c.end)}
			if len(c.args) > 0 {
				n.Values = map[string]string{"expression": c.args[len(c.args)-1].Text} // "fact_" ~ chain ~ "_events"
			}
			d.Notes = append(d.Notes, n)
		}
	case "var":
		if len(c.args) > 0 && isLiteral(c.args[0]) {
			n := graph.Note{Kind: NoteVar, Text: c.args[0].Text, Span: f.Span(c.start, c.end)}
			if len(c.args) > 1 || c.key("default") != nil {
				n.Values = map[string]string{"default": "true"}
			}
			d.Notes = append(d.Notes, n)
		}
	case "is_incremental":
		d.Settings["is_incremental"] = "true"
	default:
		if !known(c.name) {
			calls := strings.Split(d.Settings["calls"], ",")
			if calls[0] == "" {
				calls = nil
			}
			if !slices.Contains(calls, c.name) {
				d.Settings["calls"] = strings.Join(append(calls, c.name), ",")
			}
		}
	}
}

func flat(v *plain.Value) Settings {
	s := Settings{}
	flatten(v, s)
	return s
}

// known are functions of dbt and of Jinja that name no macro of a project.
func known(name string) bool {
	head, rest, dotted := strings.Cut(name, ".")
	switch head {
	case "adapter", "target", "config", "exceptions", "modules", "api", "loop", "this", "model", "graph", "builtins", "run_started_at", "namespace", "range",
		"dict", "lipsum", "cycler", "joiner", "log", "print", "return", "env_var", "run_query", "statement", "load_result", "fromjson", "tojson",
		"fromyaml", "toyaml", "set", "zip", "set_strict", "zip_strict", "local_md5", "invocation_id", "debug", "store_result", "selected_resources",
		"execute", "flags", "doc", "caller", "varargs", "kwargs", "thread_id", "dbt_version", "project_name", "load_agate_table", "render", "is_list_empty":
		return true
	case "dbt", "dbt_date":
		return dotted // dbt.dateadd: written by adapters
	}
	if !dotted {
		return false
	}
	switch rest[strings.LastIndexByte(rest, '.')+1:] {
	case "append", "extend", "update", "items", "keys", "values", "get", "split", "replace", "lower", "upper", "strip", "format", "join", "startswith",
		"endswith", "strftime", "pop", "title", "lstrip", "rstrip", "isoformat", "insert", "remove", "count", "index", "include", "exclude", "union",
		"without_identifier", "quote", "print_table", "columns_values", "date", "timedelta", "now", "total_seconds", "weekday", "capitalize":
		return true
	}
	return false
}

// isLiteral reports whether a value is written out, not computed.
func isLiteral(v *plain.Value) bool {
	return v != nil && v.Kind == plain.Scalar && !strings.Contains(v.Text, "{{")
}

// reference reads a ref or source; ok is false where its name is computed. A ref's parts are the package, if it has one, the
// name, and the version as "v2", if it has one.
func reference(f *parsers.File, c *call) (graph.Ref, bool) {
	name := strings.TrimPrefix(c.name, "builtins.")
	var parts []string
	for _, a := range c.args {
		if !isLiteral(a) || a.Text == "" {
			return graph.Ref{}, false
		}
		parts = append(parts, a.Text)
	}
	if name == "source" {
		if len(parts) != 2 {
			return graph.Ref{}, false
		}
	} else {
		if len(parts) != 1 && len(parts) != 2 {
			return graph.Ref{}, false
		}
		for _, key := range []string{"v", "version"} {
			if v := c.key(key); v != nil {
				if !isLiteral(v) {
					return graph.Ref{}, false
				}
				parts = append(parts, "v"+v.Text)
			}
		}
	}
	r := graph.Ref{Tool: name, Parts: parts}
	if f != nil {
		r.Span = f.Span(c.start, c.end)
	}
	return r, true
}

// relations files the literal names that queries read: as reads where they have a schema, and as notes.
func relations(f *parsers.File, of func(int) *graph.DatasetFact) {
	for _, st := range sql.Of(f).Statements {
		for _, r := range st.Reads {
			if r.Kind != sql.RelationTable || r.Indirect || len(r.Parts) == 0 {
				continue
			}
			d := of(r.Node.Start())
			if d == nil {
				continue
			}
			var parts []string
			quoted := false
			for _, p := range r.Parts {
				text := p.Text
				if p.Hole {
					if text = graph.Evaluate(p.Text, nil); text == p.Text {
						text = graph.Hole
					}
				}
				parts = append(parts, text)
				quoted = quoted || p.Quoted
			}
			span := f.Span(r.Node.Start(), r.Node.End())
			if graph.Canonical(parts) != nil && len(parts) > 1 {
				d.Reads = append(d.Reads, graph.Ref{Tool: "sql", Parts: parts, Span: span})
			}
			if len(parts) > 1 || quoted {
				n := graph.Note{Kind: NoteRelation, Text: r.Node.Text(), Span: span, Values: map[string]string{"name": strings.Join(parts, "."), "statement": string(st.Kind)}}
				if st.Partial {
					n.Values["partial"] = "true"
				}
				d.Notes = append(d.Notes, n)
			}
		}
	}
}

// columnLineage fills in what the queries project: of a model that is several queries, because a template chooses, the last one,
// whose items are then optional.
func columnLineage(f *parsers.File, t *template, of func(int) *graph.DatasetFact) {
	for _, st := range sql.Of(f).Statements {
		if st.Kind != sql.StatementSelect || slices.ContainsFunc(t.captured, func(c loop) bool { return c.from < st.End() && st.End() <= c.to }) {
			continue
		}
		if d := of(st.Start()); d != nil {
			outputs, notes := sqltext.Lineage(f, st, d.Reads, "")
			if len(outputs) > 0 {
				for i := range outputs {
					outputs[i].Optional = outputs[i].Optional || len(d.Outputs) > 0
				}
				d.Outputs = outputs
			}
			d.Notes = append(d.Notes, notes...)
		}
	}
}

// macros files the macros and generic tests that a file defines: what each of them refers to and calls.
func macros(f *parsers.File, t *template, facts *graph.Facts) {
	for i := range t.blocks {
		b := &t.blocks[i]
		switch b.kind {
		case "macro", "test", "data_test", "materialization":
		default:
			continue
		}
		d := graph.DatasetFact{
			Tool: tool, Kind: kindMacro, Parts: []string{b.name}, Span: f.Span(b.start, b.end), Pending: true, Settings: Settings{"kind": b.kind},
		}
		for _, c := range t.calls {
			if b.start <= c.start && c.start < b.to && c.name != "config" {
				for _, each := range t.unrolled(&c) {
					take(f, each, &d)
				}
			}
		}
		d.Notes = slices.DeleteFunc(d.Notes, func(n graph.Note) bool { return n.Kind != NoteDynamic })
		facts.Datasets = append(facts.Datasets, d)
	}
}

var pythonCall = regexp.MustCompile(`(?m)^[^#\n]*?\bdbt\.(ref|source|config)\(`)

// pythonModel reads a model that is a Python function. Its file is a model wherever Link finds it under the model paths.
func pythonModel(f *parsers.File, facts *graph.Facts) {
	if !bytes.Contains(f.Text, []byte("def model(")) {
		return
	}
	fact := graph.DatasetFact{
		Tool: tool, Kind: "model", Parts: []string{strings.TrimSuffix(path.Base(f.Path), ".py")}, Span: firstLine(f),
		Confidence: graph.Exact, Persisted: true, Pending: true, Settings: Settings{"materialized": "table", "language": "python"},
	}
	if bytes.Contains(f.Text, []byte("is_incremental")) {
		fact.Settings["is_incremental"] = "true"
	}
	text := string(f.Text)
	for at := 0; at < len(text); {
		m := pythonCall.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		c := pythonArguments(text, text[at+m[2]:at+m[3]], at+m[2], at+m[3])
		c.start = at + m[2] - len("dbt.")
		take(f, &c, &fact)
		at += m[1]
	}
	facts.Datasets = append(facts.Datasets, fact)
}

// docs reads the doc blocks of a Markdown file.
func docs(f *parsers.File, facts *graph.Facts) {
	if !f.Mentions("docs ") || !f.Mentions("enddocs") {
		return
	}
	for _, b := range templateOf(f).blocks {
		if b.kind == "docs" {
			facts.Datasets = append(facts.Datasets, graph.DatasetFact{
				Tool: tool, Kind: kindDoc, Parts: []string{b.name}, Span: f.Span(b.start, b.end), Pending: true,
				Description: strings.TrimSpace(string(f.Text[b.from:b.to])),
			})
		}
	}
}
