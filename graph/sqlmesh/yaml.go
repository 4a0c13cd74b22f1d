package sqlmesh

import (
	"bytes"
	"path"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// beginsWithList reports whether the first line of a YAML text that says anything begins a list: what external models are.
func beginsWithList(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
		if len(line) == 0 || line[0] == '#' || line[0] == '%' || bytes.HasPrefix(line, []byte("---")) {
			continue
		}
		return line[0] == '-' || line[0] == '['
	}
	return false
}

// external reads external models: a list of names with their columns.
func external(f *parsers.File, facts *graph.Facts) {
	if !beginsWithList(f.Text) {
		return
	}
	docs, ok := plain.Documents(f)
	if !ok {
		return
	}
	for _, d := range docs {
		for _, v := range d.List() {
			n := v.Get("name")
			if n == nil || v.Get("columns") == nil && !strings.Contains(f.Path, "external_models") {
				continue
			}
			parts, quoted := graph.SplitName(n.Text)
			fact := graph.DatasetFact{
				Tool: tool, Kind: "external", Parts: parts, Quoted: quoted, Span: n.Span, Confidence: graph.Exact, Persisted: true,
				Owner: v.String("owner"), Description: v.String("description"), Dialect: v.String("dialect"), Tags: v.Strings("tags"),
				Settings: map[string]string{"kind": "EXTERNAL", "gateway": v.String("gateway")},
			}
			descriptions := v.Get("column_descriptions")
			for _, c := range v.Get("columns").Entries() {
				fact.Columns = append(fact.Columns, graph.ColumnFact{Name: c.Key, Type: c.Value.String(), Description: descriptions.String(c.Key), Span: c.At})
			}
			fact.ColumnsAll = len(fact.Columns) > 0
			facts.Datasets = append(facts.Datasets, fact)
			for _, a := range v.List("audits") {
				name := a.String("name")
				if a.Kind == plain.Scalar {
					name = a.Text
				}
				c := check(strings.ToLower(name), parts, a.Span)
				for _, e := range a.Entries() {
					if e.Key != "name" {
						columns := e.Value.Strings()
						for i := range columns {
							columns[i] = strings.Trim(columns[i], "[]() ")
						}
						c.argument(e.Key, e.Value.String(), columns)
					}
				}
				c.complete()
				facts.Checks = append(facts.Checks, c.CheckFact)
			}
		}
	}
}

// UnitTest is the framework of SQLMesh's unit tests. Their facts stay pending: they test logic, not data, and cover no dataset.
// Settings unread says why SQLMesh never loads the file.
const UnitTest = "sqlmesh-test"

// tests reads unit tests: name → model, inputs, outputs.
func tests(f *parsers.File, facts *graph.Facts) {
	if !bytes.Contains(f.Text, []byte("model:")) || !bytes.Contains(f.Text, []byte("outputs:")) {
		return
	}
	docs, ok := plain.Documents(f)
	if !ok {
		facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: UnreadTests, Name: f.Path, Dir: folder(f.Path), Span: f.RawSpan(0, 0)})
		return
	}
	for _, d := range docs {
		for _, e := range d.Entries() {
			model := e.Value.Get("model")
			if model == nil || model.Kind != plain.Scalar || !e.Value.Has("outputs") {
				continue
			}
			parts, _ := graph.SplitName(graph.Evaluate(model.Text, nil))
			c := graph.CheckFact{
				Framework: UnitTest, Name: e.Key, Capability: "custom", Target: graph.Ref{Tool: "sql", Parts: parts, Span: model.Span},
				Span: e.At, Confidence: graph.Exact, Pending: true, Settings: map[string]string{},
			}
			if base := path.Base(f.Path); !strings.HasPrefix(base, "test") {
				c.Settings["unread"] = "its name must begin with test"
			}
			facts.Checks = append(facts.Checks, c)
		}
	}
}

// UnreadTests is the project of a file of tests that could not be read: what it tests is unknown.
const UnreadTests = "sqlmesh-tests-unread"
