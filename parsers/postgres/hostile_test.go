package postgres

import (
	"strings"
	"testing"

	"delint/parsers"
)

// TestHostileStatements hands over what is as large or as deep as the guard lets through: none may end the process.
func TestHostileStatements(t *testing.T) {
	if !Available {
		t.Skip("built without PostgreSQL's parser")
	}
	fill := func(head, unit, tail string, most int) string {
		n := min(most, (maxBytes-len(head)-len(tail)-1)/len(unit))
		return head + strings.Repeat(unit, n) + tail
	}
	nested := func(open, middle, shut string, depth int) string {
		return "select " + strings.Repeat(open, depth) + middle + strings.Repeat(shut, depth)
	}
	const all = 1 << 20
	for name, text := range map[string]string{
		"collate":             fill("select 'a'", `collate"C"`, "", all),
		"collate, few":        fill("select 'a'", `collate"C"`, "", maxOperators),
		"in list":             fill("select 1 where a in (1", ",1", ")", all),
		"in list, strings":    fill("select 1 where a in ('a'", ",'b'", ")", all),
		"subscripts":          fill("select a", "[1]", "", all),
		"fields":              fill("select (a)", ".b", "", all),
		"bounds":              fill("select a::int", "[]", "", all),
		"values":              fill("insert into t values (1)", ",(1)", "", all),
		"strings":             fill("select 'a'", "\n'a'", "", all),
		"stars":               fill("select *", ",*", "", all),
		"operators":           fill("select 1", "+1", "", maxOperators-2),
		"not":                 fill("select ", "not ", "true", maxOperators-2),
		"brackets":            nested("(", "1", ")", maxNesting-1),
		"subqueries":          nested("(select ", "1", ")", maxNesting-2),
		"case":                nested("case when a then ", "1", " end", maxNesting-1),
		"case in case":        nested("case ", "1", " when 1 then 1 end", maxNesting-1),
		"arrays":              nested("array[", "1", "]", maxNesting-1),
		"calls":               nested("f(", "1", ")", maxNesting-1),
		"unions":              fill("select 1", " union select 1", "", maxOperators/3),
		"joins":               fill("select 1 from a", " join b on true", "", maxOperators/4),
		"open brackets":       fill("select ", "(", "", all),
		"open case":           fill("select ", "case when ", "", all),
		"open string":         fill("select 'a", "b", "", all),
		"open quotes":         fill("select \"a", "b", "", all),
		"open dollar":         fill("select $a$", "b", "", all),
		"open comment":        fill("select /*", "/*", "", all),
		"nul":                 "select 1\x00, 2 from t where a = '\x00'",
		"invalid":             "select '\xff\xfe' from \"\xc3\"",
		"escapes":             fill(`select E'`, `\\`, "'", all),
		"columns of a table":  fill("create table t (a int", ",b int", ")", all),
		"alter table":         fill("alter table t add a int", ", add b int default 1", "", all),
		"with":                fill("with a as (select 1)", ",b as (select 1)", " select 1", all),
		"nothing but commas":  fill("select 1", ",", "", all),
		"type modifiers":      fill("select a::numeric(1", ",1", ")", all),
		"grouping sets":       "select 1 group by " + strings.Repeat("grouping sets (", maxNesting/2) + "a" + strings.Repeat(")", maxNesting/2),
		"row":                 nested("row(", "1", ")", maxNesting-1),
		"exists":              nested("exists (select ", "1", ")", maxNesting-2),
		"from subqueries":     "select 1" + strings.Repeat(" from (select 1", maxNesting-2) + strings.Repeat(") a", maxNesting-2),
		"brackets of a union": strings.Repeat("(", maxNesting-1) + "select 1" + strings.Repeat(")", maxNesting-1),
	} {
		t.Run(name, func(t *testing.T) {
			Parse(text, parsers.DefaultLimits)
		})
	}
}
