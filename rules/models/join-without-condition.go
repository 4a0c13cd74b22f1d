package models

import (
	"regexp"
	"slices"
	"strings"

	"delint/parsers/sql"
	"delint/rules"
)

// JoinWithoutCondition reports relations that nothing links to those beside them: a comma or a JOIN without a predicate over
// both sides, an ON of constants or of one side only, a column that is compared with itself.
var JoinWithoutCondition = rules.SQL(rules.Rule{
	Name:     "join-without-condition",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "best-practices/performance",
	Sentence: "Write clean, readable, and maintainable code",
}, func(pass *rules.Pass, f *sql.File) {
	if !judged(pass.Role) {
		return
	}
	for _, s := range f.Statements {
		switch s.Kind {
		case sql.StatementSelect, sql.StatementInsert, sql.StatementCreateTable, sql.StatementCreateView:
		default: // REVOKE … FROM a, b; DELETE FROM a, b USING …
			continue
		}
		if s.Partial {
			continue
		}
		sc := s.Scope()
		for _, q := range s.Queries {
			for _, b := range sc.Branches(q) {
				if len(b.Joins) > 1 {
					(&product{pass: pass, scope: sc, branch: b}).judge()
				}
			}
		}
	}
})

// product finds the relations of one SELECT that are not linked.
type product struct {
	pass   *rules.Pass
	scope  *sql.Scope
	branch *sql.Branch
	group  map[*sql.Relation]*sql.Relation // of linked relations, a tree each
}

func (p *product) judge() {
	p.group = map[*sql.Relation]*sql.Relation{}
	aliases := map[string]bool{}
	for _, j := range p.branch.Joins {
		if j.Relation != nil && j.Relation.Alias != "" {
			if alias := strings.ToLower(j.Relation.Alias); aliases[alias] {
				return // a warehouse may tell the two apart; which of them a condition means can't be told
			} else {
				aliases[alias] = true
			}
		}
		if first := p.branch.Joins[0].Clause; j.Clause.Is(sql.FromClause) && first.Is(sql.FromClause) && j.Clause != first {
			return // a template chooses between two FROM
		}
		if j.Relation == nil || j.Kind == sql.JoinOther || j.Node.FirstNamed().Is(sql.Group) ||
			j.Kind == sql.JoinComma && strings.Contains(j.Node.Text(), "=") || otherwise.MatchString(j.Clause.Text()) || j.Kind == sql.JoinComma && commonTable.Match(j.Node.Tree().Text[j.Node.Start():]) {
			return // not understood, or no product: USE INDEX FOR JOIN (i), SETTINGS a = 1, b = 2
		}
		for c := range j.Clause.Children() {
			if c.Is(sql.OnClause) && (c.NextSibling().Is(sql.OnClause) || sql.ExprOf(c) == nil) {
				return // a JOIN b JOIN c ON … ON …
			}
		}
	}
	for _, w := range p.branch.Where {
		p.link(w)
		p.fixed(w, nil)
	}
	for i, j := range p.branch.Joins {
		p.link(j.On)
		for _, e := range sql.Conjuncts(j.On) {
			p.fixed(e, j.Relation)
		}
		switch {
		case len(j.Using) > 0 || j.Natural:
			p.unite(j.Relation, p.branch.Joins[max(0, i-1)].Relation)
		case j.Kind == sql.JoinLateral || j.Kind == sql.JoinCross || j.Kind == sql.JoinAsOf || j.Kind == sql.JoinSemi || !plainRelation(j.Relation):
			for _, k := range p.branch.Joins[:i] { // it may well read them, or means what it does
				p.unite(j.Relation, k.Relation)
			}
		}
	}
	for i, j := range p.branch.Joins[1:] {
		if other := p.unlinked(p.branch.Joins[:i+1], j); other != nil {
			p.report(j, other)
		}
	}
}

// otherwise knows what joins by position, turns columns into rows, or is no join at all: WITH JOIN POLICY.
var otherwise = regexp.MustCompile(`(?i)\b(?:paste|positional|pivot|unpivot|policy)\b`)

// commonTable knows a common table expression that a template puts behind a FROM: …, next AS (SELECT …).
var commonTable = regexp.MustCompile(`(?i)^\w+\s+as\s*\(`)

// plainRelation reports whether a relation is a table, a view or a model, of which more than one row is to be expected.
func plainRelation(r *sql.Relation) bool {
	switch r.Kind {
	case sql.RelationTable, sql.RelationRef, sql.RelationSource:
		return r.CTE == nil && !small.MatchString(r.Name())
	}
	return false
}

// small knows tables that are joined to everything on purpose: of one row, or of every date.
var small = regexp.MustCompile(`(?i)(?:^|[._])(?:dual|params?|parameters|config(?:uration)?|settings|constants?|calendar|dates?|days?|weeks?|months?|hours?|times?|spine|numbers?|tally|sequence|series|one_row|\w*generator|latest|current|max|min|bounds?)(?:$|[._])|(?:date|time)_?(?:spine|dim)|dim_?(?:date|time)`)

// link unites the relations that a condition speaks of. What can't be told links everything that it may mean.
func (p *product) link(e *sql.Expr) {
	if e == nil {
		return
	}
	var seen *sql.Relation
	all := false
	see := func(r *sql.Relation) {
		if seen != nil {
			p.unite(seen, r)
		}
		seen = r
	}
	for x := range e.All() {
		switch x.Kind {
		case sql.ExprOpaque, sql.ExprTemplate, sql.ExprSubquery:
			all = true
		case sql.ExprColumn:
			ref := p.scope.Resolve(p.branch, x, nil)
			switch {
			case ref.Relation != nil && !ref.Outer:
				see(ref.Relation)
			case len(ref.Candidates) > 0:
				for _, c := range ref.Candidates {
					see(c)
				}
			default:
				all = true
			}
		}
	}
	if all {
		for _, j := range p.branch.Joins[1:] {
			p.unite(j.Relation, p.branch.Joins[0].Relation)
		}
	}
}

// fixed unites a relation with all others where a condition compares a column of it with values only: the row is looked up, and
// beside every other one is where it is wanted. In the ON of the relation any column and any comparison says so (NOW() BETWEEN
// r.start AND r.end), elsewhere a key that equals a literal. A flag chooses half a table, not a row.
func (p *product) fixed(e *sql.Expr, of *sql.Relation) {
	if !e.Is(sql.ExprBinary, "=") && (of == nil || !e.Is(sql.ExprBinary, "between", "<", "<=", ">", ">=")) {
		return
	}
	var looked *sql.Relation
	for _, x := range e.Args {
		switch columns := x.Columns(); {
		case len(columns) == 0:
			if strings.EqualFold(x.Text(), "true") || strings.EqualFold(x.Text(), "false") || x.Kind == sql.ExprSubquery || x.Kind == sql.ExprOpaque {
				return
			}
		default:
			for _, c := range columns {
				ref := p.scope.Resolve(p.branch, c, nil)
				if ref.Relation == nil || ref.Outer || looked != nil && ref.Relation != looked || ref.Relation != of && !keyName.MatchString(c.Name()) {
					return
				}
				looked = ref.Relation
			}
		}
	}
	if looked == nil || !slices.ContainsFunc(e.Args, func(x *sql.Expr) bool { return len(x.Columns()) == 0 }) {
		return
	}
	for _, j := range p.branch.Joins {
		p.unite(looked, j.Relation)
	}
}

var keyName = regexp.MustCompile(`(?i)(?:id|code|key|uuid|guid)$`)

func (p *product) root(r *sql.Relation) *sql.Relation {
	for p.group[r] != nil {
		r = p.group[r]
	}
	return r
}

func (p *product) unite(a, b *sql.Relation) {
	if a, b = p.root(a), p.root(b); a != b {
		p.group[a] = b
	}
}

// unlinked is a plain relation before a join that nothing links to it, where none of those before is linked to it.
func (p *product) unlinked(before []*sql.Join, j *sql.Join) (other *sql.Relation) {
	if !plainRelation(j.Relation) {
		return nil
	}
	for _, k := range before {
		if p.root(k.Relation) == p.root(j.Relation) {
			return nil
		}
		if plainRelation(k.Relation) && other == nil {
			other = k.Relation
		}
	}
	return other
}

func (p *product) report(j *sql.Join, other *sql.Relation) {
	how := "no condition links them"
	switch {
	case j.On == nil:
	case j.On.Is(sql.ExprBinary, "=") && strings.EqualFold(j.On.Args[0].Text(), j.On.Args[1].Text()) && !j.On.IsConstant():
		how = "`" + oneLine(j.On.Text()) + "` compares a column with itself"
	case j.On.IsConstant():
		how = "its ON is constant; write CROSS JOIN if that is meant"
	default:
		how = "`" + oneLine(j.On.Text()) + "` speaks of one side only"
	}
	f := p.pass.Report(j.Node, "every row of `%s` meets every row of `%s`: %s", called(j.Relation), called(other), how)
	f.Key = called(j.Relation)
}

func called(r *sql.Relation) string {
	name := r.Name()
	return name[strings.LastIndexByte(name, '.')+1:]
}
