package sql

import (
	"slices"
	"strings"

	"delint/parsers"
)

// StatementKind is what a statement does.
type StatementKind string

// The kinds of statements. A query is StatementSelect, whatever it begins with; a script's control words are StatementOther.
const (
	StatementSelect      StatementKind = "select"
	StatementInsert      StatementKind = "insert"
	StatementMerge       StatementKind = "merge"
	StatementUpdate      StatementKind = "update"
	StatementDelete      StatementKind = "delete"
	StatementCreateTable StatementKind = "create table"
	StatementCreateView  StatementKind = "create view"
	StatementCreate      StatementKind = "create" // any other object: Statement.Object says which
	StatementCopy        StatementKind = "copy"
	StatementDrop        StatementKind = "drop"
	StatementAlter       StatementKind = "alter"
	StatementTruncate    StatementKind = "truncate"
	StatementGrant       StatementKind = "grant" // REVOKE and DENY too
	StatementModel       StatementKind = "model" // SQLMesh: MODEL (…)
	StatementAudit       StatementKind = "audit" // SQLMesh: AUDIT (…)
	StatementMetric      StatementKind = "metric"
	StatementOther       StatementKind = "other"
)

// File is the bound SQL of one file.
type File struct {
	Tree       *Tree
	Statements []*Statement
	// Config holds the arguments of every dbt config(…) call, in the order of the text.
	Config []Argument
	// Calls holds every ref, source and config call of the templates, wherever it stands.
	Calls []TemplateCallSite
}

// Statement is one statement with what it reads and writes.
type Statement struct {
	Kind StatementKind
	Node parsers.Node
	// Object is what a CREATE, ALTER or DROP is about, in lower case: "table", "view", "function"; empty for other statements.
	Object string
	// Queries are the queries of the statement: the outer one first, then its CTEs and subqueries in the order of the text.
	Queries []*Query
	CTEs    []*CTE
	// Reads are the relations read, without references to CTEs; once for each place.
	Reads  []*Relation
	Writes []*Write
	// Columns are the columns that the outer query projects: those of its first SELECT.
	Columns []Column
	// Where is the statement's own WHERE clause; nil if it has none.
	Where parsers.Node
	// WhereConstant says that Where is always true: WHERE 1 = 1, WHERE true.
	WhereConstant bool
	// Model is the block of a MODEL, AUDIT or METRIC statement; nil for other statements.
	Model *Model
	// Partial says that a part of the statement was not read, or that a relation is known only when a template is rendered.
	Partial bool

	reading *reading // what its scopes share; nil until one is made
}

// Start is the offset of the statement's first byte.
func (s *Statement) Start() int { return s.Node.Start() }

// End is the offset after the statement's last byte.
func (s *Statement) End() int { return s.Node.End() }

// CTE is a common table expression.
type CTE struct {
	Name string
	Node parsers.Node
	// Query is the CTE's body; nil where the body is a template.
	Query *Query
}

// Query is one SELECT, or several joined by set operators: the scope of its relations' aliases.
type Query struct {
	// Node is the subquery with its brackets; for a statement's outer query the statement.
	Node parsers.Node
	// Parent is the query around it; nil for a statement's outer query.
	Parent *Query
	// CTE is the common table expression whose body the query is; nil for others.
	CTE *CTE
	// Relations are the relations of its FROM and JOIN clauses, references to CTEs and subqueries included.
	Relations []*Relation
	// Columns are the columns of its first SELECT.
	Columns []Column

	ctes      map[string]*CTE
	aliases   map[string]*Relation
	statement *Statement
}

// Column is one item of a SELECT.
type Column struct {
	// Name is the output name as written, without quotes; empty where the item has no plain name.
	Name string
	// Source is the item's dotted name where the item is nothing else: "o.id"; empty for expressions.
	Source string
	// Star says that the item is * or t.*.
	Star bool
	Node parsers.Node
}

type fileKey struct{}

// Of is the bound SQL of a file; computed once. It is empty for a file without an SQL tree.
func Of(f *parsers.File) *File {
	return parsers.Memo(f, fileKey{}, func() *File {
		if f.Tree == nil || f.Tree.Grammar != Grammar {
			return &File{}
		}
		return Bind(f.Tree)
	})
}

// Bind reads scopes, relations, write targets and template calls off a tree of the grammar.
func Bind(tree *Tree) *File {
	f := &File{Tree: tree}
	for n := range tree.All(TemplateCall) {
		if c, ok := readTemplateCall(n); ok {
			f.Calls = append(f.Calls, c)
			if c.Kind == ConfigCall {
				f.Config = append(f.Config, c.Arguments...)
			}
		}
	}
	for n := range tree.All(SqlStatement) {
		b := &binder{statement: &Statement{Kind: StatementOther, Node: n}}
		b.bind()
		f.Statements = append(f.Statements, b.statement)
	}
	markPartial(f)
	return f
}

// markPartial marks the statements that hold a place the grammar could not read.
func markPartial(f *File) {
	i := 0
	for n := range f.Tree.All(parsers.Error, Stray, Unclosed) {
		// Both run in the order of the text; walking up from n would be quadratic in the nesting.
		for i < len(f.Statements) && f.Statements[i].Node.Index() < n.Index() && !f.Statements[i].Node.Contains(n) {
			i++
		}
		if i < len(f.Statements) && f.Statements[i].Node.Contains(n) {
			f.Statements[i].Partial = true
		}
	}
}

// binder binds one statement.
type binder struct {
	statement *Statement
	// targets are nodes that are written to and so are no relations read.
	targets map[int]bool
}

func (b *binder) bind() {
	s := b.statement
	b.targets = map[int]bool{}
	outer := b.newQuery(s.Node, nil)
	head := ""
	verb := parsers.Node{}
	for c := range s.Node.Children() {
		switch c.Kind() {
		case Name:
			if head == "" && verb.IsNil() {
				head = strings.ToLower(c.Text())
			}
		case InsertClause, UpdateClause, DeleteClause, MergeClause, CreateClause, AlterClause, DropClause, TruncateClause,
			CopyClause, GrantClause, ModelBlock:
			if verb.IsNil() {
				verb = c
			}
		case WhereClause:
			if s.Where.IsNil() {
				s.Where = c
				s.WhereConstant = constantTrue(c)
			}
		}
	}
	switch head {
	case "show", "describe", "desc", "fetch", "comment", "use", "analyze", "vacuum", "call", "exec", "execute", "print", "go":
		if verb.IsNil() || head == "show" || head == "describe" || head == "desc" || head == "analyze" {
			return
		}
	}
	if head == "load" {
		b.loaded()
		return
	}
	if !verb.IsNil() {
		b.verb(verb)
	} else if isQuery(s.Node) {
		s.Kind = StatementSelect
	}
	if s.Kind != StatementGrant {
		b.query(outer)
	}
	s.Columns = outer.Columns
	b.indirect()
	slices.SortStableFunc(s.Reads, func(x, y *Relation) int { return x.Node.Start() - y.Node.Start() })
}

// isQuery reports whether a statement without a verb is a query.
func isQuery(n parsers.Node) bool {
	for c := range n.Children() {
		switch c.Kind() {
		case SelectClause, FromClause, ValuesClause, SetOperator, WithClause:
			return true
		case Subquery:
			return true
		case SetClause:
			return false
		case Name, Keyword:
			return false
		}
	}
	return false
}

// constantTrue reports whether a WHERE clause keeps every row: true, 1 = 1.
func constantTrue(where parsers.Node) bool {
	var words []string
	for c := range where.NamedChildren() {
		if c.Is(Comment, TemplateComment) {
			continue
		}
		if !c.Is(Number, Boolean, Operator, String) || len(words) == 3 {
			return false
		}
		words = append(words, strings.ToLower(c.Text()))
	}
	switch len(words) {
	case 1:
		return words[0] == "true" || words[0] == "1"
	case 3:
		return words[0] == words[2] && (words[1] == "=" || words[1] == "==")
	}
	return false
}
