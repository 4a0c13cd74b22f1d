package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"

	"delint/rules"
)

// Schema is the JSON schema of what JSON writes.
//
//go:embed schema.json
var Schema []byte

// schemaVersion is the version of the JSON that other programs read. It changes only when a field changes its meaning.
const schemaVersion = 1

type jsonReport struct {
	Version     int                `json:"version"`
	Tool        jsonTool           `json:"tool"`
	Root        string             `json:"root"`
	Findings    []jsonFinding      `json:"findings"`
	NotAnalysed []NotAnalysed      `json:"not_analysed"`
	Deferred    map[string]int     `json:"deferred"`
	Stats       jsonStats          `json:"stats"`
	Seconds     map[string]float64 `json:"seconds,omitempty"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonStats struct {
	Stats
	Suppressed int `json:"suppressed"`
}

type jsonFinding struct {
	Rule        string            `json:"rule"`
	Standard    string            `json:"standard"`
	Severity    rules.Severity    `json:"severity"`
	Environment rules.Environment `json:"environment"`
	Path        string            `json:"path"`
	Start       jsonPosition      `json:"start"`
	End         jsonPosition      `json:"end"`
	Unit        rules.Unit        `json:"unit"`
	Message     string            `json:"message"`
	Topic       string            `json:"topic"`
	Precision   rules.Precision   `json:"precision"`
	Fingerprint string            `json:"fingerprint"`
	Related     []jsonPlace       `json:"related"`
	Fix         *jsonFix          `json:"fix"`
	Evidence    string            `json:"evidence,omitempty"`
	Dataset     string            `json:"dataset,omitempty"`
}

type jsonPlace struct {
	Path    string       `json:"path"`
	Start   jsonPosition `json:"start"`
	End     jsonPosition `json:"end"`
	Message string       `json:"message"`
}

// jsonFix changes bytes [start, end) of files, and may write one where there is none. A safe one keeps what the code does.
type jsonFix struct {
	Title  string     `json:"title"`
	Safe   bool       `json:"safe"`
	Edits  []jsonEdit `json:"edits"`
	Create *jsonFile  `json:"create,omitempty"`
}

type jsonEdit struct {
	Path  string `json:"path"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

type jsonFile struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

func fixJSON(f *rules.Fix) *jsonFix {
	if f == nil {
		return nil
	}
	out := &jsonFix{Title: f.Title, Safe: !f.Unsafe, Edits: []jsonEdit{}}
	for _, e := range f.Edits {
		out.Edits = append(out.Edits, jsonEdit{encoded(e.Path), e.Start, e.End, e.Text})
	}
	if f.Create != nil {
		out.Create = &jsonFile{encoded(f.Create.Path), f.Create.Text}
	}
	return out
}

type jsonPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// at keeps what the format promises of every place: lines and columns count from 1.
func at(line, column, offset int) jsonPosition {
	return jsonPosition{max(1, line), max(1, column), max(0, offset)}
}

func findingJSON(f *rules.Finding) jsonFinding {
	environment := f.Environment
	if environment == "" {
		environment = rules.UnknownEnv
	}
	out := jsonFinding{
		Rule: f.Rule.Name, Standard: f.Rule.Standard, Severity: f.Severity, Environment: environment,
		Path:  encoded(f.Span.Path),
		Start: at(f.Span.Start.Line, f.Span.Start.Column, f.Span.Start.Byte),
		End:   at(f.Span.End.Line, f.Span.End.Column, f.Span.End.Byte),
		Unit:  rules.Unit{Kind: f.Unit.Kind, Name: f.Unit.Name, StartLine: max(1, f.Unit.StartLine), EndLine: max(1, f.Unit.EndLine)}, Message: f.Message, Topic: f.Rule.Topic, Precision: f.Rule.Precision, Fingerprint: f.Fingerprint,
		Related: []jsonPlace{}, Evidence: f.Evidence, Dataset: f.Dataset, Fix: fixJSON(f.Fix),
	}
	for _, p := range f.Places {
		out.Related = append(out.Related, jsonPlace{
			encoded(p.Span.Path), at(p.Span.Start.Line, p.Span.Start.Column, p.Span.Start.Byte),
			at(p.Span.End.Line, p.Span.End.Column, p.Span.End.Byte), p.Message,
		})
	}
	return out
}

// JSON writes version 1 of the JSON that other programs read.
func JSON(w io.Writer, r *Report, _ Options) error {
	out := jsonReport{
		Version: schemaVersion, Tool: jsonTool{"delint", r.Version}, Root: ".",
		Findings: make([]jsonFinding, len(r.Findings)), NotAnalysed: make([]NotAnalysed, len(r.NotAnalysed)),
		Deferred: r.Deferred, Stats: jsonStats{r.Stats, sum(r.Suppressed)}, Seconds: r.Seconds,
	}
	if out.Deferred == nil {
		out.Deferred = map[string]int{}
	}
	if out.Stats.Languages == nil {
		out.Stats.Languages = map[string]Language{}
	}
	for i, f := range r.Findings {
		out.Findings[i] = findingJSON(f)
	}
	for i, n := range r.NotAnalysed {
		out.NotAnalysed[i] = NotAnalysed{Path: encoded(n.Path), Reason: n.Reason}
	}
	return writeJSON(w, out, " ")
}

// JSONLines writes one finding a line, each as in JSON.
func JSONLines(w io.Writer, r *Report, _ Options) error {
	for _, f := range r.Findings {
		if err := writeJSON(w, findingJSON(f), ""); err != nil {
			return err
		}
	}
	return nil
}

// writeJSON writes one value and a line break; readable where it is indented.
func writeJSON(w io.Writer, value any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(w, safeJSON(b.String()))
	return err
}
