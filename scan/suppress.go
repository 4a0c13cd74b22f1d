package scan

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// suppression is one "delint: ignore[rule] reason" in a comment.
type suppression struct {
	Span   parsers.Span // of the directive
	Line   int          // the line whose findings it suppresses
	Rules  []string
	Reason string
	Until  string
	Used   bool
}

var directive = regexp.MustCompile(`delint:[ \t]*ignore\[([^\]\n]*)\]([^\n]*)`)

var until = regexp.MustCompile(`\buntil=(\S*)`)

// leaders begin a comment in the languages that delint reads, and what ends it.
var leaders = map[string]string{"#": "", "--": "", "//": "", "/*": "*/", "{#": "#}", "<!--": "-->", "{{/*": "*/}}", ";": "", "%": ""}

// ownLeaders are the leaders that begin a comment in languages whose texts often quote comments of others.
var ownLeaders = map[string][]string{
	".md": {"<!--"}, ".markdown": {"<!--"}, ".html": {"<!--"}, ".xml": {"<!--"},
	".go": {"//", "/*"}, ".js": {"//", "/*"}, ".ts": {"//", "/*"}, ".java": {"//", "/*"}, ".scala": {"//", "/*"},
}

// suppressions finds the directives of a file. In Python only comment tokens count; elsewhere a comment leader must stand
// before the directive on its line.
func suppressions(f *parsers.File) []suppression {
	if !bytes.Contains(f.Text, []byte("delint:")) {
		return nil
	}
	var found []suppression
	for _, m := range directive.FindAllSubmatchIndex(f.Text, -1) {
		lineStart := bytes.LastIndexByte(f.Text[:m[0]], '\n') + 1
		before := strings.TrimRight(string(f.Text[lineStart:m[0]]), " \t")
		leader := leaderOf(before)
		if own := ownLeaders[strings.ToLower(path.Ext(f.Path))]; own != nil && !slices.Contains(own, leader) {
			continue
		}
		if leader == "" || !inComment(f, m[0]) {
			continue
		}
		s := suppression{Span: f.Span(m[0], m[1])}
		for r := range strings.SplitSeq(string(f.Text[m[2]:m[3]]), ",") {
			if r = strings.TrimSpace(r); r != "" {
				s.Rules = append(s.Rules, r)
			}
		}
		rest := string(f.Text[m[4]:m[5]])
		if end := leaders[leader]; end != "" {
			rest, _, _ = strings.Cut(rest, end)
		}
		if u := until.FindStringSubmatch(rest); u != nil {
			s.Until = u[1]
			rest = until.ReplaceAllString(rest, "")
		}
		s.Reason = strings.TrimSpace(strings.Trim(strings.TrimSpace(rest), "-"))
		s.Line = s.Span.Start.Line
		if strings.TrimSpace(strings.TrimSuffix(before, leader)) == "" {
			s.Line = nextLine(f, s.Span.Start.Line)
		}
		found = append(found, s)
	}
	return found
}

// leaderOf is the comment leader that a text ends with.
func leaderOf(before string) string {
	best := ""
	for l := range leaders {
		if strings.HasSuffix(before, l) && len(l) > len(best) {
			best = l
		}
	}
	return best
}

// inComment asks the tree, where the language has one whose comments are tokens.
func inComment(f *parsers.File, at int) bool {
	if f.Tree == nil || f.Tree.Grammar != python.Grammar {
		return true
	}
	return f.Tree.Enclosing(at, at+1).Is(python.Comment)
}

// nextLine is the first line after n that is neither empty nor a directive of its own.
func nextLine(f *parsers.File, n int) int {
	for line := n + 1; line <= f.LineCount(); line++ {
		text := bytes.TrimSpace(f.Line(line))
		if len(text) > 0 && !directive.Match(text) {
			return line
		}
	}
	return n
}

// The rules about suppressions. The driver decides them, because it alone knows what was suppressed.
var (
	suppressionWithoutReason = rules.Driver("suppression-without-reason")
	unknownSuppression       = rules.Driver("unknown-suppression")
	expiredSuppression       = rules.Driver("expired-suppression")
	unusedSuppression        = rules.Driver("unused-suppression")
)

// suppress splits findings into those that stay and those that a comment or the configuration suppresses, and adds what is
// wrong with the suppressions themselves.
func (r *run) suppress(findings []*rules.Finding, outcomes []*outcome) (kept, suppressed []*rules.Finding) {
	byPath := map[string]*outcome{}
	for _, o := range outcomes {
		if len(o.Comments) > 0 {
			byPath[o.Path] = o
		}
	}
	for _, f := range findings {
		if r.suppressedByConfig(f) || r.suppressedByComment(f, byPath[f.Span.Path]) {
			suppressed = append(suppressed, f)
		} else {
			kept = append(kept, f)
		}
	}
	for _, o := range outcomes {
		for i := range o.Comments {
			kept = append(kept, r.judge(&o.Comments[i])...)
		}
	}
	return kept, suppressed
}

func (r *run) suppressedByComment(f *rules.Finding, o *outcome) bool {
	if o == nil {
		return false
	}
	hit := false
	for i := range o.Comments {
		c := &o.Comments[i]
		if (c.Line == f.Span.Start.Line || c.Span.Start.Line == f.Span.Start.Line) && slices.Contains(c.Rules, f.Rule.Name) {
			c.Used = true
			if !c.expired(r.options.Today) {
				hit = true
			}
		}
	}
	return hit
}

func (s *suppression) expired(today time.Time) bool {
	date, err := time.Parse(time.DateOnly, s.Until)
	return s.Until != "" && (err != nil || today.After(date.AddDate(0, 0, 1)))
}

func (r *run) suppressedByConfig(f *rules.Finding) bool {
	for _, i := range r.config.Ignores {
		if !f.Rule.Select([]string{i.Rule}) {
			continue
		}
		if date, err := time.Parse(time.DateOnly, i.Until); err == nil && r.options.Today.After(date.AddDate(0, 0, 1)) {
			continue
		}
		if i.Path == f.Span.Path || f.Span.Path != "." && matchAny([]string{i.Path}, f.Span.Path) {
			return true
		}
	}
	return false
}

// judge says what is wrong with one suppression.
func (r *run) judge(s *suppression) []*rules.Finding {
	var found []*rules.Finding
	report := func(rule *rules.Rule, format string, args ...any) {
		if !r.selects(rule) {
			return
		}
		f := &rules.Finding{Rule: rule, Severity: rule.Severity, Span: s.Span, Key: strings.Join(s.Rules, ",")}
		f.Message = fmt.Sprintf(format, args...)
		f.Unit = rules.Unit{Kind: "module", Name: path.Base(s.Span.Path), StartLine: s.Span.Start.Line, EndLine: s.Span.Start.Line}
		found = append(found, f)
	}
	unknown := false
	for _, name := range s.Rules {
		if r.known(name) {
			continue
		}
		unknown = true
		hint := ""
		if near := rules.Nearest(name, r.names()); near != "" {
			hint = fmt.Sprintf("; did you mean `%s`?", near)
		}
		report(unknownSuppression, "no rule is named `%s`%s", name, hint)
	}
	if len(s.Rules) == 0 {
		unknown = true
		report(unknownSuppression, "the suppression names no rule")
	}
	if s.Reason == "" {
		report(suppressionWithoutReason, "the suppression of `%s` gives no reason", strings.Join(s.Rules, ", "))
	}
	if s.expired(r.options.Today) {
		if _, err := time.Parse(time.DateOnly, s.Until); err != nil {
			report(expiredSuppression, "until=%s is no date; write until=YYYY-MM-DD", s.Until)
		} else {
			report(expiredSuppression, "the suppression of `%s` expired on %s", strings.Join(s.Rules, ", "), s.Until)
		}
	}
	if !s.Used && !unknown && r.ranAll(s.Rules) {
		report(unusedSuppression, "nothing here is reported by `%s`", strings.Join(s.Rules, "`, `"))
	}
	return found
}
