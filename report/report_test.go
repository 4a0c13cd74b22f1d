package report

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the goldens")

func TestGoldens(t *testing.T) {
	empty := &Report{Version: "0.1.0", Project: "Crypto Orders", Stats: Stats{Files: 3}}
	color := sampleOptions
	color.Color, color.Width, color.Root, color.Base = true, 72, "/repo", "/repo/dags"
	strict := sampleOptions
	strict.Review.Strict = true
	type golden struct {
		name, format string
		r            *Report
		o            Options
	}
	goldens := []golden{{"color.text", "text", sample(), color}, {"strict.review", "review", sample(), strict}}
	for _, format := range Formats() {
		goldens = append(goldens, golden{"sample." + format, format, sample(), sampleOptions}, golden{"empty." + format, format, empty, sampleOptions})
	}
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) {
			file := filepath.Join("..", "testdata", "report", g.name)
			got := write(t, g.format, g.r, g.o)
			if again := write(t, g.format, g.r, g.o); again != got {
				t.Error("the second run differs from the first")
			}
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got; go test ./report -update writes it):\n%s", file, diff)
			}
		})
	}
}

func TestFormatUnknown(t *testing.T) {
	if _, err := Format("xml"); err == nil || !strings.Contains(err.Error(), "sarif") {
		t.Errorf("error %v names no formats", err)
	}
}

// TestErrors holds every writer to reporting that its bytes were not taken.
func TestErrors(t *testing.T) {
	for _, format := range Formats() {
		w, _ := Format(format)
		if err := w(full{}, sample(), sampleOptions); !errors.Is(err, errFull) {
			t.Errorf("%s on a full disk: error %v", format, err)
		}
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestSchema(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal(Schema, &schema); err != nil {
		t.Fatal(err)
	}
	timed := sample()
	timed.Seconds = map[string]float64{"parse": 0.5}
	for name, r := range map[string]*Report{"sample": sample(), "empty": {}, "hostile": hostile(names[0]), "timed": timed} {
		var value any
		if err := json.Unmarshal([]byte(write(t, "json", r, Options{})), &value); err != nil {
			t.Fatal(err)
		}
		for _, problem := range check(schema, schema, value, "$") {
			t.Errorf("%s: %s", name, problem)
		}
	}
	broken := map[string]any{"version": 2.0}
	if got := check(schema, schema, broken, "$"); len(got) < 7 {
		t.Errorf("the checker sees only %v in a broken report", got)
	}
}

// check validates a value by the keywords of JSON schema that report/schema.json uses.
func check(root, schema map[string]any, value any, at string) (problems []string) {
	if ref, ok := schema["$ref"].(string); ok {
		target := root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		return check(root, target, value, at)
	}
	if enum, ok := schema["enum"].([]any); ok {
		for _, v := range enum {
			if v == value {
				return nil
			}
		}
		return []string{at + " is none of the enum"}
	}
	kind := map[bool]string{}
	switch v := value.(type) {
	case map[string]any:
		kind[true] = "object"
		for _, name := range list(schema["required"]) {
			if _, ok := v[name.(string)]; !ok {
				problems = append(problems, at+" lacks "+name.(string))
			}
		}
		properties, _ := schema["properties"].(map[string]any)
		extra, _ := schema["additionalProperties"].(map[string]any)
		for name, member := range v {
			if s, ok := properties[name].(map[string]any); ok {
				problems = append(problems, check(root, s, member, at+"."+name)...)
			} else if extra != nil {
				problems = append(problems, check(root, extra, member, at+"."+name)...)
			} else {
				problems = append(problems, at+" has the unknown "+name)
			}
		}
	case []any:
		kind[true] = "array"
		for _, item := range v {
			problems = append(problems, check(root, schema["items"].(map[string]any), item, at+"[]")...)
		}
	case string:
		kind[true] = "string"
	case nil:
		kind[true] = "null"
	case float64:
		kind[true] = "number"
		if v == float64(int(v)) {
			kind[false] = "integer"
		}
		if least, ok := schema["minimum"].(float64); ok && v < least {
			problems = append(problems, at+" is below the minimum")
		}
	}
	types := list(schema["type"])
	if s, ok := schema["type"].(string); ok {
		types = []any{s}
	}
	for _, want := range types {
		if want == kind[true] || want == kind[false] {
			return problems
		}
	}
	return append(problems, at+" has the wrong type")
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func BenchmarkFormats(b *testing.B) {
	r := sample()
	for len(r.Findings) < 5000 {
		r.Findings = append(r.Findings, r.Findings[1:7]...)
	}
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				write(b, format, r, sampleOptions)
			}
		})
	}
}
