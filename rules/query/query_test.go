package query

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"delint/parsers"
	"delint/parsers/python"
	rulesd "delint/rules.d"

	"github.com/google/go-cmp/cmp"
	sitter "github.com/smacker/go-tree-sitter"
)

const sample = `import os
from a import b as c

@task(retries=2, timeout=None)
def load(rows, table="x", *args, **kwargs):
    # why
    try:
        return publish(rows, table)
    except (ValueError, KeyError) as e:  # narrow
        pass  # nothing
    except Exception:
        ...
    finally:
        for row in rows:
            continue
        break_here(1, 2, 3)

class A(B):
    x = 1
    x = 2
    def m(self): return self.x if self else None
if a and b or not c: f(**k)
elif d: g(k=1)
`

// queries are evaluated by delint and by tree-sitter; the match sets must be equal.
var queries = []string{
	`(call) @c`,
	`(call function: (identifier) @f)`,
	`(call function: (_) @f arguments: (argument_list (identifier) @a))`,
	`(except_clause (block (pass_statement) @p))`,
	`(except_clause (block . (pass_statement) @p))`,
	`(block (_) @first . (_) @second)`,
	`(argument_list . (_) @only .)`,
	`(argument_list (integer) @a . (integer) @b)`,
	`(argument_list (integer) @a (integer) @b)`,
	`[(return_statement) (continue_statement)] @jump`,
	`(boolean_operator left: (_) @l operator: ["and" "or"] @op right: (_) @r)`,
	`(function_definition name: (identifier) @n !return_type)`,
	`(decorated_definition (decorator (call function: (identifier) @d)) definition: (function_definition name: (identifier) @n))`,
	`(keyword_argument name: (identifier) @k value: (none))`,
	`"finally" @kw`,
	`(if_statement condition: (_) @c alternative: (elif_clause) @e)`,
	`(call function: [(identifier) @name (attribute attribute: (identifier) @name)])`,
	`((call function: (identifier) @f) (#eq? @f "publish"))`,
	`((identifier) @i (#match? @i "^[A-Z]"))`,
	`((call function: (identifier) @f) (#not-eq? @f "publish"))`,
	`(class_definition body: (block (expression_statement (assignment left: (identifier) @a)) . (expression_statement (assignment left: (identifier) @b))) (#eq? @a @b))`,
	`(module (import_statement) @i . (import_from_statement) @f)`,
	`(try_statement (except_clause)+ @e)`,
	`(parameters (identifier)? @plain)`,
	`(try_statement (finally_clause (block (for_statement) @loop)))`,
}

func TestAgainstTreeSitter(t *testing.T) {
	tree, err := python.Grammar.Parse([]byte(sample), 0)
	if err != nil {
		t.Fatal(err)
	}
	p := sitter.NewParser()
	p.SetLanguage(python.Grammar.Language())
	reference, err := p.ParseCtx(context.Background(), nil, []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range queries {
		q, err := Compile(python.Grammar, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var got []string
		q.run(&parsers.File{Source: parsers.NewSource("a.py", []byte(sample)), Tree: tree}, func(m *match) {
			var parts []string
			for _, c := range m.captures {
				parts = append(parts, fmt.Sprintf("%s %d-%d", c.name, c.node.Start(), c.node.End()))
			}
			slices.Sort(parts)
			got = append(got, strings.Join(parts, ", "))
		})
		their, err := sitter.NewQuery([]byte(text), python.Grammar.Language())
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		cursor := sitter.NewQueryCursor()
		cursor.Exec(their, reference.RootNode())
		var want []string
		for m, ok := cursor.NextMatch(); ok; m, ok = cursor.NextMatch() {
			m = cursor.FilterPredicates(m, []byte(sample))
			var parts []string
			for _, c := range m.Captures {
				parts = append(parts, fmt.Sprintf("%s %d-%d", their.CaptureNameForId(c.Index), c.Node.StartByte(), c.Node.EndByte()))
			}
			if len(parts) > 0 {
				slices.Sort(parts)
				want = append(want, strings.Join(parts, ", "))
			}
		}
		got = slices.DeleteFunc(got, func(s string) bool { return s == "" })
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(slices.Compact(want), slices.Compact(got)); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for text, want := range map[string]string{
		"(cal)":                             `1:2: python has no node "cal"; did you mean "call"?`,
		"(call\n  functoin: (_))":           `2:3: python has no field "functoin"; did you mean "function"?`,
		"((call) @c (#eqq? @c \"x\"))":      `1:13: unknown predicate #eqq?; did you mean "eq?"?`,
		"((call) @c (#eq? @d \"x\"))":       `1:12: no capture is named @d`,
		"((call) @c (#match? @c \"(\"))":    "1:12: missing closing ): `(`",
		"(call":                             "1:1: ( is not closed",
		"":                                  "1:1: the query is empty",
		"(\"nope\")":                        `1:2: python has no token "nope"`,
		"((call) @c (#inside? @c \"for\"))": `1:12: python has no node "for"`,
		"\"abc":                             "1:1: the string has no end",
		strings.Repeat("(block ", 200):      "1:701: patterns nest deeper than 100",
	} {
		_, err := Compile(python.Grammar, text)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	valid := "language = \"python\"\nseverity = \"low\"\nmessage = \"m\"\n"
	for text, want := range map[string]string{
		valid + "query = '(cal)'\n":                         `rules.d/x.toml:4:11: python has no node "cal"; did you mean "call"?`,
		valid + "query = '''\n(call\n  functoin: (_))'''\n": `rules.d/x.toml:6:3: python has no field "functoin"; did you mean "function"?`,
		valid + "query = '(call)'\nserverity = 'low'\n":     `rules.d/x.toml:5:1: unknown key "serverity"; did you mean "severity"?`,
		"language = \"pyton\"\nquery = '(call)'\n":          `rules.d/x.toml:1:1: unknown language "pyton"; it is one of python, sql, yaml`,
		"language = \"python\"\nseverity = \"loud\"\n":      `rules.d/x.toml:2:1: unknown severity "loud"; it is one of critical, high, medium, low`,
		valid:                 `rules.d/x.toml:1:1: the rule has no query`,
		"language = [\n":      `rules.d/x.toml:1:`,
		valid + "query = 3\n": `rules.d/x.toml:4:1: query: `,
		valid + "query = '(call)'\nclass = 'relyability'\n":                                                 `rules.d/x.toml:5:1: unknown class "relyability"; did you mean "reliability"?`,
		valid + "query = '(call)'\nroles = ['tset']\n":                                                      `rules.d/x.toml:5:1: unknown roles "tset"; did you mean "test"?`,
		valid + "query = '(call)'\nprecision = 'some'\n":                                                    `rules.d/x.toml:5:1: unknown precision "some"`,
		"language = \"python\"\nseverity = \"low\"\nmessage = \"{nmae}\"\nquery = '(call) @name (block)'\n": `rules.d/x.toml:3:1: pattern 1 of the query has no capture @nmae; did you mean "name"?`,
	} {
		_, err := Load(fstest.MapFS{"x.toml": {Data: []byte(text)}}, "rules.d")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
	if _, err := Load(fstest.MapFS{"Bad Name.toml": {Data: []byte(valid + "query = '(call)'\n")}}, "rules.d"); err == nil {
		t.Error("a name with a blank is accepted")
	}
}

func TestBuiltin(t *testing.T) {
	loaded, err := Load(rulesd.Files, "rules.d")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range loaded {
		if r.Page == nil {
			t.Errorf("%s has no page", r.Name)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, q := range queries {
		f.Add(q)
	}
	tree, err := python.Grammar.Parse([]byte(sample), 0)
	if err != nil {
		f.Fatal(err)
	}
	file := &parsers.File{Source: parsers.NewSource("a.py", []byte(sample)), Tree: tree}
	f.Fuzz(func(t *testing.T, text string) {
		if q, err := Compile(python.Grammar, text); err == nil {
			q.run(file, func(*match) {})
		}
	})
}

func BenchmarkRun(b *testing.B) {
	text := []byte(strings.Repeat(sample, 200))
	tree, err := python.Grammar.Parse(text, 0)
	if err != nil {
		b.Fatal(err)
	}
	file := &parsers.File{Source: parsers.NewSource("a.py", text), Tree: tree}
	q, err := Compile(python.Grammar, queries[12])
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		q.run(file, func(*match) {})
	}
}
