package soda

import (
	"os"
	"path"
	"strings"
	"testing"

	"delint/graph/read/plain"
	"delint/parsers"

	"golang.org/x/tools/txtar"
)

// TestVerdicts compares what delint says of a file with what Soda itself makes of it: the folder of a file in testdata is the
// verdict of soda-core 3.5.6 (sodacl.txtar) and 4.28.0 (contracts.txtar).
func TestVerdicts(t *testing.T) {
	for _, name := range []string{"sodacl", "contracts"} {
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile("testdata/" + name + ".txtar")
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range txtar.Parse(raw).Files {
				verdict := path.Dir(f.Name)
				syntax, any, unread := judge(f.Data)
				said := strings.Join(append(append([]string{}, syntax...), any...), "; ")
				switch verdict {
				case "accepted":
					if len(syntax) > 0 {
						t.Errorf("%s: Soda accepts it, delint says: %s\n%s", f.Name, said, f.Data)
					}
				default:
					if strings.Contains(string(f.Data), "{{") {
						continue // not analysed
					}
					if said == "" && !unread {
						t.Errorf("%s: delint says nothing\n%s", f.Name, f.Data)
					}
				}
			}
		})
	}
}

// judge is what delint says of a file: faults of syntax, and what else is wrong.
func judge(text []byte) (syntax, other []string, unread bool) {
	source := parsers.NewSource("soda/c.yml", text)
	docs, ok := plain.Read(source)
	if !ok {
		return nil, nil, true
	}
	for i, v := range docs {
		d := read(source, v)
		if d == nil {
			continue
		}
		if i > 0 {
			syntax = append(syntax, "a second document")
		}
		for _, p := range d.problems {
			switch {
			case p.Kind == Syntax && (p.Values["since"] == "" && p.Values["installed"] == ""):
				syntax = append(syntax, p.Message)
			case p.Kind != Syntax:
				other = append(other, p.Kind+": "+p.Message)
			}
		}
		for _, c := range d.checks {
			if c.NeverFails != "" {
				other = append(other, c.Name+" never fails: "+c.NeverFails)
			}
		}
	}
	return syntax, other, false
}
