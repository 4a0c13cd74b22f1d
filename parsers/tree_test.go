package parsers_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"delint/parsers"
	"delint/parsers/python"

	sitter "github.com/smacker/go-tree-sitter"
	grammar "github.com/smacker/go-tree-sitter/python"
)

const module = `@task(retries=2)
def load(rows, *, table="silver.orders"):
    try:
        return publish(rows)
    except (ValueError, KeyError):
        pass
    finally:
        close()


class Loader(Base):
    seen = []
    async def run(self): await self.go(f"{self.seen!r:>10}")
`

// TestNodeLayout guards what flatten relies on, that sitter.Node begins with its TSNode: every node of the flat tree must be
// the one that the binding walks to.
func TestNodeLayout(t *testing.T) {
	for name, text := range map[string]string{"module": module, "empty": "", "broken": "def f(:\n  x = = 1\n", "unicode": "é = '\U0001F600'  # ü\n"} {
		tree, err := python.Grammar.Parse([]byte(text), 0)
		if err != nil {
			t.Fatal(err)
		}
		p := sitter.NewParser()
		p.SetLanguage(grammar.GetLanguage())
		reference, err := p.ParseCtx(context.Background(), nil, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		i := compare(t, name, tree, reference.RootNode(), 0)
		if i != tree.Len() {
			t.Errorf("%s: %d nodes, the binding has %d", name, tree.Len(), i)
		}
	}
}

func compare(t *testing.T, name string, tree *parsers.Tree, want *sitter.Node, i int) int {
	t.Helper()
	got := tree.At(i)
	if got.KindName() != want.Type() || got.Start() != int(want.StartByte()) || got.End() != int(want.EndByte()) ||
		got.Row() != int(want.StartPoint().Row) || got.EndRow() != int(want.EndPoint().Row) || got.Missing() != want.IsMissing() || got.Named() != want.IsNamed() {
		t.Fatalf("%s: node %d is %s %d-%d, the binding says %s %d-%d", name, i, got.KindName(), got.Start(), got.End(), want.Type(), want.StartByte(), want.EndByte())
	}
	i++
	children := 0
	for c := range got.Children() {
		if child := want.Child(children); tree.Grammar.FieldName(c.FieldID()) != want.FieldNameForChild(children) || c.KindName() != child.Type() {
			t.Fatalf("%s: child %d of node %d", name, children, got.Index())
		}
		i = compare(t, name, tree, want.Child(children), i)
		children++
	}
	if children != int(want.ChildCount()) {
		t.Fatalf("%s: node %d has %d children, the binding %d", name, got.Index(), children, want.ChildCount())
	}
	return i
}

func TestAll(t *testing.T) {
	tree, err := python.Grammar.Parse([]byte(module), 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for n := range tree.All(python.Call, python.ClassDefinition, python.ExceptClause) {
		got = append(got, n.KindName())
	}
	if want := "call call except_clause call class_definition call"; strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
	for n := range tree.All(python.Call) {
		if !n.Field(python.Function).Is(python.Identifier, python.Attribute) {
			t.Errorf("%s is called", n.Field(python.Function).KindName())
		}
		break
	}
	if e := tree.Enclosing(strings.Index(module, "publish"), strings.Index(module, "publish")+7); !e.Is(python.Identifier) {
		t.Errorf("enclosing is %s", e.KindName())
	}
}

func TestPositions(t *testing.T) {
	for _, c := range []struct {
		text        string
		at          string
		line, colum int
	}{
		{"a = 1\nbé = 'x'\n", "'x'", 2, 6},
		{"a = 1\r\nb = 2\r\n", "b", 2, 1},
		{"\ufeffa = 1\n", "a", 1, 1},
		{"\tx = '\U0001F600' + y\n", "y", 1, 12},
	} {
		s := parsers.NewSource("a.py", []byte(c.text))
		if p := s.Position(strings.Index(c.text, c.at)); p.Line != c.line || p.Column != c.colum {
			t.Errorf("%q: %d:%d, want %d:%d", c.text, p.Line, p.Column, c.line, c.colum)
		}
	}
	if got := parsers.NewSource("a", []byte("x\r\ny")).Line(1); !bytes.Equal(got, []byte("x")) {
		t.Errorf("%q", got)
	}
	if p := parsers.NewSource("a", nil).Position(0); p.Line != 1 || p.Column != 1 {
		t.Errorf("an empty file begins at %v", p)
	}
}

func TestDeepNesting(t *testing.T) {
	text := bytes.Repeat([]byte("["), 100_000)
	if tree, err := python.Grammar.Parse(text, parsers.DefaultLimits.ParseTime); err == nil && tree.Len() == 0 {
		t.Error("an empty tree")
	}
}

func FuzzPython(f *testing.F) {
	f.Add([]byte(module))
	f.Add([]byte("def f(:\n\tx\x00 = [[[\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		tree, err := python.Grammar.Parse(text, parsers.DefaultLimits.ParseTime)
		if err != nil {
			return
		}
		last := 0
		for i := range tree.Len() {
			n := tree.At(i)
			if n.Start() > n.End() || n.End() > len(text) || !n.Parent().IsNil() && !n.Parent().Contains(n) {
				t.Fatalf("node %d: %d-%d", i, n.Start(), n.End())
			}
			last = max(last, n.Row())
		}
		if last > bytes.Count(text, []byte{'\n'}) {
			t.Fatalf("row %d", last)
		}
	})
}
