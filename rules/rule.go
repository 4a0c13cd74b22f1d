// Package rules says what a rule is and how rules run.
//
// A rule is a golang.org/x/tools/go/analysis Analyzer with a page: a pair of files with one stem in the folder of its
// standard. It is registered by being there: the constructors Python, SQL, YAML, File and Repository add it to the catalogue.
package rules

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Severity is how bad a finding is: the four words of the standard, and Off.
type Severity uint8

// The severities, from the weakest.
const (
	Off Severity = iota
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"off", "Low", "Medium", "High", "Critical"}

// String is the severity as the standard spells it.
func (s Severity) String() string { return severityNames[s] }

// MarshalText writes the severity as the standard spells it.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a severity in any case.
func (s *Severity) UnmarshalText(text []byte) error {
	parsed, err := ParseSeverity(string(text))
	*s = parsed
	return err
}

// ParseSeverity reads a severity in any case.
func ParseSeverity(s string) (Severity, error) {
	for i, name := range severityNames {
		if strings.EqualFold(s, name) {
			return Severity(i), nil
		}
	}
	return Off, fmt.Errorf("unknown severity %q; it is one of critical, high, medium, low, off", s)
}

// Step lowers the severity by n levels (raises it for a negative n), never below Low nor above Critical. Off stays Off.
func (s Severity) Step(n int) Severity {
	if s == Off {
		return Off
	}
	return Severity(max(int(Low), min(int(Critical), int(s)-n)))
}

// Environment is where the code of a finding runs.
type Environment string

// The environments.
const (
	Production Environment = "production"
	Staging    Environment = "staging"
	Local      Environment = "local"
	SelfHosted Environment = "self-hosted"
	UnknownEnv Environment = "unknown"
)

// Class decides how a rule's severity follows the environment: the table of section 1.2 of the Python catalogue.
type Class string

// The classes.
const (
	Correctness     Class = "correctness"     // wrong or lost data, hidden failure: fades only locally
	Reliability     Class = "reliability"     // retries, timeouts, idempotency, resources
	Testing         Class = "testing"         // tests
	Maintainability Class = "maintainability" // readability, typing, structure
	Security        Class = "security"        // the rule's own table
	Fixed           Class = "fixed"           // the same everywhere
)

// Precision says how often a finding of the rule is right, in SARIF's words.
type Precision string

// The precisions.
const (
	VeryHigh      Precision = "very-high"
	HighPrecision Precision = "high"
	MediumPrec    Precision = "medium"
	LowPrecision  Precision = "low"
)

// Rule is a rule's metadata; its prose stands on its page.
type Rule struct {
	// Name is the rule's id: kebab-case, names the bad thing, equal to the stem of its files.
	Name string
	// Severity is the one of a finding that does not set its own, in production.
	Severity Severity
	// Class decides how the severity follows the environment; Fixed if empty.
	Class Class
	// AtMost bounds the severity in an environment where the rule has a table of its own beside its Class.
	AtMost map[Environment]Severity
	// Reach says that the severity drops by one level where the code is not on the path of a pipeline.
	Reach bool
	// OnPath says that a finding counts only where the code is on the path of a pipeline, or public in a repository without one.
	OnPath bool
	// Precision is HighPrecision if empty.
	Precision Precision
	// Disabled takes the rule out of the default selection.
	Disabled bool
	// Topic is its page in the knowledge base: best-practices/code-quality.
	Topic string
	// Sentence is the sentence of standards.md that the rule encodes.
	Sentence string
	// Tags are SARIF tags beside the standard's: external/cwe/cwe-798.
	Tags []string

	// Collapsed is the message of the one finding that stands for n of a group (Finding.Collapse) in a file; nil where the
	// rule's findings never become one.
	Collapsed func(n int) string

	// Standard is the folder that the rule stands in. The constructors set it.
	Standard string
	// Page is the rule's page. It is nil only for declarative rules of a user without one.
	Page *Page

	// Source identifies the text that a rule which is not compiled in was read from; empty for the others.
	Source string

	analyzer  *analysis.Analyzer
	languages []string // nil: every file; for repository rules not asked
	repo      bool
	driver    bool
}

// Analyzer is the rule as go/analysis knows it.
func (r *Rule) Analyzer() *analysis.Analyzer { return r.analyzer }

// IsRepository reports whether the rule runs once on the graph and not once a file.
func (r *Rule) IsRepository() bool { return r.repo }

// IsDriver reports whether the driver decides the rule.
func (r *Rule) IsDriver() bool { return r.driver }

// Reads reports whether a file rule looks at files of a language ("" for plain text).
func (r *Rule) Reads(language string) bool {
	return !r.repo && (r.languages == nil || slices.Contains(r.languages, language))
}

// catalogue holds the built-in rules and, by folder, their pages. It is written only while packages initialise.
var catalogue []*Rule

// All is every built-in rule, by name, with its page. Call it after every folder of rules has been imported (rules/all).
func All() []*Rule {
	rules := slices.Clone(catalogue)
	for _, r := range rules {
		if r.Page == nil {
			r.setPage(page(r.Standard, r.Name))
		}
	}
	slices.SortFunc(rules, func(a, b *Rule) int { return strings.Compare(a.Name, b.Name) })
	return rules
}

func (r *Rule) setPage(p *Page) {
	r.Page = p
	if p != nil {
		r.analyzer.Doc = p.Summary
	}
}

// register completes a rule and adds it to the catalogue. skip is how many callers stand above the rule's own file.
func register(r Rule, skip int) *Rule {
	_, file, _, _ := runtime.Caller(skip)
	r.Standard = filepath.Base(filepath.Dir(file))
	rule := complete(r)
	catalogue = append(catalogue, rule)
	return rule
}

// complete fills in the defaults.
func complete(r Rule) *Rule {
	if r.Class == "" {
		r.Class = Fixed
	}
	if r.Precision == "" {
		r.Precision = HighPrecision
	}
	return &r
}

// identifier is the rule's name as an Analyzer wants it: an identifier.
func identifier(name string) string { return strings.ReplaceAll(name, "-", "_") }
