// Package report turns the result of a run into bytes: one pure function and one file a format.
//
// Everything that a Report holds is already free of secrets: the caller hides them. What report adds is that nothing which a
// repository can choose (a name, a line, a message that quotes one) breaks out of a format or reaches a terminal as a command.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"delint/rules"
)

// Report is the result of one run as the writers read it. They change nothing in it.
type Report struct {
	Version string // of delint
	Project string
	// Findings is sorted by rules.Less. Messages, evidence and names hold no secret.
	Findings []*rules.Finding
	Rules    []*rules.Rule // that ran
	// NotAnalysed is sorted by path.
	NotAnalysed []NotAnalysed
	Deferred    map[string]int // by rule: what another tool of the repository already reports
	Suppressed  map[string]int // by rule
	Stats       Stats
	Seconds     map[string]float64 // of each stage and rule; nil unless timing was asked for
	// Partial says that the findings are not all of the repository's: paths, a severity or a selection narrowed them.
	Partial bool
	// Strengths are facts about the repository that passing checks prove, for the review: "every gold model has a contract (14/14)".
	Strengths []string
	// Anchor is the file on which formats that need one show what concerns the repository as a whole; README.md or the first
	// file of a finding if empty.
	Anchor string

	// Text is a file's text with its secrets hidden line by line; nil where it can't be read. A nil Text shows no source.
	Text func(path string) []byte
	// Columns maps a column of a finding (code points of the file's line as it is) to the column in Text's line and to the
	// columns in UTF-16 units and UTF-8 bytes of the line as it is, all from 1. Without it no secret is taken to stand in the line.
	Columns func(path string, line, column int) (shown, utf16, utf8 int)
}

// NotAnalysed is a file that could not be read as its language.
type NotAnalysed struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
	// Failed says that delint should have read it (exit code 3).
	Failed bool `json:"-"`
}

// Stats counts what was read.
type Stats struct {
	Files     int                 `json:"files"`
	Bytes     int                 `json:"bytes"`
	Languages map[string]Language `json:"languages"`
}

// Language counts the files of one language.
type Language struct {
	Files      int `json:"files"`
	Bytes      int `json:"bytes"`
	ErrorNodes int `json:"error_nodes"`
}

// Options is how a report is written. The zero value is right for a file.
type Options struct {
	Color bool
	Width int // of the terminal in columns; 100 if 0
	// Extended makes text say, of each finding, why it matters, and show its remedy as code.
	Extended bool
	// Root and Base are the root of the run and the current folder, absolute: text and concise write paths from Base.
	// Where one is empty, paths are written from the root.
	Root, Base string
	// Review is for the review format only.
	Review Review
	// Category is SARIF's category; none if empty.
	Category string
}

// Review is what the review file says beside the findings.
type Review struct {
	Date     time.Time
	Reviewer string // "Staff Data Engineer Agent" if empty
	Scope    string // the whole repository if empty
	// Tree names the state of the files: the commit, with a hash of what differs from it. Without one no review is up to date.
	Tree string
	// Config is a hash of the configuration.
	Config string
	// Strict writes only the three kinds of heading of the standard's template.
	Strict bool
	// Previous is the newest earlier review of the project; nil if there is none.
	Previous *Previous
}

// Writer writes a report in one format.
type Writer func(io.Writer, *Report, Options) error

// formats is every format, in the order in which help lists them.
var formats = []struct {
	name  string
	write Writer
}{
	{"text", Text}, {"concise", Concise}, {"json", JSON}, {"jsonl", JSONLines}, {"sarif", SARIF}, {"review", WriteReview},
	{"markdown", Markdown}, {"html", HTML}, {"github", GitHub}, {"gitlab", GitLab}, {"rdjson", RDJSON}, {"junit", JUnit},
}

// Formats is the names of all formats.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// Format is the writer of a format by its name.
func Format(name string) (Writer, error) {
	for _, f := range formats {
		if f.name == name {
			return f.write, nil
		}
	}
	return nil, fmt.Errorf("unknown format %q; it is one of %s", name, strings.Join(Formats(), ", "))
}

// bySeverity is the findings with the most severe first, else in their order.
func bySeverity(findings []*rules.Finding) []*rules.Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *rules.Finding) int { return int(b.Severity) - int(a.Severity) })
	return sorted
}

// anchor is the file that stands for the repository where a format needs a file.
func (r *Report) anchor() string {
	if r.Anchor != "" {
		return r.Anchor
	}
	if r.Text != nil && r.Text("README.md") != nil {
		return "README.md"
	}
	for _, f := range r.Findings {
		if f.Span.Path != "." {
			return f.Span.Path
		}
	}
	return "README.md"
}

// place is the file of a path in formats that need a file.
func (r *Report) place(path string) string {
	if path == "." || path == "" {
		return r.anchor()
	}
	return path
}

// spread says in how many files the findings stand: "in 3 of 14 files".
func (r *Report) spread(findings []*rules.Finding) string {
	seen := map[string]bool{}
	for _, f := range findings {
		if f.Span.Path != "." {
			seen[f.Span.Path] = true
		}
	}
	if len(seen) == 0 {
		return "in " + plural(r.Stats.Files, "file")
	}
	return fmt.Sprintf("in %d of %s", len(seen), plural(r.Stats.Files, "file"))
}

// counts is "1 Critical, 4 High", from the most severe; empty if there is nothing to count.
func counts(findings []*rules.Finding) string {
	var n [rules.Critical + 1]int
	for _, f := range findings {
		n[f.Severity]++
	}
	var parts []string
	for s := rules.Critical; s >= rules.Low; s-- {
		if n[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[s], s))
		}
	}
	return strings.Join(parts, ", ")
}

// plural is "1 file" or "3 files".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// reasons counts what was not analysed by reason: "2 template, 1 too large".
func (r *Report) reasons() string {
	n := map[string]int{}
	for _, s := range r.NotAnalysed {
		n[s.Reason]++
	}
	return tally(n)
}

// tally is "12 a, 3 b", the largest first.
func tally(n map[string]int) string {
	names := make([]string, 0, len(n))
	for name := range n {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if n[a] != n[b] {
			return n[b] - n[a]
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%d %s", n[name], visible(name))
	}
	return strings.Join(names, ", ")
}

func sum(n map[string]int) int {
	total := 0
	for _, v := range n {
		total += v
	}
	return total
}
