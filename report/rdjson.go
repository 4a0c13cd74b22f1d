package report

import (
	"io"

	"delint/rules"
)

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"` // in UTF-8 bytes, from 1
}

type rdDiagnostic struct {
	Message  string `json:"message"`
	Location struct {
		Path  string `json:"path"`
		Range struct {
			Start rdPosition `json:"start"`
			End   rdPosition `json:"end"`
		} `json:"range"`
	} `json:"location"`
	Severity string `json:"severity"`
	Code     struct {
		Value string `json:"value"`
	} `json:"code"`
}

// RDJSON writes reviewdog's diagnostic format.
func RDJSON(w io.Writer, r *Report, _ Options) error {
	diagnostics := []rdDiagnostic{}
	lines := source{r: r}
	for _, f := range r.Findings {
		d := rdDiagnostic{Message: visible(f.Message), Severity: "INFO"}
		switch {
		case f.Severity >= rules.High:
			d.Severity = "ERROR"
		case f.Severity == rules.Medium:
			d.Severity = "WARNING"
		}
		d.Code.Value = f.Rule.Name
		d.Location.Path = encoded(r.place(f.Span.Path))
		column := func(line, column int) rdPosition {
			_, _, bytes := lines.columns(f.Span.Path, line, column)
			return rdPosition{max(1, line), bytes}
		}
		d.Location.Range.Start = column(f.Span.Start.Line, f.Span.Start.Column)
		d.Location.Range.End = column(f.Span.End.Line, f.Span.End.Column)
		diagnostics = append(diagnostics, d)
	}
	return writeJSON(w, struct {
		Source      map[string]string `json:"source"`
		Diagnostics []rdDiagnostic    `json:"diagnostics"`
	}{map[string]string{"name": "delint"}, diagnostics}, " ")
}
