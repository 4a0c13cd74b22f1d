//go:build cgo && (linux || pg_query)

package postgres

import (
	"strconv"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

func decimal(i int32) string { return strconv.Itoa(int(i)) }

func (r *reader) createTable(c *pg.CreateStmt) {
	s := r.s
	s.Kind, s.Object, s.Table, s.IfExists = CreateTable, "table", r.name(c.Relation), c.IfNotExists
	s.Temporary = c.Relation.GetRelpersistence() == "t"
	s.Partitioned = c.Partspec != nil
	if c.Partbound != nil && len(c.InhRelations) > 0 {
		s.PartitionOf = r.name(c.InhRelations[0].GetRangeVar())
	}
	for _, e := range c.TableElts {
		if d := e.GetColumnDef(); d != nil {
			s.Columns = append(s.Columns, *r.column(d))
		} else if d := e.GetConstraint(); d != nil {
			if k, ok := r.constraint(d); ok {
				s.Constraints = append(s.Constraints, k)
			}
		}
	}
	for _, e := range c.Constraints {
		if k, ok := r.constraint(e.GetConstraint()); ok {
			s.Constraints = append(s.Constraints, k)
		}
	}
}

func (r *reader) alterTable(a *pg.AlterTableStmt) {
	s := r.s
	s.Object, s.Table, s.IfExists = objectWord(a.Objtype), r.name(a.Relation), a.MissingOk
	s.Kind = Other
	if a.Objtype == pg.ObjectType_OBJECT_TABLE || a.Objtype == pg.ObjectType_OBJECT_FOREIGN_TABLE {
		s.Kind = AlterTable
	}
	for _, n := range a.Cmds {
		c := n.GetAlterTableCmd()
		x := Action{Span: s.Span, Kind: OtherAction, Name: c.Name, IfExists: c.MissingOk, Cascade: c.Behavior == pg.DropBehavior_DROP_CASCADE}
		switch c.Subtype {
		case pg.AlterTableType_AT_AddColumn:
			x.Kind, x.Column = AddColumn, r.column(c.Def.GetColumnDef())
			x.Name = x.Column.Name
		case pg.AlterTableType_AT_DropColumn:
			x.Kind = DropColumn
		case pg.AlterTableType_AT_AlterColumnType:
			d := c.Def.GetColumnDef()
			x.Kind, x.Column, x.Using = AlterColumnType, r.column(d), d.GetRawDefault() != nil
			x.Column.Name, x.Column.Default, x.Column.Volatility = c.Name, false, ""
		case pg.AlterTableType_AT_ColumnDefault:
			x.Kind = DropDefault
			if c.Def != nil {
				x.Kind, x.Column = SetDefault, &Column{Name: c.Name, Default: true, Volatility: volatility(c.Def), Start: -1}
			}
		case pg.AlterTableType_AT_SetNotNull:
			x.Kind = SetNotNull
		case pg.AlterTableType_AT_DropNotNull:
			x.Kind = DropNotNull
		case pg.AlterTableType_AT_AddConstraint:
			if k, ok := r.constraint(c.Def.GetConstraint()); ok {
				x.Kind, x.Constraint, x.Name = AddConstraint, &k, k.Name
			}
		case pg.AlterTableType_AT_DropConstraint:
			x.Kind = DropConstraint
		case pg.AlterTableType_AT_ValidateConstraint:
			x.Kind = ValidateConstraint
		case pg.AlterTableType_AT_AttachPartition:
			x.Kind, x.Partition = AttachPartition, r.name(c.Def.GetPartitionCmd().GetName())
		case pg.AlterTableType_AT_DetachPartition:
			p := c.Def.GetPartitionCmd()
			x.Kind, x.Partition, x.Concurrently = DetachPartition, r.name(p.GetName()), p.GetConcurrent()
		}
		s.Actions = append(s.Actions, x)
	}
}

func (r *reader) column(d *pg.ColumnDef) *Column {
	c := &Column{Name: d.GetColname(), Start: r.base + int(d.GetLocation())}
	c.Type, c.Parameters = typeName(d.GetTypeName())
	if e := d.GetRawDefault(); e != nil {
		c.Default, c.Volatility = true, volatility(e)
	}
	for _, n := range d.GetConstraints() {
		k := n.GetConstraint()
		switch k.GetContype() {
		case pg.ConstrType_CONSTR_NOTNULL:
			c.NotNull = true
		case pg.ConstrType_CONSTR_DEFAULT:
			c.Default, c.Volatility = true, volatility(k.RawExpr)
		case pg.ConstrType_CONSTR_GENERATED:
			c.Generated = true
		case pg.ConstrType_CONSTR_IDENTITY:
			c.Identity, c.NotNull = true, true
		case pg.ConstrType_CONSTR_PRIMARY:
			c.PrimaryKey, c.NotNull = true, true
		case pg.ConstrType_CONSTR_UNIQUE:
			c.Unique = true
		default:
			if x, ok := r.constraint(k); ok {
				c.Constraints = append(c.Constraints, x)
			}
		}
	}
	c.NotNull = c.NotNull || c.Serial()
	return c
}

// typeName is a type without pg_catalog, and its parameters where all are plain numbers.
func typeName(t *pg.TypeName) (string, []int) {
	names := words(t.GetNames())
	if len(names) > 1 && names[0] == "pg_catalog" {
		names = names[1:]
	}
	name := strings.Join(names, ".")
	for range t.GetArrayBounds() {
		name += "[]"
	}
	var numbers []int
	for _, m := range t.GetTypmods() {
		c := m.GetAConst()
		if c == nil || c.GetIval() == nil {
			return name, nil
		}
		numbers = append(numbers, int(c.GetIval().Ival))
	}
	return name, numbers
}

var constraintKinds = map[pg.ConstrType]ConstraintKind{
	pg.ConstrType_CONSTR_CHECK:     Check,
	pg.ConstrType_CONSTR_FOREIGN:   ForeignKey,
	pg.ConstrType_CONSTR_PRIMARY:   PrimaryKey,
	pg.ConstrType_CONSTR_UNIQUE:    Unique,
	pg.ConstrType_CONSTR_EXCLUSION: Exclusion,
}

// constraint reads a constraint; false for the attributes that PostgreSQL files as constraints.
func (r *reader) constraint(c *pg.Constraint) (Constraint, bool) {
	kind, ok := constraintKinds[c.GetContype()]
	if !ok {
		return Constraint{}, false
	}
	k := Constraint{
		Kind: kind, Name: c.Conname, Columns: words(c.Keys), References: Name{Start: -1},
		NotValid: c.SkipValidation, UsingIndex: c.Indexname, Start: r.base + int(c.Location),
	}
	if kind == ForeignKey {
		k.Columns, k.References = words(c.FkAttrs), r.name(c.Pktable)
	}
	if t := c.RawExpr.GetNullTest(); t != nil && t.Nulltesttype == pg.NullTestType_IS_NOT_NULL {
		if f := words(t.Arg.GetColumnRef().GetFields()); len(f) == 1 {
			k.NotNull = f[0]
		}
	}
	return k, true
}
