package sqltext

import (
	"delint/graph"
	"delint/parsers"
)

// Query counts what a query that stands in another file does, by its tokens: joins, CASE expressions, aggregates, set operators.
func Query(text string, span parsers.Span) graph.QueryFact {
	q := graph.QueryFact{Span: span}
	ts := tokenize(text)
	for i, t := range ts {
		switch {
		case t.is("join"):
			q.Joins++
		case t.is("case"):
			q.Cases++
		case t.is("union", "intersect"):
			q.Unions++
		case t.is("sum", "count", "avg", "min", "max", "array_agg", "string_agg", "listagg", "approx_distinct", "median", "stddev",
			"count_if", "countif", "sum_if", "sumif", "percentile_cont") && i+1 < len(ts) && ts[i+1].punct("("):
			q.Aggregates++
		}
	}
	return q
}
