package code

import "delint/rules"

// ExpiredSuppression reports suppressions whose date has passed. The driver decides it, because it alone knows what was suppressed.
var ExpiredSuppression = rules.DecidedByDriver(rules.Rule{
	Name:     "expired-suppression",
	Severity: rules.Medium,
	Topic:    "best-practices/code-quality",
	Sentence: "Document assumptions and extension points",
})
