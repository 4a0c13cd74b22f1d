package soda

import (
	"strings"
	"testing"
)

// TestSilentFaults holds what Soda passes over without a word, or with one that no scan fails by.
func TestSilentFaults(t *testing.T) {
	const contract = "dataset: wh/db/gold/t\ncolumns: [{name: id}]\nchecks:\n  - row_count:\n      "
	for name, text := range map[string]string{
		"a misspelt threshold":             contract + "treshold: {must_be_greater_than: 10}\n",
		"a misspelt comparison":            contract + "threshold: {must_be_greater_then: 10}\n",
		"two comparisons":                  contract + "threshold: {must_be_greater_than: 1, must_be_less_than: 5}\n",
		"an unknown level":                 contract + "threshold: {must_be_greater_than: 1, level: warning}\n",
		"stale data passes":                "checks for t:\n  - freshness(c) > 1d\n",
		"a range without end":              "checks for t:\n  - row_count >= 0\n",
		"every percentage":                 "checks for t:\n  - missing_percent(c) <= 100\n",
		"no negative count":                "checks for t:\n  - row_count != -1\n",
		"nothing is invalid":               "checks for t:\n  - invalid_count(c) = 0\n",
		"keys beside a check":              "checks for t:\n  - invalid_count(c) = 0:\n      name: x\n    valid values: [a]\n",
		"a variable without its namespace": "dataset: wh/db/gold/t\nfilter: day = '${DAY}'\ncolumns: [{name: id}]\n",
		"a password of Soda 3 in Soda 4":   "type: postgres\nname: wh\nconnection: {password: \"${PG_PASSWORD}\"}\n",
	} {
		if syntax, other, _ := judge([]byte(text)); len(syntax)+len(other) == 0 {
			t.Errorf("%s: delint says nothing of\n%s", name, text)
		}
	}
	syntax, other, _ := judge([]byte("checks for gold.t:\n  - row_count > 0\n"))
	if said := strings.Join(append(syntax, other...), "; "); said != "" {
		t.Errorf("a schema before a table is soda-unknown-dataset's affair, but: %s", said)
	}
}
