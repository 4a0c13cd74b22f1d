package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"delint/rules"
)

// GitHub writes workflow commands, which GitHub Actions shows beside the lines of a pull request. It shows ten of a level and
// step, so the most severe come first; the last line, an ordinary one, says how many there are.
func GitHub(w io.Writer, r *Report, _ Options) error {
	b := bufio.NewWriter(w)
	lines := source{r: r}
	for _, f := range bySeverity(r.Findings) {
		fmt.Fprintf(b, "::%s title=%s", githubLevel(f.Severity), property("delint: "+f.Rule.Name+" ("+f.Severity.String()+")"))
		if f.Span.Path != "." {
			fmt.Fprintf(b, ",file=%s,line=%d,endLine=%d", property(encoded(f.Span.Path)), max(1, f.Span.Start.Line), max(1, f.Span.End.Line))
			if f.Span.Start.Line == f.Span.End.Line {
				at := lines.utf16Region(f)
				fmt.Fprintf(b, ",col=%d,endColumn=%d", at.start, at.end)
			}
		}
		message := visible(f.Message)
		if f.Evidence != "" {
			message += " (" + visible(f.Evidence) + ")"
		}
		fmt.Fprintf(b, "::%s\n", data(message))
	}
	fmt.Fprintf(b, "delint: %s\n", headline(r))
	return b.Flush()
}

func githubLevel(s rules.Severity) string {
	switch {
	case s >= rules.High:
		return "error"
	case s == rules.Medium:
		return "warning"
	}
	return "notice"
}

// data escapes the message of a workflow command.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes a value before the message.
func property(s string) string {
	s = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
	return visible(s)
}
