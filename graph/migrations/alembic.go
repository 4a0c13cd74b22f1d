package migrations

import (
	"path"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/postgres"
	"delint/parsers/python"
)

// alembic reads the upgrade of a revision; nil where the file is none.
func alembic(f *parsers.File) *graph.MigrationFact {
	m := &graph.MigrationFact{Tool: "alembic", Name: strings.TrimSuffix(path.Base(f.Path), ".py"), Unread: true}
	var upgrade parsers.Node
	for n := range f.Tree.Root().NamedChildren() {
		switch {
		case n.Is(python.ExpressionStatement):
			a := n.FirstNamed()
			if text, ok := pycall.Text(f, a.Field(python.Right)); ok && a.Is(python.Assignment) && a.Field(python.Left).Text() == "revision" {
				m.Version = text
			}
		case n.Is(python.FunctionDefinition):
			switch n.Field(python.Name).Text() {
			case "upgrade":
				upgrade = n
			case "downgrade":
				m.HasDown = true
			}
		}
	}
	if m.Version == "" || upgrade.IsNil() {
		return nil
	}
	p := part{wrapped: "Alembic runs the revision in one, outside `autocommit_block()`"}
	if e := engineOfPath(f.Path); e != "" && e != "postgres" {
		p = part{}
	}
	r := &revision{newUnit(f, m, p)}
	for n := range upgrade.Field(python.Body).Descendants() {
		if n.Is(python.Call) {
			r.call(n)
		}
	}
	r.close()
	return m
}

// revision is the unit of an Alembic revision.
type revision struct{ *unit }

// call reads one call of the operations' object: op.add_column(…), or batch_op's in a batch_alter_table block.
func (r *revision) call(n parsers.Node) {
	function := n.Field(python.Function)
	if !function.Is(python.Attribute) {
		return
	}
	object, method := function.Field(python.Object), function.Field(python.AttributeField).Text()
	table, shift := "", 0
	switch {
	case object.Text() == "op":
	case object.Is(python.Identifier):
		if table = r.batch(n, object.Text()); table == "" {
			return
		}
		shift = 1 // a batch knows its table
	default:
		return
	}
	if r.conditional(n) {
		return
	}
	arg := func(keyword string, place int) string {
		a := pycall.Argument(n, keyword, place-shift)
		if a.Is(python.Call) && strings.HasSuffix(a.Field(python.Function).Text(), ".f") { // op.f("a name as it stands")
			a = pycall.Argument(a, "name", 0)
		}
		text, _ := pycall.Text(r.f, a)
		return text
	}
	tableOf := func(keyword string, place int) string {
		if shift > 0 {
			return table
		}
		return arg(keyword, place)
	}
	at := postgres.Span{Start: n.Start(), End: n.End()}
	switch method {
	case "drop_table", "drop_column", "alter_column", "add_column":
		r.locked[key(tableOf("table_name", 0))] = true
	case "drop_constraint":
		r.lifted[key(arg("constraint_name", shift))] = true
	}
	switch method {
	case "create_table":
		r.made[key(arg("table_name", 0))] = true
	case "rename_table":
		if r.made[key(arg("old_table_name", 0))] {
			r.made[key(arg("new_table_name", 1))] = true
		}
	case "add_column":
		r.column(n, tableOf("table_name", 0), pycall.Argument(n, "column", 1-shift), at)
	case "alter_column":
		if t := tableOf("table_name", 0); t != "" && !r.isNew(t) && isFalse(pycall.Argument(n, "nullable", -1)) && pycall.Argument(n, "existing_nullable", -1).Text() != "False" {
			r.hazard("set not null", t, arg("column_name", 1), at)
		}
	case "create_foreign_key":
		if t := tableOf("source_table", 1); t != "" && !r.isNew(t) && !isTrue(pycall.Argument(n, "postgresql_not_valid", -1)) {
			columns := texts(r.f, pycall.Argument(n, "local_cols", 3-shift))
			empty := len(columns) > 0 && !r.filled[key(t)]
			for _, c := range columns {
				empty = empty && r.fresh[key(t, c)]
			}
			if !empty {
				r.hazard("unvalidated foreign key", t, arg("constraint_name", shift), at)
			}
		}
	case "create_check_constraint":
		if t := tableOf("table_name", 1); t != "" && !r.isNew(t) && !isTrue(pycall.Argument(n, "postgresql_not_valid", -1)) {
			r.hazard("unvalidated check", t, arg("constraint_name", shift), at)
		}
	case "create_index":
		r.indexed(n, "create index", tableOf("table_name", 1), arg("index_name", shift), at)
	case "drop_index":
		if name := arg("index_name", shift); !r.made[key(name)] && !r.isNew(tableOf("table_name", 1)) {
			r.indexed(n, "drop index", tableOf("table_name", 1), name, at)
		}
	case "execute":
		r.execute(n, at)
	}
}

// batch is the table of `with op.batch_alter_table("t") as name` around a node; empty if there is none.
func (r *revision) batch(n parsers.Node, name string) string {
	for w := n.Ancestor(python.WithStatement); !w.IsNil(); w = w.Ancestor(python.WithStatement) {
		for c := range w.Child(python.WithClause).Descendants() {
			if !c.Is(python.Call) || !strings.HasSuffix(c.Field(python.Function).Text(), ".batch_alter_table") {
				continue
			}
			if text := w.Child(python.WithClause).Text(); strings.HasSuffix(strings.TrimRight(text, " )"), "as "+name) {
				table, _ := pycall.Text(r.f, pycall.Argument(c, "table_name", 0))
				return table
			}
		}
	}
	return ""
}

// conditional reports whether a call runs for one kind of database or state only: nobody knows here which.
func (r *revision) conditional(n parsers.Node) bool { return !n.Ancestor(python.IfStatement).IsNil() }

func (r *revision) column(call parsers.Node, table string, column parsers.Node, at postgres.Span) {
	if table == "" || !column.Is(python.Call) || r.isNew(table) {
		return
	}
	name, _ := pycall.Text(r.f, pycall.Argument(column, "name", 0))
	value := pycall.Argument(column, "server_default", -1)
	text := column.Text()
	switch {
	case strings.Contains(text, "Computed(") || strings.Contains(text, "Identity("):
	case !value.IsNil() && value.Text() != "None":
		if v := value.Text(); strings.Contains(v, "gen_random_uuid") || strings.Contains(v, "uuid_generate") || strings.Contains(v, "random()") ||
			strings.Contains(v, "clock_timestamp") || strings.Contains(v, "nextval") || strings.Contains(v, "GenerateUUID") {
			r.hazard("volatile default", table, name, at)
		}
	case isFalse(pycall.Argument(column, "nullable", -1)):
		r.hazard("required column", table, name, at)
	default:
		r.fresh[key(table, name)] = true
	}
}

func (r *revision) indexed(n parsers.Node, kind, table, name string, at postgres.Span) {
	if isTrue(pycall.Argument(n, "postgresql_concurrently", -1)) {
		if !r.autocommits(n) {
			r.hazard("concurrently in transaction", table, name, at).Note = r.part.wrapped
		}
		return
	}
	if kind == "create index" {
		r.made[key(name)] = true
		if table == "" || r.isNew(table) {
			return
		}
	}
	r.hazard(kind, table, name, at)
}

// autocommits reports whether something takes the call out of the revision's transaction.
func (r *revision) autocommits(n parsers.Node) bool {
	return r.part.wrapped == "" || parsers.Memo(r.f, commitsKey{}, func() bool {
		return r.f.Mentions("autocommit_block", "AUTOCOMMIT", `"COMMIT"`, `'COMMIT'`, "COMMIT;", "disable_ddl_transaction")
	})
}

type commitsKey struct{} // of what the whole file is asked for once

// execute reads the SQL of op.execute("…") and op.execute(sa.text("…")).
func (r *revision) execute(n parsers.Node, at postgres.Span) {
	argument := pycall.Argument(n, "sqltext", 0)
	if argument.Is(python.Call) && strings.HasSuffix(argument.Field(python.Function).Text(), "text") {
		argument = pycall.Argument(argument, "text", 0)
	}
	text, ok := pycall.Text(r.f, argument)
	if !ok || !postgres.Available || strings.Contains(text, graph.Hole) || r.m.Engine != "" && r.m.Engine != "postgres" {
		return
	}
	if e := engineOfPath(r.f.Path); e != "" && e != "postgres" {
		return
	}
	r.within, r.whole = true, r.f.Span(at.Start, at.End)
	wrapped := r.part.wrapped
	if r.autocommits(n) {
		r.part.wrapped = ""
	}
	for _, s := range postgres.Parse(text, r.f.Limits).Statements {
		r.statement(s)
	}
	r.part.wrapped, r.within = wrapped, false
}

func isTrue(n parsers.Node) bool  { return !n.IsNil() && n.Text() == "True" }
func isFalse(n parsers.Node) bool { return !n.IsNil() && n.Text() == "False" }

// texts is the constant strings of a list.
func texts(f *parsers.File, list parsers.Node) []string {
	var out []string
	if !list.Is(python.List, python.Tuple) {
		return nil
	}
	for x := range list.NamedChildren() {
		t, ok := pycall.Text(f, x)
		if !ok {
			return nil
		}
		out = append(out, t)
	}
	return out
}
