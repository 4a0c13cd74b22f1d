//go:build cgo

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"delint/report"
	"delint/scan"

	"github.com/spf13/cobra"
)

func (p *program) reviewCommand() *cobra.Command {
	var f flags
	var lint string
	var force bool
	c := &cobra.Command{
		Use:   "review [PATH]",
		Short: "Write the review file that a person reads, or check one",
		Long: `Writes .opencode/dataengineering/{project}-{unix-timestamp}.md and prints its path. A tree that did not change and
has an up-to-date review gets no second one. With --lint it checks a review that a person or a program wrote.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if lint != "" {
				return p.lintReview(lint)
			}
			return p.review(c, &f, args, force)
		},
	}
	fl := c.Flags()
	fl.StringVar(&lint, "lint", "", "check this review file instead of writing one; exit 1 when it deviates")
	fl.BoolVar(&force, "force", false, "write a new review although nothing changed")
	fl.BoolVar(&f.strictReview, "review-strict", false, "use only the headings of the standard's template")
	fl.StringVar(&f.root, "root", "", "root of the repository (default: the git top level above the path)")
	fl.StringVar(&f.env, "env", "", "environment of all code: production, staging, local, self-hosted")
	fl.IntVar(&f.jobs, "jobs", 0, "files read at once (default: the number of processors)")
	fl.BoolVar(&f.noCache, "no-cache", false, "read and write no cache")
	fl.BoolVar(&f.noDefer, "no-defer", false, "say also what ruff or mypy report in this repository already")
	f.format, f.mode, f.color = "review", "concise", "never"
	return c
}

// review scans and writes the review file, unless the newest one says the same.
func (p *program) review(c *cobra.Command, f *flags, args []string, force bool) error {
	o, err := p.options(f, args)
	if err != nil {
		return err
	}
	progress := p.progress(f)
	o.Progress = progress.show
	result, err := scan.Run(c.Context(), o)
	progress.clear()
	if err != nil {
		return err
	}
	r := p.report(result)
	dir := filepath.Join(result.Root, filepath.FromSlash(report.ReviewDir))
	name, previous, err := previousReview(dir, r.Project)
	if err != nil {
		return failed{err}
	}
	options := reviewOptions(result)
	options.Strict, options.Previous = f.strictReview, previous
	if !force && previous != nil && report.UpToDate(previous, r, options) {
		p.notices(result, f)
		_, err := fmt.Fprintln(p.stdout, printable(shownPath(filepath.Join(dir, name))))
		return err
	}
	var out bytes.Buffer
	if err := report.WriteReview(&out, r, report.Options{Root: result.Root, Review: options}); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return failed{err}
	}
	if resolved, err := filepath.EvalSymlinks(dir); err != nil || resolved != dir {
		return failed{fmt.Errorf("%s leads out of the repository; no review was written", report.ReviewDir)}
	}
	name = filepath.Join(dir, report.ReviewName(r.Project, options.Date))
	if err := scan.WriteFile(name, out.Bytes(), 0o644); err != nil {
		return failed{err}
	}
	p.notices(result, f)
	if _, err := fmt.Fprintln(p.stdout, printable(shownPath(name))); err != nil {
		return failed{err}
	}
	if result.Incomplete() {
		return exit{exitIncomplete}
	}
	return nil
}

// previousReview reads the newest review of the project; nil if there is none.
func previousReview(dir, project string) (name string, previous *report.Previous, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	if name = report.NewestReview(names, project); name == "" {
		return "", nil, nil
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return "", nil, err
	}
	return name, report.ParseReview(name, text), nil
}

// reviewOptions is what the review says of the run. SOURCE_DATE_EPOCH stands for the clock where it is set.
func reviewOptions(r *scan.Result) report.Review {
	now := time.Now().UTC()
	if epoch, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		now = time.Unix(epoch, 0).UTC()
	}
	return report.Review{Date: now, Tree: r.Tree, Config: r.Settings}
}

// shownPath is a path from the current folder where it lies below it.
func shownPath(name string) string {
	if base, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(base, name); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return name
}

func (p *program) lintReview(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	problems := report.Lint(text)
	for _, problem := range problems {
		fmt.Fprintf(p.stdout, "%s:%d: %s\n", printable(name), problem.Line, printable(problem.Message))
	}
	if len(problems) > 0 {
		return exit{exitFindings}
	}
	return nil
}
