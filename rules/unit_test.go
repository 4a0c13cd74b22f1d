package rules_test

import (
	"path"
	"strings"
	"testing"

	"delint/parsers"
	"delint/parsers/notebook"
	"delint/parsers/sql"
	"delint/parsers/yaml"
	"delint/rules"

	"github.com/google/go-cmp/cmp"
)

func TestUnitAt(t *testing.T) {
	compose := "name: stack\nservices:\n  web:\n    image: a\n    ports:\n      - 80\n      - x: 1\n---\njobs:\n  - name: load\n    steps:\n      - run: b\n"
	book := "{\"cells\": [\n{\"cell_type\": \"markdown\", \"source\": \"x\"},\n{\"cell_type\": \"code\", \"source\": [\n\"a = 1\\n\",\n\"b = 2\"]}\n]}\n"
	for _, test := range []struct {
		path, text, at string
		want           rules.Unit
	}{
		{"c.yml", compose, "stack", rules.Unit{Kind: "module", Name: "c.yml", StartLine: 1, EndLine: 12}},
		{"c.yml", compose, "image", rules.Unit{Kind: "block", Name: "services.web", StartLine: 3, EndLine: 7}},
		{"c.yml", compose, "x: 1", rules.Unit{Kind: "block", Name: "services.web.ports[2]", StartLine: 7, EndLine: 7}},
		{"c.yml", compose, "run", rules.Unit{Kind: "block", Name: "load", StartLine: 10, EndLine: 12}},
		{"q.sql", "select 1;\ninsert into s.t\nselect 2\n", "2", rules.Unit{Kind: "query", Name: "s.t", StartLine: 2, EndLine: 3}},
		{"q.sql", "select 1;\n", "1", rules.Unit{Kind: "query", Name: "q", StartLine: 1, EndLine: 1}},
		{"n.ipynb", book, "b = 2", rules.Unit{Kind: "cell", Name: "cell-2", StartLine: 4, EndLine: 5}},
	} {
		f := &parsers.File{Source: parsers.NewSource(test.path, []byte(test.text)), Limits: parsers.DefaultLimits}
		parse := yaml.Parse
		switch path.Ext(test.path) {
		case ".ipynb":
			parse = notebook.Parse
		case ".sql":
			parse = sql.Parse
		}
		if err := parse(f); err != nil {
			t.Fatal(err)
		}
		at := strings.Index(test.text, test.at)
		if diff := cmp.Diff(test.want, rules.UnitAt(f, f.RawSpan(at, at+1))); diff != "" {
			t.Errorf("%s at %q: %s", test.path, test.at, diff)
		}
	}
}
