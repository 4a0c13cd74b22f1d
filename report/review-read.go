package report

import (
	"regexp"
	"strings"
	"time"
)

// Previous is an earlier review, written by delint, an agent or a person.
type Previous struct {
	Date    time.Time // zero if it has none
	Trailer *Trailer  // nil if it has none or it is damaged
	// Known is its findings: those of the trailer, else those of its text.
	Known []Known
	// Done is the next steps that are checked.
	Done []Step
}

// Step is one item of Next Steps.
type Step struct {
	Text string // as plain text
	Rule string // the rule that it names; empty if none
}

var (
	fileHeading = regexp.MustCompile(`^#{1,6}\s*File:\s*(.+?)\s*$`)
	unitHeading = regexp.MustCompile("^#{1,6}\\s*(Function|Class|Query|Block|Section|Module):\\s*`?(.+?)`?\\s*\\(Lines?\\s+(\\d+)\\s*[-–]\\s*(\\d+)\\)\\s*$")
	field       = regexp.MustCompile(`^\s*(?:[-*]\s+)?\*\*(Issue|Severity|Recommendation|Rationale)(?:\*\*\s*:|:\s*\*\*)\s*(.*)$`)
	checked     = regexp.MustCompile(`^\s*[-*]\s+\[[xX]\]\s+(.+)$`)
	ruleName    = regexp.MustCompile("`([a-z][a-z0-9]*(?:-[a-z0-9]+)+)`")
	dateLine    = regexp.MustCompile(`(?m)^\s*\*\*Date(?:\*\*\s*:|:\s*\*\*)\s*(\d{4}-\d{2}-\d{2})`)
)

// ParseReview reads a review: its trailer, and where that is missing or damaged its headings and fields, in any spacing and
// case of severity. It never fails: what isn't there stays empty. name is the file's name, which tells its time.
func ParseReview(name string, text []byte) *Previous {
	p := &Previous{Trailer: parseTrailer(text)}
	if _, at, ok := ReviewTime(name); ok {
		p.Date = at
	} else if m := dateLine.FindSubmatch(text); m != nil {
		p.Date, _ = time.Parse(time.DateOnly, string(m[1]))
	}
	known, done := readTemplate(string(text))
	p.Known, p.Done = known, done
	if p.Trailer != nil {
		p.Known = p.Trailer.Findings
	}
	return p
}

// readTemplate reads the findings and the checked steps of a review's text.
func readTemplate(text string) (known []Known, done []Step) {
	path, unit, fence := "", "", ""
	inFile := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		trimmed := strings.TrimSpace(line)
		if fence != "" {
			if trimmed == fence {
				fence = ""
			}
			continue
		}
		if n := len(trimmed) - len(strings.TrimLeft(trimmed, "`")); n >= 3 {
			fence = trimmed[:n]
			continue
		}
		if m := fileHeading.FindStringSubmatch(line); m != nil {
			path, unit, inFile = headingPath(m[1]), "", true
		} else if m := unitHeading.FindStringSubmatch(line); m != nil {
			unit = strings.ToLower(m[1]) + " " + m[2]
		} else if strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "###") {
			inFile = false
		} else if m := field.FindStringSubmatch(line); m != nil && inFile {
			known = readField(known, path, unit, m[1], m[2])
		} else if m := checked.FindStringSubmatch(line); m != nil {
			done = append(done, step(m[1]))
		}
	}
	return known, done
}

func readField(known []Known, path, unit, name, value string) []Known {
	switch name {
	case "Issue":
		k := Known{Path: path, Unit: unit, Issue: normalized(value)}
		if all := ruleName.FindAllStringSubmatch(value, -1); all != nil {
			k.Rule = all[len(all)-1][1]
		}
		return append(known, k)
	case "Severity":
		if n := len(known); n > 0 && known[n-1].Path == path {
			known[n-1].Severity = capital(value)
		}
	}
	return known
}

func step(text string) Step {
	s := Step{Text: unescape(text)}
	if all := ruleName.FindAllStringSubmatch(text, -1); all != nil {
		s.Rule = all[len(all)-1][1]
	}
	return s
}

// headingPath is the path of a File heading, which may be code.
func headingPath(s string) string {
	if trimmed := strings.Trim(s, "`"); trimmed != s {
		return strings.TrimSpace(trimmed)
	}
	return s
}

var noWord = regexp.MustCompile(`[^a-z0-9]+`)

// normalized is an issue's text for comparison: its words in lower case.
func normalized(s string) string {
	return strings.Trim(noWord.ReplaceAllString(strings.ToLower(unescape(s)), " "), " ")
}

func capital(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" || s[0] >= 0x80 {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
