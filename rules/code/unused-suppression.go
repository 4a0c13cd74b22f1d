package code

import "delint/rules"

// UnusedSuppression reports suppressions that suppress nothing. The driver decides it, because it alone knows what was suppressed.
var UnusedSuppression = rules.DecidedByDriver(rules.Rule{
	Name:     "unused-suppression",
	Severity: rules.Low,
	Topic:    "best-practices/code-quality",
	Sentence: "Document assumptions and extension points",
})
