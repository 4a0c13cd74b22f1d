//go:build cgo

package main

import (
	"fmt"
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
	c.Flags().BoolVar(&stats, "stats", false, "print, per language, files, bytes, error nodes and MB/s of everything below the paths")
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
	names := make([]string, 0, len(stats))
	for name := range stats {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s := stats[name]
		speed := 0.0
		if s.Seconds > 0 {
			speed = float64(s.Bytes) / s.Seconds / 1e6
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t\n", name, s.Files, s.Bytes, s.Unread, s.FilesWithErrors, s.ErrorNodes, s.Statements, s.StatementsWithErrors, speed)
	}
	return w.Flush()
}
