package all_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"delint/rules"
	"delint/scan"
)

// TestPrecision holds what testdata/precision.tsv says of the rules that are on by default: of the findings that people
// read on real repositories, at most 5 in 100 are wrong for rules of High and Critical, 10 for the rest.
func TestPrecision(t *testing.T) {
	text, err := os.ReadFile("../../testdata/precision.tsv")
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*rules.Rule{}
	for _, r := range scan.Rules() {
		byName[r.Name] = r
	}
	read, wrong, repositories := map[string]int{}, map[string]int{}, map[string]map[string]bool{}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		columns := strings.Split(line, "\t")
		if i == 0 {
			if want := "repository\tcommit\trule\tpath\tline\tverdict\treader\treason"; line != want {
				t.Fatalf("the header is %q", line)
			}
			continue
		}
		if len(columns) != 8 || columns[7] == "" {
			t.Fatalf("line %d: eight columns, all filled, not %q", i+1, line)
		}
		name := columns[2]
		if byName[name] == nil {
			t.Errorf("line %d: no rule is named %s", i+1, name)
		}
		if _, err := strconv.Atoi(columns[4]); err != nil {
			t.Errorf("line %d: %v", i+1, err)
		}
		read[name]++
		switch columns[5] {
		case "right":
		case "wrong":
			wrong[name]++
		default:
			t.Errorf("line %d: a verdict is right or wrong, not %q", i+1, columns[5])
		}
		if repositories[name] == nil {
			repositories[name] = map[string]bool{}
		}
		repositories[name][columns[0]] = true
	}
	for name, n := range read {
		rule := byName[name]
		if rule == nil {
			continue
		}
		most := 10
		if rule.Severity >= rules.High {
			most = 5
		}
		t.Logf("%s: %d read in %d repositories, %d wrong", name, n, len(repositories[name]), wrong[name])
		if wrong[name]*100 > most*n && !rule.Disabled {
			t.Errorf("%s: %d of %d read findings are wrong; repair it or switch it off by default", name, wrong[name], n)
		}
	}
}
