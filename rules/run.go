package rules

import (
	"fmt"
	"go/token"
	"runtime/debug"
	"time"

	"delint/graph"
	"delint/parsers"

	"golang.org/x/tools/go/analysis"
)

// Failure is a rule that panicked: an internal error of delint. The run goes on.
type Failure struct {
	Rule  string
	Path  string
	Error string // the panic's value, without the stack, which may hold text of the file
	Stack string
}

// Runner runs a fixed selection of rules. It is safe for concurrent use.
type Runner struct {
	rules []*Rule
	// Timing, if set, is told what each rule cost; it must be safe for concurrent use.
	Timing func(rule string, d time.Duration)
}

// NewRunner checks the rules' analyzers and orders them.
func NewRunner(rules []*Rule) (*Runner, error) {
	analyzers := make([]*analysis.Analyzer, len(rules))
	names := map[string]bool{}
	for i, r := range rules {
		if names[r.Name] {
			return nil, fmt.Errorf("two rules are named %s", r.Name)
		}
		names[r.Name] = true
		analyzers[i] = r.analyzer
	}
	if err := analysis.Validate(analyzers); err != nil {
		return nil, err
	}
	return &Runner{rules: rules}, nil
}

// Rules is the selection, in the order given.
func (r *Runner) Rules() []*Rule { return r.rules }

// File runs the file rules that read the file's language. The findings have no fingerprints yet.
func (r *Runner) File(f *parsers.File, role graph.Role) ([]*Finding, []Failure) {
	language := ""
	if f.Language != nil {
		language = f.Language.Name
	}
	fset := token.NewFileSet()
	file := fset.AddFile(f.Path, -1, len(f.Raw))
	file.SetLines(f.LineStarts())
	s := &sink{file: f, role: role, base: token.Pos(file.Base())}
	results := map[*analysis.Analyzer]any{sinkOf: s, textFile: f}
	if f.Tree != nil {
		results[pythonTree] = f.Tree
	}
	var failures []Failure
	for _, rule := range r.rules {
		if rule.Reads(language) && f.NotAnalysed == "" || rule.Reads(language) && rule.languages == nil {
			failures = r.run(rule, s, fset, results, failures)
		}
	}
	for _, finding := range s.findings {
		if finding.Unit == (Unit{}) {
			finding.Unit = UnitAt(f, finding.Span)
		}
	}
	return s.findings, failures
}

// Repository runs the repository rules on the linked graph.
func (r *Runner) Repository(g *graph.Graph) ([]*Finding, []Failure) {
	s := &sink{graph: g}
	results := map[*analysis.Analyzer]any{sinkOf: s, repository: g}
	var failures []Failure
	for _, rule := range r.rules {
		if rule.repo {
			failures = r.run(rule, s, token.NewFileSet(), results, failures)
		}
	}
	for _, finding := range s.findings {
		if finding.Unit == (Unit{}) {
			lines := finding.Span.End.Line
			if facts := g.File(finding.Span.Path); facts != nil {
				lines = facts.Lines
			}
			finding.Unit = ModuleUnit(finding.Span.Path, lines)
		}
	}
	return s.findings, failures
}

// run is one Pass of one analyzer. What its rule requires is in results already: rules require only what the driver gives.
func (r *Runner) run(rule *Rule, s *sink, fset *token.FileSet, results map[*analysis.Analyzer]any, failures []Failure) (out []Failure) {
	out = failures
	for _, required := range rule.analyzer.Requires {
		if _, ok := results[required]; !ok {
			return out // a file of its language without a tree
		}
	}
	before := len(s.findings)
	path := "."
	if s.file != nil {
		path = s.file.Path
	}
	defer func() {
		if v := recover(); v != nil {
			s.findings = s.findings[:before]
			out = append(out, Failure{rule.Name, path, fmt.Sprintf("%T", v), string(debug.Stack())})
		}
	}()
	if r.Timing != nil {
		start := time.Now()
		defer func() { r.Timing(rule.Name, time.Since(start)) }()
	}
	pass := &analysis.Pass{
		Analyzer: rule.analyzer,
		Fset:     fset,
		ResultOf: results,
		ReadFile: func(name string) ([]byte, error) {
			if s.file != nil && name == s.file.Path {
				return s.file.Raw, nil
			}
			return nil, fmt.Errorf("rules read no files but their own: %s", name)
		},
		Report: func(d analysis.Diagnostic) {
			tf := fset.File(d.Pos)
			if tf == nil || s.file == nil {
				return
			}
			end := d.End
			if !end.IsValid() {
				end = d.Pos
			}
			span := s.file.RawSpan(tf.Offset(d.Pos), tf.Offset(end))
			s.findings = append(s.findings, &Finding{Diagnostic: d, Rule: rule, Severity: rule.Severity, Span: span})
		},
	}
	if _, err := rule.analyzer.Run(pass); err != nil {
		out = append(out, Failure{Rule: rule.Name, Path: path, Error: err.Error()})
	}
	return out
}
