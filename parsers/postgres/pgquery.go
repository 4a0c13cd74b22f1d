//go:build cgo && (linux || pg_query)

package postgres

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// Available says whether PostgreSQL's parser is linked into this binary. Rules that need it report nothing without it, and
// say so in not_analysed.
const Available = true

// parse reads one statement, or the few that delint's grammar took for one. base is the offset of text in the file.
func parse(text string, base int) ([]*Statement, error) {
	result, err := pg.Parse(text)
	if err != nil {
		return nil, err
	}
	var out []*Statement
	for _, raw := range result.Stmts {
		start := int(raw.StmtLocation)
		end := start + int(raw.StmtLen)
		if raw.StmtLen == 0 {
			end = len(text)
		}
		for start < end && strings.ContainsRune(" \t\r\n;", rune(text[start])) {
			start++
		}
		r := reader{base: base, s: &Statement{Span: Span{base + start, base + end}, Kind: Other}}
		r.statement(raw.Stmt)
		r.s.Reads, r.s.Writes = relations(raw.Stmt, base)
		out = append(out, r.s)
	}
	return out, nil
}

// reader fills one statement. base is what is added to the parser's offsets.
type reader struct {
	base int
	s    *Statement
}

func (r *reader) name(v *pg.RangeVar) Name { return nameOf(v, r.base) }

func nameOf(v *pg.RangeVar, base int) Name {
	if v == nil {
		return Name{Start: -1}
	}
	return Name{v.Catalogname, v.Schemaname, v.Relname, base + int(v.Location)}
}

// words is the strings of a list of names.
func words(list []*pg.Node) []string {
	var out []string
	for _, n := range list {
		if s := n.GetString_(); s != nil {
			out = append(out, s.Sval)
		}
	}
	return out
}

// listName is a name given as a list of strings, as DROP has them.
func listName(n *pg.Node) Name {
	var parts []string
	switch {
	case n.GetList() != nil:
		parts = words(n.GetList().Items)
	case n.GetString_() != nil:
		parts = []string{n.GetString_().Sval}
	case n.GetTypeName() != nil:
		parts = words(n.GetTypeName().Names)
	}
	out := Name{Start: -1}
	switch k := len(parts); {
	case k > 2:
		out.Catalog = parts[k-3]
		fallthrough
	case k > 1:
		out.Schema = parts[k-2]
		fallthrough
	case k > 0:
		out.Name = parts[k-1]
	}
	return out
}

// objectWord is "materialized view" for OBJECT_MATVIEW.
func objectWord(t pg.ObjectType) string {
	switch t {
	case pg.ObjectType_OBJECT_MATVIEW:
		return "materialized view"
	case pg.ObjectType_OBJECT_TABCONSTRAINT:
		return "constraint"
	}
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(t.String(), "OBJECT_"), "_", " "))
}

func (r *reader) statement(n *pg.Node) {
	s := r.s
	switch n := n.GetNode().(type) {
	case *pg.Node_SelectStmt:
		s.Kind = Select
		if n.SelectStmt.IntoClause != nil {
			s.Kind = CreateTableAs
			s.Table = r.name(n.SelectStmt.IntoClause.Rel)
		}
	case *pg.Node_InsertStmt:
		s.Kind, s.Table = Insert, r.name(n.InsertStmt.Relation)
	case *pg.Node_UpdateStmt:
		s.Kind, s.Table, s.Where = Update, r.name(n.UpdateStmt.Relation), n.UpdateStmt.WhereClause != nil
	case *pg.Node_DeleteStmt:
		s.Kind, s.Table, s.Where = Delete, r.name(n.DeleteStmt.Relation), n.DeleteStmt.WhereClause != nil
	case *pg.Node_MergeStmt:
		s.Kind, s.Table = Merge, r.name(n.MergeStmt.Relation)
	case *pg.Node_CopyStmt:
		s.Kind, s.Table = Copy, r.name(n.CopyStmt.Relation)
	case *pg.Node_TruncateStmt:
		s.Kind, s.Names = Truncate, r.names(n.TruncateStmt.Relations)
		s.Cascade = n.TruncateStmt.Behavior == pg.DropBehavior_DROP_CASCADE
	case *pg.Node_LockStmt:
		s.Kind, s.Names = Lock, r.names(n.LockStmt.Relations)
	case *pg.Node_AlterTableStmt:
		r.alterTable(n.AlterTableStmt)
	case *pg.Node_CreateStmt:
		r.createTable(n.CreateStmt)
	case *pg.Node_CreateTableAsStmt:
		c := n.CreateTableAsStmt
		s.Kind, s.Object, s.IfExists = CreateTableAs, objectWord(c.Objtype), c.IfNotExists
		s.Table, s.Temporary = r.name(c.Into.GetRel()), c.Into.GetRel().GetRelpersistence() == "t"
	case *pg.Node_ViewStmt:
		s.Kind, s.Object, s.Table, s.IfExists = CreateView, "view", r.name(n.ViewStmt.View), n.ViewStmt.Replace
	case *pg.Node_IndexStmt:
		i := n.IndexStmt
		s.Kind, s.Object, s.Table, s.Index = CreateIndex, "index", r.name(i.Relation), i.Idxname
		s.Concurrently, s.Unique, s.IfExists = i.Concurrent, i.Unique, i.IfNotExists
	case *pg.Node_DropStmt:
		d := n.DropStmt
		s.Kind, s.Object = Drop, objectWord(d.RemoveType)
		for _, o := range d.Objects {
			s.Names = append(s.Names, listName(o))
		}
		s.Concurrently, s.IfExists, s.Cascade = d.Concurrent, d.MissingOk, d.Behavior == pg.DropBehavior_DROP_CASCADE
	case *pg.Node_RenameStmt:
		m := n.RenameStmt
		s.Kind, s.Object, s.Table, s.IfExists = Rename, objectWord(m.RenameType), r.name(m.Relation), m.MissingOk
		s.From, s.To = m.Subname, m.Newname
	case *pg.Node_ReindexStmt:
		x := n.ReindexStmt
		s.Kind, s.Table = Reindex, r.name(x.Relation)
		s.Object = strings.ToLower(strings.TrimPrefix(x.Kind.String(), "REINDEX_OBJECT_"))
		for _, p := range x.Params {
			s.Concurrently = s.Concurrently || p.GetDefElem().GetDefname() == "concurrently"
		}
	case *pg.Node_RefreshMatViewStmt:
		s.Kind, s.Object = Refresh, "materialized view"
		s.Table, s.Concurrently = r.name(n.RefreshMatViewStmt.Relation), n.RefreshMatViewStmt.Concurrent
	case *pg.Node_TransactionStmt:
		s.Kind = Transaction
		s.Word = strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(n.TransactionStmt.Kind.String(), "TRANS_STMT_")), "_", " ")
		if s.Word == "start" {
			s.Word = "begin"
		}
	case *pg.Node_VariableSetStmt:
		s.Kind, s.Word = Set, n.VariableSetStmt.Name
		if a := n.VariableSetStmt.Args; len(a) == 1 {
			s.Value = constant(a[0])
		}
	case *pg.Node_AlterEnumStmt:
		s.Kind = AlterEnum
	case *pg.Node_VacuumStmt:
		s.Kind = Vacuum
	case *pg.Node_ClusterStmt:
		s.Kind, s.Table = Vacuum, r.name(n.ClusterStmt.Relation)
	}
}

func (r *reader) names(list []*pg.Node) []Name {
	var out []Name
	for _, n := range list {
		out = append(out, r.name(n.GetRangeVar()))
	}
	return out
}

func constant(n *pg.Node) string {
	c := n.GetAConst()
	switch {
	case c == nil:
		return ""
	case c.GetSval() != nil:
		return c.GetSval().Sval
	case c.GetFval() != nil:
		return c.GetFval().Fval
	case c.GetBoolval() != nil:
		if c.GetBoolval().Boolval {
			return "true"
		}
		return "false"
	case c.GetIval() != nil:
		return decimal(c.GetIval().Ival)
	}
	return ""
}
