package docs

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

const decisions = "docs/architecture/decisions/"

// decisionFolders are where decision records are kept too.
var decisionFolders = []string{"docs/adr/", "docs/adrs/", "docs/decisions/", "docs/architecture/adr/", "doc/adr/", "adr/"}

var (
	decisionName = regexp.MustCompile(`^(?i:adr[-_]?)?\d{3,4}[-_][\w-]+\.md$`) // that a name is well formed is another rule's business
	statuses     = regexp.MustCompile(`(?i)^(proposed|accepted|rejected|deprecated|superseded)\b`)
)

func (t *tree) judgeDecisions(want page, place string) gap {
	best := gap{path: want.path, state: absent, severity: want.severity}
	for _, folder := range append([]string{strings.TrimSuffix(place, "/") + "/"}, decisionFolders...) {
		if t.isOpaque(folder) {
			return gap{state: present}
		}
		for _, p := range t.Under(folder) {
			facts := t.File(p)
			if decisionName.MatchString(path.Base(p)) && (facts == nil || facts.Document == nil || facts.NotAnalysed != "" || isDecision(facts.Document)) {
				return gap{state: present}
			}
			if best.state == absent {
				best = gap{want.path, stub, want.severity, p, "holds no valid decision record"}
			}
		}
	}
	if best.state == absent {
		if near := t.misspelt(place); near != "" {
			best = gap{want.path, absent, rules.Low, "", "is spelt " + near + ": rename it"}
		}
	}
	return best
}

// isDecision reports whether a page is a decision record after the template of Nygard or of MADR, with its sections written.
func isDecision(d *graph.DocumentFact) bool {
	if d.Marker || d.Status != "" && !statuses.MatchString(d.Status) {
		return false
	}
	written := func(titles ...string) bool {
		for _, title := range titles {
			if !slices.ContainsFunc(d.Headings, func(h graph.Heading) bool {
				return strings.EqualFold(strings.TrimRight(h.Text, ": "), title) && h.Words > 0
			}) {
				return false
			}
		}
		return true
	}
	nygard := d.Status != "" && written("Context", "Decision", "Consequences")
	return nygard || d.Options >= 2 && written("Context and Problem Statement", "Considered Options", "Decision Outcome")
}
