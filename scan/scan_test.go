package scan

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"delint/rules"

	"github.com/google/go-cmp/cmp"
)

// lines is a result as one line a finding, for comparison.
func lines(r *Result) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s:%d:%d %s %s %s %s %s", f.Path(), f.Span.Start.Line, f.Span.Start.Column, f.Rule.Name, f.Severity, f.Message, f.Unit.Name, f.Fingerprint))
	}
	for _, s := range r.NotAnalysed {
		out = append(out, s.Path+": "+s.Reason)
	}
	return append(out, fmt.Sprint(r.Stats, r.Deferred))
}

func repository(t *testing.T) string {
	dir := t.TempDir()
	files := map[string]string{"README.md": "# orders\n", "dags/bad.py": "x = 1\x00\n"}
	for i := range 40 {
		files[fmt.Sprintf("dags/load_%02d.py", i)] = fmt.Sprintf("def load_%d(rows, seen):\n    try:\n        publish(rows)\n    except Exception:\n        pass\n    return rows\n", i)
	}
	write(t, dir, files)
	old := time.Now().Add(-time.Hour)
	for name := range files {
		if err := os.Chtimes(filepath.Join(dir, filepath.FromSlash(name)), old, old); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestResultIsTheSame(t *testing.T) {
	dir := repository(t)
	base, err := Run(context.Background(), Options{Paths: []string{dir}, NoCache: true, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(base.Findings) < 40 {
		t.Fatalf("only %d findings", len(base.Findings))
	}
	elsewhere := t.TempDir()
	if err := os.CopyFS(elsewhere, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Options{
		"jobs": {Paths: []string{dir}, NoCache: true, Jobs: 8}, "elsewhere": {Paths: []string{elsewhere}, NoCache: true},
		"cold cache": {Paths: []string{dir}}, "timing": {Paths: []string{dir}, Timing: true},
	} {
		r, err := Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		r.Project = base.Project
		if diff := cmp.Diff(lines(base), lines(r)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestCache(t *testing.T) {
	dir := repository(t)
	o := Options{Paths: []string{dir}}
	cold, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, ".delint", "cache"))
	if err != nil || len(entries) != 1 {
		t.Fatalf("cache: %v, %v", entries, err)
	}
	warm, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines(cold), lines(warm)); diff != "" {
		t.Errorf("cold, warm:\n%s", diff)
	}
	write(t, dir, map[string]string{"dags/load_00.py": "x = 1\n"})
	changed, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range changed.Findings {
		if f.Path() == "dags/load_00.py" {
			t.Errorf("a changed file kept its finding: %s", f.Message)
		}
	}
}

func TestCacheIsNotWrittenThroughALink(t *testing.T) {
	dir, outside := repository(t), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, ".delint")); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(context.Background(), Options{Paths: []string{dir}}); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(outside); len(entries) > 0 {
		t.Errorf("wrote %s outside the root", entries[0].Name())
	}
}

func TestSuppressions(t *testing.T) {
	dir := t.TempDir()
	handler := func(comment string) string {
		return "def f():\n    try:\n        load()\n    except Exception:" + comment + "\n        pass\n"
	}
	write(t, dir, map[string]string{
		"same.py":     handler("  # delint: ignore[empty-except] the loader retries"),
		"above.py":    "def f():\n    try:\n        load()\n    # delint: ignore[empty-except] the loader retries\n    except Exception:\n        pass\n",
		"none.py":     handler(""),
		"expired.py":  handler("  # delint: ignore[empty-except] until=2026-01-01 later"),
		"future.py":   handler("  # delint: ignore[empty-except] until=2027-01-01 later"),
		"list.py":     handler("  # delint: ignore[unused-suppression, empty-except] both"),
		"string.py":   "DOC = '# delint: ignore[empty-except] no comment'\n",
		"legacy/a.py": handler(""),
		"delint.toml": "[[suppress]]\nrule = \"empty-except\"\npath = \"legacy/**\"\nreason = \"goes away in May\"\n",
	})
	r, err := Run(context.Background(), Options{
		Paths: []string{dir}, NoCache: true, Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		Config: Config{Select: []string{"empty-except", "expired-suppression", "unused-suppression", "unknown-suppression", "suppression-without-reason"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Path()+" "+f.Rule.Name)
	}
	want := []string{"expired.py empty-except", "expired.py expired-suppression", "none.py empty-except"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(r.Suppressed) != 5 {
		t.Errorf("%d suppressed", len(r.Suppressed))
	}
}

// TestSuppressionOfADeferredFinding holds that a suppression counts as used although ruff reports the same in CI.
func TestSuppressionOfADeferredFinding(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"etl/load.py":              "def f():\n    try:\n        load()\n    except Exception:  # delint: ignore[empty-except] the loader retries\n        pass\n",
		"pyproject.toml":           "[tool.ruff.lint]\nselect = [\"S110\"]\n",
		".github/workflows/ci.yml": "on: [push]\njobs:\n  lint:\n    steps:\n      - run: ruff check .\n",
	})
	o := Options{Paths: []string{dir}, Root: dir, NoCache: true, Config: Config{Select: []string{"empty-except", "unused-suppression"}}}
	for _, noDefer := range []bool{false, true} {
		o.NoDefer = noDefer
		r, err := Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Findings) != 0 || len(r.Suppressed) != 1 {
			t.Errorf("no-defer %v: %v, %d suppressed", noDefer, lines(r), len(r.Suppressed))
		}
	}
}

func TestConfigErrors(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"delint.toml", "severitty = \"low\"\n", `delint.toml:1:1: unknown key "severitty"; did you mean "severity"?`},
		{"delint.toml", "exclude = []\n[limits]\nparse-byte = 3\n", `delint.toml:3:1: unknown key "parse-byte"; did you mean "parse-bytes"?`},
		{"delint.toml", "severity = \"hgih\"\n", `delint.toml:1:`},
		{"delint.toml", "exclude = \"a\"\n", `delint.toml:1:`},
		{"delint.toml", "a = [\n", `delint.toml:1:6: `},
		{"delint.toml", "env = \"prod\"\n", `delint.toml:1:1: unknown environment "prod"`},
		{"delint.toml", "[[suppress]]\nrule = \"x\"\npath = \"y\"\n", `delint.toml:1:`},
		{"pyproject.toml", "[project]\nname = \"x\"\n[tool.delint]\nselct = []\n", `pyproject.toml:4:1: unknown key "selct"; did you mean "select"?`},
		{"delint.toml", "select = [\"empty-exept\"]\n", `no rule and no standard is named "empty-exept"; did you mean "empty-except"?`},
	} {
		dir := t.TempDir()
		write(t, dir, map[string]string{c.file: c.text})
		_, err := Run(context.Background(), Options{Paths: []string{dir}, NoCache: true})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestPyprojectWithoutTable(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"pyproject.toml": "[project]\nname = \"x\"\n", "a.py": ""})
	if r, err := Run(context.Background(), Options{Paths: []string{dir}, NoCache: true}); err != nil || r.Config.File != "" {
		t.Errorf("%v, %v", r, err)
	}
}

func TestCollapse(t *testing.T) {
	rule := &rules.Rule{Name: "r", Collapsed: func(n int) string { return fmt.Sprintf("%d of them", n) }}
	make := func(n int, group string) (out []*rules.Finding) {
		for i := range n {
			f := &rules.Finding{Rule: rule, Severity: rules.Low, Collapse: group}
			f.Span.Path, f.Span.Start.Line = "a.py", i+1
			out = append(out, f)
		}
		return out
	}
	if got := collapse(make(most, "g")); len(got) != most {
		t.Errorf("%d findings of %d", len(got), most)
	}
	got := collapse(append(make(most+1, "g"), make(1, "")...))
	if len(got) != 2 || got[1].Message != "11 of them" || len(got[1].Places) != most+1 {
		t.Errorf("%d findings: %v", len(got), got)
	}
}

func TestHideWord(t *testing.T) {
	for in, want := range map[string]string{
		"`dagster_env` has no hint": "`dagster_env` has no hint", "password 'dagster'": "password '‹redacted›'", "mydagster": "mydagster",
	} {
		if got := hide(in, "dagster"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestHide(t *testing.T) {
	secret := "Zq8vT2mK9xLw"
	for in, want := range map[string]string{
		"x = '" + secret + "'":         "x = '‹redacted›'",
		"starts with " + secret[:7]:    "starts with ‹redacted›",
		"ends with " + secret[5:]:      "ends with ‹redacted›",
		"five " + secret[:5] + " stay": "five " + secret[:5] + " stay",
		"nothing":                      "nothing",
	} {
		if got := hide(in, secret); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
