package sql

import (
	"strings"

	"delint/parsers"
)

func object(n parsers.Node) string { return strings.ToLower(n.Child(Object).Text()) }

func isTable(object string) bool { return object == "table" || object == "view" }

func (b *binder) created(n parsers.Node) StatementKind {
	s := b.statement
	s.Object = object(n)
	kind := StatementCreate
	switch s.Object {
	case "table":
		kind = StatementCreateTable
	case "view":
		kind = StatementCreateView
	default:
		if target := n.Field(Target); !target.IsNil() {
			b.targets[target.Index()] = true
		}
		return kind
	}
	mode := WriteCreate
	if hasModifier(n, "replace", "refresh") {
		mode = WriteReplace
	}
	b.write(mode, n.Field(Target), n)
	// CREATE TABLE a LIKE b, CLONE b, COPY b, AS TABLE b
	b.tableWord(n, n.Field(Target))
	for item := range n.Field(Columns).Children() { // CREATE TABLE a (LIKE b)
		b.tableWord(item, parsers.Node{})
	}
	return kind
}

// tableWord reads a table that a word alone announces: CREATE TABLE a LIKE b, CLONE b; INSERT INTO a TABLE b.
func (b *binder) tableWord(n, target parsers.Node) {
	last := parsers.Node{}
	for c := range n.Children() {
		if last.Is(Name, Keyword) && last != target && c.Is(Name, DoubleQuoted, Template, TemplatedName) {
			switch strings.ToLower(last.Text()) {
			case "like", "clone", "copy", "table":
				if !strings.EqualFold(c.Text(), "grants") {
					b.relation(b.statement.Queries[0], c, "")
				}
				return
			}
			if c.Is(Template) && strings.EqualFold(last.Text(), "as") {
				b.statement.Partial = true // CREATE TABLE a AS {{ sql }}
			}
		}
		last = c
	}
}

func (b *binder) dropped(n parsers.Node) {
	b.statement.Object = object(n)
	if !isTable(b.statement.Object) {
		return
	}
	b.writeList(WriteDrop, n)
}

// writeList files every target of DROP TABLE a, b and TRUNCATE a, b.
func (b *binder) writeList(mode WriteMode, n parsers.Node) {
	b.write(mode, n.Field(Target), n)
	comma := false
	for c := range n.Children() {
		if comma && c.Is(Name, DoubleQuoted, Template, TemplatedName) {
			b.write(mode, c, n)
		}
		comma = !c.Named() && c.Text() == ","
	}
}

// copied binds COPY INTO t FROM @stage, COPY t FROM 's3://…', COPY t TO '…' and COPY INTO @stage FROM t.
func (b *binder) copied(n parsers.Node) {
	target := n.Field(Target)
	out := false
	for c := range n.Children() {
		if c.Is(Name) && c != target && strings.EqualFold(c.Text(), "to") {
			out = true
		}
	}
	switch {
	case target.IsNil():
	case out:
		b.targets[target.Index()] = true
		b.relation(b.statement.Queries[0], target, "")
	case target.Is(String, Macro) || strings.HasPrefix(target.Text(), "@"):
		w := b.write(WriteOverwrite, target, n)
		w.Target.Kind = RelationPath
	default:
		b.write(WriteAppend, target, n)
	}
}

// loaded binds LOAD DATA … INTO TABLE t of BigQuery, Hive and MySQL.
func (b *binder) loaded() {
	for c := range b.statement.Node.Children() {
		if !c.Is(IntoClause) {
			continue
		}
		target, _ := intoTarget(c)
		if target.Is(Name, DoubleQuoted, Template, TemplatedName) {
			b.write(WriteAppend, target, c)
		}
		return
	}
}

// selectInto binds SELECT … INTO t of T-SQL, Redshift and Postgres. A variable is no table.
func (b *binder) selectInto(into parsers.Node) {
	target, temp := intoTarget(into)
	for c := range into.Children() { // SELECT … INTO a, b: variables of a procedure
		if !c.Named() && c.Text() == "," {
			return
		}
	}
	if target.Is(Name, DoubleQuoted, Template, TemplatedName) {
		w := b.write(WriteCreate, target, into)
		w.Temp = w.Temp || temp
	}
}

// intoTarget skips the words between INTO and the table's name.
func intoTarget(into parsers.Node) (target parsers.Node, temp bool) {
	for target = into.Field(Target); target.Is(Name); target = target.NextSibling() {
		switch strings.ToLower(target.Text()) {
		case "temp", "temporary":
			temp = true
		case "table", "unlogged", "local", "global":
		default:
			return target, temp
		}
	}
	return target, temp
}
