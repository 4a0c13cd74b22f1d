package postgres

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// maker writes PostgreSQL statements out of a grammar of its own. The same seed gives the same statements.
type maker struct {
	*rand.Rand
	depth int
}

func generate(n int) []string {
	m := &maker{Rand: rand.New(rand.NewPCG(1, 2))}
	out := make([]string, n)
	for i := range out {
		m.depth = 0
		out[i] = m.statement()
	}
	return out
}

func (m *maker) pick(words ...string) string { return words[m.IntN(len(words))] }

func (m *maker) maybe(s string) string {
	if m.IntN(3) == 0 {
		return s
	}
	return ""
}

func (m *maker) column() string {
	return m.pick("id", "amount", `"Group"`, "created_at", "status", "data", "date", "name")
}

func (m *maker) table() string {
	name := m.pick("orders", "customers", "Items", `"Order"`, "event_log", "t1", "local", "value", `"select"`, "stage")
	return m.pick("", "", "sales.", "Raw.", `"My Schema".`) + name
}

func (m *maker) expression() string {
	m.depth++
	defer func() { m.depth-- }()
	if m.depth > 4 {
		return m.pick("1", "'a''b'", m.column(), "null", "$1", "E'\\n'")
	}
	e := m.expression
	switch m.IntN(16) {
	case 0:
		return e() + m.pick(" + ", " || ", " = ", " <> ", " and ", " or ", " is distinct from ") + e()
	case 1:
		return "(" + e() + ")"
	case 2:
		return fmt.Sprintf("case when %s then %s else %s end", e(), e(), e())
	case 3:
		return "coalesce(" + e() + ", " + e() + ")"
	case 4:
		return fmt.Sprintf("count(*) filter (where %s) over (partition by %s order by %s)", e(), m.column(), m.column())
	case 5:
		return "(" + m.query() + ")"
	case 6:
		return "exists (" + m.query() + ")"
	case 7:
		return m.column() + " in (" + m.query() + ")"
	case 8:
		return m.column() + "::" + m.pick("text", "numeric(10, 2)", "date", "int[]")
	case 9:
		return "extract(year from " + m.column() + ")"
	case 10:
		return m.column() + m.pick(" ->> ", " -> ") + "'key'"
	case 11:
		return "array[" + e() + ", 2]"
	case 12:
		return m.column() + " between 1 and 2"
	case 13:
		return "trim(both from " + m.column() + ")"
	case 14:
		return "interval '1 day'"
	}
	return m.column()
}

func (m *maker) relation() string {
	switch m.IntN(9) {
	case 0:
		return "(" + m.query() + ") as s" + fmt.Sprint(m.IntN(9))
	case 1:
		return "generate_series(1, 10) as g(n)"
	case 2:
		return "only " + m.table()
	case 3:
		return m.table() + " as a" + fmt.Sprint(m.IntN(9)) + m.maybe(" (x, y)")
	case 4:
		return m.table() + " tablesample system (10)"
	case 5:
		return "lateral (" + m.query() + ") l"
	}
	return m.table() + m.maybe(" b"+fmt.Sprint(m.IntN(9)))
}

func (m *maker) from() string {
	f := m.relation()
	for range m.IntN(3) {
		switch m.IntN(4) {
		case 0:
			f += ", " + m.relation()
		case 1:
			f += " cross join " + m.relation()
		case 2:
			f += m.pick(" join ", " left join ", " full outer join ", " inner join ") + m.relation() + " using (id)"
		default:
			f += m.pick(" join ", " left join ", " right join ") + m.relation() + " on " + m.expression()
		}
	}
	return f
}

func (m *maker) query() string {
	m.depth++
	defer func() { m.depth-- }()
	if m.depth > 4 {
		return "select 1 from " + m.table()
	}
	q := ""
	if m.IntN(5) == 0 {
		q = fmt.Sprintf("with %s%s as (%s) ", m.maybe("recursive "), m.pick("orders", "c", "t1"), m.query())
	}
	q += "select " + m.maybe("distinct ") + m.pick("*", m.expression(), m.expression()+" as x, "+m.column(), "count(*)") + " from " + m.from()
	q += m.maybe(" where "+m.expression()) + m.maybe(" group by 1 having "+m.expression())
	switch m.IntN(6) {
	case 0:
		q += m.pick(" union all ", " union ", " except ", " intersect ") + m.pick("select 1 from "+m.table(), "table "+m.table(), "("+m.query()+")", "values (1)")
	case 1:
		q += " order by 1 nulls last limit 5 offset 2"
	case 2:
		q += " order by " + m.column() + " desc fetch first 3 rows only"
	}
	return q
}

func (m *maker) statement() string {
	t := m.table()
	switch m.IntN(22) {
	case 0:
		return fmt.Sprintf("insert into %s (id, name) %s%s", t, m.query(), m.maybe(" on conflict (id) do update set name = excluded.name"))
	case 1:
		return fmt.Sprintf("insert into %s values (1, %s), (2, %s) returning %s", t, m.expression(), m.expression(), m.column())
	case 2:
		return fmt.Sprintf("update %s as u set name = %s from %s where %s", t, m.expression(), m.relation(), m.expression())
	case 3:
		return fmt.Sprintf("delete from %s using %s where %s", t, m.relation(), m.expression())
	case 4:
		return fmt.Sprintf("merge into %s as m using %s on %s when matched then update set name = 'x' when not matched then insert values (1)", t, m.pick(m.table(), "("+m.query()+") s"), m.expression())
	case 5:
		return fmt.Sprintf("create %stable %s%s as %s", m.pick("", "temp ", "unlogged "), m.maybe("if not exists "), t, m.query())
	case 6:
		return fmt.Sprintf("create %s %s as %s", m.pick("view", "or replace view", "materialized view", "temporary view"), t, m.query())
	case 7:
		return fmt.Sprintf("create table %s (id serial primary key, amount numeric(10, 2) not null default 0, ref int references %s (id) on delete cascade, check (%s > 0))", t, m.table(), m.column())
	case 8:
		return fmt.Sprintf("create table %s partition of %s for values from (1) to (2)", t, m.table())
	case 9:
		return fmt.Sprintf("alter table %s add column x int default 1, alter column name set not null, drop column if exists y", t)
	case 10:
		return fmt.Sprintf("alter table only %s add constraint c foreign key (id) references %s (id) not valid", t, m.table())
	case 11:
		return fmt.Sprintf("drop %s if exists %s, %s cascade", m.pick("table", "view", "materialized view"), t, m.table())
	case 12:
		return fmt.Sprintf("truncate table %s, %s restart identity", t, m.table())
	case 13:
		return fmt.Sprintf("copy %s (id, name) %s with (format csv)", t, m.pick("from stdin", "to stdout"))
	case 14:
		return fmt.Sprintf("create unique index concurrently i on %s using btree (lower(name)) where %s", t, m.column()+" > 1")
	case 15:
		return fmt.Sprintf("with gone as (delete from %s returning *) insert into %s select * from gone", t, m.table())
	case 16:
		return fmt.Sprintf("create function f() returns int as $$ select 1 from %s $$ language sql", strings.ReplaceAll(t, "$", ""))
	case 17:
		return fmt.Sprintf("explain analyze %s", m.query())
	case 18:
		return "table " + t
	case 19:
		return fmt.Sprintf("select * into %snew_table from %s", m.maybe("temp "), m.from())
	}
	return m.query()
}
