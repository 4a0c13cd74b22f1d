//go:build cgo && (linux || pg_query)

package postgres

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// each visits the messages below m, m first. visit returns false to leave what is below a message alone.
func each(m protoreflect.Message, visit func(protoreflect.Message) bool) {
	if !visit(m) {
		return
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.Message() == nil || f.IsMap() {
			return true
		}
		if f.IsList() {
			for i := range v.List().Len() {
				each(v.List().Get(i).Message(), visit)
			}
			return true
		}
		each(v.Message(), visit)
		return true
	})
}

// volatility judges an expression by the functions that it calls.
func volatility(n *pg.Node) Volatility {
	v := Constant
	raise := func(to Volatility) {
		order := []Volatility{Constant, Stable, Unknown, Volatile}
		if slices.Index(order, to) > slices.Index(order, v) {
			v = to
		}
	}
	each(n.ProtoReflect(), func(m protoreflect.Message) bool {
		switch n := m.Interface().(type) {
		case *pg.FuncCall:
			raise(functionVolatility(words(n.Funcname)))
		case *pg.SQLValueFunction:
			raise(Stable)
		case *pg.SubLink, *pg.ColumnRef:
			raise(Unknown)
		}
		return true
	})
	return v
}

// functionVolatility is what pg_proc says of the functions that defaults are made of.
func functionVolatility(name []string) Volatility {
	if len(name) == 2 && name[0] == "pg_catalog" {
		name = name[1:]
	}
	if len(name) == 0 {
		return Unknown
	}
	switch strings.ToLower(name[len(name)-1]) {
	case "random", "gen_random_uuid", "uuidv4", "uuidv7", "clock_timestamp", "timeofday", "nextval", "setval", "currval", "lastval",
		"uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "txid_current", "pg_sleep", "setseed", "gen_random_bytes",
		"gen_salt", "random_normal", "pg_current_xact_id", "set_config":
		return Volatile
	}
	if len(name) > 1 {
		return Unknown
	}
	switch name[0] {
	case "now", "transaction_timestamp", "statement_timestamp", "current_setting", "to_char", "to_timestamp", "to_date", "age",
		"date_trunc", "timezone", "current_database", "version", "make_timestamptz", "to_json", "to_jsonb", "json_build_object",
		"jsonb_build_object", "json_build_array", "jsonb_build_array", "concat", "concat_ws", "format", "inet_client_addr",
		"pg_backend_pid", "current_schema", "array_to_string", "txid_current_snapshot":
		return Stable
	case "lower", "upper", "md5", "abs", "round", "floor", "ceil", "ceiling", "length", "trim", "btrim", "ltrim", "rtrim", "replace",
		"substr", "substring", "left", "right", "lpad", "rpad", "coalesce", "greatest", "least", "nullif", "make_date",
		"make_interval", "make_time", "make_timestamp", "decode", "encode", "sha256", "power", "sqrt", "chr", "ascii", "repeat",
		"string_to_array", "array_fill", "date_part", "extract", "row", "int4range", "int8range", "numrange", "daterange", "tsrange",
		"tstzrange", "point", "box", "uuid_nil", "hstore", "to_tsvector", "translate", "split_part", "initcap", "reverse", "mod",
		"div", "trunc", "sign", "ln", "log", "exp", "pi":
		return Constant
	}
	return Unknown
}

// relations finds the tables and views that a statement reads and changes.
func relations(n *pg.Node, base int) (reads, writes []Name) {
	w := walker{base: base}
	w.walk(n.ProtoReflect(), nil)
	byPlace := func(a, b Name) int { return a.Start - b.Start }
	slices.SortStableFunc(w.reads, byPlace)
	slices.SortStableFunc(w.writes, byPlace)
	return w.reads, w.writes
}

type walker struct {
	base          int
	reads, writes []Name
}

// scope is the CTEs that can be seen, from the innermost WITH outwards.
type scope struct {
	names []string
	outer *scope
}

func (s *scope) has(name string) bool {
	for ; s != nil; s = s.outer {
		if slices.Contains(s.names, name) {
			return true
		}
	}
	return false
}

func (w *walker) write(v *pg.RangeVar) {
	if v != nil {
		w.writes = append(w.writes, nameOf(v, w.base))
	}
}

// with enters the scope that a WITH clause opens.
func (w *walker) with(c *pg.WithClause, s *scope) *scope {
	if c == nil {
		return s
	}
	inner := &scope{outer: s}
	if c.Recursive {
		for _, n := range c.Ctes {
			inner.names = append(inner.names, n.GetCommonTableExpr().GetCtename())
		}
	}
	for _, n := range c.Ctes {
		w.walk(n.GetCommonTableExpr().GetCtequery().ProtoReflect(), inner)
		if !c.Recursive {
			inner.names = append(inner.names, n.GetCommonTableExpr().GetCtename())
		}
	}
	return inner
}

// walk visits a message and what is below it. The cases are those whose relations are not simply read.
func (w *walker) walk(m protoreflect.Message, s *scope) {
	if !m.IsValid() {
		return
	}
	skip := map[protoreflect.Name]bool{}
	switch n := m.Interface().(type) {
	case *pg.RangeVar:
		if n.Schemaname != "" || !s.has(n.Relname) {
			w.reads = append(w.reads, nameOf(n, w.base))
		}
		return
	case *pg.SelectStmt:
		s = w.with(n.WithClause, s)
		w.write(n.IntoClause.GetRel())
		skip["with_clause"], skip["into_clause"] = true, true
	case *pg.InsertStmt:
		s = w.with(n.WithClause, s)
		w.write(n.Relation)
		skip["with_clause"], skip["relation"] = true, true
	case *pg.UpdateStmt:
		s = w.with(n.WithClause, s)
		w.write(n.Relation)
		skip["with_clause"], skip["relation"] = true, true
	case *pg.DeleteStmt:
		s = w.with(n.WithClause, s)
		w.write(n.Relation)
		skip["with_clause"], skip["relation"] = true, true
	case *pg.MergeStmt:
		s = w.with(n.WithClause, s)
		w.write(n.Relation)
		skip["with_clause"], skip["relation"] = true, true
	case *pg.CreateTableAsStmt:
		w.write(n.Into.GetRel())
		skip["into"] = true
	case *pg.ViewStmt:
		w.write(n.View)
		skip["view"] = true
	case *pg.CreateStmt:
		w.write(n.Relation)
		skip["relation"] = true
	case *pg.CreateForeignTableStmt:
		w.write(n.BaseStmt.GetRelation())
		for _, parent := range n.BaseStmt.GetInhRelations() {
			w.walk(parent.ProtoReflect(), s)
		}
		skip["base_stmt"] = true
	case *pg.AlterTableStmt:
		if n.Objtype == pg.ObjectType_OBJECT_TABLE || n.Objtype == pg.ObjectType_OBJECT_VIEW || n.Objtype == pg.ObjectType_OBJECT_MATVIEW ||
			n.Objtype == pg.ObjectType_OBJECT_FOREIGN_TABLE {
			w.write(n.Relation)
		}
		return
	case *pg.RenameStmt:
		switch n.RenameType {
		case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_VIEW, pg.ObjectType_OBJECT_MATVIEW, pg.ObjectType_OBJECT_COLUMN,
			pg.ObjectType_OBJECT_TABCONSTRAINT, pg.ObjectType_OBJECT_FOREIGN_TABLE:
			w.write(n.Relation)
		}
		return
	case *pg.AlterObjectSchemaStmt:
		switch n.ObjectType {
		case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_VIEW, pg.ObjectType_OBJECT_MATVIEW, pg.ObjectType_OBJECT_FOREIGN_TABLE:
			w.write(n.Relation)
		}
		return
	case *pg.DropStmt:
		switch n.RemoveType {
		case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_VIEW, pg.ObjectType_OBJECT_MATVIEW, pg.ObjectType_OBJECT_FOREIGN_TABLE:
			for _, o := range n.Objects {
				w.writes = append(w.writes, listName(o))
			}
		}
		return
	case *pg.TruncateStmt:
		for _, r := range n.Relations {
			w.write(r.GetRangeVar())
		}
		return
	case *pg.CopyStmt:
		if n.IsFrom {
			w.write(n.Relation)
			skip["relation"] = true
		}
	case *pg.Constraint, *pg.IndexStmt, *pg.VacuumStmt, *pg.LockStmt, *pg.ClusterStmt, *pg.ReindexStmt, *pg.RefreshMatViewStmt,
		*pg.CreateTrigStmt, *pg.CommentStmt, *pg.GrantStmt, *pg.RuleStmt, *pg.CreatePolicyStmt, *pg.AlterPolicyStmt,
		*pg.CreateStatsStmt, *pg.CreateSeqStmt, *pg.AlterSeqStmt, *pg.LockingClause, *pg.CreatePublicationStmt,
		*pg.AlterPublicationStmt, *pg.AlterTableMoveAllStmt, *pg.CreateFunctionStmt, *pg.CompositeTypeStmt, *pg.AlterObjectDependsStmt:
		return
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.Message() == nil || f.IsMap() || skip[f.Name()] {
			return true
		}
		if f.IsList() {
			for i := range v.List().Len() {
				w.walk(v.List().Get(i).Message(), s)
			}
			return true
		}
		w.walk(v.Message(), s)
		return true
	})
}
