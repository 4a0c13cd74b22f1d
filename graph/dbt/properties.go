package dbt

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// entries are the top-level keys of a properties file.
var entries = []string{"models", "sources", "seeds", "snapshots", "exposures", "groups", "semantic_models", "metrics", "saved_queries", "unit_tests",
	"data_tests", "tests", "macros", "analyses", "functions"}

// properties reads a YAML file as the properties of a project's resources.
func properties(f *parsers.File, facts *graph.Facts) {
	if !f.LineBegins(entries...) {
		return
	}
	docs, ok := plain.Documents(f)
	if !ok || len(docs) == 0 {
		facts.Projects = append(facts.Projects, unread(f))
		return
	}
	legacy(docs, facts)
	r := &reader{facts: facts}
	for _, d := range docs {
		for _, kind := range []string{"models", "seeds", "snapshots"} {
			for _, v := range d.List(kind) {
				r.node(kind, v)
			}
		}
		for _, kind := range []string{"macros", "analyses", "functions", "data_tests", "tests"} {
			for _, v := range d.List(kind) {
				r.entry(kind, v)
			}
		}
		for _, v := range d.List("sources") {
			r.source(v)
		}
		for _, v := range d.List("exposures") {
			r.exposure(v)
		}
		for _, v := range d.List("groups") {
			if name := v.String("name"); name != "" {
				r.add(kindGroup, v).Owner = first(v.String("owner", "name"), v.String("owner", "email"), v.String("config", "meta", "owner"))
			}
		}
		for _, v := range d.List("unit_tests") {
			r.unitTest(v)
		}
		r.semantics(d)
	}
}

type reader struct{ facts *graph.Facts }

// add files a pending fact for an entry that has a name. What it returns is valid until the next one.
func (r *reader) add(kind string, v *plain.Value) *graph.DatasetFact {
	at := v.Get("name")
	if at == nil {
		at = v
	}
	s := Settings{}
	flatten(v.Get("config"), s)
	r.facts.Datasets = append(r.facts.Datasets, graph.DatasetFact{
		Tool: tool, Kind: kind, Parts: []string{v.String("name")}, Span: at.Span, Confidence: graph.Exact, Pending: true,
		Description: v.String("description"), Settings: s,
	})
	return &r.facts.Datasets[len(r.facts.Datasets)-1]
}

// entry files the properties of what is no dataset: a macro, an analysis.
func (r *reader) entry(kind string, v *plain.Value) {
	if v.String("name") != "" {
		r.add(kindProperties, v).Settings["kind"] = kind
	}
}

// textCalls is the refs and sources in a string of YAML, with or without braces.
func textCalls(v *plain.Value) (out []graph.Ref) {
	if v == nil || v.Kind != plain.Scalar || !strings.Contains(v.Text, "ref") && !strings.Contains(v.Text, "source") {
		return nil
	}
	text := v.Text
	if !strings.Contains(text, "{{") {
		text = "{{ " + text + " }}"
	}
	for _, c := range readTemplate(text).calls {
		if c.name != "ref" && c.name != "source" {
			continue
		}
		if ref, ok := reference(nil, &c); ok {
			ref.Span = v.Span
			out = append(out, ref)
		}
	}
	return out
}

// node reads an entry of models, seeds or snapshots.
func (r *reader) node(kind string, v *plain.Value) {
	name := v.String("name")
	if name == "" {
		return
	}
	s := Settings{}
	for _, key := range []string{"enabled", "materialized", "schema", "dataset", "database", "project", "catalog", "alias", "access", "group", "meta", "tags", "contract", "docs"} {
		if x := v.Get(key); x != nil {
			flattenKey(settingName(key), x, s)
		}
	}
	merge(s, flat(v.Get("config")))
	for _, key := range []string{"latest_version", "deprecation_date"} {
		if text := v.String(key); text != "" {
			s[key] = text
		}
	}
	s["kind"] = kind
	target := graph.Ref{Tool: "ref", Parts: []string{name}, Span: v.Get("name").Span}
	fact := graph.DatasetFact{
		Tool: tool, Kind: kindProperties, Parts: []string{name}, Span: v.Get("name").Span, Confidence: graph.Exact, Settings: s, Pending: true,
		Description: v.String("description"),
	}
	if kind == "snapshots" && v.String("relation") != "" {
		fact.Reads = textCalls(v.Get("relation"))
		s["declared"] = "true"
	}
	fact.TimeColumn = v.String("time_spine", "standard_granularity_column")
	fact.Columns = r.columns(v, target)
	fact.Grain = grain(v)
	r.tests(v, target, nil)
	r.facts.Datasets = append(r.facts.Datasets, fact)
	for _, version := range v.List("versions") {
		r.version(&fact, version, v.String("latest_version"))
	}
}

// version reads one of a model's versions: an entry of its own under the model's name.
func (r *reader) version(of *graph.DatasetFact, v *plain.Value, latest string) {
	number := v.String("v")
	if number == "" {
		return
	}
	name := of.Parts[0]
	target := graph.Ref{Tool: "ref", Parts: []string{name, "v" + number}, Span: v.Get("v").Span}
	fact := *of
	fact.Settings = Settings{}
	merge(fact.Settings, of.Settings)
	merge(fact.Settings, flat(v.Get("config")))
	for _, key := range []string{"deprecation_date"} {
		if text := v.String(key); text != "" {
			fact.Settings[key] = text
		}
	}
	fact.Settings["version"] = number
	fact.Settings["defined_in"] = first(v.String("defined_in"), name+"_v"+number)
	fact.Span = v.Get("v").Span
	fact.Description = first(v.String("description"), of.Description)
	if v.Has("columns") {
		var keep []graph.ColumnFact
		own := r.columns(v, target)
		for _, c := range v.List("columns") {
			if c.String("include") == "" && len(c.Strings("include")) == 0 {
				continue
			}
			for _, inherited := range of.Columns {
				if !contains(c.Strings("exclude"), inherited.Name) && (c.String("include") == "all" || c.String("include") == "*" || contains(c.Strings("include"), inherited.Name)) {
					keep = append(keep, inherited)
				}
			}
		}
		fact.Columns = append(keep, own...)
	}
	r.tests(v, target, nil)
	r.facts.Datasets = append(r.facts.Datasets, fact)
}

func contains(list []string, name string) bool {
	for _, x := range list {
		if strings.EqualFold(x, name) {
			return true
		}
	}
	return false
}

func (r *reader) source(v *plain.Value) {
	name := v.String("name")
	inherited := Settings{}
	for _, key := range []string{"enabled", "meta", "tags", "freshness", "loaded_at_field", "loaded_at_query", "quoting"} {
		if x := v.Get(key); x != nil {
			flattenKey(settingName(key), x, inherited)
		}
	}
	merge(inherited, flat(v.Get("config")))
	schema := first(v.String("schema"), v.String("dataset"), name)
	database := first(v.String("database"), v.String("project"), v.String("catalog"))
	for _, t := range v.List("tables") {
		table := t.String("name")
		if table == "" {
			continue
		}
		s := Settings{}
		merge(s, inherited)
		own := Settings{}
		for _, key := range []string{"enabled", "meta", "tags", "freshness", "loaded_at_field", "loaded_at_query", "quoting"} {
			if x := t.Get(key); x != nil {
				flattenKey(settingName(key), x, own)
			}
		}
		merge(own, flat(t.Get("config")))
		merge(s, own)
		if d := v.String("description"); d != "" {
			s["source_description"] = d
		}
		fact := graph.DatasetFact{
			Tool: tool, Kind: "source", Parts: []string{database, schema, first(t.String("identifier"), table)}, Span: t.Get("name").Span, Confidence: graph.Exact,
			Persisted: true, Pending: true, Alias: []string{"source:" + name + "." + table, "asset:" + name + "/" + table, table},
			Settings: s, Description: t.String("description"),
		}
		target := graph.Ref{Tool: "source", Parts: []string{name, table}, Span: t.Get("name").Span}
		fact.Columns = r.columns(t, target)
		fact.Grain = grain(t)
		r.tests(t, target, nil)
		if f := freshness(t, v); f != nil {
			r.facts.Checks = append(r.facts.Checks, graph.CheckFact{
				Framework: "dbt-test", Name: "freshness", Capability: "freshness", Target: target, Span: f.Span, Confidence: graph.Exact, Pending: true,
			})
		}
		r.facts.Datasets = append(r.facts.Datasets, fact)
	}
}

// freshness is what a source table, or its source, says of its age; nil where it says nothing or takes it back.
func freshness(table, source *plain.Value) *plain.Value {
	for _, v := range []*plain.Value{table.Get("config"), table, source.Get("config"), source} {
		if v == nil || !v.Has("freshness") {
			continue
		}
		if f := v.Get("freshness"); f.Has("warn_after") || f.Has("error_after") {
			return f
		}
		return nil
	}
	return nil
}

// exposure reads an exposure: a use of everything that it depends on.
func (r *reader) exposure(v *plain.Value) {
	name := v.String("name")
	owner := first(v.String("owner", "name"), v.String("owner", "email"))
	fact := r.add(kindExposure, v)
	fact.Owner = owner
	fact.Settings["type"] = v.String("type")
	for _, item := range v.List("depends_on") {
		refs := textCalls(item)
		fact.Reads = append(fact.Reads, refs...)
		for _, ref := range refs {
			r.facts.Uses = append(r.facts.Uses, graph.UseFact{
				Tool: tool, Kind: "exposure", By: name, Owner: owner, Description: v.String("description"),
				Public: v.String("type") == "dashboard" || v.String("type") == "application", Ref: ref, Span: fact.Span,
			})
		}
	}
}

// unitTest reads a unit test. It tests logic, not data, so it is no check.
func (r *reader) unitTest(v *plain.Value) {
	model := v.Get("model")
	if v.String("name") == "" || model == nil || model.Kind != plain.Scalar {
		return
	}
	fact := r.add(kindUnitTest, v)
	fact.Settings["model"] = model.Text
	fact.Reads = []graph.Ref{{Tool: "ref", Parts: []string{model.Text}, Span: model.Span}}
	for _, given := range v.List("given") {
		if input := given.Get("input"); input.String() != "this" {
			fact.Reads = append(fact.Reads, textCalls(input)...)
		}
	}
}

// semantics reads semantic models, metrics and saved queries.
func (r *reader) semantics(d *plain.Value) {
	for _, v := range d.List("semantic_models") {
		name := v.String("name")
		fact := r.add(kindSemantic, v)
		fact.Reads = textCalls(v.Get("model"))
		at := fact.Span
		var columns []string
		for _, kind := range []string{"entities", "dimensions", "measures"} {
			for _, c := range v.List(kind) {
				text := first(c.String("expr"), c.String("name"))
				if identifier.MatchString(text) {
					columns = append(columns, text)
				}
			}
		}
		for _, ref := range textCalls(v.Get("model")) {
			r.facts.Uses = append(r.facts.Uses, graph.UseFact{
				Tool: tool, Kind: "semantic model", By: name, Owner: v.String("config", "meta", "owner"), Description: v.String("description"),
				Columns: columns, Ref: ref, Span: at,
			})
		}
	}
	for _, v := range d.List("metrics") {
		if v.String("name") != "" {
			r.add(kindMetric, v)
		}
	}
	for _, v := range d.List("saved_queries") {
		if v.String("name") != "" {
			r.add(kindSavedQuery, v)
		}
	}
}

var identifier = regexp.MustCompile(`^[A-Za-z_]\w*$`)

func first(s ...string) string {
	for _, x := range s {
		if x != "" {
			return x
		}
	}
	return ""
}

var nameWord = regexp.MustCompile(`[A-Za-z_][\w$]{2,}`)

// unread says which names a file holds that could not be read: tests on them may exist.
func unread(f *parsers.File) graph.ProjectFact {
	seen := map[string]bool{}
	var words []string
	for _, w := range nameWord.FindAll(f.Text, 20_000) {
		if s := strings.ToLower(string(w)); !seen[s] {
			seen[s] = true
			words = append(words, s)
		}
	}
	return graph.ProjectFact{Tool: "unread", Name: f.Path, Lists: map[string][]string{"words": words}, Span: f.RawSpan(0, 0)}
}
