package report

import (
	"bufio"
	"fmt"
	"io"
)

// Concise writes one finding a line, for editors and scripts: path:line:col: rule Severity message.
func Concise(w io.Writer, r *Report, o Options) error {
	b := bufio.NewWriter(w)
	for _, f := range r.Findings {
		fmt.Fprintf(b, "%s:%d:%d: %s %s %s\n", o.shown(f.Span.Path), max(1, f.Span.Start.Line), max(1, f.Span.Start.Column),
			f.Rule.Name, f.Severity, visible(f.Message))
	}
	return b.Flush()
}
