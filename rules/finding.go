package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"delint/parsers"

	"golang.org/x/tools/go/analysis"
)

// Finding is one thing that a rule says. A rule reports it through Pass.Report, which returns it so that the rule can set
// what the rule's metadata and the place don't decide.
type Finding struct {
	analysis.Diagnostic `json:"-"`

	Rule     *Rule    `json:"-"`
	Severity Severity `json:"severity"`
	// Severities is the finding's severity by environment, where it has a table of its own beside its rule's Class; an
	// environment that nothing tells counts as production.
	Severities map[Environment]Severity `json:"-"`
	Span       parsers.Span             `json:"-"`
	// Unit is the innermost named thing that encloses the place; set by the driver where the rule doesn't.
	Unit Unit `json:"unit"`
	// Key names what the finding is about inside its unit, for the fingerprint: a variable, a column. Never a secret.
	Key string `json:"-"`
	// Places are other places that the finding is about, with a word each on why.
	Places []Place `json:"related"`
	// Defer names what other tools call the same fact: "ruff:S110". The finding is dropped where one of them already
	// reports it in this repository.
	Defer []string `json:"-"`
	// Evidence is one more line under the message: what was looked at, what came near.
	Evidence string `json:"evidence,omitempty"`
	// Dataset, of the findings that are about a dataset, is its canonical name.
	Dataset string `json:"dataset,omitempty"`
	// Fix ends the finding; nil where there is none.
	Fix *Fix `json:"fix"`
	// Collapse names the group of findings that becomes one when there are more than ten of it in a file.
	Collapse string `json:"-"`

	Environment Environment `json:"environment"`
	// EnvironmentReason says why it is that environment.
	EnvironmentReason string `json:"-"`
	Fingerprint       string `json:"fingerprint"`
}

// Place is a place beside a finding's own.
type Place struct {
	Span    parsers.Span `json:"span"`
	Message string       `json:"message"`
}

// Unit is a named thing in a file: what the review file has a heading for.
type Unit struct {
	Kind      string `json:"kind"` // function, class, query, block, section, cell, module
	Name      string `json:"name"`
	StartLine int    `json:"start_line"`
	EndLine   int    `json:"end_line"`
}

// Path is the file of the finding, relative to the root; "." for the repository as a whole.
func (f *Finding) Path() string { return f.Span.Path }

// Less orders findings for output: path, place, rule, message.
func Less(a, b *Finding) int {
	for _, c := range [...]int{
		strings.Compare(a.Span.Path, b.Span.Path),
		a.Span.Start.Line - b.Span.Start.Line,
		a.Span.Start.Column - b.Span.Start.Column,
		strings.Compare(a.Rule.Name, b.Rule.Name),
		a.Span.End.Byte - b.Span.End.Byte,
		strings.Compare(a.Message, b.Message),
	} {
		if c != 0 {
			return c
		}
	}
	return 0
}

// Fingerprint gives every finding its fingerprint: a hash of rule, path, unit, key and the ordinal among those that share
// them. It survives edits elsewhere, is the same on every machine, and never depends on the text of a line.
// The findings must be sorted.
func Fingerprint(findings []*Finding) {
	seen := map[string]int{}
	for _, f := range findings {
		id := f.Identity("")
		n := seen[id]
		seen[id]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", id, n))
		f.Fingerprint = hex.EncodeToString(sum[:10])
	}
}

// Identity names what the finding is about, without its place: equal for findings that only their order tells apart. A moved
// file's finding has the identity that it has at the path moved.
func (f *Finding) Identity(moved string) string {
	p, unit := f.Span.Path, f.Unit.Name
	if moved != "" {
		if f.Unit.Kind == "module" && unit == path.Base(p) {
			unit = path.Base(moved)
		}
		p = moved
	}
	return strings.Join([]string{f.Rule.Name, p, f.Unit.Kind, unit, f.Key, f.Dataset}, "\x00")
}

// ModuleUnit is the unit of a finding that nothing encloses: the file.
func ModuleUnit(p string, lines int) Unit {
	return Unit{Kind: "module", Name: path.Base(p), StartLine: 1, EndLine: max(1, lines)}
}

// Select reports whether a list of rule names and standards names the rule. "all" names every rule.
func (r *Rule) Select(list []string) bool {
	return slices.Contains(list, r.Name) || slices.Contains(list, r.Standard) || slices.Contains(list, "all")
}
