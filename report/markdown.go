package report

import (
	"fmt"
	"io"
	"strings"

	"delint/rules"
)

const (
	// CommentMarker is the hidden line by which a later run finds its comment on a pull request.
	CommentMarker = "<!-- delint-comment -->"
	// commentMost is how many characters GitHub takes in a comment, less some room.
	commentMost = 65000
)

// Markdown writes a comment for a pull request, the most severe findings first, in at most 65,000 bytes.
func Markdown(w io.Writer, r *Report, _ Options) error {
	var b strings.Builder
	b.WriteString(CommentMarker + "\n## delint\n\n")
	b.WriteString(headline(r) + "\n")
	tail := commentTail(r)
	left := 0
	findings := bySeverity(r.Findings)
	for i, f := range findings {
		entry := commentEntry(f)
		if i == 0 || findings[i-1].Severity != f.Severity {
			entry = fmt.Sprintf("\n### %s\n\n%s", f.Severity, entry)
		}
		if b.Len()+len(entry)+len(tail)+100 > commentMost {
			left = len(r.Findings) - i
			break
		}
		b.WriteString(entry)
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%d more are left out here.\n", left)
	}
	b.WriteString(tail)
	_, err := io.WriteString(w, b.String())
	return err
}

func commentEntry(f *rules.Finding) string {
	place := "the repository"
	if f.Span.Path != "." {
		place = codeSpan(fmt.Sprintf("%s:%d", encoded(f.Span.Path), max(1, f.Span.Start.Line)))
	}
	entry := fmt.Sprintf("- %s %s: %s", place, codeSpan(f.Rule.Name), sentenceMarkdown(f.Message))
	if f.Evidence != "" {
		entry += " (" + sentenceMarkdown(f.Evidence) + ")"
	}
	return entry + "\n"
}

// commentTail is what to do about each rule that found something, folded.
func commentTail(r *Report) string {
	var b strings.Builder
	told := map[string]bool{}
	for _, f := range bySeverity(r.Findings) {
		todo := recommendation(f.Rule)
		if told[f.Rule.Name] || todo == "" || b.Len() > commentMost/4 {
			continue
		}
		told[f.Rule.Name] = true
		fmt.Fprintf(&b, "- %s: %s\n", codeSpan(f.Rule.Name), sentenceMarkdown(head(todo, 600)))
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n<details><summary>What to do</summary>\n\n" + b.String() + "\n</details>\n"
}
