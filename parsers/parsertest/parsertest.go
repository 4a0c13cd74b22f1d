// Package parsertest holds the tests that every language folder runs on itself.
package parsertest

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"delint/parsers"
)

var update = flag.Bool("update", false, "rewrite generated files and goldens")

// Update reports whether the test was started with -update.
func Update() bool { return *update }

// Kinds fails when the folder's kinds.go is not what the grammar gives; with -update it writes the file.
func Kinds(t *testing.T, pkg string, g *parsers.Grammar) {
	t.Helper()
	want, err := parsers.GenerateKinds(pkg, g)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("kinds.go", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile("kinds.go"); !bytes.Equal(got, want) {
		t.Errorf("kinds.go is stale; run: go test ./parsers/%s -run TestKinds -update", pkg)
	}
}
