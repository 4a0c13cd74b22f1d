package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"delint/rules"
)

// grade is one sentence on the whole, decided by the most severe findings.
func grade(findings []*rules.Finding) string {
	n := map[rules.Severity]int{}
	for _, f := range findings {
		n[f.Severity]++
	}
	switch {
	case n[rules.Critical] > 0:
		return "Not ready for production: what is Critical comes first."
	case n[rules.High] > 5:
		return "Needs work before production."
	case n[rules.High] > 0:
		return "Close to production-ready: the High findings come first."
	case n[rules.Medium] > 0:
		return "Sound, with room to improve."
	}
	return "In good order by the rules that ran."
}

// concerns is the three heaviest rules of different standards.
func concerns(findings []*rules.Finding) []string {
	type group struct {
		rule     *rules.Rule
		findings []*rules.Finding
		weight   int
	}
	groups := map[*rules.Rule]*group{}
	var all []*group
	for _, f := range findings {
		g := groups[f.Rule]
		if g == nil {
			g = &group{rule: f.Rule}
			groups[f.Rule] = g
			all = append(all, g)
		}
		g.findings = append(g.findings, f)
		g.weight += weights[f.Severity]
	}
	slices.SortStableFunc(all, func(a, b *group) int {
		return cmp.Or(int(worst(b.findings))-int(worst(a.findings)), b.weight-a.weight, strings.Compare(a.rule.Name, b.rule.Name))
	})
	var out []string
	taken := map[string]bool{}
	for _, g := range all {
		if len(out) == 3 || taken[g.rule.Standard] {
			continue
		}
		taken[g.rule.Standard] = true
		first := bySeverity(g.findings)[0]
		text := fmt.Sprintf("%s: %s (%s)", worst(g.findings), sentenceMarkdown(first.Message), codeSpan(g.rule.Name))
		switch {
		case len(g.findings) > 1:
			text += fmt.Sprintf(", and %d more", len(g.findings)-1)
		case first.Span.Path != ".":
			text += " in " + codeSpan(encoded(first.Span.Path))
		}
		out = append(out, text)
	}
	return out
}

// strengths is at most four of the facts that the caller proved.
func strengths(r *Report) []string {
	var out []string
	for _, s := range r.Strengths[:min(4, len(r.Strengths))] {
		out = append(out, sentenceMarkdown(s))
	}
	return out
}
