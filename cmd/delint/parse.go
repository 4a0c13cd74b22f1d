//go:build cgo

package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"

	"delint/scan"

	"github.com/spf13/cobra"
)

func (p *program) parseCommand() *cobra.Command {
	var stats bool
	var jobs int
	c := &cobra.Command{
		Use:   "parse FILE…",
		Short: "Print the tree of files as delint sees it",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if stats {
				return p.parseStats(c, args, jobs)
			}
			for _, name := range args {
				if err := scan.Dump(p.stdout, name); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&stats, "stats", false, "print, per language, files, bytes, error nodes and MB/s of everything below the paths; for SQL also per dialect, with the share of opaque tokens")
	c.Flags().IntVar(&jobs, "jobs", 0, "files parsed at once (default: the number of processors)")
	return c
}

func (p *program) parseStats(c *cobra.Command, paths []string, jobs int) error {
	stats, err := scan.ParseStats(c.Context(), paths, jobs)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "language\tfiles\tbytes\tunread\twith errors\terror nodes\tstatements\twith errors\tMB/s\t")
	for _, name := range slices.Sorted(maps.Keys(stats.Languages)) {
		s := stats.Languages[name]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t\n", name, s.Files, s.Bytes, s.Unread, s.FilesWithErrors, s.ErrorNodes, s.Statements, s.StatementsWithErrors, speed(s))
	}
	if len(stats.Dialects) == 0 {
		return w.Flush()
	}
	fmt.Fprintln(w, "\t\t\t\t\t\t\t\t\t")
	fmt.Fprintln(w, "SQL dialect\tfiles\tbytes\tunread\tstatements\twith errors\t%\topaque tokens %\tMB/s\t")
	for _, name := range slices.Sorted(maps.Keys(stats.Dialects)) {
		s := stats.Dialects[name]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%.2f\t%.2f\t%.1f\t\n", cmp.Or(name, "undecided"), s.Files, s.Bytes, s.Unread, s.Statements,
			s.StatementsWithErrors, percent(s.StatementsWithErrors, s.Statements), percent(s.Opaque, s.Tokens), speed(s))
	}
	return w.Flush()
}

func speed(s scan.ParseCount) float64 {
	if s.Seconds == 0 {
		return 0
	}
	return float64(s.Bytes) / s.Seconds / 1e6
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(1, whole)) }
