package code

import "delint/rules"

// UnknownSuppression reports suppressions that name no known rule. The driver decides it, because it alone knows what was suppressed.
var UnknownSuppression = rules.DecidedByDriver(rules.Rule{
	Name:     "unknown-suppression",
	Severity: rules.Medium,
	Topic:    "best-practices/code-quality",
	Sentence: "Document assumptions and extension points",
})
