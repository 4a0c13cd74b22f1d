package quality

import (
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// TestWithoutAssertion reports collected tests that can't fail on a wrong result: nothing in them, their fixtures or what
// they call asserts; and comparisons in tests that nobody looks at.
var TestWithoutAssertion = rules.Repository(rules.Rule{
	Name:     "test-without-assertion",
	Severity: rules.Medium,
	Class:    rules.Testing,
	Topic:    "best-practices/testing",
	Sentence: "Write unit tests for transformations, business logic, and utility functions",
}, func(pass *rules.Pass, g *graph.Graph) {
	if g.Code == nil {
		return
	}
	for _, m := range g.Code.Modules {
		if m.Role == graph.RoleNotebook || m.Role == graph.RoleVendored || m.Role == graph.RoleGenerated || shownTests.MatchString("/"+m.Path) {
			continue
		}
		for _, fn := range m.Functions[1:] {
			if !fn.Test {
				continue
			}
			for _, idle := range fn.Idle {
				reportIdle(pass, fn, idle)
			}
			if fn.Unasserted && !fn.Stub && len(fn.Idle) == 0 && !mayAssert(fn) {
				f := pass.ReportAt(fn.Span, "`%s` asserts nothing: it passes whatever the code under test gives back", fn.Name)
				f.Unit = rules.Unit{Kind: "function", Name: fn.Name, StartLine: fn.Span.Start.Line, EndLine: fn.End}
			}
		}
	}
})

// shownTests is where tests stand that show something, or wait to be copied.
var shownTests = regexp.MustCompile(`/(?:docs\w*|templates?|examples?|snippets?)/`)

// reportIdle reports an expression that was meant to be asserted, with the word that is missing as its fix.
func reportIdle(pass *rules.Pass, fn *graph.Function, idle graph.IdleFact) {
	f := pass.ReportAt(idle.Span, "the result of `%s` is not looked at; was `assert` meant?", idle.Text)
	f.Unit = rules.Unit{Kind: "function", Name: fn.Name, StartLine: fn.Span.Start.Line, EndLine: fn.End}
	f.Key = idle.Text
	at := idle.Span.Start.Byte
	f.Fix = &rules.Fix{Title: "assert it", Unsafe: true, Edits: []rules.Edit{{Path: idle.Span.Path, Start: at, End: at, Text: "assert "}}}
	if idle.Compares {
		f.Defer = []string{"ruff:B015"}
	}
}

// promises is the names of calls that fail by themselves where something is wrong: those of helpers that check, of
// orchestrators that run a job and raise what failed, of programs that are run and asked for their exit.
var promises = regexp.MustCompile(`(?i)assert|check|verif|valid|expect|compare|ensure|should|must|match|inspect|raise|golden|snapshot|approv|conform|` +
	`materialize|execute_in_process|run_dag|testmod|testfile|doctest|exec_module|import_module|run_module|run_path|run_test|test_case|testcase|does_not|` +
	`^skip|\.skip|importorskip|xfail|\.fail\(|exit|diff|equal|wait_for|wait_until|stubber|roundtrip|round_trip|benchmark`)

// mayAssert reports whether a test may assert where delint can't see it: in a helper whose name says so, in a method that the
// repository doesn't define, in what its parameters are; or it promises only to run.
func mayAssert(fn *graph.Function) bool {
	if quiet.MatchString(fn.Name) || slices.ContainsFunc(fn.Decorators, func(d graph.DecoratorFact) bool { return quiet.MatchString(d.Path) }) {
		return true
	}
	if overrides(fn) || !slices.ContainsFunc(fn.FunctionFact.Uses, func(p string) bool { return strings.Contains(p, "()") }) {
		return true
	}
	for _, use := range fn.FunctionFact.Uses {
		if promises.MatchString(use) {
			return true
		}
		if method, ok := strings.CutPrefix(use, "self."); ok && strings.Contains(method, "()") && fn.Class != nil && unknown(fn.Class, method[:strings.Index(method, "()")]) {
			return true
		}
	}
	params := map[string]bool{}
	for _, p := range fn.Params {
		params[p.Name] = true
	}
	for _, use := range fn.FunctionFact.Uses {
		name, rest, _ := strings.Cut(use, "()")
		if params[name] && use != name && rest == "" {
			return true // calls what it was given
		}
	}
	return false
}

// quiet is what tests and their marks are called that promise no more than to run.
var quiet = regexp.MustCompile(`(?i)smoke|not_raise|no_raise|doesnt_raise|dont_raise|no_error|without_error|no_exception|not_fail|not_crash|no_crash|imports?($|_)|importable|xfail|skip|benchmark|perf|does_not|doesnt|never|instantiat|examples?($|_)|snippet|compiles|handles?($|_)|allow|graceful|tolerat|accepts?($|_)|empty|deprecat|context_manager|noop|no_op|does_nothing`)

// unknown reports whether a method comes from a class that the repository doesn't hold.
func unknown(c *graph.Class, method string) bool {
	if strings.Contains(method, ".") {
		return false
	}
	for seen := 0; c != nil && seen < 20; seen++ {
		if c.Methods[method] != nil {
			return false
		}
		if len(c.Bases) == 0 {
			break
		}
		if len(c.Bases) > 1 {
			return true
		}
		c = c.Bases[0]
	}
	return true
}

// overrides reports whether a test stands for one of a base class: it may switch that off.
func overrides(fn *graph.Function) bool {
	if fn.Class == nil {
		return false
	}
	name := fn.Name[strings.LastIndexByte(fn.Name, '.')+1:]
	for _, b := range fn.Class.Bases {
		if b.Methods[name] != nil {
			return true
		}
	}
	return len(fn.Class.External) > 0 && !slices.ContainsFunc(fn.Class.External, func(b string) bool { return strings.HasSuffix(b, "TestCase") })
}
