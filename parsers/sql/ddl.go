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
	if hasModifier(n, "replace", "refresh") || strings.HasPrefix(strings.ToLower(n.Text()), "replace") {
		mode = WriteReplace
	}
	b.write(mode, n.Field(Target), n)
	// CREATE TABLE a LIKE b, CLONE b, COPY b, AS TABLE b
	b.tableWord(n, n.Field(Target))
	b.inherited(n)
	for item := range n.Field(Columns).Children() { // CREATE TABLE a (LIKE b)
		b.tableWord(item, parsers.Node{})
	}
	return kind
}

// tableWord reads a table that a word alone announces: CREATE TABLE a LIKE b, CLONE b, PARTITION OF b; INSERT INTO a TABLE b.
// ClickHouse's CREATE MATERIALIZED VIEW a TO b writes b.
func (b *binder) tableWord(n, target parsers.Node) {
	var before, last parsers.Node
	table, view := b.statement.Kind == StatementOther && b.statement.Object == "table", b.statement.Object == "view"
	for c := range n.Children() {
		if last.Is(Name, Keyword) && last != target && c.Is(Name, DoubleQuoted, Template, TemplatedName, Macro, Parameter, Call) {
			switch word := strings.ToLower(last.Text()); {
			case word == "to" && view && n.Is(CreateClause):
				if c.Is(Call) { // TO b (x, y)
					b.write(WriteAppend, c.Field(Function), parsers.Node{})
				} else {
					b.write(WriteAppend, c, parsers.Node{})
				}
				before, last = last, parsers.Node{}
				continue
			case c.Is(Call) && word == "of" && table && strings.EqualFold(before.Text(), "partition"): // PARTITION OF b (a DEFAULT 0)
				b.relation(b.statement.Queries[0], c.Field(Function), "")
				return
			case c.Is(Macro, Parameter, Call):
			case word == "like", word == "clone", word == "copy", word == "table",
				word == "of" && table && strings.EqualFold(before.Text(), "partition"),
				word == "as" && table && n.Is(CreateClause) && isStructure(before, c):
				if t := strings.ToLower(c.Text()); t != "grants" && t != "tags" {
					b.relation(b.statement.Queries[0], c, "")
				}
				return
			}
			if c.Is(Template) && strings.EqualFold(last.Text(), "as") {
				b.statement.Partial = true // CREATE TABLE a AS {{ sql }}
			}
		}
		before, last = last, c
	}
}

// isStructure reports whether a name after AS is the table whose columns ClickHouse's CREATE TABLE a AS b copies: not STORED AS
// orc, EXECUTE AS owner, AS TABLE t, AS EXECUTE f().
func isStructure(before, name parsers.Node) bool {
	switch strings.ToLower(before.Text()) {
	case "stored", "execute":
		return false
	}
	switch strings.ToLower(name.Text()) {
	case "table", "execute":
		return false
	}
	return name.Is(Name, DoubleQuoted)
}

// inherited reads the parents of CREATE TABLE a (…) INHERITS (b, c).
func (b *binder) inherited(n parsers.Node) {
	for c := range n.Children() {
		if !c.Is(Call) || !strings.EqualFold(c.Field(Function).Text(), "inherits") {
			continue
		}
		for item := range c.Field(Arguments).Children() {
			if t := item.FirstNamed(); item.Is(Item) && t.Is(Name, DoubleQuoted) && t.NextSibling().IsNil() {
				b.relation(b.statement.Queries[0], t, "")
			}
		}
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
		if c.Is(Name) && strings.EqualFold(c.Text(), "overwrite") { // LOAD DATA OVERWRITE t
			if t := c.NextSibling(); t.Is(Name, DoubleQuoted, Template, TemplatedName, Call) {
				b.write(WriteOverwrite, t, parsers.Node{})
				return
			}
		}
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
