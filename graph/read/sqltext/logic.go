package sqltext

import (
	"strconv"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// LogicNote is how much a query decides: Values score is the sum, Text names what was counted, the most frequent kinds first
// in the order of logicKinds.
const LogicNote = "logic"

// logicKinds are what counts, each at most twice: a rename of ten columns by ten CASEs is one idea.
var logicKinds = []string{"CASE", "window", "conditional aggregate", "date arithmetic", "self or anti join", "regexp"}

const maxOfKind = 2

// Logic counts what a query decides: branches, windows, conditional aggregates, date arithmetic, self and anti joins, regular
// expressions. False where it decides nothing.
func Logic(f *parsers.File, s *sql.Statement) (graph.Note, bool) {
	if s == nil {
		return graph.Note{}, false
	}
	found := map[string]int{}
	for n := range s.Node.Descendants() {
		switch n.Kind() {
		case sql.Case:
			if branches(n) >= 2 && n.Ancestor(sql.Case).IsNil() && !inAggregate(n) {
				found["CASE"]++
			}
			if inAggregate(n) {
				found["conditional aggregate"]++
			}
		case sql.Keyword:
			if strings.EqualFold(n.Text(), "over") {
				found["window"]++
			}
		case sql.Call:
			call(n, found)
		case sql.Operator:
			if t := n.Text(); t == "~" || t == "~*" || t == "!~" {
				found["regexp"]++
			}
		case sql.Name:
			if t := strings.ToLower(n.Text()); t == "interval" && !n.Parent().Is(sql.Call) || t == "rlike" {
				if t == "rlike" {
					found["regexp"]++
				} else {
					found["date arithmetic"]++
				}
			}
		}
	}
	for _, q := range s.Queries {
		if selfJoin(q) || antiJoin(q) {
			found["self or anti join"]++
		}
	}
	score := 0
	var words []string
	for _, k := range logicKinds {
		if n := min(found[k], maxOfKind); n > 0 {
			score += n
			words = append(words, k)
		}
	}
	if score == 0 {
		return graph.Note{}, false
	}
	return graph.Note{
		Kind: LogicNote, Text: strings.Join(words, ", "), Values: map[string]string{"score": strconv.Itoa(score)}, Span: f.Span(s.Start(), s.End()),
	}, true
}

func branches(n parsers.Node) int {
	count := 0
	for c := range n.Children() {
		if c.Is(sql.CaseWhen) {
			count++
		}
	}
	return count
}

var aggregates = map[string]bool{
	"sum": true, "count": true, "avg": true, "min": true, "max": true, "any_value": true, "array_agg": true, "string_agg": true, "listagg": true,
}

func inAggregate(n parsers.Node) bool {
	c := n.Ancestor(sql.Call, sql.SelectClause, sql.Subquery)
	return c.Is(sql.Call) && aggregates[strings.ToLower(c.Field(sql.Function).Text())]
}

var dateFunctions = map[string]bool{
	"dateadd": true, "date_add": true, "datediff": true, "date_diff": true, "date_sub": true, "timestamp_diff": true, "timestamp_add": true,
	"timestamp_sub": true, "timestampdiff": true, "timestampadd": true, "datetime_diff": true, "datetime_add": true, "datetime_sub": true,
	"months_between": true, "add_months": true, "age": true, "last_day": true,
}

func call(n parsers.Node, found map[string]int) {
	name := strings.ToLower(n.Field(sql.Function).Text())
	switch {
	case name == "filter" || name == "countif" || name == "count_if" || name == "sum_if" || name == "sumif":
		found["conditional aggregate"]++
	case name == "over":
		found["window"]++
	case dateFunctions[name]:
		found["date arithmetic"]++
	case strings.HasPrefix(name, "regexp") || strings.HasPrefix(name, "regex_"):
		found["regexp"]++
	}
}

func selfJoin(q *sql.Query) bool {
	seen := map[string]bool{}
	for _, r := range q.Relations {
		if r.Kind != sql.RelationTable && r.Kind != sql.RelationRef {
			continue
		}
		name := strings.ToLower(r.Name())
		if seen[name] && name != "" && q.Node.Child(sql.SetOperator).IsNil() {
			return true
		}
		seen[name] = true
	}
	return false
}

// antiJoin reports whether a query keeps rows that have no partner: an anti join, NOT EXISTS, a left join asked to be NULL.
func antiJoin(q *sql.Query) bool {
	left := map[string]bool{}
	for c := range q.Node.Children() {
		switch {
		case c.Is(sql.JoinClause):
			word := strings.ToLower(c.Child(sql.JoinOperator).Text())
			if strings.Contains(word, "anti") {
				return true
			}
			if strings.HasPrefix(word, "left") {
				for _, r := range q.Relations {
					if c.Contains(r.Node) {
						name := r.Alias
						if name == "" && len(r.Parts) > 0 {
							name = r.Parts[len(r.Parts)-1].Text
						}
						left[strings.ToLower(name)] = true
					}
				}
			}
		case c.Is(sql.WhereClause):
			var last []parsers.Node
			for t := range c.NamedChildren() {
				if t.Is(sql.Subquery) && len(last) > 1 && strings.EqualFold(last[len(last)-1].Text(), "exists") && strings.EqualFold(last[len(last)-2].Text(), "not") {
					return true
				}
				if n := len(last); t.Is(sql.Null) && n > 1 && strings.EqualFold(last[n-1].Text(), "is") {
					if alias, _, ok := strings.Cut(last[n-2].Text(), "."); ok && left[strings.ToLower(alias)] {
						return true
					}
				}
				last = append(last, t)
			}
		}
	}
	return false
}

// LogicOf is the note of the query of a file that decides most.
func LogicOf(f *parsers.File) (best graph.Note, ok bool) {
	most := 0
	for _, s := range sql.Of(f).Statements {
		if n, found := Logic(f, s); found {
			if score, _ := strconv.Atoi(n.Values["score"]); score > most {
				best, ok, most = n, true, score
			}
		}
	}
	return best, ok
}
