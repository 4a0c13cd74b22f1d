package all_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"delint/rules"
	rulesd "delint/rules.d"
	"delint/scan"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestPages runs every fenced block of every page as the tiny repository that its section is, with only that rule on.
func TestPages(t *testing.T) {
	for _, rule := range scan.Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			if rule.Page == nil {
				t.Fatalf("rules/%s/%s.md is missing", rule.Standard, rule.Name)
			}
			testPage(t, rule)
		})
	}
}

func testPage(t *testing.T, rule *rules.Rule) {
	p := rule.Page
	if p.Title != rule.Name {
		t.Errorf("the page's title is %q", p.Title)
	}
	if p.Summary == "" || strings.HasPrefix(p.Summary, "```") {
		t.Error("the page has no first paragraph that says what the rule flags")
	}
	for _, title := range []string{"Why", "Bad", "Good", "Recommendation"} {
		if p.Section(title).Text == "" {
			t.Errorf("the page has no %s", title)
		}
	}
	for _, s := range p.Sections {
		switch s.Title {
		case "Bad", "Good", "Traps":
			t.Run(s.Title, func(t *testing.T) { testSections(t, rule, s) })
		case "Why", "Recommendation", "Limits", "Options":
		default:
			t.Errorf("line %d: no page has a section %q", s.Line, s.Title)
		}
	}
	archive := rules.PageFile(rule.Standard, rule.Name+".txtar")
	if rule.Source != "" {
		archive, _ = rulesd.Files.ReadFile(path.Join(rule.Standard, rule.Name+".txtar"))
	}
	if len(archive) > 0 {
		testCases(t, rule, archive)
	}
}

// testSections splits a section into repositories: its third-level headings begin a new one.
func testSections(t *testing.T, rule *rules.Rule, s rules.Section) {
	var parts [][]rules.Block
	blocks := s.Blocks
	var part []rules.Block
	next := 0
	inFence := false
	for _, line := range strings.Split(s.Text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			inFence = !inFence
			if inFence && next < len(blocks) {
				part = append(part, blocks[next])
				next++
			}
		} else if !inFence && strings.HasPrefix(line, "### ") && len(part) > 0 {
			parts = append(parts, part)
			part = nil
		}
	}
	if part = append(part, blocks[min(next, len(blocks)):]...); len(part) > 0 {
		parts = append(parts, part)
	}
	bad := 0
	for _, part := range parts {
		files, wants, fixed := map[string]string{}, []rules.Want{}, map[string]string{}
		before := map[string]string{}
		last := ""
		for i, b := range part {
			text, w, err := b.Wants()
			if err != nil {
				t.Fatal(err)
			}
			name := b.Path
			switch {
			case b.Language == "fixed":
				if name == "" {
					name = last
				}
				fixed[name] = text
			case name == "" && b.Language != "want":
				name = defaultPath(b.Language, i, files)
			}
			for j := range w {
				if w[j].Path == "" {
					w[j].Path = name
				}
			}
			wants = append(wants, w...)
			switch {
			case b.Language == "want" || b.Language == "fixed":
			case b.Before:
				before[name] += text
			default:
				files[name] += text
				last = name
			}
		}
		bad += len(wants)
		dir := runRepository(t, rule, files, before, wants)
		if len(fixed) > 0 {
			runFixes(t, rule, dir, fixed)
		}
	}
	switch {
	case s.Title == "Bad" && bad == 0:
		t.Error("nothing in Bad is wanted")
	case s.Title != "Bad" && bad > 0:
		t.Errorf("%s wants findings", s.Title)
	}
}

// testCases runs an archive of repositories: the first segment of a file's name is the case, want.txt holds its wants.
func testCases(t *testing.T, rule *rules.Rule, archive []byte) {
	cases := map[string]map[string]string{}
	wants := map[string][]rules.Want{}
	var order []string
	for _, f := range txtar.Parse(archive).Files {
		name, rest, ok := strings.Cut(f.Name, "/")
		if !ok {
			t.Fatalf("%s: a file's name begins with its case", f.Name)
		}
		if cases[name] == nil {
			cases[name] = map[string]string{}
			order = append(order, name)
		}
		b := rules.Block{Text: string(f.Data)}
		if rest == "want.txt" {
			b.Language = "want"
		}
		text, w, err := b.Wants()
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for i := range w {
			if w[i].Path == "" {
				w[i].Path = rest
			}
		}
		wants[name] = append(wants[name], w...)
		if b.Language != "want" {
			cases[name][rest] = text
		}
	}
	for _, name := range order {
		t.Run(name, func(t *testing.T) { runRepository(t, rule, cases[name], nil, wants[name]) })
	}
}

func defaultPath(language string, i int, files map[string]string) string {
	names := map[string]string{
		"python": "main.py", "py": "main.py", "sql": "query.sql", "yaml": "config.yml", "yml": "config.yml", "toml": "config.toml",
		"json": "config.json", "markdown": "page.md", "md": "page.md", "dockerfile": "Dockerfile", "hcl": "main.tf",
		"shell": "run.sh", "sh": "run.sh", "bash": "run.sh", "ini": "config.ini", "text": "notes.txt", "dotenv": ".env",
		"properties": "app.properties", "xml": "config.xml", "ipynb": "book.ipynb",
	}
	name := names[language]
	if name == "" {
		name = "file." + language
	}
	if _, taken := files[name]; taken {
		ext := path.Ext(name)
		name = fmt.Sprintf("%s%d%s", strings.TrimSuffix(name, ext), i, ext)
	}
	return name
}

// runFixes applies every fix of the rule in a repository and compares the files with what the page's fixed blocks hold. The
// rule must have nothing left to fix then, and no file may be broken that was not.
func runFixes(t *testing.T, rule *rules.Rule, dir string, fixed map[string]string) {
	t.Helper()
	run := func() *scan.Result {
		result, err := scan.Run(context.Background(), scan.Options{
			Paths: []string{dir}, Root: dir, NoCache: true, Fixing: true, Config: scan.Config{Select: []string{rule.Name}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	before := run()
	fixes := before.Fixes(true)
	if _, err := fixes.Write(); err != nil {
		t.Fatal(err)
	}
	if fixes.Clashing > 0 {
		t.Errorf("%d fixes clash", fixes.Clashing)
	}
	for name, want := range fixed {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(strings.TrimRight(want, "\n"), strings.TrimRight(string(got), "\n")); diff != "" {
			t.Errorf("%s is fixed to something else (-want +got)\n%s", name, diff)
		}
	}
	after := run()
	if left := after.Fixes(true).Applied; len(left) > 0 {
		t.Errorf("the rule still finds what it fixed: %s", left[0].Message)
	}
	for language, count := range after.Stats.Languages {
		if was := before.Stats.Languages[language]; count.ErrorNodes > was.ErrorNodes {
			t.Errorf("the fixes leave %d error nodes in %s, %d before", count.ErrorNodes, language, was.ErrorNodes)
		}
	}
}

// runRepository writes a repository, runs the rule on it and compares. before holds the files of the commit that the run
// compares with; none, where it compares with no other. It returns the repository's folder.
func runRepository(t *testing.T, rule *rules.Rule, files, before map[string]string, wants []rules.Want) string {
	t.Helper()
	dir := t.TempDir()
	since := ""
	if len(before) > 0 {
		since = "HEAD"
		writeFiles(t, dir, before)
		commit(t, dir)
		for name := range before {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
				t.Fatal(err)
			}
		}
	}
	writeFiles(t, dir, files)
	selected := []string{rule.Name}
	if rule.IsDriver() {
		selected = []string{"all"}
	}
	result, err := scan.Run(context.Background(), scan.Options{
		Paths: []string{dir}, Root: dir, NoCache: true, ChangedSince: since, Config: scan.Config{Select: selected},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range result.Failures {
		t.Errorf("%s panicked on %s: %s\n%s", f.Rule, f.Path, f.Error, f.Stack)
	}
	met := make([]bool, len(wants))
	for _, f := range result.Findings {
		if f.Rule.Name != rule.Name {
			continue
		}
		found := false
		for i, w := range wants {
			if !met[i] && w.Path == f.Span.Path && (w.Line == 0 || w.Line == f.Span.Start.Line) && w.Message.MatchString(f.Message) {
				met[i], found = true, true
				break
			}
		}
		if !found {
			t.Errorf("nobody wants %s:%d: %s", f.Span.Path, f.Span.Start.Line, f.Message)
		}
	}
	for i, w := range wants {
		if !met[i] {
			t.Errorf("page line %d: no finding in %s:%d matches %q", w.Source, w.Path, w.Line, w.Message)
		}
	}
	return dir
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(expandTokens(text)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// commit makes a git repository of a folder, with one commit.
func commit(t *testing.T, dir string) {
	t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "commit", "-qm", "before"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}
