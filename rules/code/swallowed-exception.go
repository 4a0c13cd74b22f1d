package code

import (
	"fmt"
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// SwallowedException reports broad handlers that jump on, put a constant in the place of the result or only write the error
// down. Handlers that do nothing belong to empty-except.
var SwallowedException = rules.Python(rules.Rule{
	Name:     "swallowed-exception",
	Severity: rules.High,
	Class:    rules.Correctness,
	Reach:    true,
	Disabled: true, // 11 of 50 findings read were wrong, 5 of 39 after the last repair
	Topic:    "best-practices/code-quality",
	Sentence: "Don't ignore error handling or implement empty catch blocks",
}, func(pass *rules.Pass, _ *python.Tree) {
	if pass.Role != graph.RoleSource || pass.File.Tree.Grammar != python.Grammar || shown.MatchString("/"+pass.File.Path) {
		return
	}
	for h := range python.Handlers(pass.File) {
		if h.Breadth > python.Unknown {
			swallowed(pass, h)
		}
	}
})

func swallowed(pass *rules.Pass, h python.Handler) {
	f := pass.File
	how := h.Swallows(f)
	if how == python.Handles || h.Breadth == python.Root && (how == python.Logs || h.CatchesSystem(f)) || h.InBoundedRetry() || h.Tolerates(f) {
		return
	}
	codes := swallowCodes(f, h)
	if python.Waives(f, h.Node, codes...) || python.Waives(f, h.Node, "BLE001") || waivedElsewhere.Match(f.Text[h.Node.Start():lineEnd(f, h.Node.Start())]) {
		return
	}
	severity := swallowSeverity(how, h, f)
	if h.InCleanup() || besidePipelines.MatchString("/"+f.Path) {
		severity = severity.Step(1)
	}
	if !h.InFunction() && python.IsDagFile(f) {
		severity = severity.Step(-1)
	}
	head := rules.Bytes{From: h.Node.Start(), To: headerEnd(f, h)}
	finding := pass.Report(head, "%s", swallowMessage(how, h))
	finding.Severity = severity
	finding.Key = string(f.Text[head.From:head.To])
	if !python.Blanket(f, h.Node) {
		for _, code := range codes {
			finding.Defer = append(finding.Defer, "ruff:"+code)
		}
	}
	switch reason := h.Reason(f); {
	case h.FailsSilently():
		finding.Evidence = "a retry without final failure: nothing is raised after the last attempt"
	case reason != "":
		finding.Evidence = "the comment says: " + reason
	case h.LazyAction(f):
		finding.Evidence = "the error belongs to the transformations before: Spark runs them in this action"
	}
}

// waivedElsewhere is the comments by which other tools are told that a broad handler is meant.
var waivedElsewhere = regexp.MustCompile(`#.*(?:pylint\s*:\s*disable\S*=.*(?:broad-ex|bare-except|W0702|W0703|W0718)|skipcq|NOSONAR|nosec)`)

// besidePipelines is where code stands that people run by hand.
var besidePipelines = regexp.MustCompile(`/(?:scripts?|tools?|bin|utils?)/`)

// shown is where code stands that only shows something, and old migrations that nobody touches.
var shown = regexp.MustCompile(`/(?:docs\w*|[\w-]*examples?|samples?|demos?|tutorials?|migrations|test_\w+|testing|\.[\w-]+)/`)

// lineEnd is the end of the line of byte at.
func lineEnd(f *parsers.File, at int) int {
	for at < len(f.Text) && f.Text[at] != '\n' {
		at++
	}
	return at
}

// swallowSeverity is the verdict by what is caught and what is done instead.
func swallowSeverity(how python.Swallow, h python.Handler, f *parsers.File) rules.Severity {
	all := h.Breadth == python.Bare || h.Breadth == python.Base
	switch {
	case h.Breadth == python.Root:
		return rules.Medium
	case how == python.Jumps && all:
		return rules.Critical
	case how != python.Logs, all, h.TriesIO(f):
		return rules.High
	}
	return rules.Medium
}

func swallowMessage(how python.Swallow, h python.Handler) string {
	caught := "every error"
	var names []string
	for _, m := range h.Members() {
		names = append(names, m.Text())
	}
	if len(names) > 0 {
		caught = "`" + strings.Join(names, ", ") + "`"
		if len(caught) > 40 {
			caught = "`" + names[0] + ", …`"
		}
	}
	does := map[python.Swallow]string{
		python.Jumps: "is skipped", python.Defaults: "becomes a constant", python.Logs: "is only logged",
	}[how]
	return fmt.Sprintf("%s from %s %s, and the run goes on as if nothing failed", caught, tried(h.Tried), does)
}

// swallowCodes is what ruff calls the same handler: BLE001 leaves those alone that log the traceback.
func swallowCodes(f *parsers.File, h python.Handler) []string {
	var codes []string
	if h.Breadth == python.Bare {
		codes = append(codes, "E722")
	}
	if h.Breadth != python.Bare && !namesBroad(f, h) {
		return codes
	}
	if !h.LogsTrace() {
		codes = append(codes, "BLE001")
	}
	if body := python.Statements(h.Body); len(body) == 1 && body[0].Is(python.ContinueStatement) {
		codes = append(codes, "S112")
	}
	return codes
}
