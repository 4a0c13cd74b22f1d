package dbt

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// properties reads a YAML file as the properties of models, sources, seeds, snapshots and exposures.
func properties(f *parsers.File, facts *graph.Facts) {
	if !f.LineBegins("models", "sources", "seeds", "snapshots", "exposures") {
		return
	}
	docs, ok := plain.Documents(f)
	if !ok || len(docs) == 0 {
		facts.Projects = append(facts.Projects, unread(f))
		return
	}
	r := &reader{facts: facts}
	for _, d := range docs {
		for _, kind := range []string{"models", "seeds", "snapshots"} {
			for _, v := range d.List(kind) {
				r.node(kind, v)
			}
		}
		for _, v := range d.List("sources") {
			r.source(v)
		}
		for _, v := range d.List("exposures") {
			for _, s := range v.Strings("depends_on") {
				if m := refText.FindStringSubmatch(s); m != nil {
					facts.Uses = append(facts.Uses, graph.UseFact{Tool: tool, By: v.String("name"), Ref: graph.Ref{Tool: "ref", Parts: []string{m[1]}, Span: v.Span}})
				}
			}
		}
	}
}

var refText = regexp.MustCompile(`ref\(\s*(?:['"][^'"]+['"]\s*,\s*)?['"]([^'"]+)['"]`)

type reader struct{ facts *graph.Facts }

func (r *reader) node(kind string, v *plain.Value) {
	name := v.String("name")
	if name == "" {
		return
	}
	s := map[string]string{"kind": kind}
	for _, from := range []*plain.Value{v, v.Get("config")} {
		for _, key := range []string{"enabled", "materialized", "schema", "dataset", "database", "project", "catalog", "alias", "access"} {
			if text := from.String(key); text != "" {
				s[settingName(key)] = text
			}
		}
		if t := from.Strings("tags"); len(t) > 0 {
			s["tags"] = strings.Join(t, ",")
		}
		if l := from.String("meta", "layer"); l != "" {
			s["meta.layer"] = l
		}
		if from.True("contract", "enforced") {
			s["contract"] = "true"
		}
	}
	target := graph.Ref{Tool: "ref", Parts: []string{name}, Span: v.Get("name").Span}
	fact := graph.DatasetFact{
		Tool: tool, Kind: "properties", Parts: []string{name}, Span: v.Get("name").Span, Confidence: graph.Exact, Settings: s, Pending: true,
	}
	if kind == "snapshots" && v.String("relation") != "" {
		if m := refText.FindStringSubmatch(v.String("relation")); m != nil {
			fact.Reads = []graph.Ref{{Tool: "ref", Parts: []string{m[1]}, Span: v.Span}}
		}
		s["declared"] = "true"
	}
	fact.Columns = r.columns(v, target)
	r.tests(v, target, nil)
	for _, version := range v.List("versions") {
		r.columns(version, target)
		r.tests(version, target, nil)
	}
	r.facts.Datasets = append(r.facts.Datasets, fact)
}

func (r *reader) columns(v *plain.Value, target graph.Ref) (out []graph.ColumnFact) {
	for _, c := range v.List("columns") {
		if n := c.String("name"); n != "" {
			out = append(out, graph.ColumnFact{
				Name: n, Type: c.String("data_type"), Description: c.String("description"), Span: c.Get("name").Span,
			})
			r.tests(c, target, []string{n})
		}
	}
	return out
}

func (r *reader) source(v *plain.Value) {
	name := v.String("name")
	schema := v.String("schema")
	if schema == "" {
		schema = v.String("dataset")
	}
	if schema == "" {
		schema = name
	}
	database := v.String("database") + v.String("project") + v.String("catalog")
	for _, t := range v.List("tables") {
		table := t.String("name")
		if table == "" {
			continue
		}
		identifier := t.String("identifier")
		if identifier == "" {
			identifier = table
		}
		enabled := first(t.String("config", "enabled"), t.String("enabled"), v.String("config", "enabled"), v.String("enabled"))
		fact := graph.DatasetFact{
			Tool: tool, Kind: "source", Parts: []string{database, schema, identifier}, Span: t.Get("name").Span, Confidence: graph.Exact,
			Persisted: true, Pending: true, Alias: []string{"source:" + name + "." + table, "asset:" + name + "/" + table, table},
			Settings: map[string]string{"enabled": enabled, "meta.layer": first(t.String("meta", "layer"), v.String("meta", "layer"))},
		}
		target := graph.Ref{Tool: "source", Parts: []string{name, table}, Span: t.Get("name").Span}
		fact.Columns = r.columns(t, target)
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

func first(s ...string) string {
	for _, x := range s {
		if x != "" {
			return x
		}
	}
	return ""
}

// tests reads the data tests of a model, a column, a source table.
func (r *reader) tests(v *plain.Value, target graph.Ref, columns []string) {
	for _, key := range []string{"tests", "data_tests"} {
		for _, t := range v.List(key) {
			name, at, body := t.Text, t.Span, (*plain.Value)(nil)
			if t.Kind == plain.Mapping && len(t.Pairs) > 0 {
				name, at, body = t.Pairs[0].Key, t.Pairs[0].At, t.Pairs[0].Value
				if n := t.String("test_name"); n != "" {
					name, body = n, t
				}
			}
			if name == "" {
				continue
			}
			c := graph.CheckFact{
				Framework: "dbt-test", Name: name, Capability: capability(name), Columns: columns, Target: target, Span: at,
				Confidence: graph.Exact, Pending: true, NeverFails: neverFails(name, body),
				Settings: map[string]string{"enabled": first(body.String("config", "enabled"), body.String("enabled"), t.String("config", "enabled"))},
			}
			if len(columns) == 0 {
				c.Columns = append(body.Strings("combination_of_columns"), body.Strings("column_name")...)
			}
			r.facts.Checks = append(r.facts.Checks, c)
		}
	}
}

var (
	falseWhere  = regexp.MustCompile(`(?i)^\(?\s*(?:1\s*=\s*0|0\s*=\s*1|1\s*!=\s*1|false)\s*\)?$`)
	unreachable = regexp.MustCompile(`^\s*(?:<\s*0|<=\s*-\d+|=\s*-\d+|<\s*-\d+)\s*$`)
)

// neverFails says why a declared test can't fail.
func neverFails(name string, body *plain.Value) string {
	for _, v := range []*plain.Value{body, body.Get("config"), body.Get("arguments")} {
		switch {
		case falseWhere.MatchString(v.String("where")):
			return "its where selects no row"
		case v.String("limit") == "0":
			return "its limit is 0"
		case unreachable.MatchString(v.String("error_if")) && (v.String("severity") != "warn" && !v.Has("warn_if") || unreachable.MatchString(v.String("warn_if"))):
			return "its error_if is never met"
		}
	}
	if strings.HasSuffix(name, "accepted_range") && body != nil {
		for _, v := range []*plain.Value{body, body.Get("arguments")} {
			if v.Has("min_value") || v.Has("max_value") {
				return ""
			}
		}
		return "it has neither bound"
	}
	return ""
}

// capability is what a generic test looks at, by its name without the package.
func capability(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case name == "relationships" || name == "relationships_where":
		return "referential"
	case strings.Contains(name, "unique"):
		return "uniqueness"
	case strings.Contains(name, "not_null") || name == "at_least_one" || name == "not_empty_string":
		return "completeness"
	case strings.Contains(name, "row_count") || strings.Contains(name, "rowcount"):
		return "volume"
	case name == "recency" || strings.Contains(name, "freshness"):
		return "freshness"
	case strings.Contains(name, "accepted") || strings.Contains(name, "in_set") || strings.Contains(name, "regex") || strings.Contains(name, "between"):
		return "validity"
	case strings.Contains(name, "equal_rowcount") || name == "equality":
		return "reconciliation"
	case strings.Contains(name, "table_columns") || strings.Contains(name, "schema") || strings.Contains(name, "column_to_exist"):
		return "schema"
	case strings.Contains(name, "anomal") || strings.Contains(name, "stdev") || strings.Contains(name, "mean"):
		return "distribution"
	}
	return "custom"
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
