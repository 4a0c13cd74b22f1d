package graph

import (
	"strings"

	"delint/parsers"
)

// ColumnFact is a column as something declares it: DDL, a model's columns (…), a properties file, a contract.
type ColumnFact struct {
	Name string
	// Logical is the other name that a contract gives the column; empty if it has one only.
	Logical     string
	Type        string // as written; empty where it is not said
	Description string
	NotNull     bool
	// Optional says that the column may be missing.
	Optional bool
	// Label is the classification as written: "email" of meta pii: email, "restricted", "none"; empty if unclassified.
	Label string
	// Masked says that a masking policy, a column mask or a policy tag is attached.
	Masked bool
	// Tests names the checks declared on the column: unique, not_null …
	Tests []string
	Span  parsers.Span
}

// Transform is how a projected column comes from its sources.
type Transform string

// The transforms, from the one that changes least.
const (
	Identity   Transform = "identity" // the same name and value
	Rename     Transform = "rename"
	Cast       Transform = "cast"       // CAST, ::, TRIM, LOWER, COALESCE with a literal: the value is still that of one column
	Expression Transform = "expression" // anything else of one row
	Aggregate  Transform = "aggregate"  // several rows: SUM, COUNT, STRING_AGG, window functions
	Constant   Transform = "constant"   // no column at all
)

// OutputFact is one item of what a query projects, with the columns of the relations that it comes from: common table
// expressions and subqueries are seen through.
type OutputFact struct {
	// Name is the column's name; empty for a star that could not be expanded in the file, and for an unnamed expression.
	Name string
	// Star says that the item stands for every column of the relation Reads[StarOf] (-1: of one that is not known), but those
	// named in Except; Replaced holds new names of some (old to new).
	Star     bool
	StarOf   int
	Except   []string
	Replaced map[string]string
	Sources  []SourceFact
	Transform
	// Branch is 0; n for an item of the n-th further SELECT of the set operators where it could not be matched with the first by
	// position: then it adds sources to the column of its name, or of its star, but no column.
	Branch int
	// Optional says that a template may leave the item out, or repeat it.
	Optional bool
	// Masks names the function or macro that makes personal data of the sources unreadable: sha2 with a salt, mask_email; empty if none.
	Masks string
	// Type is the type that the item is cast to; empty if it is not.
	Type string
	Span parsers.Span
	// Confidence leaves out what only other files can say: sources whose Read is -1 and Of is not empty.
	Confidence Confidence
}

// SourceFact is one column that an output is computed from.
type SourceFact struct {
	Read   int    // index in DatasetFact.Reads; -1 where several relations may have the column, or one that is not among them
	Of     []int  // where Read is -1: those of DatasetFact.Reads that may have it
	Column string // as written, without quotes
	// Indirect says that the column decides or orders, but is no part of the value: conditions of CASE and IF, PARTITION BY, ORDER BY.
	Indirect bool
}

// Column is a column of a dataset, with what is declared of it and where it comes from.
type Column struct {
	Name string
	// Declared holds what the producers and contracts declare of it, in path order; empty if only a query projects it.
	Declared []*ColumnFact
	// Sources are the columns that it is computed from; exact only where Confidence is.
	Sources []*ColumnEdge
	Transform
	Type       string
	Confidence Confidence
	// Span is where it is declared, else where it is projected.
	Span parsers.Span
}

// ColumnEdge says that a column is computed from one of another dataset.
type ColumnEdge struct {
	Of     *Dataset
	Column string // in Of, in the spelling of Of's column where that is known
	Transform
	// Indirect says that the source decides or orders, but is no part of the value.
	Indirect bool
	Masks    string
}

// Column finds a column by its name, without case; nil if it is not known.
func (d *Dataset) Column(name string) *Column {
	for _, c := range d.Columns {
		if strings.EqualFold(c.Name, name) {
			return c
		}
	}
	return nil
}

// Note is a place in the query of a dataset that is right or wrong by what the dataset is: a clock read in a view is harmless,
// in an incremental model it is not.
type Note struct {
	// Kind says what was seen; the tools document theirs. Of the query that builds a dataset, whatever the tool:
	//
	//	clock       a function of the time of the run. Values: context (projection, from, where, on, having, qualify, group, order,
	//	            insert), alias (the name of the item in a projection), final ("true" in the statement's final query)
	//	random      a function that gives another value each time; Values as of clock
	//	limit       LIMIT, FETCH or OFFSET in a query without ORDER BY. Values: final, place (outer, cte, from or expression)
	//	row_number  a window function whose result depends on an order that it lacks. Values: function, order (missing or
	//	            constant), alias, final
	//	star        an item of the final projection that stands for columns which the file doesn't name. Values: of (the relation,
	//	            if known), except ("true" where some are left out or replaced)
	Kind string
	// Text is the thing itself: current_date, o.*.
	Text string
	// Values holds what else the rule needs.
	Values map[string]string
	Span   parsers.Span
}
