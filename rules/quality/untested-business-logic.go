package quality

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/read/sqltext"
	"delint/graph/sqlmesh"
	"delint/rules"
)

// minLogic is how much a query decides before a unit test is asked of it: sqltext.Logic counts.
const minLogic = 3

// UntestedBusinessLogic reports models whose query decides much and that no unit test runs. Where the repository has no unit
// test of a model at all it says so once.
var UntestedBusinessLogic = rules.Repository(rules.Rule{
	Name:     "untested-business-logic",
	Severity: rules.Medium,
	Class:    rules.Testing,
	Topic:    "best-practices/testing",
	Sentence: "Write unit tests for transformations, business logic, and utility functions",
	Collapsed: func(n int) string {
		return fmt.Sprintf("no unit test runs %d models that this file declares", n)
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	if g.Options.ExternalTests {
		return
	}
	tests := unitTests(g)
	var without []decider
	tested := 0
	for _, d := range g.Datasets {
		m, ok := decides(d)
		switch {
		case !ok:
		case tests.runs(d):
			tested++
		case !tests.mayRun(d):
			without = append(without, m)
		}
	}
	slices.SortStableFunc(without, func(a, b decider) int { return b.score - a.score })
	if tested == 0 && !tests.any && len(without) > 1 && !g.Options.Expand {
		noUnitTests(pass, without)
		return
	}
	for _, m := range without {
		f := pass.ReportAt(m.dataset.Span(), "no unit test runs `%s`, whose query decides by %s", m.dataset.Name, m.note.Text)
		f.Dataset, f.Key, f.Collapse = m.dataset.Name, m.dataset.Name, "logic"
		f.Unit = rules.Unit{Kind: "model", Name: m.dataset.Name, StartLine: m.dataset.Span().Start.Line, EndLine: m.note.Span.End.Line}
		if c := tests.unread[m.dataset]; c != nil {
			f.Message = fmt.Sprintf("SQLMesh never runs the test `%s` of `%s`: %s", c.Name, m.dataset.Name, c.Settings["unread"])
			f.Places = []rules.Place{{Span: c.Span, Message: "the test"}}
		}
	}
})

func noUnitTests(pass *rules.Pass, without []decider) {
	var start []string
	for _, m := range without[:min(5, len(without))] {
		start = append(start, m.dataset.Name)
	}
	f := pass.ReportRepository("no model has a unit test, %d decide enough to need one; start with: %s", len(without), strings.Join(start, ", "))
	for _, m := range without[:min(5, len(without))] {
		f.Places = append(f.Places, rules.Place{Span: m.dataset.Span(), Message: m.dataset.Name + ": " + m.note.Text})
	}
}

// decider is a model whose query decides much.
type decider struct {
	dataset *graph.Dataset
	note    graph.Note
	score   int
}

// decides reports whether a dataset is a model of dbt or SQLMesh with enough logic. Seeds, externals and sources have no query.
func decides(d *graph.Dataset) (decider, bool) {
	if d.Why != "" && d.Why != "embedded" && d.Why != "ephemeral" {
		return decider{}, false
	}
	for _, p := range d.Producers {
		if p.Tool != "dbt" && p.Tool != "sqlmesh" || p.Kind == "snapshot" || p.Kind == "source" || p.Kind == "external" {
			continue
		}
		for _, n := range p.Notes {
			if n.Kind == sqltext.LogicNote {
				if score, _ := strconv.Atoi(n.Values["score"]); score >= minLogic {
					return decider{d, n, score}, true
				}
			}
		}
	}
	return decider{}, false
}

// testsFound is the unit tests of a repository.
type testsFound struct {
	any     bool
	models  map[*graph.Dataset]bool
	unread  map[*graph.Dataset]*graph.CheckFact // tests that SQLMesh never loads
	partial []string                            // folders with tests that could not be read
	python  map[string]bool                     // names in strings of Python tests
}

func unitTests(g *graph.Graph) testsFound {
	t := testsFound{models: map[*graph.Dataset]bool{}, unread: map[*graph.Dataset]*graph.CheckFact{}, python: map[string]bool{}}
	for _, f := range g.Files {
		for i := range f.Checks {
			c := &f.Checks[i]
			if c.Framework != sqlmesh.UnitTest {
				continue
			}
			for _, d := range g.Find(c.Target, f.Path) {
				if c.Settings["unread"] != "" {
					t.unread[d] = c
				} else {
					t.models[d], t.any = true, true
				}
			}
		}
		for _, p := range f.Projects {
			if p.Tool == sqlmesh.UnreadTests {
				t.partial = append(t.partial, p.Dir)
			}
		}
		if f.NotAnalysed != "" && f.Language == "yaml" && strings.Contains("/"+f.Path, "/tests/") {
			t.partial = append(t.partial, f.Path)
		}
		if f.Role == graph.RoleTest && f.Module != nil {
			for _, fn := range f.Module.Functions {
				for _, w := range fn.Mentions {
					t.python[strings.ToLower(w)] = true
				}
			}
			for _, w := range f.Mentions {
				t.python[strings.ToLower(w)] = true
			}
		}
	}
	for _, d := range g.Datasets {
		if d.Setting("unit_tests") != "" {
			t.models[d], t.any = true, true
		}
	}
	return t
}

// runs reports whether a unit test names the model.
func (t testsFound) runs(d *graph.Dataset) bool {
	return t.models[d] || t.python[d.Parts[len(d.Parts)-1]] || t.python[d.Name]
}

// mayRun reports whether tests of SQLMesh could not be read: any of them may run the model.
func (t testsFound) mayRun(d *graph.Dataset) bool { return len(t.partial) > 0 && d.Tool == "sqlmesh" }
