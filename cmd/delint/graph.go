//go:build cgo

package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"delint/report/lineage"
	"delint/scan"

	"github.com/spf13/cobra"
)

// graphFlags is what the command line of `delint graph` says.
type graphFlags struct {
	format, output, root string
	lineage              lineage.Options
	style                lineage.Style
	event                string
	jobs                 int
	noCache              bool
}

func (p *program) graphCommand() *cobra.Command {
	var f graphFlags
	c := &cobra.Command{
		Use:   "graph [PATH]",
		Short: "Show datasets and lineage: text, json, mermaid, d2, openlineage, erd",
		Long: `graph reads the repository as a scan does and shows its datasets, what they are built from, what reads them and
what checks them. Nothing is run: what it shows is what the files say.`,
		Example: `  delint graph                                        datasets by layer
  delint graph --upstream gold.orders                 what a dataset is built from
  delint graph --upstream gold.orders.email --columns where a column comes from
  delint graph --downstream raw.orders --depth 2      what reads it, two steps far
  delint graph --format mermaid -o lineage.mmd        a diagram
  delint graph --format openlineage                   events for a lineage catalogue`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.graph(c, &f, args) },
	}
	fl := c.Flags()
	fl.StringVar(&f.format, "format", lineage.Formats()[0], "output format: "+strings.Join(lineage.Formats(), ", "))
	fl.StringVarP(&f.output, "output", "o", "", "write to a file instead of standard output")
	fl.StringSliceVar(&f.lineage.Upstream, "upstream", nil, "only this dataset and what it is built from (repeatable)")
	fl.StringSliceVar(&f.lineage.Downstream, "downstream", nil, "only this dataset and what is built from it (repeatable)")
	fl.IntVar(&f.lineage.Depth, "depth", 0, "how many steps --upstream and --downstream follow (default all)")
	fl.StringSliceVar(&f.lineage.Layers, "layer", nil, "only datasets of this layer: ingestion, transformation, consumption, unknown (repeatable)")
	fl.BoolVar(&f.lineage.Columns, "columns", false, "show columns; --upstream and --downstream may name one")
	fl.BoolVar(&f.style.Expand, "expand", false, "draw every dataset where a large graph would be drawn by groups")
	fl.StringVar(&f.event, "event", "job", "openlineage: job, or run (declared, not observed: for catalogues that ignore jobs)")
	fl.StringVar(&f.style.Namespace, "namespace", "", "openlineage: namespace of jobs and datasets (default delint://PROJECT; a path's bucket, bigquery)")
	fl.StringVar(&f.style.EventTime, "event-time", "", "openlineage: RFC 3339 time of the events, or now (default the beginning of 1970, so that output repeats)")
	fl.StringVar(&f.root, "root", "", "root of the repository (default: the git top level above the path)")
	fl.IntVar(&f.jobs, "jobs", 0, "files read at once (default: the number of processors)")
	fl.BoolVar(&f.noCache, "no-cache", false, "read and write no cache")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(lineage.Formats(), cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("event", cobra.FixedCompletions([]string{"job", "run"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// graph links the repository and writes its graph. No rule but the one that finds secrets runs: output never holds one.
func (p *program) graph(c *cobra.Command, f *graphFlags, args []string) error {
	write, err := lineage.Format(f.format)
	if err != nil {
		return oneOf("format", f.format, lineage.Formats()...)
	}
	if err := f.check(); err != nil {
		return err
	}
	result, err := scan.Run(c.Context(), scan.Options{
		Paths: args, Root: f.root, Jobs: f.jobs, NoCache: f.noCache, ToolVersion: version(), Config: scan.Config{Select: []string{"hardcoded-secret"}},
	})
	if err != nil {
		return err
	}
	f.lineage.Project, f.lineage.ToolVersion, f.lineage.Redact, f.lineage.Text = result.Project, version(), result.Redact, result.Text
	document, err := lineage.Of(result.Graph, f.lineage)
	if err != nil {
		return err
	}
	f.style.Columns, f.style.Run, f.style.Width = f.lineage.Columns, f.event == "run", p.width()
	var out bytes.Buffer
	if err := write(&out, document, f.style); err != nil {
		return err
	}
	if f.output != "" && f.output != "-" {
		if err := scan.WriteFile(f.output, out.Bytes(), 0o644); err != nil {
			return failed{err}
		}
	} else if _, err := p.stdout.Write(out.Bytes()); err != nil {
		return failed{fmt.Errorf("standard output: %w", err)}
	}
	p.notices(result, &flags{})
	if result.Incomplete() {
		return exit{exitIncomplete}
	}
	return nil
}

// check reads the flags that hold more than a name.
func (f *graphFlags) check() error {
	if f.lineage.Depth < 0 {
		return errors.New("--depth: it counts steps, so it can't be negative")
	}
	if f.lineage.Depth > 0 && len(f.lineage.Upstream)+len(f.lineage.Downstream) == 0 {
		return errors.New("--depth: it needs --upstream or --downstream")
	}
	switch f.style.EventTime {
	case "":
	case "now":
		f.style.EventTime = time.Now().UTC().Format(time.RFC3339)
	default:
		if _, err := time.Parse(time.RFC3339, f.style.EventTime); err != nil {
			return fmt.Errorf("--event-time: %q is no RFC 3339 time, such as 2026-01-31T00:00:00Z", f.style.EventTime)
		}
	}
	return oneOf("event", f.event, "job", "run")
}
