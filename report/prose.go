package report

import (
	"strings"

	"delint/rules"
)

// recommendation is the prose of a rule's Recommendation on one line; empty for a rule without a page.
func recommendation(r *rules.Rule) string { return prose(r.Page.Recommendation()) }

// rationale is the prose of a rule's Why on one line.
func rationale(r *rules.Rule) string { return prose(r.Page.Why()) }

// prose is a Markdown text on one line, without its fenced blocks.
func prose(markdown string) string {
	var words []string
	fence := ""
	for line := range strings.Lines(rules.StripWants(markdown)) {
		line = strings.TrimSpace(line)
		switch {
		case fence != "":
			if line == fence {
				fence = ""
			}
		case strings.HasPrefix(line, "```"):
			fence = line[:len(line)-len(strings.TrimLeft(line, "`"))]
		default:
			words = append(words, strings.Fields(line)...)
		}
	}
	return visible(strings.Join(words, " "))
}

// firstSentence is a text up to the first period that ends a sentence, in at most about 300 bytes.
func firstSentence(s string) string {
	for i := 0; i+2 < len(s); i++ {
		if s[i] == '.' && s[i+1] == ' ' && !strings.HasSuffix(s[:i+1], "e.g.") && !strings.HasSuffix(s[:i+1], "i.e.") &&
			strings.Count(s[:i], "`")%2 == 0 {
			return s[:i+1]
		}
	}
	return s
}
