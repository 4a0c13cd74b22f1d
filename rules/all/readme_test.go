package all_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"delint/knowledge"
	"delint/parsers/parsertest"
	"delint/scan"
)

// TestReadme holds that the README's table of rules is what the pages say.
func TestReadme(t *testing.T) {
	const file, start, end = "../../README.md", "<!-- delint:rules:start -->\n", "<!-- delint:rules:end -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), start)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("README.md has no part between %q and %q", start, end)
	}
	want := before + start + knowledge.RuleTable(scan.Rules()) + end + after
	if want == string(text) {
		return
	}
	if !parsertest.Update() {
		t.Fatal("the table of rules in README.md is stale; run: go test ./rules/all -run TestReadme -update")
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReadmeConfiguration holds that the configuration in the README is one, and shows every key.
func TestReadmeConfiguration(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```toml\n")
	shown, _, _ := strings.Cut(rest, "```")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "delint.toml"), []byte(shown), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "rules.d"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := scan.Run(context.Background(), scan.Options{Paths: []string{dir}, NoCache: true}); err != nil {
		t.Error(err)
	}
	for _, key := range keys(reflect.TypeFor[scan.Config]()) {
		if !regexp.MustCompile(`(?m)(^|\[|\{ |, )` + key + `( =|\])`).MatchString(shown) {
			t.Errorf("the README does not show the key %s", key)
		}
	}
}

// keys lists the keys of a configuration table and of those below it.
func keys(t reflect.Type) []string {
	var list []string
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("toml")
		if tag == "" || tag == "-" {
			continue
		}
		list = append(list, tag)
		inner := t.Field(i).Type
		for inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner != reflect.TypeFor[scan.FailOn]() {
			list = append(list, keys(inner)...)
		}
	}
	return list
}
