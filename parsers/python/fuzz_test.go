package python_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"delint/parsers"
	"delint/parsers/python"
)

// pageBlocks is every fenced Python block of the rules' pages.
func pageBlocks(t testing.TB) []string {
	t.Helper()
	pages, err := filepath.Glob("../../rules*/*/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	var blocks []string
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(string(text), "```")
		for i := 1; i < len(parts); i += 2 {
			if info, block, _ := strings.Cut(parts[i], "\n"); strings.HasPrefix(info, "python") {
				blocks = append(blocks, block)
			}
		}
	}
	return blocks
}

// FuzzFrontEnd reads a module with everything that this package offers: nothing may panic, hang or leave the text.
func FuzzFrontEnd(f *testing.F) {
	for _, block := range pageBlocks(f) {
		f.Add([]byte(block))
	}
	f.Add([]byte("try:\n  x\nexcept"))
	f.Add([]byte("with suppress(\nA"))
	f.Add([]byte("@a.b(c\ndef f(x, *, y=1): return \xff"))
	f.Add([]byte("f\"{x!r:>{w}}{{\" '\\N{DASH}\\x' % y + z"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file := &parsers.File{Source: parsers.NewSource("dags/m.py", text), Language: python.Language, Limits: parsers.Limits{ParseTime: time.Second}}
		if python.Parse(file) != nil {
			return
		}
		exercise(t, file)
	})
}

func exercise(t *testing.T, f *parsers.File) {
	names := python.Imports(f)
	for n := range f.Tree.Root().Descendants() {
		if n.Is(python.Identifier, python.Attribute) {
			names.ResolveAll(n)
		}
		if n.Is(python.String, python.BinaryOperator, python.Call, python.Identifier) {
			python.Fold(f, n)
		}
	}
	for _, d := range python.Definitions(f) {
		if d.Kind == "function" {
			python.TakesOrReturnsFrame(f, d, python.SignatureOf(f, d))
			python.ReturnsValue(d.Node)
			python.UnitOf(f, d.Node)
		}
	}
	for range python.Units(f) {
	}
	python.UnitReferences(f)
	python.IsDagFile(f)
	for h := range python.Handlers(f) {
		h.IsEmpty()
		h.ImportFallback(f)
		h.InCleanup()
		h.InBoundedRetry()
		h.ExpectedAbsence(f)
		h.HasAlternative(f)
		python.Waives(f, h.Node, "S110")
		if r := h.Reason(f); utf8.Valid(f.Text) && !utf8.ValidString(r) {
			t.Errorf("a reason cut a character: %q", r)
		}
		for _, s := range python.Statements(h.Tried) {
			if b := python.Brief(s); utf8.RuneCountInString(b) > 60 || strings.Contains(b, "\n") {
				t.Errorf("not brief: %q", b)
			}
		}
	}
}

// TestDeepNesting reads what no person writes; each must end soon.
func TestDeepNesting(t *testing.T) {
	const n = 30_000
	for name, text := range map[string]string{
		"brackets":   "x = " + strings.Repeat("(", n) + strings.Repeat(")", n),
		"attributes": "import a\n@a" + strings.Repeat(".a", n) + "\ndef f(): ...",
		"sum":        "x = 'a'" + strings.Repeat(" + 'a'", n),
		"calls":      "x = 'a'" + strings.Repeat(".strip()", n),
		"handlers":   strings.Repeat("try:\n    f()\nexcept E:\n    pass\n", n/10),
		"rebound":    strings.Repeat("E = F\n", n) + "try:\n    f()\nexcept E:\n    pass\n",
	} {
		t.Run(name, func(t *testing.T) {
			f := &parsers.File{Source: parsers.NewSource("m.py", []byte(text)), Language: python.Language}
			if err := python.Parse(f); err != nil {
				t.Skip(err)
			}
			names := python.Imports(f)
			for n := range f.Tree.All(python.Assignment) {
				python.Fold(f, n.Field(python.Right))
				names.Resolve(n.Field(python.Right))
			}
			python.Units(f)
			for h := range python.Handlers(f) {
				h.ExpectedAbsence(f)
				h.HasAlternative(f)
				h.InCleanup()
				h.Reason(f)
				for _, s := range python.Statements(h.Tried) {
					python.Brief(s)
				}
			}
		})
	}
}
