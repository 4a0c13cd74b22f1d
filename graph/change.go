package graph

import "delint/parsers"

// ChangeFact is a statement that takes something away from a table's shape: ALTER TABLE … DROP COLUMN, RENAME, TYPE.
type ChangeFact struct {
	// Kind is drop column, rename column, rename table, alter type, add column.
	Kind string
	// Column is what is changed; To its new name or type.
	Column, To string
	Target     Ref
	Span       parsers.Span
}
