package dbt

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The expressions that watermark and notNull stand for.
var (
	watermarkText = regexp.MustCompile(`(?is)(\)|\w)\s*(>=?)\s*(?:\(\s*)?(?:coalesce\s*\(\s*)?(?:\(\s*)?select\s+(?:\w+\s*\(\s*)*max\s*\(`)
	comparedText  = regexp.MustCompile(`(?is)\b(\w+)\s*>=?\s*(?:\(\s*)?(?:coalesce\s*\(\s*)?(?:\(\s*)?select\s+(?:\w+\s*\(\s*)*max\s*\(`)
	notNullText   = regexp.MustCompile(`(?i)\b(\w+)\s+is\s+not\s+null\b`)
)

// FuzzBody compares the readers of bodies with the expressions.
func FuzzBody(f *testing.F) {
	for _, s := range []string{
		"where a >= (select coalesce(max(b), 0) from {{ this }})\n", "where (a) > ( coalesce ( ( select max (x)", "a is not  null and b.c IS NOT NULL, not_null",
		"f(x) as y,\n g(x)::date as `z`\n,{{ h }} w--c\n[1] as\nas,", ") ::int as", ")::as as x", ")as as as,", ") :: a b\n", "select ) \"x\" ,", ">>= (select max(", "x is is not null",
	} {
		f.Add(s)
	}
	groups := func(re *regexp.Regexp, text string) (out []string) {
		for _, m := range re.FindAllStringSubmatch(text, maxFound) {
			out = append(out, m[1])
		}
		return out
	}
	f.Fuzz(func(t *testing.T, text string) {
		operator, compared := watermark([]byte(text))
		want := ""
		if m := watermarkText.FindStringSubmatch(text); m != nil {
			want = m[2]
		}
		if operator != want {
			t.Errorf("%q: watermark %q, want %q", text, operator, want)
		}
		if diff := cmp.Diff(groups(comparedText, text), compared); diff != "" {
			t.Errorf("%q: compared: %s", text, diff)
		}
		if diff := cmp.Diff(groups(notNullText, text), notNull([]byte(text))); diff != "" {
			t.Errorf("%q: not null: %s", text, diff)
		}
		computed([]byte(text))
	})
}

func TestComputed(t *testing.T) {
	for text, want := range map[string][]string{
		"coalesce(a, 0) as b,\n f(x)::date as `c`\n, {{ h }} d--e\n [1] \"f\"": {"b", "c", "d", "f"},
		"f(x)::int,": nil,
		"f(x) as,":   {"as"},
		"(a) b + 1":  nil,
		"((a)) as b": {"b"},
	} {
		if diff := cmp.Diff(want, computed([]byte(text))); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}
