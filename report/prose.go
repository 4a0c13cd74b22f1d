package report

import (
	"strings"

	"delint/rules"
)

// recommendation is the first paragraph of a rule's Recommendation on one line; empty for a rule without a page.
func recommendation(r *rules.Rule) string { return prose(paragraph(r.Page.Recommendation())) }

// rationale is the first paragraph of a rule's Why on one line; what follows there is about the rule, not about the code.
func rationale(r *rules.Rule) string { return prose(paragraph(r.Page.Why())) }

// paragraph is the first paragraph of a section.
func paragraph(markdown string) string {
	first, _, _ := strings.Cut(markdown, "\n\n")
	return first
}

// example is the code that shows a rule's remedy: that of its Recommendation, else the last file of the first case of Good,
// which is what the case has and the bad one lacks. Empty where it is long.
func example(p *rules.Page) string {
	for _, title := range [...]string{"Recommendation", "Good"} {
		section := p.Section(title)
		var code *rules.Block
		for i, block := range section.Blocks[:firstCase(section)] {
			if block.Language != "want" && block.Language != "fixed" {
				code = &section.Blocks[i]
			}
		}
		if code == nil {
			continue
		}
		text := strings.TrimRight(rules.StripWants(code.Text), "\n")
		if strings.TrimSpace(text) != "" && strings.Count(text, "\n") < exampleMost && !strings.Contains(text, "{{token:") && !strings.Contains(text, "```") {
			return "```" + code.Language + "\n" + text + "\n```"
		}
	}
	return ""
}

// exampleMost is how many lines an example has at most.
const exampleMost = 12

// firstCase is how many blocks of a section stand before its second third-level heading.
func firstCase(s rules.Section) int {
	fences, cases := 0, 0
	for line := range strings.Lines(s.Text) {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			fences++
		case strings.HasPrefix(line, "### ") && fences%2 == 0:
			if cases++; cases == 2 {
				return min(fences/2, len(s.Blocks))
			}
		}
	}
	return len(s.Blocks)
}

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
