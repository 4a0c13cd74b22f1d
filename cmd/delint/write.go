//go:build cgo

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"delint/report"
	"delint/scan"
)

func formatNames() []string { return report.Formats() }

// failed is an error of I/O: the run could not do what it was asked for (exit code 3).
type failed struct{ error }

// write writes a result in the format that was asked for, to standard output or, whole or not at all, to a file.
func (p *program) write(r *scan.Result, f *flags) error {
	writer, err := report.Format(f.format)
	if err != nil {
		return err
	}
	base, err := os.Getwd()
	if err != nil {
		base = ""
	}
	if resolved, err := filepath.EvalSymlinks(base); err == nil {
		base = resolved
	}
	o := report.Options{Color: p.useColor(f), Root: r.Root, Base: base, Width: p.width(), Extended: f.mode == "extended"}
	o.Review = reviewOptions(r)
	var out bytes.Buffer
	if err := writer(&out, p.report(r), o); err != nil {
		return err
	}
	if f.output != "" && f.output != "-" {
		if err := scan.WriteFile(f.output, out.Bytes(), 0o644); err != nil {
			return failed{err}
		}
		return nil
	}
	if _, err := p.stdout.Write(out.Bytes()); err != nil {
		return failed{fmt.Errorf("standard output: %w", err)}
	}
	return nil
}

// report turns a scan's result into what the writers read.
func (p *program) report(r *scan.Result) *report.Report {
	out := &report.Report{
		Version: version(), Project: r.Project, Findings: r.Findings, Rules: r.Rules, Deferred: r.Deferred,
		Suppressed: map[string]int{}, Seconds: r.Seconds, Partial: r.Partial, Strengths: r.Strengths(), Anchor: r.Anchor(),
		Text: r.Text, Columns: r.Columns,
		Stats: report.Stats{Files: r.Stats.Files, Bytes: r.Stats.Bytes, Languages: map[string]report.Language{}},
	}
	for _, s := range r.Suppressed {
		out.Suppressed[s.Rule.Name]++
	}
	for _, s := range r.NotAnalysed {
		out.NotAnalysed = append(out.NotAnalysed, report.NotAnalysed{Path: s.Path, Reason: r.Redact(s.Reason), Failed: s.Failed})
	}
	for name, c := range r.Stats.Languages {
		out.Stats.Languages[name] = report.Language(c)
	}
	return out
}
