package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"delint/rules"
)

// noneFound stands in a section that has nothing to say.
const noneFound = "None found in this scope."

// WriteReview writes the review file of the standard: header, Summary, File sections, Architecture Considerations, Security
// Concerns, Next Steps, and a hidden trailer for the next review.
func WriteReview(w io.Writer, r *Report, o Options) error {
	v := &reviewer{r: r, o: o.Review, s: choose(r, o.Review.Strict), d: compare(r, o.Review.Previous), exampled: map[string]bool{}}
	v.header()
	v.summary()
	v.files()
	v.architecture()
	v.security()
	v.steps()
	v.b.WriteString("\n" + trailer(r, o.Review) + "\n")
	_, err := io.WriteString(w, v.b.String())
	return err
}

type reviewer struct {
	b strings.Builder
	r *Report
	o Review
	s *selection
	d delta
	// exampled is the rules whose example was shown.
	exampled map[string]bool
}

func (v *reviewer) printf(format string, args ...any) { fmt.Fprintf(&v.b, format, args...) }

func (v *reviewer) header() {
	project := v.r.Project
	if strings.TrimSpace(project) == "" {
		project = "project"
	}
	reviewedBy := strings.TrimSpace(v.o.Reviewer)
	if reviewedBy == "" {
		reviewedBy = "Staff Data Engineer Agent"
	}
	scope := sentenceMarkdown(strings.TrimSpace(v.o.Scope))
	if scope == "" {
		scope = fmt.Sprintf("The whole repository, %s%s, read by delint %s", plural(v.r.Stats.Files, "file"), v.languages(), plainMarkdown(v.r.Version))
	}
	v.printf("# Code Review: %s\n**Date**: %s\n**Reviewer**: %s\n**Scope**: %s\n", plainHeading(project),
		v.o.Date.UTC().Format("2006-01-02"), plainMarkdown(reviewedBy), scope)
}

func (v *reviewer) languages() string {
	n := map[string]int{}
	for name, l := range v.r.Stats.Languages {
		n[name] = l.Files
	}
	if len(n) == 0 {
		return ""
	}
	return " (" + tally(n) + ")"
}

// summary stays within twelve lines of text.
func (v *reviewer) summary() {
	v.printf("\n## Summary\n")
	if len(v.s.all) == 0 {
		v.printf("No findings in %s. %s\n", plural(v.r.Stats.Files, "file"), grade(v.s.all))
	} else {
		v.printf("%s %s: %s. %s\n", plural(len(v.s.all), "finding"), v.r.spread(v.s.all), counts(v.s.all), grade(v.s.all))
		v.printf("\nMajor concerns:\n")
		for _, c := range concerns(v.s.all) {
			v.printf("- %s\n", c)
		}
	}
	if strengths := strengths(v.r); len(strengths) > 0 {
		v.printf("\nStrengths: %s.\n", strings.Join(strengths, "; "))
	}
	if len(v.r.NotAnalysed) > 0 {
		v.printf("\nNot analysed: %s (%s).\n", plural(len(v.r.NotAnalysed), "file"), plainMarkdown(v.r.reasons()))
	}
	if len(v.s.left) > 0 {
		v.printf("\n%s not listed below (%s): `delint --select %s`\n", furtherFindings(len(v.s.left)), counts(v.s.left), strings.Join(ruleNames(v.s.left), ","))
	}
	if line := v.d.line(v.o.Previous); line != "" {
		v.printf("\n%s\n", line)
	}
}

func furtherFindings(n int) string {
	if n == 1 {
		return "1 further finding is"
	}
	return fmt.Sprintf("%d further findings are", n)
}

func (v *reviewer) files() {
	if len(v.s.files) == 0 {
		v.printf("\n## File: .\n%s\n", noneFound)
	}
	for _, file := range v.s.files {
		v.printf("\n## File: %s\n", filePath(file.path))
		var last heading
		for _, e := range file.entries {
			if e.heading != last {
				v.printf("\n### %s: `%s` (Lines %d-%d)\n", e.heading.kind, e.heading.name, e.heading.start, e.heading.end)
			} else {
				v.printf("\n")
			}
			last = e.heading
			v.entry(e)
		}
	}
}

// entry writes the four fields of a finding.
func (v *reviewer) entry(e *entry) {
	f := e.findings[0]
	issue := sentenceMarkdown(f.Message) + " (" + codeSpan(e.rule.Name) + ")"
	if len(e.findings) > 1 {
		issue += " (" + occurrences(e.findings) + ")"
	}
	if f.Evidence != "" {
		issue += "; " + sentenceMarkdown(f.Evidence)
	}
	v.printf("**Issue**: %s\n**Severity**: %s\n", issue, e.severity)
	todo := recommendation(e.rule)
	if todo == "" {
		todo = "See the rule's description: " + codeSpan("delint rules "+e.rule.Name) + "."
	}
	if e.rule.Standard == "security" {
		todo = firstSentence(todo) + " See Security Concerns."
	}
	v.printf("**Recommendation**: %s\n", todo)
	if code := example(e.rule.Page); code != "" && !v.exampled[e.rule.Name] {
		v.exampled[e.rule.Name] = true
		v.printf("%s\n", code)
	}
	why := rationale(e.rule)
	if why == "" {
		why = sentenceMarkdown(e.rule.Sentence)
	}
	if why == "" {
		why = "The standard " + plainMarkdown(e.rule.Standard) + " asks for it."
	}
	v.printf("**Rationale**: %s\n", why)
}

// occurrences is "3 occurrences: lines 4, 9, 31", by line.
func occurrences(findings []*rules.Finding) string {
	var lines []int
	for _, f := range findings {
		lines = append(lines, lineIn(f))
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	more := ""
	if len(lines) > 10 {
		more = fmt.Sprintf(" and %d more", len(lines)-10)
		lines = lines[:10]
	}
	text := strings.Trim(strings.ReplaceAll(fmt.Sprint(lines), " ", ", "), "[]")
	return fmt.Sprintf("%d occurrences: lines %s%s", len(findings), text, more)
}

// filePath is a path in a File heading: as the standard writes it, or as code where it holds more than plain characters.
func filePath(path string) string {
	path = encoded(path)
	if path == "" {
		return "."
	}
	for _, r := range path {
		if r < 0x80 && !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+=,() ", r) || hidden(r) {
			return codeSpan(path)
		}
	}
	if strings.TrimSpace(path) != path {
		return codeSpan(path)
	}
	return path
}

// plainHeading is a name in the title, as it is where nothing in it is markup.
func plainHeading(name string) string {
	name = strings.Join(strings.Fields(visible(name)), " ")
	if strings.ContainsAny(name, "\\`*[]<>&~|$#!@:") || strings.Contains(name, "www.") {
		return plainMarkdown(name)
	}
	return name
}

func ruleNames(findings []*rules.Finding) []string {
	var names []string
	for _, f := range findings {
		names = append(names, f.Rule.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
