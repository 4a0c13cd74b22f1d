package rules

import (
	"fmt"
	"go/token"
	"reflect"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/parsers/sql"

	"golang.org/x/tools/go/analysis"
)

// Pass is one run of a rule: on a file (File is set) or on the repository (Graph is set).
type Pass struct {
	*analysis.Pass
	Rule  *Rule
	File  *parsers.File
	Role  graph.Role
	Graph *graph.Graph
	sink  *sink
}

// sink collects what the rules of one run report. Rules reach it through ResultOf, like everything that they require.
type sink struct {
	file     *parsers.File
	role     graph.Role
	graph    *graph.Graph
	base     token.Pos // of the file in the pass's FileSet
	findings []*Finding
}

// Ranger is what a finding can stand on in a file: offsets in the file's Text. Every parsers.Node is one.
type Ranger interface {
	Start() int
	End() int
}

// Bytes is the range [From, To) of a file's Text.
type Bytes struct{ From, To int }

// Start is From.
func (b Bytes) Start() int { return b.From }

// End is To.
func (b Bytes) End() int { return b.To }

// Report adds a finding on a place of the pass's file. The message says what is wrong, concretely, lower-case, without a
// period. What Report returns may be changed until the rule returns.
func (p *Pass) Report(at Ranger, format string, args ...any) *Finding {
	return p.ReportAt(p.File.Span(at.Start(), at.End()), format, args...)
}

// ReportAt adds a finding on a span: of the repository's rules, in any file; path "." for the repository as a whole.
func (p *Pass) ReportAt(span parsers.Span, format string, args ...any) *Finding {
	f := &Finding{Rule: p.Rule, Severity: p.Rule.Severity, Span: span}
	f.Message = fmt.Sprintf(format, args...)
	f.Category = p.Rule.Name
	if p.sink.base.IsValid() {
		f.Pos, f.End = p.sink.base+token.Pos(span.Start.Byte), p.sink.base+token.Pos(span.End.Byte)
	}
	p.sink.findings = append(p.sink.findings, f)
	return f
}

// ReportRepository adds a finding about the repository as a whole.
func (p *Pass) ReportRepository(format string, args ...any) *Finding {
	start := parsers.Position{Line: 1, Column: 1}
	f := p.ReportAt(parsers.Span{Path: ".", Start: start, End: start}, format, args...)
	f.Unit = Unit{Kind: "module", Name: ".", StartLine: 1, EndLine: 1}
	return f
}

// sinkOf, pythonTree, textFile and repository are the analyzers that rules require instead of other rules. The driver
// gives their results; they never run.
var (
	sinkOf     = given[*sink]("sink", "where findings go")
	pythonTree = given[*python.Tree]("python_tree", "the flat tree of a Python file or notebook")
	textFile   = given[*parsers.File]("file", "the file, its text and what was memoised on it")
	repository = given[*graph.Graph]("graph", "the linked graph of the repository")
)

func given[T any](name, doc string) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       name,
		Doc:        doc,
		ResultType: reflect.TypeFor[T](),
		Run: func(*analysis.Pass) (any, error) {
			return nil, fmt.Errorf("%s is given by the driver", name)
		},
	}
}

// Python makes a rule that looks at the tree of every Python file, notebooks included.
func Python(r Rule, check func(*Pass, *python.Tree)) *Rule {
	rule := register(r, 2)
	rule.languages = []string{"python", "notebook"}
	rule.analyze(pythonTree, func(p *Pass) { check(p, p.ResultOf[pythonTree].(*python.Tree)) })
	return rule
}

// Files makes a rule that looks at files of the named languages; of every text file, if none is named.
func Files(r Rule, check func(*Pass, *parsers.File), languages ...string) *Rule {
	rule := register(r, 2)
	rule.languages = languages
	rule.analyze(textFile, func(p *Pass) { check(p, p.File) })
	return rule
}

// SQL makes a rule that looks at the bound statements of every SQL file.
func SQL(r Rule, check func(*Pass, *sql.File)) *Rule {
	rule := register(r, 2)
	rule.languages = []string{"sql"}
	rule.analyze(textFile, func(p *Pass) {
		if bound := sql.Of(p.File); bound.Tree != nil {
			check(p, bound)
		}
	})
	return rule
}

// Repository makes a rule that looks at the linked graph, once a run.
func Repository(r Rule, check func(*Pass, *graph.Graph)) *Rule {
	rule := register(r, 2)
	rule.repo = true
	rule.analyze(repository, func(p *Pass) { check(p, p.Graph) })
	return rule
}

// analyze gives the rule its Analyzer.
func (r *Rule) analyze(input *analysis.Analyzer, check func(*Pass)) {
	r.analyzer = &analysis.Analyzer{
		Name:     identifier(r.Name),
		Doc:      r.Name,
		Requires: []*analysis.Analyzer{sinkOf, input},
		Run: func(ap *analysis.Pass) (any, error) {
			s := ap.ResultOf[sinkOf].(*sink)
			check(&Pass{Pass: ap, Rule: r, File: s.file, Role: s.role, Graph: s.graph, sink: s})
			return nil, nil
		},
	}
}

// Driver makes a rule that the driver itself decides, because only it knows the facts: which suppression was used. The rule
// lives in rules/code, where its page is.
func Driver(name string) *Rule {
	for _, r := range catalogue {
		if r.Name == name {
			return r
		}
	}
	panic("no rule is named " + name + "; is delint/rules/all imported?")
}

// DecidedByDriver declares a rule for Driver.
func DecidedByDriver(r Rule) *Rule {
	rule := register(r, 2)
	rule.driver = true
	rule.languages = []string{}
	rule.analyze(textFile, func(*Pass) {})
	return rule
}

// Declarative makes a rule that was read from a file: built in or a repository's own. It is not in the catalogue of All.
func Declarative(r Rule, check func(*Pass, *parsers.File), languages ...string) *Rule {
	rule := complete(r)
	rule.languages = languages
	rule.analyze(textFile, func(p *Pass) { check(p, p.File) })
	if rule.Page != nil && rule.Page.Summary != "" {
		rule.analyzer.Doc = rule.Page.Summary
	}
	return rule
}
