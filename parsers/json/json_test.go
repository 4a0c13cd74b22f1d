package json

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func plain(n *Node) any {
	switch n.Kind {
	case Object:
		m := map[string]any{}
		for _, e := range n.Members {
			m[e.Key.Value()] = plain(e.Value)
		}
		return m
	case Array:
		s := []any{}
		for _, i := range n.Items {
			s = append(s, plain(i))
		}
		return s
	case String:
		return n.Value()
	case Number:
		return json.Number(n.Value())
	case Bool:
		return n.Value() == "true"
	}
	return nil
}

func agree(t *testing.T, text string) {
	t.Helper()
	n, err := Parse([]byte(text))
	if want := json.Valid([]byte(strings.TrimPrefix(text, "\ufeff"))); (err == nil) != want {
		t.Fatalf("%q: %v, valid is %v", text, err, want)
	}
	if err != nil {
		return
	}
	d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	d.UseNumber()
	var want any
	if err := d.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, plain(n)); diff != "" {
		t.Errorf("%q: %s", text, diff)
	}
}

var samples = []string{
	`{"a": [1, -2.5e3, "x\n\u00e9\ud83d\ude00\ud800", true, false, null, {}], "a": []}`,
	` "x" `, `{"a" 1}`, `[1,]`, `{,}`, `tru`, `"a`, `"\x"`, `"\u12g4"`, `01`, ``, "\ufeff{}", "[1] 2", "\"\t\"",
}

func TestAgreesWithTheStandardLibrary(t *testing.T) {
	for _, text := range samples {
		agree(t, text)
	}
}

func TestDeep(t *testing.T) {
	if _, err := Parse([]byte(strings.Repeat("[", 1_000_000))); err == nil {
		t.Error("a million brackets were read")
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range samples {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ToValidUTF8(text, "") == text && strings.Count(text, "[")+strings.Count(text, "{") < 500 {
			agree(t, text)
		}
	})
}
