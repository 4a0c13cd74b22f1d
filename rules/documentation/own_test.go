package docs

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// TestOwnConfiguration holds what delint leaves out of its own review: samples, pages of rules, and the pages of the docs tree
// that a command line tool has no use for; and that only the scripts which a developer runs by hand are local.
func TestOwnConfiguration(t *testing.T) {
	var config struct {
		Project     string
		Exclude     []string
		Environment []struct {
			Name  string
			Paths []string
		}
		Docs struct {
			NotApplicable []struct{ Path, Reason string } `toml:"not-applicable"`
		}
	}
	text, err := os.ReadFile("../../delint.toml")
	if err != nil {
		t.Fatal(err)
	}
	meta, err := toml.Decode(string(text), &config)
	if err != nil {
		t.Fatal(err)
	}
	if keys := meta.Undecoded(); len(keys) > 0 {
		t.Errorf("delint.toml says more than it may: %v", keys)
	}
	if diff := cmp.Diff([]string{"**/testdata/**", "rules/*/*.md", "rules/*/*.txtar", "rules.d/**/*.md"}, config.Exclude); diff != "" {
		t.Errorf("exclude (-want +got):\n%s", diff)
	}
	if e := config.Environment; len(e) != 1 || e[0].Name != "local" || !slices.Equal(e[0].Paths, []string{"scripts/**"}) {
		t.Errorf("environments: %v", e)
	}
	var paths []string
	for _, n := range config.Docs.NotApplicable {
		if len(n.Reason) < 20 {
			t.Errorf("%s has no reason worth the name: %q", n.Path, n.Reason)
		}
		if !slices.ContainsFunc(required, func(p page) bool { return p.path == n.Path }) {
			t.Errorf("nobody asks for %s", n.Path)
		}
		paths = append(paths, n.Path)
	}
	want := []string{
		"docs/data-models/", "docs/pipelines/", "docs/monitoring.md", "docs/governance/data-contracts.md",
		"docs/governance/lineage.md", "docs/governance/quality.md", "docs/governance/catalog.md",
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("docs.not-applicable (-want +got):\n%s", diff)
	}
}

// TestDependenciesHaveAReason holds that every module of go.mod has a line that says why it is there, and no other has one.
func TestDependenciesHaveAReason(t *testing.T) {
	module, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/architecture/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	required := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(?:require )?\s*(\S+/\S+) v`).FindAllSubmatch(module, -1) {
		required[string(m[1])] = true
		if !bytes.Contains(page, []byte("| `"+string(m[1])+"` |")) {
			t.Errorf("docs/architecture/dependencies.md has no line on %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllSubmatch(page, -1) {
		if !required[string(m[1])] {
			t.Errorf("docs/architecture/dependencies.md has a line on %s, which go.mod does not require", m[1])
		}
	}
}
