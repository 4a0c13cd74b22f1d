package notebook

import (
	"encoding/json"
	"strings"
	"testing"

	"delint/parsers"
	"delint/parsers/python"

	"github.com/google/go-cmp/cmp"
)

func read1(t testing.TB, text string) *parsers.File {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource("a.ipynb", []byte(text)), Limits: parsers.DefaultLimits}
	if err := Parse(f); err != nil {
		t.Fatal(err)
	}
	return f
}

const sample = `{
 "cells": [
  {"cell_type": "markdown", "source": ["# Titlé\n", "text"]},
  {"cell_type": "code", "source": [
    "%pip install polars\n",
    "s = \"é\\n\"\n",
    "def load(x):\n",
    "    return x\n"
   ],
   "outputs": [{"text": ["a line\n", "of output"], "data": {"image/png": "iVBOR", "text/html": "<b>bold</b>"}}]
  },
  {"cell_type": "code", "source": "%%sql\nselect 1"},
  {"cell_type": "code", "source": "files = !ls -la\nif files:\n    !rm x \\\n  y\nload?\nload(1)"}
 ],
 "metadata": {"kernelspec": {"language": "python", "name": "python3"}}
}
`

func TestCells(t *testing.T) {
	f := read1(t, sample)
	if n := f.Tree.Errors(); n > 0 {
		t.Errorf("%d errors in %q", n, f.Text)
	}
	var got []string
	for _, c := range Cells(f) {
		if c.Code {
			got = append(got, c.Name)
		}
	}
	if diff := cmp.Diff([]string{"cell-2", "cell-4"}, got); diff != "" {
		t.Error(diff)
	}
	for def := range f.Tree.All(python.FunctionDefinition) {
		span := f.Span(def.Start(), def.End())
		if span.Start.Line != 7 || span.Start.Column != 6 || sample[span.Start.Byte:span.Start.Byte+8] != "def load" {
			t.Errorf("the function stands at %+v", span)
		}
		if c, ok := CellAt(f, span.Start.Line); !ok || c.Name != "cell-2" || c.StartLine != 5 || c.EndLine != 8 {
			t.Errorf("in %+v", c)
		}
	}
	got = nil
	for _, s := range Texts(f) {
		got = append(got, string(s.Text))
	}
	if diff := cmp.Diff([]string{"# Titlé\ntext", "a line\nof output", "<b>bold</b>", "%%sql\nselect 1"}, got); diff != "" {
		t.Error(diff)
	}
	if p := Texts(f)[1].Span(7, 9); sample[p.Start.Byte:p.End.Byte] != "of" {
		t.Errorf("output at %+v", p)
	}
}

func TestBlankMagics(t *testing.T) {
	for text, want := range map[string]string{
		"x = 7\n% 3":           "x = 7\n% 3",
		"%matplotlib inline":   "                  ",
		"if a:\n    %time b()": "if a:\n    pass     ",
		"a = %sql select 1":    "a = None         ",
		"%%time\nx = 1":        "      \nx = 1",
		"s = 'why?'":           "s = 'why?'",
		"a != b":               "a != b",
		"a = b % c":            "a = b % c",
	} {
		got := []byte(text)
		if !blankMagics(got) || string(got) != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestOtherNotebooks(t *testing.T) {
	for name, test := range map[string]struct {
		text, reason string
		tree         bool
	}{
		"scala":      {`{"cells": [{"cell_type": "code", "source": "val x = 1"}], "metadata": {"language_info": {"name": "scala"}}}`, "", false},
		"version 3":  {`{"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}]}`, "", true},
		"empty":      {`{}`, "", true},
		"no JSON":    {`{"cells": [`, NotJSON, false},
		"no cells":   {`{"cells": [1, null, {"source": 3}, {"cell_type": "code", "outputs": {"a": null}}]}`, "", true},
		"deep":       {strings.Repeat("[", 100_000), NotJSON, false},
		"not a dict": {`[]`, "", true},
	} {
		f := read1(t, test.text)
		if f.NotAnalysed != test.reason || (f.Tree != nil) != test.tree {
			t.Errorf("%s: %q, tree %v", name, f.NotAnalysed, f.Tree != nil)
		}
	}
}

func FuzzNotebook(f *testing.F) {
	f.Add("%pip x\nx = 1", "out")
	f.Add("def f():\n    !ls", "")
	f.Fuzz(func(t *testing.T, source, output string) {
		cell := map[string]any{"cell_type": "code", "source": strings.SplitAfter(source, "\n"), "outputs": []any{map[string]string{"text": output}}}
		text, err := json.Marshal(map[string]any{"cells": []any{cell}})
		if err != nil {
			t.Skip()
		}
		file := read1(t, string(text))
		for n := range file.Tree.Root().Descendants() {
			file.Span(n.Start(), n.End())
		}
	})
}
