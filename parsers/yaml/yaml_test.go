package yaml

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"delint/parsers"

	"github.com/google/go-cmp/cmp"
	yaml "go.yaml.in/yaml/v3"
)

func read(t testing.TB, path, text string) *parsers.File {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource(path, []byte(text)), Limits: parsers.DefaultLimits}
	if err := Parse(f); err != nil {
		t.Fatal(err)
	}
	return f
}

// compare reports where the documents differ from what the authority reads.
func compare(f *parsers.File) error {
	want, err := decodeAll(f.Text)
	if err != nil {
		return nil
	}
	full := want[:0]
	for _, d := range want {
		if !isEmpty(d.Content[0]) {
			full = append(full, d)
		}
	}
	docs := Documents(f)
	if len(docs) != len(full) {
		return fmt.Errorf("%d documents, want %d", len(docs), len(full))
	}
	for i, d := range docs {
		if err := same(d, full[i].Content[0], "$"); err != nil {
			return err
		}
	}
	return nil
}

func same(n *Node, want *yaml.Node, path string) error {
	switch want.Kind {
	case yaml.AliasNode:
		if n.Shape != Reference || n.Syntax.FirstNamed().Text() != want.Value {
			return fmt.Errorf("%s: not the alias %s", path, want.Value)
		}
	case yaml.ScalarNode:
		if n.Shape != Scalar || n.Value() != want.Value && !strings.HasPrefix(want.Tag, "!!binary") {
			return fmt.Errorf("%s: %q, want %q", path, n.Value(), want.Value)
		}
	case yaml.SequenceNode:
		if n.Shape != Sequence || len(n.Items) != len(want.Content) {
			return fmt.Errorf("%s: not a sequence of %d", path, len(want.Content))
		}
		for i, item := range n.Items {
			if err := same(item, want.Content[i], fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case yaml.MappingNode:
		if n.Shape != Mapping || 2*len(n.Entries) != len(want.Content) {
			return fmt.Errorf("%s: %d entries, want %d", path, len(n.Entries), len(want.Content)/2)
		}
		for i, e := range n.Entries {
			if err := same(e.Key, want.Content[2*i], path+".?"); err != nil {
				return err
			}
			if err := same(e.Value, want.Content[2*i+1], path+"."+e.Key.Value()); err != nil {
				return err
			}
		}
	}
	if n.Anchor != want.Anchor {
		return fmt.Errorf("%s: anchor %q, want %q", path, n.Anchor, want.Anchor)
	}
	return nil
}

var samples = []string{
	"a: 1\nb: [x, {y: z}, k: v]\nc: &an !t\n  - !u &w x\n  - *an\n",
	"d: >-\n  foo\n  bar\n\n  baz\n   more\n  end\ne:\n? q\n: r\nbase: &b {x: 1}\nm:\n  <<: *b\n",
	"x: |+\n  a\n\n\ny: |2\n    two\n  back\nz: >\n\n  f\n\n\n  g\n",
	"# c\n---\nx: 'it''s\n  two'\n---\ny: \"a\\tb\\\n   c\\u00e9 \\x41\\q\"\n...\n",
	"- plain text\n  goes on\n\n  and on\n- ~\n-\n- - nested\n  - b: c\n    d:\n    - e\n",
	"k:\n  - [\n    a,\n  ]\nl: {a, b: , \"c\":d}\n",
	"cols: [\n  a, b\n]\nnext: &x\nlast: !!str\n",
	"a: |\n  no end",
	"\"quoted key\" : v\n? [complex, key]\n: - v\n",
}

func TestDocumentsEqualTheAuthority(t *testing.T) {
	for _, text := range samples {
		f := read(t, "a.yml", text)
		if err := compare(f); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if tree := fallback([]byte(text)); tree == nil {
			t.Logf("%q: no fallback", text)
		} else {
			g := &parsers.File{Source: parsers.NewSource("a.yml", []byte(text)), Tree: tree}
			if err := compare(g); err != nil {
				t.Errorf("%q by the fallback: %v", text, err)
			}
		}
	}
}

func TestFallbackLooksLikeTheGrammar(t *testing.T) {
	dump := func(tree *parsers.Tree) (out []string) {
		for n := range tree.Root().Descendants() {
			if n.Named() && !n.Is(Comment, EscapeSequence) {
				out = append(out, fmt.Sprintf("%s %s %q", tree.Grammar.FieldName(n.FieldID()), n.KindName(), strings.TrimSpace(n.Text())))
			}
		}
		return out
	}
	text := "a: 1\nb: [x, {y: z}, k: v] # c\nc: &an !t\n  - !u &w x\n  - *an\nd: >-\n  foo\n  bar\ne:\n? q\n: 'r'\nf: {}\ng: \"\\\"\"\n"
	if diff := cmp.Diff(dump(read(t, "a.yml", text).Tree), dump(fallback([]byte(text)))); diff != "" {
		t.Error(diff)
	}
}

func TestWhatTheGrammarRejects(t *testing.T) {
	text := "models:\n  - name: x\n    columns: [\n      {name: a},\n    ]\n    tags: [\n      b\n    ]\n"
	f := read(t, "models/x.yml", text)
	if f.Tree.Errors() > 0 {
		t.Error("a file that the authority accepts has errors")
	}
	if got := Documents(f)[0].Get("models").Items[0].Get("tags").Values(); !cmp.Equal(got, []string{"b"}) {
		t.Errorf("tags %q", got)
	}
}

func TestTemplates(t *testing.T) {
	for _, test := range []struct {
		path, text string
		want       string
	}{
		{"charts/app/templates/job.yaml", "{{- if .Values.on }}\nkind: Job\n{{- end }}\n", Template},
		{"charts/app/templates/job.yaml", "kind: Job\nimage: \"{{ .Values.image }}\"\n", Template},
		{"deploy/job.yaml", "image: {{ image }}\n", Template},
		{"deploy/job.yaml.yml", "{% if x %}\na: 1\n{% endif %}\n", Template},
		{"models/schema.yml", "password: \"{{ env_var('P') }}\"\n", ""},
		{"workflows/argo.yaml", "args: ['{{workflow.name}}']\n# {{ comment }}\n", ""},
		{".github/workflows/ci.yml", "run: echo ${{ github.sha }}\n", ""},
		{"a.yml", "a: 'open\n", ""},
	} {
		if got := read(t, test.path, test.text).NotAnalysed; got != test.want {
			t.Errorf("%s %q: %q, want %q", test.path, test.text, got, test.want)
		}
	}
}

func TestHostile(t *testing.T) {
	var steps strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&steps, "%*sa:\n", i, "")
	}
	bomb := "a: &a [x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'q'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 8), c-1)
	}
	merge := "m0: &m0 {k: v}\n"
	for i := 1; i < 40; i++ {
		merge += fmt.Sprintf("m%d: &m%d\n  <<: [%s*m%d]\n", i, i, strings.Repeat(fmt.Sprintf("*m%d, ", i-1), 8), i-1)
	}
	for name, text := range map[string]string{
		"open brackets":   strings.Repeat("[", 100_000),
		"closed brackets": strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		"hidden brackets": strings.Repeat("[']',", 20_000),
		"maps":            strings.Repeat("{a: ", 100_000),
		"dashes":          strings.Repeat("- ", 100_000) + "x",
		"question marks":  strings.Repeat("? ", 100_000) + "x",
		"steps":           steps.String(),
		"bomb":            bomb,
		"merges":          merge,
		"itself":          "a: &a\n  b: *a\n  <<: *a\n",
		"NUL":             "a: \x00\nb: 1\n",
		"not UTF-8":       "a: \xff\xfe\nb: 1\n",
		"CRLF":            "a: |\r\n  x\r\n  y\r\nb: 1\r\n",
		"tabs":            "a:\n\tb: 1\n",
	} {
		start := time.Now()
		f := read(t, "a.yml", text)
		for _, d := range Documents(f) {
			d.Walk(func(_ []string, n *Node) bool {
				n.Get("none")
				for range n.Pairs() {
				}
				return true
			})
		}
		SyntaxError(f)
		if d := time.Since(start); d > 4*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}

func TestSourceMapsToTheFile(t *testing.T) {
	text := "é: |\n  select 1\n  from t\nq: \"a\\tfrom\"\nf: >\n  one\n  two\n"
	f := read(t, "a.yml", text)
	doc := Documents(f)[0]
	for key, word := range map[string]string{"é": "from", "q": "from", "f": "two"} {
		s := doc.Get(key).Source(f)
		at := strings.Index(string(s.Text), word)
		if at < 0 {
			t.Errorf("%s: %q", key, s.Text)
			continue
		}
		span := s.Span(at, at+len(word))
		if got := text[span.Start.Byte:span.End.Byte]; got != word {
			t.Errorf("%s: %q, want %q", key, got, word)
		}
	}
}

func TestMerges(t *testing.T) {
	doc := Documents(read(t, "a.yml", "base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\nm:\n  y: 5\n  <<: [*b, *o]\n  y: 6\n"))[0]
	var got []string
	for k, e := range doc.Get("m").Pairs() {
		got = append(got, k+"="+e.Value.Value())
	}
	if diff := cmp.Diff([]string{"y=5", "y=6", "x=1", "z=4"}, got); diff != "" {
		t.Error(diff)
	}
	if v := doc.At("m", "y").Value(); v != "6" {
		t.Errorf("the last duplicate is %q", v)
	}
}

func FuzzDocuments(f *testing.F) {
	for _, s := range samples {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := read(t, "a.yml", text)
		for _, d := range Documents(file) {
			d.Walk(func(_ []string, n *Node) bool {
				n.Source(file)
				for range n.Pairs() {
				}
				return true
			})
		}
		fallback([]byte(text))
	})
}

func BenchmarkDocuments(b *testing.B) {
	text := strings.Repeat("- name: orders\n  description: one row an order\n  columns: [{name: id, tests: [unique]}]\n", 2000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Documents(read(b, "a.yml", text))
	}
}
