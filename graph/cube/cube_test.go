package cube

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/yaml"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, path, text string) *graph.Facts {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource(path, []byte(text)), Limits: parsers.DefaultLimits}
	if !strings.HasSuffix(path, ".js") {
		f.Language = yaml.Language
		if err := yaml.Parse(f); err != nil {
			t.Fatal(err)
		}
	}
	facts := &graph.Facts{Path: path}
	extract(f, facts)
	return facts
}

func show(facts *graph.Facts) []string {
	var out []string
	for _, s := range facts.Semantics {
		line := fmt.Sprintf("%s %s in %q", s.Kind, s.Name, s.Dir)
		for _, r := range s.Reads {
			line += " < " + strings.Join(r.Parts, ".")
		}
		for _, m := range s.Members {
			line += fmt.Sprintf(" %s:%s:%s:%s", m.Kind, m.Name, m.Type, m.SQL)
			if m.PrimaryKey {
				line += "!"
			}
		}
		for _, j := range s.Joins {
			line += " ->" + j.Name + ":" + j.Relationship.Name
		}
		if s.Partial {
			line += " partial"
		}
		out = append(out, line)
	}
	return out
}

func TestExtract(t *testing.T) {
	for _, c := range []struct {
		name, path, text string
		want             []string
	}{
		{"yaml", "bi/model/a.yml", "cubes:\n  - name: o\n    sql_table: gold.o\n    dimensions: [{name: id, sql: id, type: number, primary_key: true}]\n",
			[]string{`cube o in "bi" < gold.o dimension:id:number:id!`}},
		{"javascript", "schema/O.js", "cube(`O`, {\n sql: `SELECT * FROM gold.o WHERE ${FILTER_PARAMS.O.x.filter('x')}`,\n joins: { U: { relationship: `belongsTo`, sql: `${CUBE}.u = ${U}.id` } },\n" +
			" measures: { n: { type: 'sum', sql: `${CUBE}.a` }, }, // last\n});", []string{`cube O in "" < gold.o measure:n:sum:{CUBE}.a ->U:belongsTo`}},
		{"a call and a spread", "schema/O.js", "cube('O', { sql: table('o'), dimensions: { ...base, a: { sql: () => 'a', type: `string` } }, refresh: f(1, {a: 2}) })",
			[]string{`cube O in "" dimension:a:string:` + graph.Hole + " partial"}},
		{"dynamic", "schema/O.js", "asyncModule(async () => { (await tables()).forEach(t => cube(t.name, { sql_table: t.name })); });",
			[]string{`unread  in "" partial`}},
		{"a name that only a run knows", "schema/O.js", "cube(`${prefix}O`, {})", []string{`unread  in "" partial`}},
		{"jinja", "model/a.yml", "cubes:\n  - name: o\n    sql_table: \"{{ schema }}.o\"\n", []string{`unread  in "" partial`}},
		{"cube in a comment and a string", "schema/O.js", "// cube(`A`, {})\nconst s = `cube('B', {})`; x.cube(`C`, {});", nil},
		{"unclosed", "schema/O.js", "cube(`A`, { sql: `select", []string{`unread  in "" partial`}},
		{"elsewhere", "src/a.yml", "cubes:\n  - name: o\n", nil},
	} {
		if d := cmp.Diff(c.want, show(read(t, c.path, c.text))); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func FuzzLiterals(f *testing.F) {
	for _, s := range []string{"cube(`A`, {a: [1, {b: `${c}`}], ...d, e() { return 1 }})", "view('v', {", "cube(\"a\\", "cube(`x${`", "/*", "cube(a, {[b]: 1})", "cube(`A`, {a: b => c})"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		file := &parsers.File{Source: parsers.NewSource("schema/a.js", []byte(s)), Limits: parsers.DefaultLimits}
		facts := &graph.Facts{Path: file.Path}
		extract(file, facts)
		for _, d := range facts.Semantics {
			if d.Span.End.Byte > len(s) || d.Span.Start.Byte > d.Span.End.Byte {
				t.Fatalf("%+v", d.Span)
			}
		}
	})
}

func BenchmarkLiterals(b *testing.B) {
	text := strings.Repeat("cube(`A`, { sql_table: `gold.a`, measures: { n: { type: `count`, sql: `${CUBE}.x` } } });\n", 500)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		literals(&parsers.File{Source: parsers.NewSource("schema/a.js", []byte(text))})
	}
}
