package report

import (
	"fmt"
	"io"

	"delint/rules"
)

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

// GitLab writes GitLab's code quality report. Its page hides the name of a check, so the description begins with it; of two
// issues with one fingerprint it drops the second, so those get an ordinal.
func GitLab(w io.Writer, r *Report, _ Options) error {
	issues := []gitlabIssue{}
	seen := map[string]int{}
	for _, f := range r.Findings {
		fingerprint := f.Fingerprint
		seen[fingerprint]++
		if n := seen[fingerprint]; n > 1 {
			fingerprint = fmt.Sprintf("%s-%d", fingerprint, n)
		}
		issue := gitlabIssue{
			Description: f.Rule.Name + ": " + visible(f.Message), CheckName: f.Rule.Name, Fingerprint: fingerprint,
			Severity: gitlabSeverity[f.Severity],
		}
		issue.Location.Path = encoded(r.place(f.Span.Path))
		issue.Location.Lines.Begin = max(1, f.Span.Start.Line)
		issues = append(issues, issue)
	}
	return writeJSON(w, issues, " ")
}

var gitlabSeverity = [...]string{rules.Off: "info", rules.Low: "minor", rules.Medium: "major", rules.High: "critical", rules.Critical: "blocker"}
