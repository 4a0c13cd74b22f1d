package scan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"delint/graph"
)

// Anchor is the file on which formats that need one show what concerns the repository as a whole: README.md, else the first file.
func (r *Result) Anchor() string {
	if slices.Contains(r.Paths, "README.md") {
		return "README.md"
	}
	if len(r.Paths) > 0 {
		return r.Paths[0]
	}
	return "README.md"
}

// Strengths are facts about the repository that passing checks prove: only of rules that ran over the whole repository, had
// something to look at and found nothing.
func (r *Result) Strengths() []string {
	if r.Partial {
		return nil
	}
	ran, found := map[string]bool{}, map[string]bool{}
	for _, rule := range r.Rules {
		ran[rule.Name] = true
	}
	for _, f := range slices.Concat(r.Findings, r.Suppressed) {
		found[f.Rule.Name] = true
	}
	clean := func(rule string) bool { return ran[rule] && !found[rule] && r.Deferred[rule] == 0 }
	var out []string
	if n := r.inScope(); clean("missing-soda-checks") && n > 0 {
		out = append(out, fmt.Sprintf("every dataset of the inventory has a check (%d of %d)", n, n))
	}
	tests := 0
	for _, f := range r.Graph.Files {
		if f.Role == graph.RoleTest && f.Language == "python" && strings.HasPrefix(path.Base(f.Path), "test") {
			tests++
		}
	}
	if clean("untested-transform") && tests > 0 {
		out = append(out, fmt.Sprintf("no transform with logic was found that tests do not reach (%d test modules)", tests))
	}
	if clean("hardcoded-secret") && r.Stats.Files > 0 {
		out = append(out, fmt.Sprintf("no plaintext credential in %d files", r.Stats.Files))
	}
	if n := r.Stats.Languages["python"].Files; clean("empty-except") && n > 0 {
		out = append(out, fmt.Sprintf("no exception handler that does nothing in %d Python files", n))
	}
	return out[:min(len(out), 4)]
}

func (r *Result) inScope() int {
	n := 0
	for _, d := range r.Graph.Datasets {
		if d.InScope && d.Layer != graph.Unknown {
			n++
		}
	}
	return n
}
