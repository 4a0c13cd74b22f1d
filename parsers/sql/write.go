package sql

import (
	"strings"

	"delint/parsers"
)

// WriteMode is what a statement does to its target.
type WriteMode string

// The modes of a write.
const (
	WriteCreate    WriteMode = "create"
	WriteReplace   WriteMode = "replace" // CREATE OR REPLACE
	WriteAppend    WriteMode = "append"
	WriteOverwrite WriteMode = "overwrite" // INSERT OVERWRITE
	WriteMerge     WriteMode = "merge"     // MERGE, and an INSERT that handles conflicts
	WriteUpdate    WriteMode = "update"
	WriteDelete    WriteMode = "delete"
	WriteTruncate  WriteMode = "truncate"
	WriteDrop      WriteMode = "drop"
	WriteAlter     WriteMode = "alter"
)

// Write is one relation that a statement changes.
type Write struct {
	Mode   WriteMode
	Target *Relation
	// Columns are the column names or definitions in the brackets after the target; nil for none.
	Columns parsers.Node
	// Temp says that the target lives no longer than the session: TEMP, TEMPORARY, VOLATILE, #name.
	Temp bool
	// IfExists says that the statement carries IF EXISTS or IF NOT EXISTS.
	IfExists bool
}

// verb binds the clause that makes a statement more than a query. Targets are noted before the query itself is bound.
func (b *binder) verb(n parsers.Node) {
	kind := StatementOther
	switch n.Kind() {
	case InsertClause:
		kind = StatementInsert
		b.insert(n)
	case UpdateClause:
		kind = StatementUpdate
		b.updated(n)
	case DeleteClause:
		kind = StatementDelete
		b.deleted(n)
	case MergeClause:
		kind = StatementMerge
		b.write(WriteMerge, firstRelation(n), n)
	case CreateClause:
		kind = b.created(n)
	case DropClause:
		kind = StatementDrop
		b.dropped(n)
	case AlterClause:
		kind = StatementAlter
		b.statement.Object = object(n)
		if isTable(b.statement.Object) {
			b.write(WriteAlter, n.Field(Target), n)
		}
	case TruncateClause:
		kind = StatementTruncate
		if !strings.EqualFold(n.Field(Target).Text(), "database") || n.Field(Target).NextSibling().IsNil() { // ClickHouse: TRUNCATE DATABASE d
			b.writeList(WriteTruncate, n)
		}
	case CopyClause:
		kind = StatementCopy
		b.copied(n)
	case GrantClause:
		kind = StatementGrant
	case ModelBlock:
		b.statement.Model = readModel(n)
		kind = b.statement.Model.kind()
	}
	if b.statement.Kind == StatementOther {
		b.statement.Kind = kind
	}
}

// write files a target. at is the verb's clause.
func (b *binder) write(mode WriteMode, target, at parsers.Node) *Write {
	if target.IsNil() {
		return nil
	}
	b.targets[target.Index()] = true
	w := &Write{Mode: mode, Target: targetRelation(target)}
	w.Columns = target.Parent().Field(Columns)
	if w.Target.Kind == RelationTable && len(w.Target.Parts) == 1 && strings.EqualFold(w.Target.Parts[0].Text, "identifier") && !w.Columns.IsNil() {
		w.Target = identifierTarget(w.Columns)
		w.Columns = parsers.Node{}
	}
	for m := range at.Children() {
		if !m.Is(Modifier) {
			continue
		}
		switch strings.ToLower(m.Text()) {
		case "temp", "temporary", "volatile":
			w.Temp = true
		case "exists":
			w.IfExists = true
		}
	}
	if n := len(w.Target.Parts); n > 0 && strings.HasPrefix(w.Target.Parts[n-1].Text, "#") {
		w.Temp = true
	}
	if w.Target.Kind == RelationHole {
		b.statement.Partial = true
	}
	b.statement.Writes = append(b.statement.Writes, w)
	return w
}

// targetRelation is the relation that a verb's target names.
func targetRelation(n parsers.Node) *Relation {
	r := &Relation{Node: n, Kind: RelationTable}
	switch n.Kind() {
	case Name, DoubleQuoted:
		r.Parts = splitParts(n.Text())
		if strings.HasPrefix(n.Text(), "@") {
			r.Kind = RelationPath
		}
	case Template, TemplatedName:
		if t := templateRelation(n); t != nil {
			t.Node = n
			return t
		}
	case Macro:
		r.Kind = RelationMacro
		r.Parts = splitParts(n.Text())
		if strings.EqualFold(n.Text(), "@this_model") {
			r.Kind, r.Parts = RelationThis, nil
		}
	case String:
		r.Kind = RelationPath
	case Call:
		if strings.EqualFold(n.Field(Function).Text(), "identifier") {
			t := identifierTarget(n.Field(Arguments))
			t.Node = n
			return t
		}
		r.Parts = splitParts(n.Field(Function).Text())
	case Array:
		r.Parts = []Part{{Text: strings.Trim(n.Text(), "[]"), Quoted: true}}
	default:
		r.Kind = RelationHole
	}
	return r
}

// identifierTarget is the table of Snowflake's and Databricks's IDENTIFIER('a.b').
func identifierTarget(arguments parsers.Node) *Relation {
	first := arguments.Child(Item).FirstNamed()
	if first.Is(String) && first.NextSibling().IsNil() {
		return &Relation{Kind: RelationTable, Node: first, Parts: splitParts(unquote(first.Text()))}
	}
	return &Relation{Kind: RelationHole, Node: arguments}
}

func hasModifier(n parsers.Node, words ...string) bool {
	for m := range n.Children() {
		if m.Is(Modifier) {
			for _, w := range words {
				if strings.EqualFold(m.Text(), w) {
					return true
				}
			}
		}
	}
	return false
}

func (b *binder) insert(n parsers.Node) {
	mode := WriteAppend
	switch {
	case hasModifier(n, "overwrite"):
		mode = WriteOverwrite
	case hasModifier(n, "replace", "ignore") || strings.HasPrefix(strings.ToLower(n.Text()), "replace"):
		mode = WriteMerge
	case handlesConflict(b.statement.Node):
		mode = WriteMerge
	}
	if hasModifier(n, "directory") {
		return
	}
	b.write(mode, n.Field(Target), n)
	b.tableWord(n, n.Field(Target))
	for c := range b.statement.Node.Children() { // INSERT ALL INTO a … INTO b …
		if c.Is(IntoClause) {
			b.write(mode, c.Field(Target), c)
		}
	}
}

// handlesConflict reports whether an INSERT says ON CONFLICT or ON DUPLICATE KEY.
func handlesConflict(statement parsers.Node) bool {
	last := parsers.Node{}
	for n := range statement.DescendantsSkipping(Subquery, Group) {
		if n.Is(Name) && last.Is(Keyword) && strings.EqualFold(last.Text(), "on") {
			switch strings.ToLower(n.Text()) {
			case "conflict", "duplicate":
				return true
			}
		}
		if n.Is(Keyword, Name) {
			last = n
		}
		if n.Is(Call) && last.Is(Keyword) && strings.EqualFold(last.Text(), "on") && strings.EqualFold(n.Field(Function).Text(), "conflict") {
			return true
		}
	}
	return false
}

// firstRelation is the head of the first relation of a clause: the target of UPDATE, MERGE and DELETE FROM.
func firstRelation(clause parsers.Node) parsers.Node {
	item := clause.Child(FromItem)
	var head parsers.Node
	for c := range item.NamedChildren() {
		if c.Is(Comment, TemplateComment, TemplateTag) {
			continue
		}
		if head.IsNil() {
			head = c
			continue
		}
		if isPrefix(head, c) {
			head = c
			continue
		}
		break
	}
	return head
}

// updated binds UPDATE t SET …, and T-SQL's UPDATE alias SET … FROM t AS alias.
func (b *binder) updated(n parsers.Node) {
	target := firstRelation(n)
	named := false // UPDATE t AS a SET … FROM t: two relations
	for c := target.NextSibling(); !c.IsNil(); c = c.NextSibling() {
		named = named || c.Is(Alias, Name, DoubleQuoted)
	}
	if real := b.aliased(target); !real.IsNil() && !named {
		b.targets[target.Index()] = true
		target = real
	}
	b.write(WriteUpdate, target, n)
}

// deleted binds DELETE FROM t, and DELETE alias FROM t AS alias JOIN ….
func (b *binder) deleted(n parsers.Node) {
	var from parsers.Node
	for c := range n.Parent().Children() {
		if c.Is(FromClause) && c.Start() > n.Start() {
			from = c
			break
		}
	}
	if named := n.Child(Name, DoubleQuoted); !named.IsNil() {
		if real := b.aliased(named); !real.IsNil() {
			b.write(WriteDelete, real, n)
		} else {
			b.write(WriteDelete, named, n)
		}
		return
	}
	if t := n.Child(Template, TemplatedName, Macro); !t.IsNil() && from.IsNil() {
		b.write(WriteDelete, t, n)
		return
	}
	b.write(WriteDelete, firstRelation(from), n)
}

// aliased finds the relation of the statement's FROM and JOIN clauses that has the given alias.
func (b *binder) aliased(alias parsers.Node) parsers.Node {
	if !alias.Is(Name, DoubleQuoted) {
		return parsers.Node{}
	}
	want := unquote(alias.Text())
	for c := range alias.Ancestor(SqlStatement, Subquery).Children() {
		if !c.Is(FromClause, JoinClause) {
			continue
		}
		for item := range c.Children() {
			if !item.Is(FromItem) {
				continue
			}
			var tokens []parsers.Node
			for t := range item.NamedChildren() {
				if !t.Is(Comment, TemplateComment, TemplateTag) {
					tokens = append(tokens, t)
				}
			}
			if len(tokens) == 0 || !tokens[0].Is(Name, DoubleQuoted, Template, TemplatedName) {
				continue
			}
			if strings.EqualFold(aliasOf(tokens[1:]), want) || strings.EqualFold(tokens[0].Text(), alias.Text()) {
				return tokens[0]
			}
		}
	}
	return parsers.Node{}
}
