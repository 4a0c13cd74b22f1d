//go:build cgo

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"delint/rules"
	"delint/scan"

	"github.com/spf13/cobra"
)

// flags is what the command line of a scan says.
type flags struct {
	format, output              string
	env, severity, failOn, mode string
	selected, ignored, exclude  []string
	root, stdinName             string
	jobs                        int
	noCache, timing             bool
	forceExclude, noDefer       bool
	expand, notebooks           bool
	showFiles, quiet, verbose   bool
	color                       string
	strictReview                bool
	fix, unsafeFixes, diff      bool
	changedSince                string
	staged                      bool
}

func (p *program) rootCommand() *cobra.Command {
	var f flags
	root := &cobra.Command{
		Use:   "delint [PATH…]",
		Short: "Review a data repository: Python, SQL, YAML, orchestration, checks and docs, read together",
		Long: `delint reads a data repository the way a staff data engineer does (code, SQL, YAML, orchestration,
checks and docs together), links it into one graph, and says what is wrong, why it matters and what to do.

It runs nothing of what it reads, opens no network connection and prints no secret that it finds.

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage or configuration error, 3 something that
should have been analysed was not.`,
		Example: `  delint                                 review the current repository
  delint dags/ models/                   only the findings of these folders
  delint --format sarif -o delint.sarif  for code scanning
  delint rules empty-except              what a rule means, with examples
  delint review                          write the review file`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, args []string) error {
			return p.scan(c, &f, args)
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return fmt.Errorf("%w; see `delint --help`", err)
	})
	p.scanFlags(root, &f)
	root.AddCommand(p.rulesCommand(), p.parseCommand(), p.versionCommand(), p.reviewCommand(), p.graphCommand())
	return root
}

func (p *program) scanFlags(c *cobra.Command, f *flags) {
	fl := c.Flags()
	fl.StringVar(&f.format, "format", "text", "output format: "+strings.Join(formatNames(), ", "))
	fl.StringVarP(&f.output, "output", "o", "", "write to a file instead of standard output")
	fl.StringVar(&f.env, "env", "", "environment of all code: production, staging, local, self-hosted")
	fl.StringSliceVar(&f.selected, "select", nil, "only these rules or standards (\"all\": also those off by default)")
	fl.StringSliceVar(&f.ignored, "ignore", nil, "not these rules or standards")
	fl.StringVar(&f.severity, "severity", "", "report only findings of at least this severity")
	fl.StringVar(&f.failOn, "fail-on", "", "exit with 1 from this severity on: critical, high, medium, low, none (default high)")
	fl.StringVar(&f.mode, "mode", "concise", "concise, or extended: with each rule's rationale and recommendation")
	fl.IntVar(&f.jobs, "jobs", 0, "files read at once (default: the number of processors)")
	fl.BoolVar(&f.noCache, "no-cache", false, "read and write no cache")
	fl.BoolVar(&f.timing, "timing", false, "print what each stage and rule cost")
	fl.StringVar(&f.root, "root", "", "root of the repository (default: the git top level above the paths)")
	fl.StringArrayVar(&f.exclude, "exclude", nil, "leave out paths that match this glob (repeatable)")
	fl.BoolVar(&f.forceExclude, "force-exclude", false, "apply the excludes to files that are named outright too")
	fl.BoolVar(&f.noDefer, "no-defer", false, "report also what ruff or mypy report in this repository already")
	fl.BoolVar(&f.expand, "expand", false, "list every finding where many would be said as one")
	fl.BoolVar(&f.notebooks, "notebooks", false, "check all notebooks, not only those that something runs")
	fl.StringVar(&f.stdinName, "stdin-filename", "", "read standard input as this file of the repository")
	fl.StringVar(&f.changedSince, "changed-since", "", "report only what was added since this git revision, and what breaks against it")
	fl.BoolVar(&f.staged, "staged", false, "read what is staged, and report only what the last commit does not have")
	fl.BoolVar(&f.fix, "fix", false, "apply the fixes that don't change what the code does, then report what is left")
	fl.BoolVar(&f.unsafeFixes, "unsafe-fixes", false, "with --fix or --diff: also those that may change it, and new files")
	fl.BoolVar(&f.diff, "diff", false, "print what the fixes would change, and write nothing; exit 1 if that is anything")
	fl.BoolVar(&f.showFiles, "show-files", false, "print the files that would be read, and stop")
	fl.StringVar(&f.color, "color", "auto", "colour: auto, always, never")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "print findings only: no notices, no summary, no progress")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "say which configuration was used and what was left out")
	values := map[string][]string{
		"format": formatNames(), "env": {"production", "staging", "local", "self-hosted"}, "severity": {"critical", "high", "medium", "low"},
		"fail-on": {"critical", "high", "medium", "low", "none"}, "mode": {"concise", "extended"}, "color": {"auto", "always", "never"},
	}
	for name, list := range values {
		_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp))
	}
	for _, name := range []string{"select", "ignore"} {
		_ = c.RegisterFlagCompletionFunc(name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleNames(), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// options turns the flags into what the library wants.
func (p *program) options(f *flags, args []string) (scan.Options, error) {
	o := scan.Options{
		Paths: args, Root: f.root, Exclude: f.exclude, ForceExclude: f.forceExclude, NoDefer: f.noDefer, Expand: f.expand,
		Notebooks: f.notebooks, Jobs: f.jobs, NoCache: f.noCache, Timing: f.timing, StdinName: f.stdinName, ToolVersion: version(),
		ChangedSince: f.changedSince, Staged: f.staged,
	}
	o.Config = scan.Config{Env: rules.Environment(f.env), Ignore: f.ignored}
	if len(f.selected) > 0 {
		o.Config.Select = f.selected
	}
	if err := oneOf("env", f.env, "", "production", "staging", "local", "self-hosted"); err != nil {
		return o, err
	}
	if err := oneOf("mode", f.mode, "concise", "extended"); err != nil {
		return o, err
	}
	if err := oneOf("color", f.color, "auto", "always", "never"); err != nil {
		return o, err
	}
	if err := oneOf("format", f.format, formatNames()...); err != nil {
		return o, err
	}
	if f.severity != "" {
		s, err := rules.ParseSeverity(f.severity)
		if err != nil {
			return o, fmt.Errorf("--severity: %w", err)
		}
		o.Config.Severity = s
	}
	if f.failOn != "" {
		if err := o.Config.FailOn.UnmarshalText([]byte(f.failOn)); err != nil {
			return o, fmt.Errorf("--fail-on: %w", err)
		}
	}
	if f.unsafeFixes && !f.fix && !f.diff {
		return o, errors.New("--unsafe-fixes goes with --fix, which writes, or --diff, which shows what would be written")
	}
	if f.staged && (f.changedSince != "" || f.fix || f.stdinName != "") {
		return o, errors.New("--staged reads what git will commit: it goes with neither --changed-since, --fix nor --stdin-filename")
	}
	if f.fix && f.stdinName != "" {
		return o, errors.New("--fix changes files; standard input is none (--diff shows what it would be)")
	}
	if f.stdinName != "" {
		if len(args) > 0 {
			return o, errors.New("--stdin-filename names the one file that is read; give no paths beside it")
		}
		text, err := io.ReadAll(p.stdin)
		if err != nil {
			return o, fmt.Errorf("standard input: %w", err)
		}
		o.Stdin = text
	}
	return o, nil
}

func oneOf(flag, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	hint := ""
	if near := rules.Nearest(value, allowed); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("--%s: unknown value %q%s", flag, value, hint)
}

// scan runs delint and writes what it found.
func (p *program) scan(c *cobra.Command, f *flags, args []string) error {
	o, err := p.options(f, args)
	if err != nil {
		return err
	}
	if f.showFiles {
		return p.showFiles(c.Context(), o)
	}
	progress := p.progress(f)
	o.Progress = progress.show
	if f.fix || f.diff {
		done, err := p.fix(c.Context(), o, f)
		progress.clear()
		if err != nil || done {
			return err
		}
	}
	result, err := scan.Run(c.Context(), o)
	progress.clear()
	if err != nil {
		return err
	}
	if err := p.write(result, f); err != nil {
		return err
	}
	p.notices(result, f)
	return verdict(result)
}

// verdict is the exit code of a result.
func verdict(r *scan.Result) error {
	if r.Incomplete() {
		return exit{exitIncomplete}
	}
	for _, f := range r.Findings {
		if r.Config.FailOn.Fails(f.Severity) {
			return exit{exitFindings}
		}
	}
	return nil
}

// notices says on standard error what a person should know about the run itself.
func (p *program) notices(r *scan.Result, f *flags) {
	for _, fail := range r.Failures {
		fmt.Fprintf(p.stderr, "delint: internal error in %s on %s: %s; please report it\n", orRun(fail.Rule), printable(fail.Path), printable(fail.Error))
		if f.verbose {
			fmt.Fprintln(p.stderr, printable(fail.Stack))
		}
	}
	if f.quiet {
		return
	}
	for _, n := range r.Notices {
		fmt.Fprintf(p.stderr, "delint: %s\n", printable(n))
	}
	for _, s := range r.NotAnalysed {
		if s.Failed || f.verbose {
			fmt.Fprintf(p.stderr, "delint: not analysed: %s: %s\n", printable(s.Path), printable(r.Redact(s.Reason)))
		}
	}
	p.timing(r.Seconds)
	if f.verbose {
		file := r.Config.File
		if file == "" {
			file = "none"
		}
		fmt.Fprintf(p.stderr, "delint: root %s, configuration %s\n", printable(r.Root), printable(file))
	}
}

// timing prints what each stage and rule cost, the dearest first. Seconds are summed over threads.
func (p *program) timing(seconds map[string]float64) {
	names := slices.SortedFunc(maps.Keys(seconds), func(a, b string) int {
		return cmp.Or(cmp.Compare(seconds[b], seconds[a]), strings.Compare(a, b))
	})
	for _, name := range names {
		fmt.Fprintf(p.stderr, "%9.3f s  %s\n", seconds[name], printable(name))
	}
}

func orRun(rule string) string {
	if rule == "" {
		return "the run"
	}
	return rule
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(w any) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && file.Name() != os.DevNull
}
