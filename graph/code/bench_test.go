package code

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// manyFunctions is a module of n functions of the usual kind.
func manyFunctions(n int) string {
	var b strings.Builder
	b.WriteString("import pandas as pd\nfrom lib.other import load, Store\n\n")
	for i := range n {
		fmt.Fprintf(&b, `
class Step%[1]d(Store):
    """One step."""

    def __init__(self, path, limit: int = 10):
        self.path, self.limit = path, limit
        self.frames = [load(p) for p in path if p and p != "-"]

    def run(self, df: pd.DataFrame) -> pd.DataFrame:
        out = df.dropna(subset=["id"]).merge(self.frames[0], on="id")
        for frame in self.frames:
            if len(frame) > self.limit or frame.empty:
                out = pd.concat([out, clean_%[1]d(frame)])
        return out.assign(net=lambda d: d["a"] - d["b"] * 2)


def clean_%[1]d(df):
    return df.drop_duplicates().sort_values("ts").reset_index(drop=True)
`, i)
	}
	return b.String()
}

// BenchmarkParse is what extraction is compared with.
func BenchmarkParse(b *testing.B) {
	text := []byte(manyFunctions(100))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		f := &parsers.File{Source: parsers.NewSource("lib/steps.py", text)}
		if err := python.Parse(f); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkExtract reads the facts of a parsed module; its import table is made anew each time, as for each file of a run.
func BenchmarkExtract(b *testing.B) {
	text := []byte(manyFunctions(100))
	b.SetBytes(int64(len(text)))
	parsed := &parsers.File{Source: parsers.NewSource("lib/steps.py", text)}
	if err := python.Parse(parsed); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f := &parsers.File{Source: parsed.Source, Tree: parsed.Tree}
		module(f, graph.RoleSource)
	}
}

func BenchmarkLink(b *testing.B) {
	var all []*graph.Facts
	for i := range 20 {
		all = append(all, facts(b, fmt.Sprintf("lib/steps_%d.py", i), []byte(manyFunctions(20))))
		all = append(all, facts(b, fmt.Sprintf("tests/test_steps_%d.py", i), []byte(fmt.Sprintf("from lib.steps_%d import Step1\n\ndef test_a(df):\n    assert Step1(df).run(df)\n", i))))
	}
	for b.Loop() {
		graph.Link(all, nil, graph.Options{})
	}
}
