package report

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"delint/rules"
)

// names are what a repository may call things, and write in a line.
var names = []string{
	"a\n::error::b.py", "::set-output name=x::y", ":", "a]\n## File: b", "`; rm -rf `", "a](http://evil.test)b", "<script>alert(1)</script>",
	"%0A::warning::x%25", "\x1b[31mred\x1b]0;title\x07", "\xff\xfe/\x80.py", "a\u202egnp.py", "\u009b31m", "x\u2028y", "**Issue**: no\n**Severity**: none",
	`"quoted" 'single' \ back`, "|| @everyone #1 ![x](y) $HOME ~~s~~", "##[error]x ##vso[task.setvariable]y ##teamcity[x]", "a\r\nb\x00c\td", "--> <!-- x",
	"]]> <![CDATA[ &amp; &#0;", "```\n# x\n```", "https://evil.test www.evil.test", " ", "", " 0", "@", "`` ``", "..", "a:b/c?d#e f%20g", strings.Repeat("x", 5000), "\U000e0041\ufeff",
	"{{.}} ${{ secrets.X }} {0}", "### Function: `f` (Lines 1-2)",
}

// hostile is a report in which everything that a repository can choose is the name.
func hostile(name string) *Report {
	f := &rules.Finding{Rule: exceptRule, Severity: rules.High, Environment: rules.Production, Evidence: name, Dataset: name}
	f.Message = "`" + name + "` in " + name
	f.Span.Path = name
	f.Span.Start.Line, f.Span.Start.Column, f.Span.End.Line, f.Span.End.Column, f.Span.End.Byte = 2, 3, 2, 9, 9
	f.Unit = rules.Unit{Kind: "function", Name: name, StartLine: 1, EndLine: 4}
	secret := *f
	secret.Rule, secret.Severity = secretRule, rules.Critical
	secret.Message = name
	secret.Places = []rules.Place{{Span: f.Span, Message: name}}
	findings := []*rules.Finding{f, &secret}
	rules.Fingerprint(findings)
	return &Report{
		Version: "0.1.0", Project: name, Findings: findings, Rules: []*rules.Rule{exceptRule, secretRule},
		NotAnalysed: []NotAnalysed{{Path: name, Reason: "unreadable: " + name, Failed: true}}, Stats: Stats{Files: 1},
		Strengths: []string{name}, Text: func(string) []byte { return []byte(name + "\n" + name + "\n" + name) },
	}
}

func hostileOptions(name string) Options {
	o := sampleOptions
	o.Review.Scope, o.Review.Reviewer, o.Review.Tree, o.Category = name, name, name, "c"
	o.Review.Previous = &Previous{Trailer: &Trailer{}, Known: []Known{{Fingerprint: "x", Rule: "empty-except", Path: name}},
		Done: []Step{{Text: name, Rule: "empty-except"}, {Text: name, Rule: "hardcoded-secret"}}}
	return o
}

// shapes is, by format, what must hold whatever the name is. plain is the output for a name of letters.
var shapes = map[string]func(t *testing.T, got, plain string){
	"text": func(*testing.T, string, string) {}, // what holds of all
	"concise": func(t *testing.T, got, _ string) {
		if n := strings.Count(got, "\n"); n != 2 {
			t.Errorf("%d lines for 2 findings", n)
		}
	},
	"json":   func(t *testing.T, got, _ string) { decode[jsonReport](t, got) },
	"gitlab": func(t *testing.T, got, _ string) { decode[[]gitlabIssue](t, got) },
	"rdjson": func(t *testing.T, got, _ string) { decode[map[string]any](t, got) },
	"jsonl": func(t *testing.T, got, _ string) {
		if n := strings.Count(got, "\n"); n != 2 {
			t.Errorf("%d lines for 2 findings", n)
		}
		for line := range strings.Lines(got) {
			decode[jsonFinding](t, line)
		}
	},
	"sarif": func(t *testing.T, got, _ string) {
		log := decode[sarifLog](t, got)
		for _, result := range log.Runs[0].Results {
			if strings.Contains(result.Message.Text, "](") {
				t.Errorf("a link: %q", result.Message.Text)
			}
			if at := result.Locations[0].Physical.Artifact.URI; !regexp.MustCompile(`^([A-Za-z0-9._~/=+,@!()$&;'*-]|%[0-9A-F]{2})*$`).MatchString(at) || strings.HasPrefix(at, "/") {
				t.Errorf("URI %q", at)
			}
		}
	},
	"github": func(t *testing.T, got, _ string) {
		command := regexp.MustCompile(`^::(error|warning|notice) title=[^,:]*,file=[^,:]*,line=2,endLine=2,col=\d+,endColumn=\d+::`)
		lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
		if len(lines) != 3 {
			t.Errorf("%d lines for 2 findings and the count", len(lines))
		}
		for _, line := range lines[:min(2, len(lines))] {
			if !command.MatchString(line) {
				t.Errorf("no command: %q", line)
			}
		}
	},
	"junit": func(t *testing.T, got, _ string) {
		var out junitSuites
		if err := xml.Unmarshal([]byte(got), &out); err != nil {
			t.Error(err)
		}
		if len(out.Suites) != 1 || len(out.Suites[0].Cases) != 2 {
			t.Errorf("%d suites", len(out.Suites))
		}
	},
	"html": func(t *testing.T, got, plain string) {
		if a, b := strings.Count(got, "<"), strings.Count(plain, "<"); a > b { // an empty name has fewer
			t.Errorf("%d tags, %d for a plain name", a, b)
		}
	},
	"markdown": markdownShape,
	"review": func(t *testing.T, got, plain string) {
		for _, problem := range Lint([]byte(got)) {
			t.Errorf("lint: %s", problem)
		}
		body := func(s string) string { return s[:strings.LastIndex(s, "\n<!-- delint-review")] }
		markdownShape(t, body(got), body(plain))
		if p := ParseReview("", []byte(got)); p.Trailer == nil || len(p.Known) != 2 {
			t.Errorf("the reader finds %+v", p)
		}
		if known, _ := readTemplate(got); len(known) != 2 || known[0].Rule != "empty-except" || known[1].Severity != "Critical" {
			t.Errorf("the template holds %+v", known)
		}
	},
}

// markdownShape holds that no line begins another kind of block than it would for a plain name, and that outside code there
// is no tag, link or mention.
func markdownShape(t *testing.T, got, plain string) {
	if a, b := strings.Count(got, "\n"), strings.Count(plain, "\n"); a > b { // long ones are left out
		t.Errorf("%d lines, %d for a plain name", a, b)
	}
	for line := range strings.Lines(got) {
		text := withoutCode(strings.TrimSpace(line))
		for _, known := range []string{CommentMarker, "<details>", "<summary>", "</summary>", "</details>"} {
			text = strings.ReplaceAll(text, known, "")
		}
		if i := strings.IndexAny(text, "<@"); i >= 0 {
			t.Errorf("a tag or a mention: %q", line)
		}
		if regexp.MustCompile(`[^\\]\]\(|://|www\.\w`).MatchString(text) {
			t.Errorf("a link: %q", line)
		}
	}
}

// withoutCode takes the code spans out of a line, as CommonMark finds them.
func withoutCode(line string) string {
	var b strings.Builder
	for i := 0; i < len(line); {
		if line[i] == '\\' && i+1 < len(line) {
			b.WriteString(line[i : i+2])
			i += 2
			continue
		}
		if line[i] != '`' {
			b.WriteByte(line[i])
			i++
			continue
		}
		n := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
		end := -1
		for j := i + n; j < len(line); {
			if line[j] != '`' {
				j++
				continue
			}
			m := len(line[j:]) - len(strings.TrimLeft(line[j:], "`"))
			if m == n {
				end = j + m
				break
			}
			j += m
		}
		if end < 0 {
			b.WriteString(line[i : i+n])
			i += n
			continue
		}
		i = end
	}
	return b.String()
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Errorf("%v: %q", err, text)
	}
	return v
}

func TestHostile(t *testing.T) {
	for _, format := range Formats() {
		for i, name := range names {
			t.Run(fmt.Sprintf("%s/%d", format, i), func(t *testing.T) { checkShape(t, format, name) })
		}
	}
}

func checkShape(t *testing.T, format, name string) {
	t.Helper()
	if name == "." {
		return // the repository as a whole, which has no lines
	}
	got := write(t, format, hostile(name), hostileOptions(name))
	if !utf8.ValidString(got) {
		t.Error("not UTF-8")
	}
	for _, r := range got {
		if r != '\n' && hidden(r) && !(r == '\ufeff') {
			t.Errorf("the character %U", r)
			break
		}
	}
	if logCommand.MatchString(got) {
		t.Error("a log command inside a line")
	}
	for line := range strings.Lines(got) {
		if format != "github" && strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("a log command: %q", line)
		}
	}
	shape, ok := shapes[format]
	if !ok {
		t.Fatalf("no shape is known of %s", format)
	}
	shape(t, got, write(t, format, hostile("plain"), hostileOptions("plain")))
}

// One fuzz target a format: the shapes hold for any name.

func fuzzFormat(f *testing.F, format string) {
	for _, name := range names {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) { checkShape(t, format, name) })
}

func FuzzText(f *testing.F)     { fuzzFormat(f, "text") }
func FuzzConcise(f *testing.F)  { fuzzFormat(f, "concise") }
func FuzzJSON(f *testing.F)     { fuzzFormat(f, "json") }
func FuzzJSONL(f *testing.F)    { fuzzFormat(f, "jsonl") }
func FuzzSARIF(f *testing.F)    { fuzzFormat(f, "sarif") }
func FuzzReview(f *testing.F)   { fuzzFormat(f, "review") }
func FuzzMarkdown(f *testing.F) { fuzzFormat(f, "markdown") }
func FuzzHTML(f *testing.F)     { fuzzFormat(f, "html") }
func FuzzGitHub(f *testing.F)   { fuzzFormat(f, "github") }
func FuzzGitLab(f *testing.F)   { fuzzFormat(f, "gitlab") }
func FuzzRDJSON(f *testing.F)   { fuzzFormat(f, "rdjson") }
func FuzzJUnit(f *testing.F)    { fuzzFormat(f, "junit") }
