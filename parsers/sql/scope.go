package sql

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
	"strings"

	"delint/parsers"
)

// Confidence says how sure a binding is.
type Confidence uint8

// The confidences, from the weakest.
const (
	Partial  Confidence = iota // a part was not understood
	Inferred                   // one guess was made that is right nearly always
	Exact                      // nothing was guessed
)

// Scope is the resolved view of one statement: the SELECTs of its queries, which relation a column belongs to, what each query
// projects. It is made by Statement.Scope; one goroutine may use it at a time.
type Scope struct {
	Statement *Statement
	// StringQuotes says that double quotes make strings, as in BigQuery, Spark and MySQL.
	StringQuotes bool
	// QuotesKnown says that StringQuotes is no guess: the dialect is known.
	QuotesKnown bool

	*reading
	outputs  map[*Query]*projection
	busy     map[*Relation]bool // functions whose arguments are being resolved
	items    map[*SelectItem]value
	lists    map[*Relation]*projection // relations with a column list
	depth    int
	expanded int
}

// reading is what every scope of a statement reads alike, so it is read once: nothing in it depends on the dialect.
type reading struct {
	byNode       map[int]*Query
	branches     map[*Query][]*Branch
	reshaped     map[*Relation]bool
	regions      []region
	tagged       bool
	stringQuotes bool
}

// Scope makes the resolved view of the statement. Each call makes a new one, that shares the branches with those before: one
// goroutine may use the scopes of a statement at a time.
func (s *Statement) Scope() *Scope {
	if s.reading == nil {
		s.reading = &reading{byNode: make(map[int]*Query, len(s.Queries)), branches: map[*Query][]*Branch{}, reshaped: map[*Relation]bool{},
			stringQuotes: stringQuotes(s)}
		for _, q := range s.Queries {
			s.reading.byNode[q.Node.Index()] = q
		}
	}
	return &Scope{Statement: s, reading: s.reading, StringQuotes: s.reading.stringQuotes, outputs: map[*Query]*projection{},
		busy: map[*Relation]bool{}, items: map[*SelectItem]value{}, lists: map[*Relation]*projection{}}
}

// stringQuotes guesses whether double quotes make strings: where names stand in backticks, or where words of BigQuery do.
func stringQuotes(s *Statement) bool {
	text := s.Node.Bytes()
	return bytes.IndexByte(text, '"') >= 0 && (bytes.IndexByte(text, '`') >= 0 || hasBigQueryWord(text))
}

func hasBigQueryWord(text []byte) bool {
	if parsers.HasWord(text, "int64", "float64", "bignumeric", "safe_cast", "safe_divide", "timestamp_trunc", "_table_suffix", "countif", "parse_date") {
		return true
	}
	for i := range parsers.Words(text, "except", "array<", "struct<", "array_agg(struct") {
		if bigQueryForm.Match(text[i:]) {
			return true
		}
	}
	return false
}

var bigQueryForm = regexp.MustCompile(`(?i)^(?:array_agg\(struct\b|except\s*\(\s*\w+\s*[,)]|(?:array|struct)<)`)

// QueryOf is the query of a subquery's bracket; nil if the node is none.
func (sc *Scope) QueryOf(n interface{ Index() int }) *Query { return sc.byNode[n.Index()] }

// BranchAt is the branch of a query that holds the byte at an offset; nil if none does.
func (sc *Scope) BranchAt(q *Query, offset int) *Branch {
	list := sc.Branches(q)
	i := sort.Search(len(list), func(i int) bool { return list[i].end > offset })
	if i < len(list) && list[i].start <= offset {
		return list[i]
	}
	return nil
}

// Reference is what a column name means.
type Reference struct {
	// Relation has the column; nil where it is not known which one, or where the name is an alias of the same SELECT.
	Relation *Relation
	// Column is the column's name as written, without quotes; of a struct's field the struct.
	Column string
	// Field says that the name goes on below the column: a field of a struct.
	Field bool
	// Candidates are the relations that may have the column, where it is not known which one.
	Candidates []*Relation
	// Using says that it is a column of USING, which each of the candidates has.
	Using bool
	// Item is the item of the same SELECT whose alias the name is.
	Item *SelectItem
	// Outer says that the relation belongs to a query around this one.
	Outer      bool
	Confidence Confidence
}

// Resolve finds which relation of a branch, or of a query around it, a column belongs to. before is the item of the SELECT in
// which the column stands, so that aliases given before it are seen; nil elsewhere.
func (sc *Scope) Resolve(b *Branch, column *Expr, before *SelectItem) Reference {
	if b == nil || column == nil || column.Kind != ExprColumn || len(column.Parts) == 0 {
		return Reference{}
	}
	if len(column.Parts) > 1 {
		if ref, ok := sc.qualified(b, column.Parts); ok {
			return ref
		}
	}
	ref := sc.unqualified(b, column.Parts[0].Text, before)
	ref.Field = len(column.Parts) > 1
	if ref.Field && ref.Confidence == Exact {
		ref.Confidence = Inferred // a struct, or a relation that was not seen
		if _, one := only(b.relations()); one {
			ref.Confidence = Exact
		}
	}
	return ref
}

// only is the single relation of a list.
func only(rs []*Relation) (*Relation, bool) {
	if len(rs) == 1 {
		return rs[0], true
	}
	return nil, false
}

// relations are the relations of a branch that give columns.
func (b *Branch) relations() []*Relation {
	var out []*Relation
	for _, j := range b.Joins {
		if j.Relation != nil && j.Kind != JoinSemi {
			out = append(out, j.Relation)
		}
	}
	return out
}

// qualified finds the relation of a.b: by alias, or by a name that the relation's name ends with.
func (sc *Scope) qualified(b *Branch, parts []Part) (Reference, bool) {
	for branch, outer := b, false; branch != nil; branch, outer = sc.around(branch), true {
		for _, j := range branch.Joins {
			r := j.Relation
			if r == nil || sc.busy[r] {
				continue
			}
			n := r.qualifier(parts)
			if n == 0 || n >= len(parts) {
				continue
			}
			ref := Reference{Relation: r, Column: parts[n].Text, Field: len(parts) > n+1, Outer: outer, Confidence: Exact}
			if parts[n].Hole {
				ref.Confidence = Partial
			}
			return ref, true
		}
	}
	return Reference{}, false
}

// around is the branch of the nearest query around a branch's query whose relations it may read; nil for a statement's own and
// for common table expressions. A subquery of a FROM reads the relations beside it only where it is LATERAL.
func (sc *Scope) around(b *Branch) *Branch {
	for q := b.Query; q.Parent != nil && q.CTE == nil; q = q.Parent {
		switch p := q.Node.Parent(); {
		case p.Is(SqlStatement, Subquery, SetOperator, InsertClause, CreateClause):
			continue
		case p.Is(FromItem):
			if kind, _ := joinKind(p.Parent()); kind != JoinLateral && !strings.EqualFold(p.FirstNamed().Text(), "lateral") {
				continue
			}
		}
		return sc.BranchAt(q.Parent, q.Node.Start())
	}
	return nil
}

// qualifier is how many of the parts name the relation: 1 for its alias, more for its schema and name; 0 for none.
func (r *Relation) qualifier(parts []Part) int {
	if r.Alias != "" {
		if strings.EqualFold(parts[0].Text, r.Alias) {
			return 1
		}
		return 0
	}
	if r.Call != nil { // dbt renders a ref as its table, so that its name qualifies
		name := r.Call.lastName()
		if strings.EqualFold(parts[0].Text, name) && name != "" {
			return 1
		}
		return 0
	}
	for n := min(len(parts)-1, len(r.Parts)); n > 0; n-- {
		tail := r.Parts[len(r.Parts)-n:]
		if slices.EqualFunc(tail, parts[:n], func(a, b Part) bool { return strings.EqualFold(a.Text, b.Text) }) {
			return n
		}
	}
	return 0
}

// lastName is the last positional argument of a ref or source, if it is a literal.
func (c *TemplateCallSite) lastName() string {
	name := ""
	for _, a := range c.Arguments {
		if a.Name == "" {
			name = ""
			if a.Literal {
				name = a.Value
			}
		}
	}
	return name
}

// has says whether a relation has a column.
type has uint8

const (
	hasNot has = iota
	hasMaybe
	hasSurely
)

// hasColumn says whether a relation is known to have a column: common table expressions and subqueries are.
func (sc *Scope) hasColumn(r *Relation, name string) has {
	switch {
	case r.Kind == RelationFunction:
		if r.Alias != "" && strings.EqualFold(r.Alias, name) {
			return hasSurely
		}
		return hasMaybe
	case r.query(sc) == nil || sc.reshaped[r]:
		return hasMaybe
	}
	p := sc.columnsOf(r)
	if p.find(name) != nil {
		return hasSurely
	}
	for _, o := range p.open {
		if o.mayBe(name) {
			return hasMaybe
		}
	}
	return hasNot
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, s) })
}

// query is the query whose columns a relation has; nil for tables and what is not known.
func (r *Relation) query(sc *Scope) *Query {
	if r.CTE != nil {
		return r.CTE.Query
	}
	if r.Kind == RelationSubquery {
		return sc.QueryOf(r.Node)
	}
	return nil
}

func (sc *Scope) unqualified(b *Branch, name string, before *SelectItem) Reference {
	for branch, outer := b, false; branch != nil; branch, outer = sc.around(branch), true {
		ref, found := sc.inBranch(branch, name)
		if !outer {
			if item := aliasBefore(branch, name, before); item != nil && (!found || !ref.sure(sc)) && !mentions(item.Expr, name) {
				return Reference{Column: name, Item: item, Confidence: min(Inferred, boolConfidence(!found))}
			}
		}
		if found {
			ref.Outer = outer
			return ref
		}
	}
	return Reference{Column: name, Confidence: Partial}
}

func boolConfidence(ok bool) Confidence {
	if ok {
		return Exact
	}
	return Inferred
}

// sure reports whether the relation is known to have the column.
func (ref Reference) sure(sc *Scope) bool {
	return ref.Relation != nil && sc.hasColumn(ref.Relation, ref.Column) == hasSurely
}

// aliasBefore is the item before another one in the same SELECT that gives the name as an alias.
func aliasBefore(b *Branch, name string, before *SelectItem) *SelectItem {
	if before == nil {
		return nil
	}
	if b.aliases == nil {
		b.aliases = map[string]*SelectItem{}
		for _, i := range b.Items {
			if key := strings.ToLower(i.Alias); key != "" && b.aliases[key] == nil {
				b.aliases[key] = i
			}
		}
	}
	if i := b.aliases[strings.ToLower(name)]; i != nil && i.Node.Index() < before.Node.Index() {
		return i
	}
	return nil
}

// mentions reports whether an expression reads a column of that name itself: upper(name) AS name.
func mentions(e *Expr, name string) bool {
	for _, c := range e.Columns() {
		if strings.EqualFold(c.Name(), name) {
			return true
		}
	}
	return false
}

// maxJoins bounds among how many relations an unqualified column is looked for.
const maxJoins = 500

// inBranch looks for an unqualified column among the relations of a branch.
func (sc *Scope) inBranch(b *Branch, name string) (Reference, bool) {
	var surely, maybe []*Relation
	if len(b.Joins) > maxJoins {
		return Reference{Column: name, Confidence: Partial}, true
	}
	for _, r := range b.relations() {
		if sc.busy[r] {
			break // the arguments of a function see the relations before it
		}
		switch sc.hasColumn(r, name) {
		case hasSurely:
			surely = append(surely, r)
		case hasMaybe:
			maybe = append(maybe, r)
		}
	}
	if group, confidence := sc.usingColumn(b, name); len(group) > 0 {
		return Reference{Column: name, Candidates: group, Using: true, Confidence: confidence}, true
	}
	unread := false
	for _, j := range b.Joins {
		unread = unread || j.Relation == nil
		if j.Natural && len(surely)+len(maybe) > 1 {
			return Reference{Column: name, Candidates: append(surely, maybe...), Confidence: Partial}, true
		}
	}
	switch {
	case len(surely) == 1:
		return Reference{Relation: surely[0], Column: name, Confidence: Exact}, true
	case len(surely) > 1:
		return Reference{Relation: surely[0], Column: name, Candidates: surely, Confidence: Inferred}, true
	}
	if r, ok := only(maybe); ok && !unread {
		ref := Reference{Relation: r, Column: name, Confidence: Exact}
		if sc.around(b) != nil { // it may be a column of the query around this one
			ref.Confidence = Inferred
		}
		return ref, true
	}
	if len(maybe) > 0 {
		return Reference{Column: name, Candidates: maybe, Confidence: Partial}, true
	}
	return Reference{}, unread
}

// usingColumn is the relations that a column of USING stands for; none if no USING has it.
func (sc *Scope) usingColumn(b *Branch, name string) (group []*Relation, c Confidence) {
	c = Exact
	var before []*Relation
	for _, j := range b.Joins {
		if j.Relation == nil {
			continue
		}
		if containsFold(j.Using, name) {
			if group == nil {
				var surely, maybe []*Relation
				for _, r := range before {
					switch sc.hasColumn(r, name) {
					case hasSurely:
						surely = append(surely, r)
					case hasMaybe:
						maybe = append(maybe, r)
					}
				}
				switch {
				case len(surely) == 1:
					group = surely
				case len(surely) == 0 && len(maybe) == 1:
					group = maybe
				default:
					group, c = append(surely, maybe...), Inferred
				}
			}
			group = append(group, j.Relation)
		}
		before = append(before, j.Relation)
	}
	return group, c
}
