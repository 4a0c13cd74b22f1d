package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Problem is a place where a review deviates from the standard's template.
type Problem struct {
	Line    int // from 1
	Message string
}

// String is the problem as LINE: message.
func (p Problem) String() string { return fmt.Sprintf("%d: %s", p.Line, p.Message) }

var (
	title      = regexp.MustCompile(`^# Code Review: \S.*$`)
	headerLine = []*regexp.Regexp{
		title, regexp.MustCompile(`^\*\*Date\*\*: \d{4}-\d{2}-\d{2}(T\S+)?$`), regexp.MustCompile(`^\*\*Reviewer\*\*: \S.*$`),
		regexp.MustCompile(`^\*\*Scope\*\*: \S.*$`),
	}
	headerWant  = []string{"# Code Review: {Project Name}", "**Date**: {ISO Date}", "**Reviewer**: {name}", "**Scope**: {what was reviewed}"}
	exactUnit   = regexp.MustCompile("^### (Function|Class|Query|Block|Section|Module): `[^`]+` \\(Lines (\\d+)-(\\d+)\\)$")
	exactField  = regexp.MustCompile(`^\*\*(Issue|Severity|Recommendation|Rationale)\*\*: (.*)$`)
	exactBox    = regexp.MustCompile(`^- \[[ x]\] \S`)
	fields      = []string{"Issue", "Severity", "Recommendation", "Rationale"}
	sections    = []string{"Summary", "File: path", "Architecture Considerations", "Security Concerns", "Next Steps"}
	severitySet = regexp.MustCompile(`^(Critical|High|Medium|Low)$`)
)

// Lint checks a review against the template: header, sections and their order, headings of units, the four fields and their
// order, severities, and that next steps are check boxes.
func Lint(text []byte) []Problem {
	l := &linter{section: -1, field: len(fields)}
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	for i, want := range headerLine {
		if i >= len(lines) || !want.MatchString(lines[i]) {
			l.problem(i+1, "want %q here", headerWant[i])
		}
	}
	for i, line := range lines {
		l.line(i+1, line)
	}
	l.endBlock(len(lines))
	l.endSection(len(lines))
	for i := l.section + 1; i < len(sections); i++ {
		l.problem(len(lines), "the section %q is missing", "## "+sections[i])
	}
	return l.problems
}

type linter struct {
	problems []Problem
	section  int // index in sections of the current one; -1 before the first
	filled   bool
	unit     bool // under a heading of a unit
	blocks   int  // finished blocks under it
	field    int  // index in fields of the next wanted one; len(fields) between blocks
	fence    string
}

func (l *linter) problem(line int, format string, args ...any) {
	l.problems = append(l.problems, Problem{line, fmt.Sprintf(format, args...)})
}

func (l *linter) line(n int, line string) {
	trimmed := strings.TrimSpace(line)
	if l.fence != "" {
		if trimmed == l.fence {
			l.fence = ""
		}
		return
	}
	if n := len(trimmed) - len(strings.TrimLeft(trimmed, "`")); n >= 3 && !strings.Contains(trimmed[n:], "`") {
		l.fence = trimmed[:n]
		return
	}
	switch {
	case strings.HasPrefix(line, "## "):
		l.endBlock(n)
		l.endSection(n)
		l.heading(n, line)
	case strings.HasPrefix(line, "### ") && l.section == 1:
		l.endBlock(n)
		l.unitHeading(n, line)
	case strings.HasPrefix(line, "# ") && n > 1:
		l.problem(n, "a second title")
	case strings.HasPrefix(trimmed, "**") && field.MatchString(line) && l.section == 1:
		l.fieldLine(n, line)
	case l.section == 4 && strings.HasPrefix(trimmed, "- ") && !exactBox.MatchString(line):
		l.problem(n, "a next step is a check box: - [ ] …")
	}
	if trimmed != "" && !strings.HasPrefix(trimmed, "#") && !strings.HasPrefix(trimmed, "<!--") {
		l.filled = true
	}
}

// heading takes a second-level heading. Only File sections may repeat.
func (l *linter) heading(n int, line string) {
	name := strings.TrimPrefix(line, "## ")
	at := -1
	for i, s := range sections {
		if i != 1 && name == s || i == 1 && strings.HasPrefix(name, "File: ") && len(name) > len("File: ") {
			at = i
		}
	}
	switch {
	case at < 0:
		l.problem(n, "unknown section %q; the sections are %s", line, strings.Join(sections, ", "))
		return
	case at == l.section && at != 1:
		l.problem(n, "the section %q stands twice", line)
	case at < l.section:
		l.problem(n, "the section %q stands after %q", line, "## "+sections[l.section])
	case at > l.section+1:
		for i := l.section + 1; i < at; i++ {
			l.problem(n, "the section %q is missing before this one", "## "+sections[i])
		}
	}
	l.section, l.filled = max(at, l.section), false
}

func (l *linter) endSection(n int) {
	if l.section >= 0 && !l.filled {
		l.problem(n, "the section before is empty; write \"%s\"", noneFound)
	}
	l.filled = true
}

func (l *linter) unitHeading(n int, line string) {
	l.unit, l.blocks = true, 0
	m := exactUnit.FindStringSubmatch(line)
	if m == nil {
		l.problem(n, "want \"### Function|Class|Query: `name` (Lines X-Y)\"")
		return
	}
	from, err1 := strconv.Atoi(m[2])
	to, err2 := strconv.Atoi(m[3])
	if err1 != nil || err2 != nil || from < 1 || to < from {
		l.problem(n, "%s-%s is no range of lines", m[2], m[3])
	}
}

func (l *linter) fieldLine(n int, line string) {
	m := exactField.FindStringSubmatch(line)
	if m == nil {
		l.problem(n, "a field is written **Name**: value at the start of its line")
		m = field.FindStringSubmatch(line)
	}
	name, value := m[1], strings.TrimSpace(m[2])
	if !l.unit {
		l.problem(n, "%s stands under no heading of a function, class or query", name)
	}
	if name == "Issue" {
		l.endFinding(n)
		l.field = 0
	}
	if l.field >= len(fields) || fields[l.field] != name {
		want := "Issue"
		if l.field < len(fields) {
			want = fields[l.field]
		}
		l.problem(n, "%s stands where %s is due", name, want)
	}
	for i, f := range fields {
		if f == name {
			l.field = i + 1
		}
	}
	if l.field == len(fields) {
		l.blocks++
	}
	if value == "" {
		l.problem(n, "%s is empty", name)
	} else if name == "Severity" && !severitySet.MatchString(value) {
		l.problem(n, "severity %q is none of Critical, High, Medium, Low", value)
	}
}

// endFinding is called where the four fields of a finding must be complete.
func (l *linter) endFinding(n int) {
	if l.field < len(fields) {
		l.problem(n, "the finding before has no %s", fields[l.field])
	}
	l.field = len(fields)
}

// endBlock is called where the findings under a heading end.
func (l *linter) endBlock(n int) {
	l.endFinding(n)
	if l.unit && l.blocks == 0 {
		l.problem(n, "the heading before has no complete finding")
	}
	l.unit = false
}
