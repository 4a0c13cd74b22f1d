package main

import (
	"fmt"

	"delint/scan"

	"github.com/spf13/cobra"
)

func formatNames() []string { return []string{"text", "concise"} }

func (p *program) write(r *scan.Result, f *flags) error {
	for _, x := range r.Findings {
		fmt.Fprintf(p.stdout, "%s:%d:%d: %s %s %s\n", printable(x.Span.Path), x.Span.Start.Line, x.Span.Start.Column, x.Rule.Name, x.Severity, printable(x.Message))
		if x.Evidence != "" {
			fmt.Fprintf(p.stdout, "    %s\n", printable(x.Evidence))
		}
	}
	for k, v := range r.Seconds {
		fmt.Fprintf(p.stderr, "%s\t%.3f\n", k, v)
	}
	return nil
}

func (p *program) reviewCommand() *cobra.Command {
	return &cobra.Command{Use: "review [PATH]", Short: "Write the review file"}
}
