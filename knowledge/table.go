// Package knowledge holds what a person reads about the rules: it arranges the texts of their pages and adds none.
package knowledge

import (
	"fmt"
	"slices"
	"strings"

	"delint/rules"
)

// RuleTable is the catalogue as a Markdown table, by standard and name: the README's.
func RuleTable(list []*rules.Rule) string {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b *rules.Rule) int {
		return strings.Compare(a.Standard+"/"+a.Name, b.Standard+"/"+b.Name)
	})
	var b strings.Builder
	b.WriteString("| rule | standard | severity | what it flags |\n|---|---|---|---|\n")
	for _, r := range list {
		severity := r.Severity.String()
		if r.Disabled {
			severity += ", off by default"
		}
		summary := ""
		if r.Page != nil {
			summary = r.Page.Summary
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.Name, r.Standard, severity, strings.ReplaceAll(summary, "|", `\|`))
	}
	return b.String()
}
