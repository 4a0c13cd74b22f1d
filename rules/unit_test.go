package rules_test

import (
	"strings"
	"testing"

	"delint/parsers"
	"delint/parsers/notebook"
	"delint/parsers/yaml"
	"delint/rules"

	"github.com/google/go-cmp/cmp"
)

func TestUnitAt(t *testing.T) {
	compose := "version: 1\nservices:\n  web:\n    image: a\n    ports:\n      - 80\n      - x: 1\n---\njobs:\n  - name: load\n    steps:\n      - run: b\n"
	book := "{\"cells\": [\n{\"cell_type\": \"markdown\", \"source\": \"x\"},\n{\"cell_type\": \"code\", \"source\": [\n\"a = 1\\n\",\n\"b = 2\"]}\n]}\n"
	for _, test := range []struct {
		path, text, at string
		want           rules.Unit
	}{
		{"c.yml", compose, "1", rules.Unit{Kind: "module", Name: "c.yml", StartLine: 1, EndLine: 12}},
		{"c.yml", compose, "image", rules.Unit{Kind: "block", Name: "services.web", StartLine: 3, EndLine: 7}},
		{"c.yml", compose, "x: 1", rules.Unit{Kind: "block", Name: "services.web.ports[2]", StartLine: 7, EndLine: 7}},
		{"c.yml", compose, "run", rules.Unit{Kind: "block", Name: "load", StartLine: 10, EndLine: 12}},
		{"n.ipynb", book, "b = 2", rules.Unit{Kind: "cell", Name: "cell-2", StartLine: 4, EndLine: 5}},
	} {
		f := &parsers.File{Source: parsers.NewSource(test.path, []byte(test.text)), Limits: parsers.DefaultLimits}
		parse := yaml.Parse
		if strings.HasSuffix(test.path, ".ipynb") {
			parse = notebook.Parse
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
