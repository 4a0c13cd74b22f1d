package sql

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// outputSketch writes outputs one a line: name <- sources transform masks confidence.
func outputSketch(list []*Output) string {
	var lines []string
	for _, o := range list {
		line := o.Name
		if o.Star {
			line = "*"
			if o.StarOf != nil {
				line = o.StarOf.Name() + ".*"
			}
			if len(o.Except) > 0 {
				line += "-" + strings.Join(o.Except, "-")
			}
		}
		var words []string
		for _, s := range o.Sources {
			w := ""
			switch {
			case s.Relation != nil:
				w = s.Relation.Name() + "." + s.Column
			default:
				for i, c := range s.Candidates {
					if i > 0 {
						w += "|"
					}
					w += c.Name()
				}
				w += "." + s.Column
			}
			if s.Indirect {
				w = "(" + w + ")"
			}
			words = append(words, w)
		}
		if len(words) > 0 {
			line += " <- " + strings.Join(words, " ")
		}
		line += " " + o.Transform.String()
		if o.Masks != "" {
			line += " masks:" + o.Masks
		}
		if o.Type != "" {
			line += " :" + o.Type
		}
		if o.Branch > 0 {
			line += fmt.Sprintf(" branch%d", o.Branch)
		}
		if o.Confidence != Exact {
			line += [...]string{" partial", " inferred"}[o.Confidence]
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

var outputCases = []struct{ name, sql, want string }{
	{"plain", "select a, t.b as c from t", "a <- t.a identity\nc <- t.b rename"},
	{"cast and text", "select a::int as a, trim(lower(b)) b, coalesce(c, 0) c from t", "a <- t.a cast :int\nb <- t.b cast\nc <- t.c cast"},
	{"expressions", "select a + b as s, sum(c) as n, count(*) k, 1 one, now() at_ from t",
		"s <- t.a t.b expression\nn <- t.c aggregate masks:sum\nk aggregate masks:count\none constant\nat_ constant"},
	{"cte is seen through", "with x as (select id as k, upper(n) as n from s.t) select k, n as m from x", "k <- s.t.id rename\nm <- s.t.n cast"},
	{"stars of ctes", "with x as (select * from t), y as (select *, a + 1 as b from x) select a, b, c from y", "a <- t.a identity\nb <- t.a expression\nc <- t.c identity"},
	{"star of a table", "select * from t", "t.* identity"},
	{"star but", "select * except (a, b) replace (upper(c) as c), 1 as d from t", "t.*-a-b-c identity\nc <- t.c cast\nd constant"},
	{"star of cte with except", "with x as (select a, b, c from t) select * exclude (b) from x", "a <- t.a identity\nc <- t.c identity"},
	{"star rename", "with x as (select a, b from t) select * rename (a as z) from x", "z <- t.a rename\nb <- t.b identity"},
	{"stars of a join", "select u.*, t.a from t join u on t.id = u.id", "u.* identity\na <- t.a identity"},
	{"unqualified in a join", "select a from t join u on t.id = u.id", "a <- t|u.a identity"},
	{"unqualified, one is known", "with x as (select id, a from t) select a, z from x join u on x.id = u.id", "a <- t.a identity\nz <- u.z identity"},
	{"using", "select id, t.a from t join u using (id)", "id <- t.id u.id identity\na <- t.a identity"},
	{"star with using", "with x as (select id, a from t), y as (select id, b from u) select * from x join y using (id)", "id <- t.id u.id identity\na <- t.a identity\nb <- u.b identity"},
	{"union by position", "select a, b from t union all select c, null from u", "a <- t.a u.c rename\nb <- t.b identity"},
	{"union by name", "select a, b from t union all by name select b, c from u", "a <- t.a identity\nb <- t.b u.b identity\nc <- u.c identity"},
	{"union of stars", "select * from t union all select * from u", "t.* identity inferred\nu.* identity branch1 inferred"},
	{"except gives nothing", "select a from t except select a from u", "a <- t.a identity"},
	{"nested union", "(select a from t) union all (select a from u)", "a <- t.a u.a identity"},
	{"recursive", "with recursive x as (select id, p from t union all select t.id, x.p from t join x on t.p = x.id) select id, p from x", "id <- t.id t.id identity\np <- t.p identity"},
	{"cte column list", "with x (k, v) as (select a, b from t) select v from x", "v <- t.b rename"},
	{"subquery with column list", "select y from (select a from t) as q(y)", "y <- t.a rename"},
	{"values", "select * from (values (1, 'a')) as v(x, y)", "x constant\ny constant"},
	{"scalar subquery", "select (select max(x) from u where u.id = t.id) as m from t", "m <- u.x aggregate inferred"},
	{"correlated", "select (select t.a + u.b) as m from t join u on true", "m <- t.a u.b expression"},
	{"exists", "select exists (select 1 from u where u.id = t.id) as e from t", "e constant"},
	{"case", "select case when a > 1 then b else 'x' end as c from t", "c <- t.b (t.a) expression"},
	{"if", "select if(a, b, c) as d from t", "d <- t.b t.c (t.a) expression"},
	{"window", "select row_number() over (partition by a order by b) rn, sum(c) over (partition by d) s from t",
		"rn <- (t.a) (t.b) aggregate\ns <- t.c (t.d) aggregate masks:sum"},
	{"lateral alias", "select a + b as x, x * 2 as y from t", "x <- t.a t.b expression\ny <- t.a t.b expression inferred"},
	{"alias of its own column", "select upper(a) as a, a || 'x' as b from t", "a <- t.a cast\nb <- t.a expression"},
	{"struct", "select a.b.c, t.a.d from t", "c <- t.a expression\nd <- t.a expression"},
	{"json path", "select a:b.c::string as x from t", "x <- t.a expression :string"},
	{"unnest", "select i.x, t.id from t, unnest(t.items) as i", "x <- t.items expression inferred\nid <- t.id identity"},
	{"flatten", "select f.value:x::int as x from t, lateral flatten(input => t.js) f", "x <- t.js expression :int inferred"},
	{"pivot", "select a, b from t pivot (sum(x) for y in ('a', 'b'))", "a <- t.a identity partial\nb <- t.b identity partial"},
	{"extract", "select extract(year from d) as y, extract(day from d) as z from t", "y <- t.d expression masks:year\nz <- t.d expression"},
	{"masks", "select sha2(email || 'pepper12', 256) a, md5(email) b, mask_email(email) c, email is not null d, sha2(email, 256) e, encrypt(x, 'k') f, split_part(email, '@', 2) g from t",
		"a <- t.email expression masks:sha2\nb <- t.email expression\nc <- t.email expression masks:mask_email\nd <- t.email expression masks:comparison\n" +
			"e <- t.email expression\nf <- t.x expression masks:encrypt\ng <- t.email expression masks:domain"},
	{"masks reach through", "with x as (select mask_pii(email) as e, name from t) select upper(e) as e, concat(e, name) as f from x",
		"e <- t.email expression masks:mask_pii\nf <- t.email t.name expression"},
	{"double quoted names", `select "A b" as x, t."c" from t`, "x <- t.A b rename inferred\nc <- t.c identity"},
	{"double quoted strings", "select \"lit\" as x, `a` from `p.d.t`", "x constant\na <- p.d.t.a identity"},
	{"full name qualifies", "select s.t.a, t.b from s.t", "a <- s.t.a identity\nb <- s.t.b identity"},
	{"insert", "insert into z select a from t", "a <- t.a identity"},
	{"insert with brackets", "insert into z (k) (select a from t)", "a <- t.a identity"},
	{"create", "create table z as with x as (select a from t) select * from x", "a <- t.a identity"},
	{"from first", "from t select a", "a <- t.a identity"},
	{"from only", "from t", "t.* identity"},
	{"refs", "select o.id, c.name from {{ ref('orders') }} o left join {{ source('crm', 'people') }} c on c.id = o.cid", "id <- orders.id identity\nname <- crm.people.name identity"},
	{"dbt import ctes", "with o as (select * from {{ ref('orders') }}), final as (select o.id, o.amount * 2 as double from o) select * from final", "id <- orders.id identity\ndouble <- orders.amount expression"},
	{"star macro", "select {{ dbt_utils.star(from=ref('t'), except=['a']) }}, 1 as b from {{ ref('t') }}", "t.*-a identity inferred\nb constant"},
	{"macro with an alias", "select {{ cents('amount') }} as usd, {{ dbt_utils.generate_surrogate_key(['a', 'b']) }} as k from t", "usd <- t.amount expression partial\nk <- t.a t.b expression inferred"},
	{"macro without an alias", "select a, {{ columns() }} from t", "a <- t.a identity\n* expression partial"},
	{"loop", "select a, {% for m in ms %} sum(case when x = '{{ m }}' then y end) as {{ m }}_n, {% endfor %} b from t",
		"a <- t.a identity\n <- t.y (t.x) aggregate masks:sum partial\nb <- t.b identity"},
	{"loop over a list", `{% set ms = ['a', 'b'] %} select id, {% for m in ms %} sum(case when k = '{{ m }}' then x end) as {{ m }}_n, max({{ m }}) as top_{{ m }}, {% endfor %} z
		{% for c in ["u", "v"] %}, t.{{ c }} {% endfor %} from t`,
		"id <- t.id identity\na_n <- t.x (t.k) aggregate masks:sum\ntop_a <- t.a aggregate\nb_n <- t.x (t.k) aggregate masks:sum\ntop_b <- t.b aggregate\nz <- t.z identity\nu <- t.u identity\nv <- t.v identity"},
	{"condition", "select a, {% if x %} b as c {% else %} d as c {% endif %} from t", "a <- t.a identity\nc <- t.b t.d rename inferred"},
	{"optional item", "select a {% if x %}, b {% endif %} from t", "a <- t.a identity\nb <- t.b identity inferred"},
	{"alternatives", "{% if x %} select a from t {% else %} select a from u {% endif %}", "a <- t.a u.a identity inferred"},
	{"variables", "select {{ var('x') }} as v, '{{ run_started_at }}' as r, @start_ds as s, :p as p from t", "v constant\nr constant\ns constant\np constant"},
	{"templated alias", "select a as {{ n }} from t", " <- t.a rename partial"},
	{"merge projects nothing", "merge into t using u on t.id = u.id when matched then update set a = u.a", ""},
	{"is distinct from", "select a is distinct from b as d from t", "d <- t.a t.b expression masks:comparison"},
	{"date parts", "select date_trunc(d, month) m, datediff(day, d, e) n from t", "m <- t.d expression\nn <- t.d t.e expression"},
	{"lambda", "select list_filter(a, x -> x > b) as f from t", "f <- t.a t.b expression"},
	{"semi join", "select a from t left semi join u on t.id = u.id", "a <- t.a identity"},
	{"natural", "select a from t natural join u", "a <- t|u.a identity"},
	{"in subquery", "select a in (select b from u) as f from t", "f <- t.a u.b expression masks:comparison inferred"},
	{"as struct", "select as struct a, b from t", "a <- t.a identity\nb <- t.b identity"},
	{"lateral subquery", "select x.m from t, lateral (select max(u.v) as m from u where u.id = t.id) x", "m <- u.v aggregate"},
}

func TestOutputs(t *testing.T) {
	for _, c := range outputCases {
		f := Bind(parse(t, c.sql))
		got := outputSketch(last(f.Statements).Scope().Outputs())
		if got != c.want {
			t.Errorf("%s: %s\n got:\n%s\nwant:\n%s", c.name, c.sql, indent(got), indent(c.want))
		}
	}
}

func indent(s string) string { return "\t" + strings.ReplaceAll(s, "\n", "\n\t") }

func TestBranches(t *testing.T) {
	f := Bind(parse(t, `select distinct a from t left join u on t.id = u.id and u.x = 1, v cross join w natural join z
		where t.a = 1 and (b or c) group by 1, 2 having count(*) > 1
		union all by name select b from y qualify row_number() over (order by z) = 1 order by 1 limit 3`))
	sc := f.Statements[0].Scope()
	var lines []string
	for _, b := range sc.Branches(f.Statements[0].Queries[0]) {
		line := fmt.Sprintf("%q distinct=%v where=%d group=%d having=%d qualify=%d order=%d limit=%v", b.Operator, b.Distinct, len(b.Where), len(b.GroupBy), len(b.Having),
			len(b.Qualify), len(b.OrderBy), !b.Limit.IsNil())
		for _, j := range b.Joins {
			line += fmt.Sprintf(" %s:%s", j.Kind, j.Relation.Name())
			if j.On != nil {
				line += fmt.Sprintf("/%d", len(Conjuncts(j.On)))
			}
		}
		lines = append(lines, line)
	}
	want := []string{
		`"" distinct=true where=2 group=2 having=1 qualify=0 order=0 limit=false from:t left:u/2 comma:v cross:w inner:z`,
		`"union all by name" distinct=false where=0 group=0 having=0 qualify=1 order=1 limit=true from:y`,
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

// TestLong reads texts that are long in one way each; what is quadratic there takes minutes.
func TestLong(t *testing.T) {
	n := 4000
	for name, text := range map[string]string{
		"sum":         "select " + strings.Repeat("a + ", 10*n) + "a as x from t",
		"not":         "select " + strings.Repeat("not ", 10*n) + "a as x from t",
		"items":       "select " + strings.Repeat("a, ", 10*n) + "a from t",
		"aliases":     "select 1 as a0" + strings.Repeat(", a0 + b as c", 2*n) + " from t",
		"unions":      "select a from t" + strings.Repeat(" union all select a from t", n),
		"star unions": "select * from t" + strings.Repeat(" union all select * from t", n),
		"joins":       "select a, b from t" + strings.Repeat(" join t on a = b", n),
		"brackets":    "select " + strings.Repeat("(", n) + "a" + strings.Repeat(")", n) + " from t",
		"subqueries":  "select " + strings.Repeat("(select ", n/4) + "a" + strings.Repeat(" from t)", n/4) + " from t",
		"derived":     strings.Repeat("select * from (", n/4) + "select a from t" + strings.Repeat(") x", n/4),
		"lateral": "select a + b as x0" + func() (s string) {
			for i := range 200 {
				s += fmt.Sprintf(", x%d + x%d as x%d", i, i, i+1)
			}
			return s
		}() + " from t",
		"ctes": "with c0 as (select * from t)" + func() string {
			var s strings.Builder
			for i := range n / 10 {
				fmt.Fprintf(&s, ", c%d as (select *, a%d + 1 as a%d from c%d)", i+1, i, i+1, i)
			}
			return s.String()
		}() + fmt.Sprintf(" select * from c%d", n/10),
	} {
		begin := time.Now()
		for _, s := range Bind(parse(t, text)).Statements {
			s.Scope().Outputs()
		}
		if d := time.Since(begin); d > 20*time.Second {
			t.Errorf("%s: %v", name, d)
		} else if testing.Verbose() {
			t.Log(name, d)
		}
	}
}

func FuzzOutputs(f *testing.F) {
	for _, c := range outputCases {
		f.Add(c.sql)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range Bind(parse(t, text)).Statements {
			sc := s.Scope()
			sc.Outputs()
			for _, q := range s.Queries {
				sc.OutputsOf(q)
			}
		}
	})
}
