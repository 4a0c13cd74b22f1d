package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"delint/rules"
)

//go:embed page.tmpl
var pageText string

// page is the template of the HTML report; html/template escapes every value for its place.
var page = template.Must(template.New("page").Parse(pageText))

type htmlFinding struct {
	Severity, Rule, Standard, Environment, Path, Place, Unit, Message, Evidence, Line, Todo, Why string
	Before, Mark, After                                                                          string // the line around the range
	Related                                                                                      []string
}

type htmlFile struct {
	Path     string
	Findings []htmlFinding
}

type htmlPage struct {
	Project, Version, Headline, Reasons, Deferred string
	Suppressed                                    int
	Counts                                        []struct {
		Severity string
		N        int
	}
	Files                        []htmlFile
	Rules, Environments, Skipped []string
}

// HTML writes one self-contained page that needs no network: filters, the code of each finding, what to do, and prints well.
func HTML(w io.Writer, r *Report, _ Options) error {
	p := htmlPage{
		Project: visible(r.Project), Version: visible(r.Version), Headline: headline(r), Reasons: r.reasons(),
		Deferred: tally(r.Deferred), Suppressed: sum(r.Suppressed),
	}
	var n [rules.Critical + 1]int
	seenRules, seenEnvironments := map[string]bool{}, map[string]bool{}
	lines := source{r: r}
	for _, f := range r.Findings {
		n[f.Severity]++
		seenRules[f.Rule.Name], seenEnvironments[string(f.Environment)] = true, true
		path := visible(f.Span.Path)
		if i := len(p.Files); i == 0 || p.Files[i-1].Path != path {
			p.Files = append(p.Files, htmlFile{Path: path})
		}
		file := &p.Files[len(p.Files)-1]
		file.Findings = append(file.Findings, findingHTML(f, &lines))
	}
	for s := rules.Critical; s >= rules.Low; s-- {
		p.Counts = append(p.Counts, struct {
			Severity string
			N        int
		}{s.String(), n[s]})
	}
	p.Rules, p.Environments = sortedKeys(seenRules), sortedKeys(seenEnvironments)
	for _, s := range r.NotAnalysed {
		p.Skipped = append(p.Skipped, visible(s.Path)+": "+visible(s.Reason))
	}
	return page.Execute(w, p)
}

func findingHTML(f *rules.Finding, lines *source) htmlFinding {
	out := htmlFinding{
		Severity: f.Severity.String(), Rule: f.Rule.Name, Standard: f.Rule.Standard, Environment: string(f.Environment),
		Path: visible(f.Span.Path), Place: fmt.Sprintf("%d:%d", max(1, f.Span.Start.Line), max(1, f.Span.Start.Column)),
		Message: visible(f.Message), Evidence: visible(f.Evidence), Todo: recommendation(f.Rule), Why: rationale(f.Rule),
	}
	if f.Unit.Kind != "module" {
		out.Unit = visible(f.Unit.Kind + " " + f.Unit.Name)
	}
	for _, p := range f.Places {
		out.Related = append(out.Related, fmt.Sprintf("%s:%d %s", visible(p.Span.Path), max(1, p.Span.Start.Line), visible(p.Message)))
	}
	line := lines.line(f.Span.Path, f.Span.Start.Line)
	if line == nil || f.Span.Start == f.Span.End {
		return out
	}
	row := cells(line, 400)
	start, _, _ := lines.columns(f.Span.Path, f.Span.Start.Line, f.Span.Start.Column)
	end := len(row) + 1
	if f.Span.End.Line == f.Span.Start.Line {
		end, _, _ = lines.columns(f.Span.Path, f.Span.End.Line, f.Span.End.Column)
	}
	for i, c := range row {
		switch {
		case i+1 < start:
			out.Before += c.text
		case i+1 < end:
			out.Mark += c.text
		default:
			out.After += c.text
		}
	}
	out.Before, out.Mark, out.After = logSafe(out.Before), logSafe(out.Mark), logSafe(out.After)
	out.Line = fmt.Sprint(f.Span.Start.Line)
	return out
}

func sortedKeys(m map[string]bool) []string {
	var keys []string
	for k := range m {
		if k != "" {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}
