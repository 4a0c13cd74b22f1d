package code

import "delint/rules"

// SuppressionWithoutReason reports suppressions that give no reason. The driver decides it, because it alone knows what was suppressed.
var SuppressionWithoutReason = rules.DecidedByDriver(rules.Rule{
	Name:     "suppression-without-reason",
	Severity: rules.Medium,
	Topic:    "best-practices/code-quality",
	Sentence: "Document assumptions and extension points",
})
