package sql

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"

	"delint/parsers/parsertest"
)

func TestKinds(t *testing.T) { parsertest.Kinds(t, "sql", Grammar) }

// TestGenerated fails when the grammar or the scanner changed and the generated files did not.
func TestGenerated(t *testing.T) {
	for _, tt := range []struct {
		want  string
		files []string
	}{
		{grammarHash, []string{"grammar.js"}},
		{scannerHash, []string{"src/scanner.c", "src/words.h", "src/clauses.h", "src/tags.h", "src/templates.h"}},
	} {
		sum := sha256.New()
		for _, name := range tt.files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sum.Write(b)
		}
		if got := hex.EncodeToString(sum.Sum(nil)); got != tt.want {
			t.Errorf("%v changed since the parser was generated; run: go generate ./parsers/sql", tt.files)
		}
	}
}
