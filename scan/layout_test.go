package scan

import (
	"os/exec"
	"path"
	"regexp"
	"strings"
	"testing"
)

// allowed says who may import whom: a package may import those that one of its expressions matches.
var allowed = []struct{ from, to string }{
	{`cmd/.*`, `.*`},
	{`scan`, `rules|rules\.d|rules/all|rules/query|graph(/.*)?|parsers(/.*)?`},
	{`rules/all`, `rules/[a-z]+`},
	{`rules`, `rules\.d|graph(/.*)?|parsers(/.*)?`},
	{`rules/query`, `rules|rules\.d|graph|parsers(/.*)?`},
	{`rules/[a-z]+`, `rules|graph(/.*)?|parsers(/.*)?`},
	{`graph/all`, `graph/[a-z]+`},
	{`graph/[a-z]+`, `graph|graph/read/[a-z]+|parsers(/.*)?`},
	{`graph/read/[a-z]+`, `graph|parsers(/.*)?`}, // what several tools read alike; tools never import one another
	{`graph`, `parsers(/.*)?`},
	{`report`, `rules|graph|parsers`},
	{`report/lineage`, `rules|graph(/.*)?|parsers`},
	{`knowledge`, `rules|graph`},
	{`scripts/.*`, `parsers(/.*)?`},
	{`parsers/all`, `parsers/[a-z]+|parsers`},
	{`parsers/notebook`, `parsers|parsers/json|parsers/python`}, // a notebook is Python inside JSON
	{`parsers/postgres`, `parsers|parsers/sql`},                 // it takes statements, split and measured by our own grammar
	{`parsers/[a-z]+`, `parsers`},
}

// TestLayout holds the import rules of docs/architecture.
func TestLayout(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "delint/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		from := strings.TrimPrefix(fields[0], "delint/")
		for _, imported := range fields[1:] {
			to, ours := strings.CutPrefix(imported, "delint/")
			if ours && !mayImport(from, to) {
				t.Errorf("%s must not import %s", from, to)
			}
		}
	}
}

func mayImport(from, to string) bool {
	for _, a := range allowed {
		if full(a.from, from) {
			return full(a.to, to) && !(ruleFolder(from) && ruleFolder(to))
		}
	}
	return false
}

// ruleFolder reports whether a package holds rules: those never import one another.
func ruleFolder(pkg string) bool {
	return path.Dir(pkg) == "rules" && pkg != "rules/all" && pkg != "rules/query"
}

func full(expr, s string) bool { return regexp.MustCompile(`^(?:` + expr + `)$`).MatchString(s) }
