// Package references reads what says that columns of one dataset name rows of another: foreign keys of DDL, relationships
// tests of dbt, reference checks of Soda, references of SQLMesh, relationships of ODCS, joins of Cube.
package references

import (
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
	"delint/parsers/sql"
)

var _ = graph.Register(graph.Tool{Name: "references", Extract: extract})

func extract(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored || facts.Role == graph.RoleTest || f.Tree == nil {
		return
	}
	r := &reader{facts}
	switch e := path.Ext(f.Path); {
	case f.Tree.Grammar == sql.Grammar && f.Mentions("references", "REFERENCES", "References"):
		r.statements(f)
	case (e == ".yml" || e == ".yaml") && f.Mentions("relationships", "must exist in", "valid_reference_data", "joins"):
		docs, _ := plain.Documents(f)
		for _, d := range docs {
			r.dbt(d)
			r.soda3(d)
			r.soda4(d)
			r.odcs(d)
			r.cube(d)
		}
	}
}

type reader struct{ facts *graph.Facts }

func (r *reader) add(tool string, from graph.Ref, columns []string, to graph.Ref, toColumns []string, at parsers.Span) *graph.ReferenceFact {
	r.facts.References = append(r.facts.References, graph.ReferenceFact{
		Tool: tool, From: from, Columns: columns, To: to, ToColumns: toColumns, Confidence: graph.Exact, Span: at,
	})
	return &r.facts.References[len(r.facts.References)-1]
}

func table(name string) graph.Ref {
	parts, _ := graph.SplitName(strings.TrimSpace(name))
	return graph.Ref{Tool: "sql", Parts: parts}
}

var (
	calledRef    = regexp.MustCompile(`\bref\s*\(\s*['"](?:[^'"]*['"]\s*,\s*['"])?([^'"]+)['"]`)
	calledSource = regexp.MustCompile(`\bsource\s*\(\s*['"]([^'"]+)['"]\s*,\s*['"]([^'"]+)['"]`)
)

// called is the dataset of ref('a') or source('s', 'a').
func called(text string) (graph.Ref, bool) {
	if m := calledSource.FindStringSubmatch(text); m != nil {
		return graph.Ref{Tool: "source", Parts: m[1:3]}, true
	}
	if m := calledRef.FindStringSubmatch(text); m != nil {
		return graph.Ref{Tool: "ref", Parts: m[1:2]}, true
	}
	return graph.Ref{}, false
}

// dbt reads relationships tests and foreign keys of models, seeds, snapshots and sources.
func (r *reader) dbt(d *plain.Value) {
	for _, kind := range []string{"models", "seeds", "snapshots"} {
		for _, m := range d.List(kind) {
			if name := m.String("name"); name != "" {
				r.dbtColumns(m, graph.Ref{Tool: "ref", Parts: []string{name}})
			}
		}
	}
	for _, s := range d.List("sources") {
		for _, t := range s.List("tables") {
			if t.String("name") != "" {
				r.dbtColumns(t, graph.Ref{Tool: "source", Parts: []string{s.String("name"), t.String("name")}})
			}
		}
	}
}

func (r *reader) dbtColumns(m *plain.Value, from graph.Ref) {
	for _, c := range append(m.List("columns"), m) {
		for _, key := range []string{"tests", "data_tests"} {
			for _, t := range c.List(key) {
				body, at := t.Get("relationships"), t.Span
				if len(t.Pairs) > 0 {
					at = t.Pairs[0].At
				}
				if t.String("test_name") == "relationships" {
					body = t
				}
				if a := body.Get("arguments"); a != nil {
					body = a
				}
				column := body.String("column_name")
				if c != m {
					column = c.String("name")
				}
				if to, ok := called(body.String("to")); ok && column != "" {
					r.add("dbt", from, []string{column}, to, body.Strings("field"), at)
				}
			}
		}
		for _, k := range c.List("constraints") {
			columns := k.Strings("columns")
			if c != m {
				columns = []string{c.String("name")}
			}
			if to, ok := called(k.String("to")); ok && k.String("type") == "foreign_key" && len(columns) > 0 {
				r.add("dbt", from, columns, to, k.Strings("to_columns"), k.Span)
			}
		}
	}
}

var (
	checksFor = regexp.MustCompile(`^checks for ([^\[\s]+)`)
	mustExist = regexp.MustCompile(`^values in \(?([^)]*?)\)? must exist in ([^\s(]+)\s*\(?([^)]*)\)?`)
)

// soda3 reads "values in (a) must exist in t (b)".
func (r *reader) soda3(d *plain.Value) {
	if d == nil {
		return
	}
	for _, p := range d.Pairs {
		m := checksFor.FindStringSubmatch(p.Key)
		if m == nil {
			continue
		}
		for _, check := range p.Value.List() {
			text, at := check.Text, check.Span
			if check.Kind == plain.Mapping && len(check.Pairs) > 0 {
				text, at = check.Pairs[0].Key, check.Pairs[0].At
			}
			if c := mustExist.FindStringSubmatch(text); c != nil {
				r.add("soda", table(m[1]), columns(c[1]), table(c[2]), columns(c[3]), at)
			}
		}
	}
}

// soda4 reads valid_reference_data of a contract.
func (r *reader) soda4(d *plain.Value) {
	dataset := d.String("dataset")
	if dataset == "" {
		return
	}
	for _, c := range d.List("columns") {
		for _, check := range c.List("checks") {
			v := check.Get("invalid", "valid_reference_data")
			if to := v.String("dataset"); to != "" && c.String("name") != "" {
				r.add("soda", path4(dataset), []string{c.String("name")}, path4(to), v.Strings("column"), v.Span)
			}
		}
	}
}

// path4 is the dataset of Soda 4's datasource/database/schema/table.
func path4(name string) graph.Ref {
	parts := strings.Split(name, "/")
	if len(parts) > 1 {
		parts = parts[1:]
	}
	return graph.Ref{Tool: "sql", Parts: parts}
}

// odcs reads the relationships of properties and of whole objects.
func (r *reader) odcs(d *plain.Value) {
	if d.String("kind") != "DataContract" {
		return
	}
	names := map[string]graph.Ref{}
	for _, s := range d.List("schema") {
		at := table(s.String("name"))
		if p := s.String("physicalName"); p != "" {
			at = table(p)
		}
		names[s.String("name")] = at
	}
	end := func(text string) (graph.Ref, []string, bool) {
		i := strings.LastIndexByte(text, '.')
		if i < 1 {
			return graph.Ref{}, nil, false
		}
		name := text[:i]
		name = name[strings.LastIndexByte(name, '/')+1:]
		if ref, ok := names[name]; ok {
			return ref, []string{text[i+1:]}, true
		}
		return table(name), []string{text[i+1:]}, true
	}
	for _, s := range d.List("schema") {
		for _, p := range s.List("properties") {
			for _, rel := range p.List("relationships") {
				if to, column, ok := end(rel.String("to")); ok {
					r.add("odcs", names[s.String("name")], []string{p.String("name")}, to, column, rel.Span)
				}
			}
		}
		for _, rel := range s.List("relationships") {
			var from, to []string
			var of graph.Ref
			known := true
			for _, text := range rel.Strings("from") {
				_, column, ok := end(text)
				if !ok {
					column, ok = []string{text}, true
				}
				from, known = append(from, column...), known && ok
			}
			for _, text := range rel.Strings("to") {
				ref, column, ok := end(text)
				of, to, known = ref, append(to, column...), known && ok
			}
			if known && len(from) > 0 && len(of.Parts) > 0 {
				r.add("odcs", names[s.String("name")], from, of, to, rel.Span)
			}
		}
	}
}

var (
	ownColumn   = regexp.MustCompile(`\{(?:CUBE|cube)\}\s*\.\s*(\w+)|\{(?:CUBE|cube)\.(\w+)\}`)
	otherColumn = regexp.MustCompile(`\{(\w+)\}\s*\.\s*(\w+)|\{(\w+)\.(\w+)\}`)
)

// cube reads the joins of cubes that compare one column with one.
func (r *reader) cube(d *plain.Value) {
	for _, c := range d.List("cubes") {
		for _, j := range c.List("joins") {
			name, on := j.String("name"), j.String("sql")
			own := ownColumn.FindStringSubmatch(on)
			if name == "" || own == nil || strings.Count(on, "=") != 1 {
				continue
			}
			var to []string
			for _, m := range otherColumn.FindAllStringSubmatch(on, -1) {
				if m[1]+m[3] == name {
					to = []string{m[2] + m[4]}
				}
			}
			f := r.add("cube", graph.Ref{Tool: "cube", Parts: []string{c.String("name")}}, []string{own[1] + own[2]}, graph.Ref{Tool: "cube", Parts: []string{name}}, to, j.Span)
			f.Cardinality, f.Confidence = j.String("relationship"), graph.Inferred
		}
	}
}

// columns splits a list in parentheses.
func columns(list string) []string {
	var out []string
	for _, c := range strings.Split(list, ",") {
		if c = strings.Trim(strings.TrimSpace(c), "\"`[]"); c != "" {
			out = append(out, c)
		}
	}
	return out
}
