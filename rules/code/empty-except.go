package code

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// EmptyExcept reports exception handlers, contextlib.suppress included, that do nothing with what they catch. Handlers
// that jump, return a constant or only log belong to swallowed-exception.
var EmptyExcept = rules.Python(rules.Rule{
	Name:     "empty-except",
	Severity: rules.High,
	Class:    rules.Correctness,
	Reach:    true,
	Topic:    "best-practices/code-quality",
	Sentence: "Don't ignore error handling or implement empty catch blocks",
}, func(pass *rules.Pass, _ *python.Tree) {
	switch pass.Role {
	case graph.RoleGenerated, graph.RoleVendored, graph.RoleStub:
		return
	}
	for h := range python.Handlers(pass.File) {
		if h.IsEmpty() {
			emptyHandler(pass, h)
		}
	}
})

func emptyHandler(pass *rules.Pass, h python.Handler) {
	f := pass.File
	narrow := h.Breadth <= python.Unknown
	reason := h.Reason(f)
	cleanup := h.InCleanup()
	switch {
	case h.ImportFallback(f), h.InBoundedRetry(), h.ExpectedAbsence(f),
		narrow && (cleanup || reason != "" || pass.Role == graph.RoleTest || h.HasAlternative(f)):
		return
	}
	codes := emptyCodes(f, h)
	if python.Waives(f, h.Node, codes...) {
		return
	}
	severity := emptySeverity[h.Breadth]
	if h.Suppress && len(python.Statements(h.Tried)) > 3 {
		severity = severity.Step(-1)
	}
	if cleanup {
		severity = severity.Step(1)
	}
	if !h.InFunction() && python.IsDagFile(f) {
		severity = severity.Step(-1)
	}
	head := f.Text[h.Node.Start():headerEnd(f, h)]
	finding := pass.Report(rules.Bytes{From: h.Node.Start(), To: headerEnd(f, h)}, "%s", emptyMessage(h))
	finding.Severity = severity
	finding.Key = string(head)
	for _, code := range codes {
		if !python.Blanket(f, h.Node) {
			finding.Defer = append(finding.Defer, "ruff:"+code)
		}
	}
	switch {
	case h.FailsSilently():
		finding.Evidence = "a retry without final failure: nothing is raised after the last attempt"
	case reason != "":
		finding.Evidence = "the comment says: " + reason
	}
}

// emptySeverity is the verdict on an empty handler by what it catches.
var emptySeverity = map[python.Breadth]rules.Severity{
	python.Bare: rules.Critical, python.Base: rules.Critical, python.Broad: rules.High,
	python.Root: rules.Medium, python.Unknown: rules.Low, python.Narrow: rules.Low,
}

func emptyMessage(h python.Handler) string {
	var names []string
	for _, m := range h.Members() {
		names = append(names, m.Text())
	}
	caught := strings.Join(names, ", ")
	switch {
	case len(caught) > 40:
		caught = "(" + names[0] + ", …)"
	case len(names) > 1 && !h.Suppress:
		caught = "(" + caught + ")"
	}
	what := strings.TrimSpace("except " + caught)
	if h.Suppress {
		what = "suppress(" + strings.Trim(caught, "()") + ")"
	}
	return "`" + what + "` around " + tried(h.Tried) + " does nothing with the error"
}

// tried names what is watched by the first statement that does something.
func tried(block parsers.Node) string {
	statements := python.Statements(block)
	if len(statements) == 0 {
		return "nothing"
	}
	text := "`" + python.Brief(statements[0]) + "`"
	if len(statements) > 1 {
		text += " and what follows"
	}
	return text
}

// headerEnd is the end of the handler's header on its first line.
func headerEnd(f *parsers.File, h python.Handler) int {
	end := h.Node.End()
	if !h.Suppress {
		for c := range h.Node.Children() {
			if f.Text[c.Start()] == ':' {
				end = c.End()
				break
			}
		}
	}
	for i := h.Node.Start(); i < end; i++ {
		if f.Text[i] == '\n' || f.Text[i] == '\r' {
			return i
		}
	}
	return end
}

// emptyCodes is what ruff calls the same handler, by the exact shapes that its rules look for.
func emptyCodes(f *parsers.File, h python.Handler) []string {
	if h.Suppress {
		return nil
	}
	var codes []string
	if h.Breadth == python.Bare {
		codes = append(codes, "E722")
	}
	body := python.Statements(h.Body)
	if len(body) != 1 {
		return codes
	}
	pass := body[0].Is(python.PassStatement)
	if pass && (h.Breadth == python.Bare || namesBroad(f, h)) {
		codes = append(codes, "S110")
	}
	try := h.Node.Parent()
	alone := try.Child(python.ElseClause, python.FinallyClause).IsNil()
	for c := range try.Children() {
		alone = alone && (c == h.Node || !c.Is(python.ExceptClause, python.ExceptGroupClause))
	}
	watched := python.Statements(h.Tried)
	if alone && len(watched) == 1 && (pass || body[0].FirstNamed().Is(python.Ellipsis)) &&
		watched[0].Is(python.ExpressionStatement, python.DeleteStatement, python.AssertStatement, python.ImportStatement,
			python.ImportFromStatement, python.PassStatement) && watched[0].FirstNamed().Kind() != python.Yield {
		codes = append(codes, "SIM105")
	}
	return codes
}

// namesBroad reports whether one of the types is written Exception or BaseException: ruff follows no aliases.
func namesBroad(f *parsers.File, h python.Handler) bool {
	for _, m := range h.Members() {
		if m.Is(python.Identifier) && (m.Text() == "Exception" || m.Text() == "BaseException") &&
			len(python.Imports(f).Lookup(m)) == 0 {
			return true
		}
	}
	return false
}
