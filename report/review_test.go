package report

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"delint/rules"

	"github.com/google/go-cmp/cmp"
)

func TestReviewOfReviews(t *testing.T) {
	for _, name := range []string{"sample.review", "empty.review", "strict.review"} {
		text, err := os.ReadFile(filepath.Join("..", "testdata", "report", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range Lint(text) {
			t.Errorf("%s:%s", name, p)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"dagster-crypto-extract": "dagster-crypto-extract", "Crypto Orders": "crypto-orders", "Größe & Ümläut": "gro-e-umlaut",
		"": "project", "数据": "project", "../../etc/passwd": "etc-passwd", "ＡＢＣ１": "abc1", "--a--": "a",
		strings.Repeat("abcdefghi-", 10): "abcdefghi-abcdefghi-abcdefghi-abcdefghi-abcdefghi-abcdefghi", strings.Repeat("x", 90): strings.Repeat("x", 60),
	} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
	name := ReviewName("dagster-crypto-extract", time.Unix(1767030548, 0))
	slug, at, ok := ReviewTime(name)
	if name != "dagster-crypto-extract-1767030548.md" || slug != "dagster-crypto-extract" || at.Format(time.RFC3339) != "2025-12-29T17:49:08Z" || !ok {
		t.Errorf("%s: %s %s %v", name, slug, at, ok)
	}
	names := []string{"a-1767030548.md", "a-1767030549.md", "a-2-1867030549.md", "b-1967030549.md", "a-12.md", "a.md"}
	if got := NewestReview(names, "A"); got != "a-1767030549.md" {
		t.Errorf("the newest is %q", got)
	}
	if slug, _, _ := ReviewTime("a-2-1867030549.md"); slug != "a-2" {
		t.Errorf("a slug that ends in digits is %q", slug)
	}
}

// many is n findings of a rule, one a function, in files named by path.
func many(r *rules.Rule, s rules.Severity, n int, path func(i int) string) []*rules.Finding {
	var out []*rules.Finding
	for i := range n {
		f := &rules.Finding{Rule: r, Severity: s, Unit: rules.Unit{Kind: "function", Name: fmt.Sprintf("f%d", i), StartLine: 10 * i, EndLine: 10*i + 9}}
		f.Message = fmt.Sprintf("case %d", i)
		f.Span.Path = path(i)
		f.Span.Start.Line, f.Span.End.Line = 10*i+2, 10*i+2
		out = append(out, f)
	}
	return out
}

func same(i int) string  { return "same.py" }
func other(i int) string { return fmt.Sprintf("file%02d.py", i) }

func TestSelection(t *testing.T) {
	weak := rule("code", "weak-guess", rules.Medium, nil)
	weak.Precision = rules.LowPrecision
	methods := many(exceptRule, rules.High, 4, same)
	for i, f := range methods {
		f.Unit.Name = fmt.Sprintf("Loader.step%d", i)
	}
	several := many(exceptRule, rules.High, 3, same)
	for _, f := range several {
		f.Unit = several[0].Unit
	}
	for _, c := range []struct {
		name     string
		findings []*rules.Finding
		want     []string // path: heading ×findings
		left     int
		themes   int
	}{
		{"eight of a file", many(exceptRule, rules.High, 10, same), strings.Split(strings.Repeat("same.py: Function ×1|", 8), "|")[:8], 2, 0},
		{"three Low of a file", many(hintRule, rules.Low, 10, same), strings.Split(strings.Repeat("same.py: Function ×1|", 3), "|")[:3], 7, 0},
		{"low precision", many(weak, rules.Medium, 2, same), nil, 0, 0},
		{"Critical whatever the precision", many(weak, rules.Critical, 1, same), []string{"same.py: Function ×1"}, 0, 0},
		{"one unit, one block", several, []string{"same.py: Function ×3"}, 0, 0},
		{"methods of one class", methods, []string{"same.py: Class ×4"}, 0, 0},
		{"five files", many(exceptRule, rules.High, 5, other), []string{"file00.py: Function ×1", "file01.py: Function ×1", "file02.py: Function ×1",
			"file03.py: Function ×1", "file04.py: Function ×1"}, 0, 0},
		{"six files", many(exceptRule, rules.High, 6, other), []string{"file00.py: Function ×1"}, 0, 1},
		{"worst file first", append(many(hintRule, rules.Low, 1, other), many(exceptRule, rules.High, 1, same)...),
			[]string{"same.py: Function ×1", "file00.py: Function ×1"}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := choose(&Report{Findings: c.findings}, false)
			var got []string
			for _, file := range s.files {
				for _, e := range file.entries {
					got = append(got, fmt.Sprintf("%s: %s ×%d", e.path, e.heading.kind, len(e.findings)))
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if len(s.left) != c.left || len(s.themes) != c.themes {
				t.Errorf("%d left and %d themes, want %d and %d", len(s.left), len(s.themes), c.left, c.themes)
			}
		})
	}
	var all []*rules.Finding
	for i := range 12 {
		all = append(all, many(rule("code", fmt.Sprintf("rule-%d", i), rules.Medium, nil), rules.Medium, 5, func(j int) string { return fmt.Sprintf("f%d-%d.py", i, j) })...)
	}
	if s := choose(&Report{Findings: all}, false); len(s.left) != 20 {
		t.Errorf("%d of 60 are left out, want 20", len(s.left))
	}
}

func TestSummaryIsShort(t *testing.T) {
	r := sample()
	r.Findings = append(r.Findings, many(hintRule, rules.Low, 30, same)...)
	r.Strengths = []string{"a", "b", "c", "d", "e"}
	rules.Fingerprint(r.Findings)
	o := sampleOptions
	o.Review.Previous = ParseReview("x-1767030000.md", []byte(write(t, "review", hostile("a"), sampleOptions)))
	text := write(t, "review", r, o)
	_, summary, _ := strings.Cut(text, "## Summary\n")
	summary, _, _ = strings.Cut(summary, "\n## ")
	lines := 0
	for line := range strings.Lines(summary) {
		if strings.TrimSpace(line) != "" {
			lines++
		}
	}
	if lines > 12 || strings.Contains(summary, "; e") {
		t.Errorf("the summary has %d lines:\n%s", lines, summary)
	}
}

func TestDelta(t *testing.T) {
	before := sample()
	text := write(t, "review", before, sampleOptions)
	text = strings.Replace(text, "- [ ] Rotate", "- [x] Rotate", 1)
	text = strings.Replace(text, "- [ ] Declare", "- [x] Declare", 1)
	after := sample()
	after.Suppressed = nil
	after.Findings = after.Findings[:len(after.Findings)-2] // neither the dataset nor the last hint
	after.Findings = append(after.Findings, many(exceptRule, rules.High, 1, same)...)
	rules.Fingerprint(after.Findings)
	withoutTrailer := text[:strings.LastIndex(text, "<!-- delint")]
	for name, c := range map[string]struct{ text, want string }{
		"trailer":  {text, "Since the review of 2025-12-29: Fixed 1 / Still open 5 / New 1 / No longer reported 1. Fixed: `missing-soda-checks` in `models/gold/orders.sql`. Marked done but still present: `hardcoded-secret`."},
		"template": {withoutTrailer, "Since the review of 2025-12-29: Fixed 1 / Still open 4 / No longer reported 1. Fixed: `missing-soda-checks` in `models/gold/orders.sql`. Marked done but still present: `hardcoded-secret`."},
		"damaged":  {withoutTrailer + "<!-- delint-review v1 tool=0.1.0 commit=a rules=b findings=eJxx -->", "Since the review of 2025-12-29: Fixed 1 / Still open 4 / No longer reported 1. Fixed: `missing-soda-checks` in `models/gold/orders.sql`. Marked done but still present: `hardcoded-secret`."},
	} {
		p := ParseReview("crypto-orders-1767030548.md", []byte(c.text))
		if got := compare(after, p).line(p); got != c.want {
			t.Errorf("%s: %s\nwant: %s", name, got, c.want)
		}
	}
	o := sampleOptions
	o.Review.Previous = ParseReview("", []byte(text))
	if got := write(t, "review", after, o); !strings.Contains(got, "\n- [x] Declare at least row count") || strings.Contains(got, "- [x] Rotate") {
		t.Errorf("checked steps are not carried over as they should:\n%s", got)
	}
	after.Partial = true
	if p := o.Review.Previous; compare(after, p).line(p) != "" {
		t.Error("a part of the repository is compared with the whole")
	}
}

func TestFixedNeedsTheRule(t *testing.T) {
	p := ParseReview("", []byte(write(t, "review", sample(), sampleOptions)))
	now := &Report{Rules: []*rules.Rule{exceptRule, secretRule}, Suppressed: map[string]int{"empty-except": 2}}
	d := compare(now, p)
	if len(d.fixed) != 1 || d.fixed[0].Rule != "hardcoded-secret" || d.unknown != 6 {
		t.Errorf("fixed %v, unknown %d", d.fixed, d.unknown)
	}
	now.NotAnalysed = []NotAnalysed{{Path: "dags/load_orders.py", Reason: "timeout"}}
	if d := compare(now, p); len(d.fixed) != 0 {
		t.Errorf("fixed in a file that could not be read: %v", d.fixed)
	}
}

func TestUpToDate(t *testing.T) {
	r, o := sample(), sampleOptions
	p := ParseReview("", []byte(write(t, "review", r, o)))
	if !UpToDate(p, r, o.Review) {
		t.Error("an unchanged tree gets a second review")
	}
	for name, change := range map[string]func(*Report, *Review){
		"tree":   func(_ *Report, o *Review) { o.Tree = "abd" },
		"none":   func(_ *Report, o *Review) { o.Tree = "" },
		"config": func(_ *Report, o *Review) { o.Config = "other" },
		"strict": func(_ *Report, o *Review) { o.Strict = true },
		"tool":   func(r *Report, _ *Review) { r.Version = "0.2.0" },
		"rules":  func(r *Report, _ *Review) { r.Rules = r.Rules[1:] },
	} {
		r, o := sample(), sampleOptions.Review
		change(r, &o)
		if UpToDate(p, r, o) {
			t.Errorf("up to date though the %s changed", name)
		}
	}
	if UpToDate(nil, r, o.Review) || UpToDate(&Previous{}, r, o.Review) {
		t.Error("up to date without a trailer")
	}
}

func TestTrailerIsBounded(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	r := sample()
	for range 20000 {
		f := *r.Findings[1]
		f.Span.Path = fmt.Sprintf("%x.py", random.Uint64())
		r.Findings = append(r.Findings, &f)
	}
	line := trailer(r, sampleOptions.Review)
	if len(line) > trailerMost {
		t.Errorf("a trailer of %d bytes", len(line))
	}
	if p := parseTrailer([]byte(line)); p == nil || !p.Cut || len(p.Findings) < 1000 {
		t.Errorf("the cut trailer is read as %v", p != nil)
	}
}

// A review as an agent writes it: other spacing, other case, no trailer, no names of rules.
const byAgent = `# Code Review: x
**Date**: 2026-01-02

## File:  dags/a.py

#### Function: load (Lines 3 – 9)
- **Issue:** It swallows errors.
- **Severity:** HIGH
**Recommendation**: Raise.
` + "```python\n**Issue**: no issue\n## File: no file\n```" + `
**Rationale**: x

**Issue**: second (` + "`empty-except`" + `)
**Severity**: low

## Next Steps
* [X] Fix ` + "`empty-except`" + ` in all DAGs
- [ ] Write tests
`

func TestReadByAgent(t *testing.T) {
	got := ParseReview("notes.md", []byte(byAgent))
	want := &Previous{
		Date: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
		Known: []Known{{Path: "dags/a.py", Unit: "function load", Severity: "High", Issue: "it swallows errors"},
			{Rule: "empty-except", Path: "dags/a.py", Unit: "function load", Severity: "Low", Issue: "second empty except"}},
		Done: []Step{{Text: "Fix `empty-except` in all DAGs", Rule: "empty-except"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLint(t *testing.T) {
	good := strings.Split(strings.TrimSuffix(write(t, "review", sample(), sampleOptions), "\n"), "\n")
	line := func(prefix string) int {
		for i, l := range good {
			if strings.HasPrefix(l, prefix) {
				return i
			}
		}
		t.Fatal("no line " + prefix)
		return 0
	}
	for _, c := range []struct{ name, at, with, want string }{
		{"title", "# Code", "# Review", `want "# Code Review`},
		{"date", "**Date**", "**Date**: yesterday", "want \"**Date**"},
		{"header order", "**Scope**", "", "want \"**Scope**"},
		{"section missing", "## Security", "", "\"## Security Concerns\" is missing"},
		{"section unknown", "## Security", "## Security", "unknown section"},
		{"section order", "## Summary", "## Next Steps", "is missing before"},
		{"heading", "### Function: `publish`", "### Function: publish", "want \"### Function"},
		{"range", "### Function: `publish`", "### Function: `publish` (Lines 9-4)", "no range of lines"},
		{"severity", "**Severity**: Critical", "**Severity**: Blocker", "none of Critical"},
		{"field order", "**Severity**: Critical", "**Rationale**: x", "Rationale stands where Severity is due"},
		{"field missing", "**Rationale**", "", "has no Rationale"},
		{"field empty", "**Rationale**", "**Rationale**: ", "is empty"},
		{"field spelt", "**Rationale**", "**Rationale:** x", "a field is written"},
		{"no finding", "### Query", "### Query: `a` (Lines 1-2)\n\n### Query: `b` (Lines 1-2)", "no complete finding"},
		{"box", "- [ ] Rotate", "- Rotate", "check box"},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := append([]string(nil), good...)
			lines[line(c.at)] = c.with
			var got []string
			for _, p := range Lint([]byte(strings.Join(lines, "\n"))) {
				got = append(got, p.String())
			}
			if !strings.Contains(strings.Join(got, "\n"), c.want) {
				t.Errorf("want %q in %q", c.want, got)
			}
		})
	}
	if got := Lint(nil); len(got) != len(headerLine)+len(sections) {
		t.Errorf("an empty file has the problems %v", got)
	}
}

func TestNotebookCell(t *testing.T) {
	f := &rules.Finding{Rule: exceptRule, Severity: rules.High, Unit: rules.Unit{Kind: "cell", Name: "cell-3", StartLine: 40, EndLine: 48}}
	f.Span.Path = "eda/a.ipynb"
	f.Span.Start.Line = 44
	if h := headingOf(f, false); h != (heading{"Block", "eda/a.ipynb#cell-3", 1, 9}) || lineIn(f) != 5 {
		t.Errorf("%+v line %d", h, lineIn(f))
	}
}

func FuzzParseReview(f *testing.F) {
	f.Add([]byte(byAgent))
	f.Add([]byte(write(f, "review", sample(), sampleOptions)))
	for _, name := range names {
		f.Add([]byte("## File: " + name + "\n**Issue**: " + name + "\n- [x] " + name))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p := ParseReview("a-1767030548.md", text)
		Lint(text)
		o := sampleOptions
		o.Review.Previous = p
		got := write(t, "review", sample(), o)
		for _, problem := range Lint([]byte(got)) {
			t.Errorf("after that review: %s", problem)
		}
		for _, r := range got {
			if r != '\n' && hidden(r) {
				t.Errorf("the character %U of the old review", r)
			}
		}
	})
}
