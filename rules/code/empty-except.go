package code

import (
	"delint/parsers/python"
	"delint/rules"
)

// EmptyExcept reports exception handlers that do nothing.
var EmptyExcept = rules.Python(rules.Rule{
	Name:     "empty-except",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "best-practices/code-quality",
	Sentence: "Don't ignore error handling or implement empty catch blocks",
}, func(pass *rules.Pass, tree *python.Tree) {
	for clause := range tree.All(python.ExceptClause) {
		body := clause.Child(python.Block)
		if body.FirstNamed().Is(python.PassStatement) {
			pass.Report(clause, "handler does nothing")
		}
	}
})
