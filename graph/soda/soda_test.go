package soda

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph/read/plain"
	"delint/parsers"
)

func checks(t testing.TB, text string) (out []string) {
	t.Helper()
	source := parsers.NewSource("c.yml", []byte(text))
	docs, ok := plain.Read(source)
	if !ok {
		t.Fatalf("not read:\n%s", text)
	}
	for _, v := range docs {
		if d := read(source, v); d != nil {
			for _, c := range d.checks {
				out = append(out, fmt.Sprintf("%s %s %s", strings.Join(c.Target.Parts, "."), c.Capability, c.NeverFails))
			}
		}
	}
	return out
}

// TestNeverFails holds the decision table: what can't fail is no cover.
func TestNeverFails(t *testing.T) {
	for check, never := range map[string]bool{
		"row_count > 0":                                 false,
		"row_count >= 0":                                true,
		"row_count >= 1":                                false,
		"row_count != -1":                               true,
		"row_count != 0":                                false,
		"row_count between 0 and 100":                   false,
		"row_count < 0":                                 false,
		"row_count":                                     true,
		"missing_percent(c) <= 100":                     true,
		"missing_percent(c) <= 100%":                    true,
		"missing_percent(c) < 100":                      false,
		"missing_percent(c) between 0 and 100":          true,
		"missing_count(c) not between -5 and -1":        true,
		"missing_count(c) = 0":                          false,
		"min_length(c) >= 0":                            true,
		"min(c) >= 0":                                   false,
		"freshness(c) < 1d":                             false,
		"freshness(c) > 1d":                             true,
		"row_count > ${MIN}":                            false,
		"invalid_count(c) = 0":                          true,
		"invalid_count(c) = 0: {valid values: [a]}":     false,
		"invalid_percent(c) < 5: {valid format: email}": false,
		"schema": true,
		"schema: {fail: {when required column missing: [a]}}": false,
		"schema: {warn: {when schema changes: any}}":          false,
		"row_count: {fail: when < 0}":                         true,
		"row_count: {warn: when < 10, fail: when < 0}":        false,
		"missing_percent(c): {fail: when > 100}":              true,
		"missing_percent(c): {fail: when > 5}":                false,
		"row_count > 0: {filter: 1=0}":                        true,
		"failed rows: {fail condition: 1 = 0}":                true,
		"failed rows: {fail condition: a < 0}":                false,
		"values in (id) must exist in t (id)":                 true,
		"values in (id) must exist in other (id)":             false,
		"anomaly detection for row_count":                     false,
		"change avg last 7 for row_count < 5":                 false,
		"duplicate_count(a, b) = 0":                           false,
		"my_metric > 5":                                       false,
	} {
		if !strings.Contains(check, ": ") {
			check = "'" + check + "'"
		}
		got := checks(t, "checks for t:\n  - "+check+"\n")
		if len(got) != 1 || (strings.Count(got[0], " ") > 2 || len(strings.Fields(got[0])) > 2) != never {
			t.Errorf("%s: %q, never fails should be %v", check, got, never)
		}
	}
}

func TestContractsThatNeverFail(t *testing.T) {
	for check, never := range map[string]bool{
		"{row_count: }": false,
		"{row_count: {threshold: {must_be_greater_than_or_equal: 0}}}":               true,
		"{row_count: {threshold: {must_be_greater_than: 10}}}":                       false,
		"{missing: {threshold: {metric: percent, must_be_less_than_or_equal: 100}}}": true,
		"{missing: {threshold: {must_be_less_than: 5}}}":                             false,
		"{row_count: {threshold: {must_be: 1, must_not_be: 2}}}":                     true,
		"{aggregate: {function: avg}}":                                               true,
		"{freshness: {column: c}}":                                                   true,
		"{freshness: {column: c, threshold: {must_be_less_than: 1}}}":                false,
		"{invalid: }":                      true,
		"{invalid: {valid_values: [a]}}":   false,
		"{mising: }":                       true,
		"{failed_rows: {expression: 1=0}}": true,
		"{failed_rows: {expression: a<0}}": false,
		"{duplicate: {columns: [a, b]}}":   false,
	} {
		got := checks(t, "dataset: wh/db/gold/t\ncolumns: []\nchecks: ["+check+"]\n")
		if len(got) != 1 || !strings.HasPrefix(got[0], "db.gold.t ") || (len(strings.Fields(got[0])) > 2) != never {
			t.Errorf("%s: %q, never fails should be %v", check, got, never)
		}
	}
}

func TestTargets(t *testing.T) {
	got := strings.Join(checks(t, `
variables: {table: orders}
checks for "Orders" [daily]:
  - row_count > 0
checks for gold.orders:
  - missing_count(id) = 0
checks for ${table}:
  - freshness(ts) < 1d
configurations for orders:
  valid values for status: [a, b]
checks for orders:
  - invalid_count(status) = 0
for each dataset d:
  datasets: [fct_%]
  checks: [row_count > 0]
discover datasets:
  datasets: [a%]
`), "\n")
	want := strings.Join([]string{
		"Orders volume ", "gold.orders completeness ", "orders freshness ", "orders validity ", "fct_% volume ",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func FuzzSodaCL(f *testing.F) {
	f.Add("checks for t:\n  - row_count > 0\n  - schema:\n      fail: {when required column missing: [a]}\n")
	f.Add("for each dataset d:\n  datasets: [a%, exclude b]\n  checks: [row_count > 0]\n")
	f.Add("dataset: a/b\ncolumns: [{name: x, checks: [{missing: }]}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		source := parsers.NewSource("c.yml", []byte(text))
		docs, _ := plain.Read(source)
		for _, v := range docs {
			read(source, v)
		}
	})
}
