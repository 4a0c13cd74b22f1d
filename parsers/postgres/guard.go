package postgres

import (
	"strconv"

	"delint/parsers"
	"delint/parsers/sql"
)

// Limits of what is handed to the C parser. It has no limit of its own: "select 1+1+…" with 30,000 terms ends the process.
const (
	maxBytes     = 64 << 10
	maxOperators = 2_000
	maxNesting   = 500
)

// exceeds says which limit a statement exceeds; empty if none.
func exceeds(statement parsers.Node) string {
	if size := statement.End() - statement.Start(); size > maxBytes {
		return "larger than " + strconv.Itoa(maxBytes>>10) + " KiB"
	}
	operators := 0
	var ends []int
	last := 0 // end of the previous token
	for n := range statement.Descendants() {
		for len(ends) > 0 && ends[len(ends)-1] <= n.Start() {
			ends = ends[:len(ends)-1]
		}
		switch n.Kind() {
		case sql.Group, sql.Subquery, sql.Call, sql.Case, sql.Array, sql.Braces, sql.Type, sql.Cast:
			ends = append(ends, n.End())
			if n.Is(sql.Cast) {
				operators++
			}
		case sql.Operator, sql.Keyword, sql.JoinOperator, sql.SetOperator, sql.Stray, sql.Unclosed, sql.FromClause, sql.SelectClause:
			operators++ // every one of them may nest to the left
		case sql.Name:
			// A word right after a token may be an operator to PostgreSQL: a COLLATE b COLLATE c, NOT NOT a.
			if n.Start() > last && last > 0 {
				operators++
			}
		}
		if n.FirstNamed().IsNil() {
			last = n.End()
		}
		if !n.Named() && n.Text() == "," {
			last = 0
		}
		if operators > maxOperators {
			return "more than " + strconv.Itoa(maxOperators) + " operators"
		}
		if len(ends) > maxNesting {
			return "nested deeper than " + strconv.Itoa(maxNesting)
		}
	}
	return ""
}
