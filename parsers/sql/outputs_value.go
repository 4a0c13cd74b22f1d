package sql

import (
	"slices"
	"strings"
)

// value is where the value of an expression comes from.
type value struct {
	sources    []Source
	transform  Transform
	confidence Confidence
	masks      string
	typ        string
}

func (v value) direct() bool {
	return slices.ContainsFunc(v.sources, func(s Source) bool { return !s.Indirect })
}

// addSources adds sources that are not there yet.
func addSources(list, more []Source, indirect bool) []Source {
	for _, s := range more {
		s.Indirect = s.Indirect || indirect
		found := false
		for i := range list {
			if list[i].Relation == s.Relation && strings.EqualFold(list[i].Column, s.Column) && (s.Relation != nil || slices.Equal(list[i].Candidates, s.Candidates)) {
				list[i].Indirect = list[i].Indirect && s.Indirect
				found = true
				break
			}
		}
		if !found && len(list) < maxSources {
			list = append(list, s)
		}
	}
	return list
}

// value computes where the value of an expression in a branch comes from. item is the item of the SELECT it stands in; nil elsewhere.
func (sc *Scope) value(b *Branch, item *SelectItem, e *Expr) value {
	if e == nil {
		return value{transform: Constant, confidence: Exact}
	}
	switch e.Kind {
	case ExprLiteral, ExprParameter:
		return value{transform: Constant, confidence: Exact}
	case ExprColumn:
		if e.DoubleQuoted() && sc.StringQuotes {
			return value{transform: Constant, confidence: Exact}
		}
		if e.DoubleQuoted() && !sc.QuotesKnown {
			v := sc.columnValue(b, item, e)
			v.confidence = min(v.confidence, Inferred)
			return v
		}
		return sc.columnValue(b, item, e)
	case ExprStar:
		return value{transform: Expression, confidence: Partial}
	case ExprSubquery:
		return sc.subqueryValue(e)
	case ExprTemplate:
		if len(e.Args) == 0 && !e.First.Is(Call) {
			return sc.templateValue(b, item, e)
		}
	}
	return sc.combined(b, item, e)
}

// itemValue is the value of an item of a SELECT, computed once.
func (sc *Scope) itemValue(b *Branch, item *SelectItem) value {
	v, ok := sc.items[item]
	if !ok {
		v = sc.value(b, item, item.Expr)
		sc.items[item] = v
	}
	v.sources = slices.Clip(v.sources)
	return v
}

// combined is the value of an expression with operands.
func (sc *Scope) combined(b *Branch, item *SelectItem, e *Expr) value {
	v := value{transform: Constant, confidence: Exact}
	unmasked, masks := false, ""
	args, conditions := e.Args, e.Conditions
	if e.Kind == ExprCall && len(args) > 1 && (e.Op == "if" || e.Op == "iff" || e.Op == "nvl2") {
		args, conditions = args[1:], args[:1]
	}
	if e.Kind == ExprLambda {
		args = e.Columns()
	}
	columns := 0
	for _, a := range args {
		if a.Kind == ExprStar && e.Kind == ExprCall {
			if len(a.Parts) > 0 {
				v.confidence = Partial
			}
			continue
		}
		w := sc.value(b, item, a)
		v.confidence = min(v.confidence, w.confidence)
		v.transform = max(v.transform, w.transform)
		v.typ = w.typ
		if w.direct() {
			columns++
			if w.masks == "" {
				unmasked = true
			} else {
				masks = w.masks
			}
		}
		v.sources = addSources(v.sources, w.sources, false)
	}
	if !unmasked {
		v.masks = masks
	}
	for _, c := range append(conditions[:len(conditions):len(conditions)], e.Operand) {
		if c == nil {
			continue
		}
		w := sc.value(b, item, c)
		v.confidence = min(v.confidence, w.confidence)
		v.sources = addSources(v.sources, w.sources, true)
	}
	sc.shape(&v, e, columns)
	if len(v.sources) >= maxSources {
		v.confidence = Partial
	}
	if m := maskOf(e); m != "" {
		v.masks = m
	}
	if v.transform == Constant {
		v.masks = ""
	}
	return v
}

// shape says what an expression does to the values of its operands.
func (sc *Scope) shape(v *value, e *Expr, columns int) {
	least := Expression
	typ := ""
	switch e.Kind {
	case ExprCast:
		least, typ = CastValue, e.Type
	case ExprNamed:
		least, typ = Identity, v.typ
	case ExprOpaque:
		v.confidence = min(v.confidence, Partial)
		if e.Op == "template" {
			v.confidence = Inferred
			least, typ = Identity, v.typ
		}
	case ExprTemplate: // a macro of SQLMesh
		v.confidence = min(v.confidence, Inferred)
		if len(v.sources) == 0 {
			v.transform = Expression
		}
	case ExprUnary:
		if e.Op == "+" || e.Op == "collate" {
			least, typ = CastValue, v.typ
		}
	case ExprCall:
		switch {
		case e.Window || IsAggregateFunction(e.Op) || IsWindowFunction(e.Op):
			v.transform = Aggregate
		case columns == 1 && keepsValue[e.Op]:
			least = CastValue
			if n := functionType[e.Op]; n != "" {
				typ = n
			}
		}
	}
	if len(v.sources) > 0 {
		v.transform = max(v.transform, least)
	}
	v.typ = typ
}

// keepsValue are functions whose result is still the value of their one column.
var keepsValue = set(`trim ltrim rtrim btrim lower upper initcap coalesce ifnull nvl isnull nullif zeroifnull to_varchar to_char to_date to_timestamp
	to_timestamp_ntz to_timestamp_tz to_timestamp_ltz try_to_date try_to_timestamp to_number try_to_number to_numeric to_decimal to_double to_boolean
	date datetime timestamp string int64 float64 normalize parse_date parse_timestamp parse_datetime timestamp_seconds timestamp_millis timestamp_micros
	any_value_of safe_cast convert try_convert todate todatetime tostring toint64 tofloat64 strip try_parse_json parse_json to_json`)

var functionType = map[string]string{"to_date": "date", "try_to_date": "date", "date": "date", "to_timestamp": "timestamp", "timestamp": "timestamp", "datetime": "datetime", "string": "string"}

// subqueryValue is the value of a scalar subquery, and of the right side of IN (SELECT …).
func (sc *Scope) subqueryValue(e *Expr) value {
	q := sc.QueryOf(e.First)
	if q == nil {
		return value{transform: Expression, confidence: Partial}
	}
	v := value{transform: Constant, confidence: Exact}
	for _, o := range sc.project(q).list {
		if o.Star {
			v.confidence = Partial
		}
		v.sources = addSources(v.sources, o.Sources, false)
		v.transform = max(v.transform, o.Transform)
		v.confidence = min(v.confidence, o.Confidence)
		v.masks = o.Masks
	}
	if len(v.sources) > 0 {
		v.transform = max(v.transform, Expression)
	}
	return v
}

// columnValue is where a column reference comes from.
func (sc *Scope) columnValue(b *Branch, item *SelectItem, e *Expr) value {
	ref := sc.Resolve(b, e, item)
	var v value
	switch {
	case ref.Item != nil:
		v = sc.itemValue(b, ref.Item)
	case ref.Relation != nil:
		v = sc.relationColumn(b, ref.Relation, ref.Column)
	case ref.Using:
		v = value{transform: Identity, confidence: Exact}
		for _, r := range ref.Candidates {
			w := sc.relationColumn(b, r, ref.Column)
			v.sources = addSources(v.sources, w.sources, false)
			v.transform = max(v.transform, w.transform)
			v.confidence = min(v.confidence, w.confidence)
		}
	case len(ref.Candidates) > 0:
		return sc.ambiguous(ref)
	default:
		return value{transform: Expression, confidence: Partial}
	}
	v.confidence = min(v.confidence, ref.Confidence)
	if ref.Field {
		v.transform = max(v.transform, Expression)
	}
	return v
}

// relationColumn is where a column of a relation of the branch comes from.
func (sc *Scope) relationColumn(b *Branch, r *Relation, column string) value {
	if r.Kind == RelationFunction {
		return sc.functionColumn(b, r)
	}
	v := sc.columnOf(r, column)
	if sc.reshaped[r] {
		v.confidence = Partial
	}
	return v
}

// columnOf is where a column of a table, common table expression or subquery comes from.
func (sc *Scope) columnOf(r *Relation, column string) value {
	if r.query(sc) == nil {
		v := value{sources: []Source{{Relation: r, Column: column}}, transform: Identity, confidence: Exact}
		if r.CTE != nil || r.Kind == RelationFunction {
			return value{transform: Expression, confidence: Partial}
		}
		return v
	}
	p := sc.columnsOf(r)
	var found []value
	if o := p.find(column); o != nil {
		v := value{sources: o.Sources, transform: o.Transform, confidence: o.Confidence, masks: o.Masks, typ: o.Type}
		found = append(found, v)
	}
	if len(found) == 0 {
		for _, o := range p.open {
			if w, ok := starColumn(o, column); ok {
				found = append(found, w)
			}
		}
	}
	switch len(found) {
	case 0:
		return value{transform: Expression, confidence: Partial}
	case 1:
		v := found[0]
		for _, o := range p.further { // of the same name in a SELECT that could not be matched
			if strings.EqualFold(o.Name, column) {
				v.sources = addSources(slices.Clip(v.sources), o.Sources, false)
			} else if w, ok := starColumn(o, column); ok {
				v.sources = addSources(slices.Clip(v.sources), w.sources, false)
			}
			v.confidence = min(v.confidence, Inferred)
		}
		return v
	}
	s := Source{Column: column}
	v := value{transform: Identity, confidence: Exact}
	for _, w := range found {
		v.confidence = min(v.confidence, w.confidence)
		for _, x := range w.sources {
			if x.Relation != nil {
				s.Candidates = append(s.Candidates, x.Relation)
			}
		}
	}
	v.sources = []Source{s}
	return v
}

// starColumn is a column that a star of a table stands for.
func starColumn(o *Output, column string) (value, bool) {
	if !o.Star {
		return value{}, false
	}
	name := column
	renamed := false
	for old, to := range o.Renamed {
		if strings.EqualFold(to, column) {
			name, renamed = old, true
		}
	}
	if !renamed && !o.mayBe(column) && (o.Branch == 0 || containsFold(o.Except, column)) {
		return value{}, false
	}
	if o.StarOf == nil {
		return value{sources: o.Sources, transform: Expression, confidence: Partial}, true
	}
	return value{sources: []Source{{Relation: o.StarOf, Column: name}}, transform: Identity, confidence: o.Confidence}, true
}

// ambiguous is a column that several relations may have: tables, or queries with stars of tables.
func (sc *Scope) ambiguous(ref Reference) value {
	v := value{transform: Identity, confidence: Exact}
	s := Source{Column: ref.Column}
	for _, r := range ref.Candidates {
		if r.Kind == RelationFunction {
			v.confidence = Partial
			continue
		}
		w := sc.columnOf(r, ref.Column)
		v.confidence = min(v.confidence, w.confidence)
		for _, x := range w.sources {
			switch {
			case x.Relation != nil:
				s.Candidates = append(s.Candidates, x.Relation)
			default:
				s.Candidates = append(s.Candidates, x.Candidates...)
			}
		}
	}
	if ref.Confidence == Inferred { // a name with a field: the guess is another one
		v.confidence = min(v.confidence, Inferred)
	}
	if len(s.Candidates) == 1 && v.confidence == Partial {
		s.Relation, s.Candidates, v.confidence = s.Candidates[0], nil, Inferred
	}
	if s.Relation != nil || len(s.Candidates) > 0 {
		v.sources = []Source{s}
	}
	if ref.Field {
		v.transform = Expression
	}
	return v
}

// functionColumn is where a column of UNNEST(…), FLATTEN(…) comes from: the columns of its arguments.
func (sc *Scope) functionColumn(b *Branch, r *Relation) value {
	v := value{transform: Expression, confidence: Inferred}
	n := r.Node
	if n.Is(Name) { // FROM t, t.items
		w := sc.value(b, nil, &Expr{Kind: ExprColumn, Parts: r.Parts, First: n, Last: n})
		v.sources = w.sources
		v.confidence = min(v.confidence, w.confidence)
		return v
	}
	// Only relations before this one can be meant: with all of them the function itself would be asked again.
	sc.busy[r] = true
	defer delete(sc.busy, r)
	e := (&exprReader{}).call(&Expr{First: n, Last: n}, n)
	for _, a := range e.Args {
		w := sc.value(b, nil, a)
		v.sources = addSources(v.sources, w.sources, false)
		v.confidence = min(v.confidence, w.confidence)
	}
	return v
}

func functionName(r *Relation) string { return r.Node.Field(Function).Text() }
