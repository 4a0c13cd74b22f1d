package postgres

import (
	"delint/parsers"
	"delint/parsers/sql"
)

// ActionKind is what one action of ALTER TABLE does.
type ActionKind string

// The actions that rules tell apart.
const (
	AddColumn          ActionKind = "add column"
	DropColumn         ActionKind = "drop column"
	AlterColumnType    ActionKind = "alter column type"
	SetDefault         ActionKind = "set default"
	DropDefault        ActionKind = "drop default"
	SetNotNull         ActionKind = "set not null"
	DropNotNull        ActionKind = "drop not null"
	AddConstraint      ActionKind = "add constraint"
	DropConstraint     ActionKind = "drop constraint"
	ValidateConstraint ActionKind = "validate constraint"
	AttachPartition    ActionKind = "attach partition"
	DetachPartition    ActionKind = "detach partition"
	OtherAction        ActionKind = "other"
)

// Action is one action of ALTER TABLE.
type Action struct {
	// Span is the action's own part of the statement, without the comma; the whole statement where that isn't known.
	Span
	Kind ActionKind
	// Name is the column or constraint that it is about; empty for others.
	Name string
	// Column is what AddColumn adds; of AlterColumnType only its Name and Type, of SetDefault only Name and Volatility.
	Column *Column
	// Constraint is what AddConstraint adds.
	Constraint *Constraint
	// Using says that AlterColumnType has a USING expression.
	Using bool
	// Partition is what AttachPartition and DetachPartition are about.
	Partition    Name
	IfExists     bool // IF EXISTS or IF NOT EXISTS
	Cascade      bool
	Concurrently bool // of DetachPartition
}

// Column is the definition of a column.
type Column struct {
	Name string
	// Type is the type's name in lower case, without PostgreSQL's own schema and without parameters: "varchar", "int4", "serial".
	Type string
	// Parameters are the numbers in the brackets after the type: 10 of varchar(10); nil where they aren't plain.
	Parameters []int
	NotNull    bool
	// Default says that the column has a DEFAULT, and Volatility what is known of the expression.
	Default    bool
	Volatility Volatility
	Generated  bool // GENERATED ALWAYS AS (…) STORED: adding it writes every row
	Identity   bool
	PrimaryKey bool
	Unique     bool
	// Constraints are the CHECK and REFERENCES constraints at the column.
	Constraints []Constraint
	Start       int // offset of the definition's first byte
}

// Serial reports whether the type stands for an integer with a sequence, whose values differ from row to row.
func (c *Column) Serial() bool {
	switch c.Type {
	case "serial", "bigserial", "smallserial", "serial2", "serial4", "serial8":
		return true
	}
	return false
}

// Volatility is how far the value of an expression is the same for every row of a statement.
type Volatility string

// What is known of an expression. Stable is what PostgreSQL evaluates once for ALTER TABLE … ADD COLUMN … DEFAULT.
const (
	Constant Volatility = "constant"
	Stable   Volatility = "stable"   // now(), current_date
	Volatile Volatility = "volatile" // random(), clock_timestamp(), nextval()
	Unknown  Volatility = "unknown"  // it calls a function that is not PostgreSQL's
)

// ConstraintKind is the kind of a constraint.
type ConstraintKind string

// The kinds of constraints.
const (
	Check      ConstraintKind = "check"
	ForeignKey ConstraintKind = "foreign key"
	PrimaryKey ConstraintKind = "primary key"
	Unique     ConstraintKind = "unique"
	Exclusion  ConstraintKind = "exclude"
)

// Constraint is a constraint of a table or column.
type Constraint struct {
	Kind ConstraintKind
	Name string // empty where PostgreSQL chooses it
	// Columns are the columns constrained; nil for Check and Exclusion.
	Columns []string
	// References is the table that a ForeignKey points to.
	References Name
	// NotValid says NOT VALID: rows that are there already are not checked.
	NotValid bool
	// UsingIndex is the index that becomes the constraint's, so that none is built.
	UsingIndex string
	// NotNull is the column of CHECK (column IS NOT NULL), which lets a later SET NOT NULL skip the scan.
	NotNull string
	Start   int // offset of the constraint's first byte
}

// placeActions gives the actions their spans: the parts between the commas of the statement, where there are as many.
func placeActions(s *Statement, n parsers.Node) {
	var parts []Span
	open := false
	extend := func(start, end int) {
		if !open {
			open = true
			parts = append(parts, Span{start, end})
		}
		parts[len(parts)-1].End = end
	}
	for clause := range n.Children() {
		target := clause.Field(sql.Target)
		if !clause.Is(sql.AlterClause) { // ALTER COLUMN a SET NOT NULL: its SET begins a clause to our grammar
			target = parsers.Node{}
			extend(clause.Start(), clause.Start())
		}
		before := !target.IsNil() // the words before the table's name are no action's
		for c := range clause.Children() {
			switch {
			case before:
				before = c != target
			case c.Is(sql.Comment, sql.TemplateComment):
			case !c.Named() && c.Text() == ",":
				open = false
			default:
				extend(c.Start(), c.End())
			}
		}
	}
	for i := range s.Actions {
		s.Actions[i].Span = s.Span
		if len(parts) == len(s.Actions) {
			s.Actions[i].Span = parts[i]
		}
	}
}
