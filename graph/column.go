package graph

import (
	"strings"

	"delint/parsers"
)

// ColumnFact is a column as something declares it: DDL, a model's columns (…), a properties file, a contract.
type ColumnFact struct {
	Name        string
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
	// Masks names the function or macro that makes personal data of the sources unreadable: sha2 with a salt, mask_email; empty if none.
	Masks string
	// Type is the type that the item is cast to; empty if it is not.
	Type       string
	Span       parsers.Span
	Confidence Confidence
}

// SourceFact is one column that an output is computed from.
type SourceFact struct {
	Read   int    // index in DatasetFact.Reads; -1 where several relations may have the column
	Column string // as written, without quotes
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
	Masks string
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
	// Kind says what was seen: clock, random, limit, star …; the rules that ask for it document theirs.
	Kind string
	// Text is the thing itself: current_date, o.*.
	Text string
	// Values holds what else the rule needs.
	Values map[string]string
	Span   parsers.Span
}
