package sql

import (
	"strings"
	"testing"
)

// sketch writes an expression as an s-expression.
func sketch(e *Expr) string {
	if e == nil {
		return "-"
	}
	head := ""
	switch e.Kind {
	case ExprOpaque:
		head = "?"
		if len(e.Args) == 0 {
			return "?" + e.Text()
		}
	case ExprColumn:
		return joinParts(e.Parts)
	case ExprStar:
		if e.Parts != nil {
			return joinParts(e.Parts) + ".*"
		}
		return "*"
	case ExprLiteral:
		if e.Op == "date part" {
			return "part:" + e.Text()
		}
		return e.Text()
	case ExprParameter:
		return e.Text()
	case ExprTemplate:
		head = "{}" + e.Op
	case ExprSubquery:
		return "query"
	case ExprCast:
		head = "as:" + strings.ReplaceAll(e.Type, " ", "_")
	case ExprTuple:
		head = "tuple"
	case ExprNamed:
		head = e.Op + ":"
	case ExprLambda:
		head = "lambda:" + joinParts(e.Parts)
	default:
		head = e.Op
	}
	if e.Not {
		head = "!" + head
	}
	if e.Distinct {
		head += " distinct"
	}
	if e.Window {
		head += " over"
	}
	out := "(" + head
	if e.Operand != nil {
		out += " " + sketch(e.Operand)
	}
	for _, a := range e.Args {
		out += " " + sketch(a)
	}
	if len(e.Conditions) > 0 {
		out += " |"
		for _, a := range e.Conditions {
			out += " " + sketch(a)
		}
	}
	return out + ")"
}

func TestExpr(t *testing.T) {
	for _, c := range []struct{ sql, want string }{
		{"a.b + 1 * c", "(+ a.b (* 1 c))"},
		{"a * b", "(* a b)"},
		{"-a::int", "(- (as:int a))"},
		{"a = 1 and not b or c is not null", "(or (and (= a 1) (not b)) (!is c null))"},
		{"(a = 1 or b = 2) and c", "(and (or (= a 1) (= b 2)) c)"},
		{"a not in (1, 2)", "(!in a (tuple 1 2))"},
		{"a in (select 1)", "(in a query)"},
		{"a in unnest(b)", "(in a (unnest b))"},
		{"a between 1 and 2 and b", "(and (between a 1 2) b)"},
		{"a not between b - 1 and b + 1", "(!between a (- b 1) (+ b 1))"},
		{"a like 'x' escape '!' and b", "(and (like a 'x') b)"},
		{"a not ilike any ('x', 'y')", "(!ilike a (any 'x' 'y'))"},
		{"a is not distinct from b", "(!is distinct from a b)"},
		{"a is distinct from null", "(is distinct from a null)"},
		{"a is not true", "(!is a true)"},
		{"not exists (select 1) and b = 1", "(and (not (exists query)) (= b 1))"},
		{"case when a = 1 then b when c then d else 0 end", "(case b d 0 | (= a 1) c)"},
		{"case x when null then 1 end", "(case x 1 | null)"},
		{"cast(a as numeric(10, 2))", "(as:numeric(10,_2) a)"},
		{"cast(a + 1 as timestamp with time zone)", "(as:timestamp_with_time_zone (+ a 1))"},
		{"safe_cast(a as array<int64>)", "(as:array<int64> a)"},
		{"a::numeric(10,2) / 100", "(/ (as:numeric(10,2) a) 100)"},
		{"count(distinct a)", "(count distinct a)"},
		{"count(*)", "(count *)"},
		{"string_agg(a, ',' order by b desc)", "(string_agg a ',' | b)"},
		{"sum(a) filter (where b > 0)", "(sum a | (> b 0))"},
		{"sum(a) over (partition by b, c order by d rows between 1 preceding and current row)", "(sum over a | b c d)"},
		{"lag(a) ignore nulls over w", "(lag over a)"},
		{"first_value(a ignore nulls) over (order by b)", "(first_value over a | b)"},
		{"percentile_cont(0.5) within group (order by a)", "(percentile_cont 0.5 a)"},
		{"extract(year from a.b)", "(extract a.b)"},
		{"trim(both 'x' from a)", "(trim 'x' a)"},
		{"substring(a from 1 for 2)", "(substring a 1 2)"},
		{"date_trunc(a, month)", "(date_trunc a part:month)"},
		{"date_trunc('month', day)", "(date_trunc 'month' day)"},
		{"date_trunc(day, week(monday))", "(date_trunc day part:week(monday))"},
		{"datediff(day, a, b)", "(datediff part:day a b)"},
		{"date(date)", "(date date)"},
		{"date_sub(day, interval 1 week)", "(date_sub day interval 1 week)"},
		{"a + interval '1' day > b", "(> (+ a interval '1' day) b)"},
		{"date '2020-01-01' + a", "(+ date '2020-01-01' a)"},
		{"a at time zone 'utc' > b", "(> (at time zone a) b)"},
		{"a[0].b", "(. ([] a 0))"},
		{"a[offset(1)]", "([] a (offset 1))"},
		{"a:b.c::string", "(as:string (: a))"},
		{"a->>'b' = 'c'", "(= (->> a 'b') 'c')"},
		{"list_filter(a, x -> x > b)", "(list_filter a (lambda:x (> x b)))"},
		{"flatten(input => a.b)", "(flatten (input: a.b))"},
		{"struct(a as b, c)", "(struct (b: a) c)"},
		{"{'k': a}", "(tuple (k: a))"},
		{"array[a, 1]", "(tuple a 1)"},
		{"current_date - 1", "(- (current_date) 1)"},
		{"{{ var('x') }} = a", "(= ({}var) a)"},
		{"@f(a, b)", "({}@f a b)"},
		{"a = {% if x %} 1 {% else %} 2 {% endif %}", "(?template (= a 1) 2)"},
		{"a {% if x %} and b {% endif %} and c", "(and (and a b) c)"},
		{"a || ' ' || b", "(|| (|| a ' ') b)"},
		{"a !~* 'x'", "(!~* a 'x')"},
		{"x y z q", "(? x y z q)"},
	} {
		tree := parse(t, "select 1 from t where "+c.sql)
		var got string
		for n := range tree.All(WhereClause) {
			got = sketch(ExprOf(n))
			break
		}
		if want := strings.Replace(c.want, "(?template", "(?", 1); got != want {
			t.Errorf("%s\n got %s\nwant %s", c.sql, got, want)
		}
	}
}
