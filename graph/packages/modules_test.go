package packages

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"delint/parsers/parsertest"
)

const modulesHead = `# Which distributions give a top-level (or dotted) module: "module: distribution distribution …". A name alone: the module and
# the distribution are called alike. To add what an environment holds, and to sort:
#   DELINT_SITE_PACKAGES=PATH go test ./graph/packages -run TestModulesFile -update
`

// TestModulesFile holds that modules.txt is sorted and without duplicates; with -update it writes it so, with the modules of the
// environment that DELINT_SITE_PACKAGES names.
func TestModulesFile(t *testing.T) {
	modules := readModules()
	if site := os.Getenv("DELINT_SITE_PACKAGES"); site != "" && parsertest.Update() {
		for module, name := range installed(t, site) {
			if modules[module] == nil && !stdlib[module] && !strings.HasPrefix(module, "_") {
				modules[module] = []string{name}
			}
		}
	}
	names := make([]string, 0, len(modules))
	for module := range modules {
		names = append(names, module)
	}
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(strings.ToLower(a)+"\x00"+a, strings.ToLower(b)+"\x00"+b)
	})
	var b strings.Builder
	b.WriteString(modulesHead)
	for _, module := range names {
		if list := modules[module]; len(list) == 1 && list[0] == module {
			fmt.Fprintln(&b, module)
		} else {
			fmt.Fprintf(&b, "%s: %s\n", module, strings.Join(list, " "))
		}
	}
	if b.String() == modulesText {
		return
	}
	if !parsertest.Update() {
		t.Fatal("modules.txt is not in order; run: go test ./graph/packages -run TestModulesFile -update")
	}
	if err := os.WriteFile("modules.txt", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// installed is the modules of an environment and their distributions, by the top_level.txt of each.
func installed(t *testing.T, site string) map[string]string {
	out := map[string]string{}
	files, err := filepath.Glob(filepath.Join(site, "*.dist-info", "top_level.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(filepath.Base(filepath.Dir(file)), "-")
		for module := range strings.FieldsSeq(string(text)) {
			out[module] = Normalize(name)
		}
	}
	return out
}

func TestDistributionsOf(t *testing.T) {
	for module, want := range map[string]string{
		"yaml": "pyyaml", "google.cloud.storage.Client": "google-cloud-storage", "airflow.providers.google.cloud": "apache-airflow-providers-google",
		"airflow.models": "apache-airflow", "acme": "", "google": "",
	} {
		names, _ := DistributionsOf(module)
		if got := strings.Join(names, " "); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s is of %q, want %q", module, got, want)
		}
	}
}
