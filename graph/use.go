package graph

import "delint/parsers"

// UseFact says that something reads datasets without making one: an exposure, a cube, a dashboard.
type UseFact struct {
	Tool  string // dbt, cube, superset …
	Kind  string // exposure, cube, view, dataset, chart, dashboard, semantic model
	By    string // its name
	Owner string
	// Description is what it says of itself.
	Description string
	// Public says that people outside the project see it.
	Public bool
	// Columns are the columns of the dataset that it reads, where it says so.
	Columns []string
	Ref     Ref
	Span    parsers.Span // where it is declared
}

// Use is a use with the dataset that it reads.
type Use struct {
	*UseFact
	Dataset *Dataset
}
