package sql

import (
	"slices"
	"strings"

	"delint/parsers"
)

// Transform is how a projected column comes from its sources.
type Transform uint8

// The transforms, from the one that changes least.
const (
	Constant   Transform = iota // no column at all
	Identity                    // the same name and value
	Rename                      // the same value
	CastValue                   // CAST, TRIM, LOWER, COALESCE with a literal: still the value of one column
	Expression                  // anything else of one row
	Aggregate                   // several rows: SUM, COUNT, window functions
)

// String is the transform's name in output.
func (t Transform) String() string {
	return [...]string{"constant", "identity", "rename", "cast", "expression", "aggregate"}[t]
}

// Output is one column, or one star, that a query projects.
type Output struct {
	// Name is without quotes; empty for a star, for an expression without a name, and where a template makes the name.
	Name string
	// Star says that it stands for all columns of StarOf (nil: of a relation that is not known) but Except. Renamed holds new
	// names of some, by the old ones in lower case.
	Star    bool
	StarOf  *Relation
	Except  []string
	Renamed map[string]string
	// Sources are columns of relations that the statement reads: common table expressions and subqueries are seen through.
	Sources   []Source
	Transform Transform
	// Masks names what makes the values of the direct sources unreadable: sha2 with a salt, count, a comparison; empty if nothing does.
	Masks string
	// Type is what the item is cast to at last; empty if it is not.
	Type string
	// Branch is 0, or the number of a further SELECT of the set operators that could not be matched with the first by position:
	// such an output adds sources to the column of its name, but no column.
	Branch int
	// Optional says that a template may leave it out, or repeat it.
	Optional   bool
	Confidence Confidence
	Node       parsers.Node
	// Expr is the expression without its alias; nil where there is none.
	Expr *Expr
}

// Source is one column of a relation that a statement reads.
type Source struct {
	// Relation is nil where several may have the column: then Candidates are they.
	Relation   *Relation
	Candidates []*Relation
	Column     string
	// Indirect says that the column decides or orders, but is no part of the value: conditions of CASE and IF, PARTITION BY, ORDER BY.
	Indirect bool
}

// projection is what a query projects.
type projection struct {
	list   []*Output
	byName map[string]int
	// open are the items that other columns may come out of, further those that could not be matched by position.
	open, further []*Output
}

func (p *projection) add(o *Output) {
	p.list = append(p.list, o)
	switch {
	case o.Branch > 0:
		p.further = append(p.further, o)
	case o.Star || o.Name == "" && o.Confidence == Partial:
		p.open = append(p.open, o)
	}
	if o.Name != "" && o.Branch == 0 {
		key := strings.ToLower(o.Name)
		if _, ok := p.byName[key]; !ok {
			if p.byName == nil {
				p.byName = map[string]int{}
			}
			p.byName[key] = len(p.list) - 1
		}
	}
}

// find is the output of a name, without case; nil if no item is named so.
func (p *projection) find(name string) *Output {
	if i, ok := p.byName[strings.ToLower(name)]; ok {
		return p.list[i]
	}
	return nil
}

// mayBe reports whether a column of that name may come out of the item: of a star, or of a template.
func (o *Output) mayBe(name string) bool {
	if o.Branch > 0 {
		return false
	}
	if !o.Star {
		return o.Name == "" && o.Confidence == Partial
	}
	if _, renamed := o.Renamed[strings.ToLower(name)]; renamed {
		return false
	}
	return !containsFold(o.Except, name)
}

// Outputs is what the statement's final query projects, in order; nil where it has none.
func (sc *Scope) Outputs() []*Output {
	q := sc.Final()
	if q == nil {
		return nil
	}
	return sc.project(q).list
}

// OutputsOf is what a query of the statement projects, in order.
func (sc *Scope) OutputsOf(q *Query) []*Output { return sc.project(q).list }

// Final is the query whose rows the statement returns or writes; nil if it has none.
func (sc *Scope) Final() *Query {
	switch sc.Statement.Kind {
	case StatementSelect, StatementInsert, StatementCreateTable, StatementCreateView:
	default:
		return nil
	}
	if len(sc.Statement.Queries) == 0 {
		return nil
	}
	outer := sc.Statement.Queries[0]
	if sc.hasRows(outer) {
		return outer
	}
	for _, q := range sc.Statement.Queries[1:] {
		if q.Parent == outer && q.CTE == nil && q.Node.Parent().Is(InsertClause, CreateClause, SqlStatement) && sc.hasRows(q) {
			return q
		}
	}
	return nil
}

func (sc *Scope) hasRows(q *Query) bool {
	for _, b := range sc.Branches(q) {
		if !b.Select.IsNil() || b.Nested != nil || len(b.Joins) > 0 {
			return true
		}
	}
	return false
}

// maxQueryDepth bounds how far queries are followed into queries, maxSources how many sources a column may have, maxExpanded
// how many columns the stars of a statement may stand for together.
const maxQueryDepth, maxSources, maxExpanded = 3000, 256, 200_000

// project is what a query projects. A recursive query sees what its first SELECT gives.
func (sc *Scope) project(q *Query) *projection {
	if p, ok := sc.outputs[q]; ok {
		return p
	}
	p := &projection{}
	if sc.depth > maxQueryDepth {
		return p
	}
	sc.depth++
	defer func() { sc.depth-- }()
	sc.outputs[q] = p
	for i, b := range sc.Branches(q) {
		var part *projection
		if b.Nested != nil {
			part = sc.project(b.Nested)
		} else {
			part = sc.projectBranch(b)
		}
		switch {
		case i == 0:
			for _, o := range part.list {
				copied := *o
				p.add(&copied)
			}
		case b.Operator == "except" || b.Operator == "minus" || strings.HasPrefix(b.Operator, "except ") || strings.HasPrefix(b.Operator, "minus "):
			// its rows are taken away: no values of it come out
		case b.Alternative || strings.Contains(b.Operator, "by name") || strings.Contains(b.Operator, "corresponding"):
			p.joinByName(part, b.Alternative)
		default:
			p.joinByPosition(part, i)
		}
	}
	return p
}

// joinByPosition adds the sources of a further SELECT to the outputs at the same places.
func (p *projection) joinByPosition(part *projection, branch int) {
	if len(p.open)+len(p.further)+len(part.open)+len(part.further) > 0 || len(p.list) != len(part.list) {
		if len(p.further) == 0 {
			for _, o := range p.list {
				o.Confidence = min(o.Confidence, Inferred)
			}
		}
		if len(p.further) > maxSources {
			return
		}
		for _, o := range part.list {
			copied := *o
			copied.Branch, copied.Confidence = branch, min(o.Confidence, Inferred)
			p.add(&copied)
		}
		return
	}
	for i, o := range part.list {
		p.list[i].join(o)
	}
}

func (p *projection) joinByName(part *projection, alternative bool) {
	for _, o := range part.list {
		copied := *o
		if alternative {
			copied.Confidence = min(copied.Confidence, Inferred)
		}
		if mine := p.find(o.Name); mine != nil && o.Name != "" {
			mine.join(&copied)
			continue
		}
		p.add(&copied)
	}
}

// join adds what another SELECT gives in the same column.
func (o *Output) join(other *Output) {
	if other.Transform != Constant && o.Transform != Constant && (o.Masks == "" || other.Masks == "") {
		o.Masks = ""
	} else if o.Transform == Constant {
		o.Masks = other.Masks
	}
	o.Sources = addSources(slices.Clip(o.Sources), other.Sources, false)
	o.Transform = max(o.Transform, other.Transform)
	o.Confidence = min(o.Confidence, other.Confidence)
	if len(o.Sources) >= maxSources {
		o.Confidence = Partial
	}
	if o.Type == "" {
		o.Type = other.Type
	}
	o.settle()
}

// projectBranch is what one SELECT projects.
func (sc *Scope) projectBranch(b *Branch) *projection {
	p := &projection{}
	switch {
	case !b.Values.IsNil() && b.Select.IsNil():
		item := b.Values.Child(Item)
		for _, e := range (&exprReader{}).items(item.Child(Group)) {
			v := sc.value(b, nil, e)
			p.add(&Output{Sources: v.sources, Transform: v.transform, Confidence: v.confidence, Node: item, Expr: e})
		}
		return p
	case b.Select.IsNil() && len(b.Joins) > 0:
		sc.expand(p, b, &SelectItem{Expr: &Expr{Kind: ExprStar, First: b.Joins[0].Node, Last: b.Joins[0].Node}, Node: b.Joins[0].Node})
		return p
	}
	for _, item := range b.Items {
		first := len(p.list)
		sc.projectItem(p, b, item)
		for _, o := range p.list[first:] {
			o.Optional = item.InLoop || item.InIf
			switch {
			case item.InLoop:
				o.Confidence = Partial
			case item.InIf:
				o.Confidence = min(o.Confidence, Inferred)
			}
		}
	}
	return p
}

func (sc *Scope) projectItem(p *projection, b *Branch, item *SelectItem) {
	e := item.Expr
	switch {
	case e == nil:
		return
	case e.Kind == ExprStar:
		sc.expand(p, b, item)
		return
	case e.Kind == ExprUnary && e.Op == "." && e.Last.Is(Star): // (struct).*
		p.add(&Output{Star: true, Confidence: Partial, Node: item.Node, Expr: e, Transform: Expression})
		return
	}
	if e.Kind == ExprTemplate && item.Alias == "" {
		if o, ok := sc.starOf(e); ok {
			o.Node = item.Node
			if o.StarOf == nil {
				o.Confidence = Partial
			} else if r := sc.sameRelation(b, o.StarOf); r != nil {
				item := *item
				item.Except = append(item.Except, o.Except...)
				sc.expandRelation(p, b, r, &item, o.Confidence)
				return
			}
			p.add(o)
			return
		}
		// A macro without an alias may stand for any number of items.
		v := sc.value(b, item, e)
		p.add(&Output{Star: true, Sources: v.sources, Transform: Expression, Confidence: Partial, Node: item.Node, Expr: e})
		return
	}
	if at := strings.LastIndexByte(item.Alias, '.'); e.Kind == ExprTemplate && at > 0 {
		// {{ more_columns() }} t.a: no alias has a dot, so that what the macro writes ends with a comma of its own
		p.add(&Output{Star: true, Transform: Expression, Confidence: Partial, Node: item.Node, Expr: e})
		p.add(&Output{Name: item.Alias[at+1:], Transform: Expression, Confidence: Partial, Node: item.Node, Expr: e})
		return
	}
	v := sc.itemValue(b, item)
	o := &Output{Name: item.Name(), Sources: v.sources, Transform: v.transform, Masks: v.masks, Confidence: v.confidence, Node: item.Node, Expr: e, Type: v.typ}
	if strings.ContainsAny(o.Name, "{@") {
		o.Name, o.Confidence = "", Partial
	}
	o.settle()
	if mine := p.find(o.Name); mine != nil && o.Name != "" && item.InIf { // the branches of a template name the same column
		mine.join(o)
		mine.Confidence = min(mine.Confidence, Inferred)
		mine.Optional = mine.Optional && !elseBranch(b, item)
		return
	}
	p.add(o)
}

// elseBranch reports whether an item that a template may leave out stands after {% else %}: then one of the two is always there.
func elseBranch(b *Branch, item *SelectItem) bool {
	text := string(b.Select.Tree().Text[b.Select.Start():item.Node.End()])
	i := strings.LastIndex(text, "else")
	return i >= 0 && i > strings.LastIndex(text, "endif")
}

// settle decides between identity and rename by the names.
func (o *Output) settle() {
	if o.Transform != Identity && o.Transform != Rename {
		return
	}
	o.Transform = Identity
	for _, s := range o.Sources {
		if !s.Indirect && !strings.EqualFold(s.Column, o.Name) {
			o.Transform = Rename
		}
	}
}

// sameRelation is the relation of the branch that means the same table as one that a macro names.
func (sc *Scope) sameRelation(b *Branch, of *Relation) *Relation {
	for _, r := range b.relations() {
		if r == of || r.Kind == of.Kind && r.Name() == of.Name() {
			return r
		}
	}
	return nil
}

// expand adds what a star stands for.
func (sc *Scope) expand(p *projection, b *Branch, item *SelectItem) {
	e := item.Expr
	if len(e.Parts) > 0 {
		for branch := b; branch != nil; branch = sc.around(branch) {
			for _, r := range branch.relations() {
				if n := r.qualifier(append(slices.Clone(e.Parts), Part{})); n == len(e.Parts) {
					sc.expandRelation(p, b, r, item, Exact)
					sc.replace(p, b, item)
					return
				}
			}
		}
		p.add(&Output{Star: true, Confidence: Partial, Node: item.Node, Expr: e, Except: item.Except, Transform: Identity})
		return
	}
	seen := []string{}
	for _, j := range b.Joins {
		if j.Kind == JoinSemi {
			continue
		}
		if j.Relation == nil {
			p.add(&Output{Star: true, Confidence: Partial, Node: item.Node, Expr: e, Transform: Identity})
			continue
		}
		confidence := Exact
		if j.Natural {
			confidence = Partial
		}
		without := *item
		without.Except = append(slices.Clone(item.Except), seen...)
		for _, u := range j.Using {
			if !containsFold(without.Except, u) {
				without.Except = append(without.Except, u)
			}
			if len(j.Using) > 0 && !containsFold(seen, u) {
				seen = append(seen, u)
				if o := p.find(u); o != nil { // the column of USING is of both sides
					v := sc.columnOf(j.Relation, u)
					o.Sources = addSources(slices.Clip(o.Sources), v.sources, false)
				}
			}
		}
		sc.expandRelation(p, b, j.Relation, &without, confidence)
	}
	sc.replace(p, b, item)
}

// expandRelation adds the columns of a relation: those of its query, or a star.
func (sc *Scope) expandRelation(p *projection, b *Branch, r *Relation, item *SelectItem, confidence Confidence) {
	if item.StarFilter {
		confidence = Partial
	}
	switch {
	case r.Kind == RelationFunction:
		v := sc.functionColumn(b, r)
		o := &Output{Star: true, Sources: v.sources, Transform: Expression, Confidence: Partial, Node: item.Node, Expr: item.Expr}
		if strings.EqualFold(functionName(r), "unnest") && r.Alias != "" {
			o.Star, o.Name, o.Confidence = false, r.Alias, Inferred
		}
		p.add(o)
		return
	case r.query(sc) == nil || sc.reshaped[r]:
		o := &Output{Star: true, StarOf: r, Except: slices.Clone(item.Except), Renamed: item.Rename, Transform: Identity, Confidence: confidence, Node: item.Node, Expr: item.Expr}
		if sc.reshaped[r] || r.CTE != nil {
			o.StarOf, o.Confidence = nil, Partial
		}
		p.add(o)
		return
	}
	list := sc.columnsOf(r).list
	if sc.expanded += len(list); sc.expanded > maxExpanded {
		p.add(&Output{Star: true, Transform: Identity, Confidence: Partial, Node: item.Node, Expr: item.Expr})
		return
	}
	for _, o := range list {
		copied := *o
		copied.Node, copied.Confidence = item.Node, min(o.Confidence, confidence)
		if o.Star {
			copied.Except = append(slices.Clone(o.Except), item.Except...)
			if item.Rename != nil {
				if o.Renamed != nil {
					copied.Confidence = min(copied.Confidence, Inferred)
				}
				copied.Renamed = item.Rename
			}
		} else if containsFold(item.Except, o.Name) {
			continue
		} else if to := item.Rename[strings.ToLower(o.Name)]; to != "" {
			copied.Name = to
			copied.settle()
		}
		p.add(&copied)
	}
}

// replace puts the expressions of * REPLACE (…) in place.
func (sc *Scope) replace(p *projection, b *Branch, item *SelectItem) {
	for _, x := range item.Replace {
		if x.Kind != ExprNamed {
			continue
		}
		v := sc.value(b, nil, x.Args[0])
		name := unquote(x.Last.Field(NameField).Text())
		o := &Output{Name: name, Sources: v.sources, Transform: v.transform, Masks: v.masks, Confidence: v.confidence, Node: item.Node, Expr: x.Args[0], Type: v.typ}
		o.settle()
		if mine := p.find(name); mine != nil {
			*mine = *o
			continue
		}
		for _, s := range p.list {
			if s.Star && !containsFold(s.Except, name) {
				s.Except = append(slices.Clip(s.Except), name)
			}
		}
		p.add(o)
	}
}

// columnsOf is what a relation that is a query gives, with the names of its column list.
func (sc *Scope) columnsOf(r *Relation) (out *projection) {
	if p, ok := sc.lists[r]; ok {
		return p
	}
	p := sc.project(r.query(sc))
	names := columnList(r)
	if len(names) == 0 {
		return p
	}
	defer func() { sc.lists[r] = out }()
	out = &projection{}
	for i, o := range p.list {
		copied := *o
		if o.Star || o.Branch > 0 {
			copied.Confidence = Partial
		} else if i < len(names) {
			copied.Name = names[i]
			copied.settle()
		}
		out.add(&copied)
	}
	return out
}

// columnList is the names in the brackets after a common table expression's name or a relation's alias.
func columnList(r *Relation) []string {
	var group parsers.Node
	if r.CTE != nil {
		group = r.CTE.Node.Field(Columns)
	}
	if r.Kind == RelationSubquery || r.Kind == RelationFunction {
		for n := r.Node.NextSibling(); !n.IsNil(); n = n.NextSibling() {
			if n.Is(Alias) {
				group = n.Field(Columns)
				break
			}
			if n.Is(Call) && strings.EqualFold(unquote(n.Field(Function).Text()), r.Alias) {
				group = n.Field(Arguments)
				break
			}
		}
	}
	var out []string
	for item := range group.Children() {
		if item.Is(Item) {
			out = append(out, unquote(item.FirstNamed().Text()))
		}
	}
	return out
}
