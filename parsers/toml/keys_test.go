package toml

import (
	"strings"
	"testing"
	"time"

	"delint/parsers"

	"github.com/google/go-cmp/cmp"
)

func TestKeys(t *testing.T) {
	text := "root = true\n\n[tool.delint]\nselect = [\"a\"]\n  fail-on = 'x'\n\n[[environment]]\nname = \"é\" # c\n\"quoted key\" = 1\na.b = {c = 1, d = {e = 2}}\n\n[[environment]]\nname = \"second\"\n"
	want := map[string]parsers.Position{
		"root":                   {Line: 1, Column: 1, Byte: 0},
		"tool.delint":            {Line: 3, Column: 2, Byte: 14},
		"tool.delint.select":     {Line: 4, Column: 1, Byte: 27},
		"tool.delint.fail-on":    {Line: 5, Column: 3, Byte: 44},
		"environment":            {Line: 7, Column: 3, Byte: 61},
		"environment.name":       {Line: 8, Column: 1, Byte: 75},
		"environment.quoted key": {Line: 9, Column: 1, Byte: 91},
		"environment.a.b":        {Line: 10, Column: 1, Byte: 108},
		"environment.a.b.c":      {Line: 10, Column: 8, Byte: 115},
		"environment.a.b.d":      {Line: 10, Column: 15, Byte: 122},
		"environment.a.b.d.e":    {Line: 10, Column: 20, Byte: 127},
	}
	if diff := cmp.Diff(want, Keys([]byte(text))); diff != "" {
		t.Error(diff)
	}
}

func TestHostile(t *testing.T) {
	for name, text := range map[string]string{
		"tables":   "a = " + strings.Repeat("{a = ", 50_000) + "1" + strings.Repeat("}", 50_000),
		"brackets": "a = " + strings.Repeat("[", 100_000),
		"dots":     strings.Repeat("a.", 100_000) + "a = 1",
		"braces":   "a = [" + strings.Repeat("{b.c.d = ", 5_000) + "1" + strings.Repeat("}", 5_000) + "]",
		"header":   "[" + strings.Repeat("a.", 100_000) + "a]",
		"inline":   "a = {" + strings.Repeat("b.", 100_000) + "b = 1}",
		"lines":    strings.Repeat("a = 1\n", 50_000),
	} {
		start := time.Now()
		Keys([]byte(text))
		var v map[string]any
		Decode([]byte(text), &v)
		if d := time.Since(start); d > 3*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}

func FuzzKeys(f *testing.F) {
	f.Add("a = 1\n[b.c]\nd = {e = [1]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		for key, at := range Keys([]byte(text)) {
			if at.Byte > len(text) {
				t.Errorf("%q stands at %d of %d", key, at.Byte, len(text))
			}
		}
	})
}
