package odcs

import (
	"cmp"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
)

// Operators are the comparisons that make a quality rule decide something.
var Operators = []string{
	"mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan", "mustBeLessOrEqualTo", "mustBeBetween",
	"mustNotBeBetween",
}

// capabilities maps the metrics of version 3.1, and the rules that earlier contracts name, to what they look at.
var capabilities = map[string]string{
	"rowCount": "volume", "nullValues": "completeness", "missingValues": "completeness", "duplicateValues": "uniqueness", "invalidValues": "validity",
	"nullCheck": "completeness", "nullCount": "completeness", "duplicateCount": "uniqueness", "unique": "uniqueness", "validValues": "validity",
	"freshness": "freshness", "countCheck": "volume", "rowCountAnomaly": "volume",
}

// Operator is the first operator of a quality rule; nil if it has none.
func Operator(q *plain.Value) *plain.Pair {
	for i := range q.Entries() {
		for _, o := range Operators {
			if q.Pairs[i].Key == o {
				return &q.Pairs[i]
			}
		}
	}
	return nil
}

// quality reads the rules that a tool can run: those of the library, SQL and custom ones. Text is for people.
func quality(v *plain.Value, parts, columns []string, facts *graph.Facts) {
	for _, q := range v.List("quality") {
		kind := cmp.Or(q.String("type"), "library")
		metric := cmp.Or(q.String("metric"), q.String("rule"))
		operator := Operator(q)
		switch {
		case kind == "text", kind == "sql" && (q.String("query") == "" || operator == nil),
			kind == "library" && metric == "" && operator == nil, kind == "library" && operator == nil && q.Has("metric"):
			continue
		}
		on := columns
		if named := q.Strings("arguments", "properties"); named != nil {
			on = named
		}
		facts.Checks = append(facts.Checks, graph.CheckFact{
			Framework: "odcs-quality", Name: cmp.Or(metric, kind), Capability: cmp.Or(capabilities[metric], "custom"), Columns: on,
			Target: graph.Ref{Tool: "sql", Parts: parts}, NeverFails: neverFails(metric, q, operator), Span: q.Span, Confidence: graph.Exact,
		})
	}
}

// neverFails says why a rule on a count holds for every dataset; empty if it can fail.
func neverFails(metric string, q *plain.Value, operator *plain.Pair) string {
	if operator == nil || !strings.HasSuffix(metric, "Values") && metric != "rowCount" || operator.Value.Kind != plain.Scalar {
		return ""
	}
	n, err := strconv.ParseFloat(operator.Value.Text, 64)
	if err != nil {
		return ""
	}
	percent := q.String("unit") == "percent"
	switch {
	case operator.Key == "mustBeGreaterOrEqualTo" && n <= 0, operator.Key == "mustBeGreaterThan" && n < 0, operator.Key == "mustNotBe" && n < 0:
		return "a count is never negative"
	case percent && (operator.Key == "mustBeLessOrEqualTo" && n >= 100 || operator.Key == "mustBeLessThan" && n > 100):
		return "a share is at most 100 percent"
	}
	return ""
}
