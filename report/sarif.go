package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"delint/rules"
)

const (
	// sarifMost is how many results of a run GitHub keeps.
	sarifMost = 5000
	// sarifText is how many characters of a description GitHub takes.
	sarifText = 1024
	leftOut   = "results-left-out"
)

// SARIF writes SARIF 2.1.0 as GitHub code scanning takes it: one run, every rule that ran with its page, one result a rule
// and line, UTF-16 columns, GitHub's own line hash, no source. Suppressed findings are left out, because GitHub ignores marks.
func SARIF(w io.Writer, r *Report, o Options) error {
	b := sarifBuilder{r: r, source: source{r: r}, index: map[string]int{}}
	run := sarifRun{ColumnKind: "utf16CodeUnits", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "delint", Version: r.Version, SemanticVersion: semantic(r.Version), Rules: b.rules()}
	if o.Category != "" {
		run.Automation = &sarifAutomation{ID: strings.TrimRight(o.Category, "/") + "/"}
	}
	run.Invocations = []sarifInvocation{b.invocation()}
	findings, extra := b.merge(r.Findings)
	left := 0
	if len(findings) > sarifMost-1 {
		left = len(findings) - (sarifMost - 1)
		findings = bySeverity(findings)[:sarifMost-1]
		slices.SortStableFunc(findings, rules.Less)
	}
	hashes := b.hashes(findings)
	for _, f := range findings {
		run.Results = append(run.Results, b.result(f, extra[f], hashes))
	}
	if left > 0 {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, leftOutRule)
		run.Results = append(run.Results, b.leftOut(left, len(run.Tool.Driver.Rules)-1))
	}
	return writeJSON(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}, " ")
}

type sarifBuilder struct {
	r      *Report
	source source
	index  map[string]int // of a rule in the driver's rules
}

// rules is the rules that ran, and any other that a finding names, by name.
func (b *sarifBuilder) rules() []sarifRule {
	all := slices.Clone(b.r.Rules)
	for _, f := range b.r.Findings {
		all = append(all, f.Rule)
	}
	slices.SortStableFunc(all, func(x, y *rules.Rule) int { return strings.Compare(x.Name, y.Name) })
	out := []sarifRule{}
	for _, rule := range all {
		if _, ok := b.index[rule.Name]; ok {
			continue
		}
		b.index[rule.Name] = len(out)
		out = append(out, ruleSARIF(rule))
	}
	return out
}

func ruleSARIF(r *rules.Rule) sarifRule {
	summary, help, markdown := r.Name, "", ""
	if r.Page != nil {
		if s := prose(r.Page.Summary); s != "" {
			summary = s
		}
		help = strings.TrimSpace(prose(r.Page.Recommendation()) + "\n\n" + prose(r.Page.Why()))
		markdown = rules.StripWants(r.Page.Shown(false))
	}
	if help == "" {
		help = summary
	}
	full := summary
	if r.Sentence != "" {
		full += " Standard: " + r.Sentence + "."
	}
	out := sarifRule{
		ID: r.Name, Name: pascal(r.Name), Short: sarifMessage{Text: head(summary, sarifText)},
		Full: sarifMessage{Text: head(full, sarifText)}, Help: sarifHelp{help, markdown},
	}
	out.Default.Level = level(r.Severity)
	p := &out.Properties
	p.Precision = string(r.Precision)
	p.Tags = []string{"data-engineering", r.Standard}
	if r.Standard == "security" {
		p.SecuritySeverity = securitySeverity[r.Severity]
	} else {
		p.ProblemSeverity = map[string]string{"error": "error", "warning": "warning", "note": "recommendation"}[out.Default.Level]
	}
	for _, tag := range r.Tags {
		if !slices.Contains(p.Tags, tag) && len(p.Tags) < 8 {
			p.Tags = append(p.Tags, tag)
		}
	}
	return out
}

// securitySeverity is the score by which GitHub shows the severity of a rule; its presence makes it a security alert.
var securitySeverity = [...]string{rules.Off: "2.5", rules.Low: "2.5", rules.Medium: "5.5", rules.High: "8.0", rules.Critical: "9.5"}

func level(s rules.Severity) string {
	switch {
	case s >= rules.High:
		return "error"
	case s == rules.Medium:
		return "warning"
	}
	return "note"
}

// merge leaves one finding a rule and line, because GitHub's line hash can't tell two apart; extra holds the others.
func (b *sarifBuilder) merge(findings []*rules.Finding) (kept []*rules.Finding, extra map[*rules.Finding][]*rules.Finding) {
	type key struct {
		rule, path string
		line       int
	}
	first := map[key]*rules.Finding{}
	extra = map[*rules.Finding][]*rules.Finding{}
	for _, f := range findings {
		k := key{f.Rule.Name, b.r.place(f.Span.Path), f.Span.Start.Line}
		if have := first[k]; have != nil {
			extra[have] = append(extra[have], f)
			continue
		}
		first[k] = f
		kept = append(kept, f)
	}
	return kept, extra
}

// hashes is the line hashes of the findings' lines by path.
func (b *sarifBuilder) hashes(findings []*rules.Finding) map[string]map[int]string {
	wanted := map[string]map[int]bool{}
	for _, f := range findings {
		p := b.r.place(f.Span.Path)
		if wanted[p] == nil {
			wanted[p] = map[int]bool{}
		}
		wanted[p][max(1, f.Span.Start.Line)] = true
	}
	out := map[string]map[int]string{}
	for p, lines := range wanted {
		if b.r.Text != nil {
			if text := b.r.Text(p); text != nil {
				out[p] = lineHashes(text, lines)
			}
		}
	}
	return out
}

func (b *sarifBuilder) result(f *rules.Finding, extra []*rules.Finding, hashes map[string]map[int]string) sarifResult {
	p := b.r.place(f.Span.Path)
	at := region{line: 1, start: 1, end: 1}
	if f.Span.Path != "." {
		at = b.source.utf16Region(f)
	}
	message := sentence(f.Message)
	if f.Evidence != "" {
		message += " " + sentence(f.Evidence)
	}
	if f.Environment != "" && f.Environment != rules.UnknownEnv {
		message += fmt.Sprintf(" Environment: %s.", f.Environment)
	}
	if len(extra) > 0 {
		message += fmt.Sprintf(" %d more of this rule on the same line.", len(extra))
	}
	out := sarifResult{
		RuleID: f.Rule.Name, RuleIndex: b.index[f.Rule.Name], Level: level(f.Severity), Message: sarifMessage{Text: message},
		Locations:    []sarifLocation{location(p, at)},
		Fingerprints: map[string]string{"delint/v1": f.Fingerprint},
	}
	if h := hashes[p][at.line]; h != "" {
		out.Fingerprints["primaryLocationLineHash"] = h
	}
	out.Properties = &sarifResultProperties{Environment: string(f.Environment), Severity: f.Severity.String()}
	b.relate(&out, f, extra)
	out.Fixes = fixSARIF(f.Fix)
	return out
}

// fixSARIF is a fix of existing files; SARIF has no words for a file that it writes.
func fixSARIF(f *rules.Fix) []sarifFix {
	if f == nil || len(f.Edits) == 0 || f.Create != nil {
		return nil
	}
	title := sentence(f.Title)
	if f.Unsafe {
		title += " Unsafe: it may change what the code does."
	}
	var changes []sarifArtifactChange
	for _, e := range f.Edits {
		r := sarifReplacement{sarifBytes{e.Start, e.End - e.Start}, sarifMessage{Text: e.Text}}
		i := slices.IndexFunc(changes, func(c sarifArtifactChange) bool { return c.Artifact.URI == encoded(e.Path) })
		if i < 0 {
			changes = append(changes, sarifArtifactChange{Artifact: sarifArtifact{encoded(e.Path)}})
			i = len(changes) - 1
		}
		changes[i].Replacements = append(changes[i].Replacements, r)
	}
	return []sarifFix{{Description: sarifMessage{Text: title}, Changes: changes}}
}

// relate adds the unit, the other places and the merged findings of a result.
func (b *sarifBuilder) relate(out *sarifResult, f *rules.Finding, extra []*rules.Finding) {
	add := func(path string, at region, endLine int, message string) {
		l := location(b.r.place(path), at)
		if endLine > at.line {
			l.Physical.Region = sarifRegion{StartLine: at.line, EndLine: endLine}
		}
		l.ID, l.Message = len(out.Related)+1, &sarifMessage{Text: linkless(message)}
		out.Related = append(out.Related, l)
	}
	if u := f.Unit; u.Kind != "module" && u.Kind != "" && f.Span.Path != "." {
		add(f.Span.Path, region{max(1, u.StartLine), 1, 1}, u.EndLine, u.Kind+" "+u.Name)
	}
	for _, p := range f.Places {
		_, start, _ := b.source.columns(p.Span.Path, p.Span.Start.Line, p.Span.Start.Column)
		add(p.Span.Path, region{max(1, p.Span.Start.Line), start, start}, 0, p.Message)
	}
	for _, e := range extra {
		at := region{1, 1, 1}
		if e.Span.Path != "." {
			at = b.source.utf16Region(e)
		}
		add(e.Span.Path, at, 0, e.Message)
	}
}

func (b *sarifBuilder) leftOut(n, index int) sarifResult {
	return sarifResult{
		RuleID: leftOut, RuleIndex: index, Level: "note",
		Message:      sarifMessage{Text: fmt.Sprintf("%d further results are left out, the least severe ones.", n)},
		Locations:    []sarifLocation{location(b.r.anchor(), region{1, 1, 1})},
		Fingerprints: map[string]string{"delint/v1": leftOut},
	}
}

var leftOutRule = func() sarifRule {
	text := "Code scanning keeps 5,000 results of a run, so delint sends only the most severe ones."
	r := sarifRule{
		ID: leftOut, Name: pascal(leftOut), Short: sarifMessage{Text: text}, Full: sarifMessage{Text: text},
		Help: sarifHelp{Text: "Fix the findings that are shown, select fewer rules, or read the others with delint --format json."},
	}
	r.Default.Level = "note"
	r.Properties.Tags = []string{"data-engineering"}
	r.Properties.ProblemSeverity = "recommendation"
	return r
}()

// invocation says that the results can be trusted; GitHub refuses a run that says otherwise. What could not be read stands
// in the notifications.
func (b *sarifBuilder) invocation() sarifInvocation {
	out := sarifInvocation{Successful: true}
	for _, n := range b.r.NotAnalysed {
		if n.Failed && len(out.Notifications) < 100 {
			note := sarifNotification{Level: "warning", Message: sarifMessage{Text: "Not analysed: " + sentence(n.Reason)}}
			note.Locations = []sarifLocation{{Physical: sarifPhysical{Artifact: sarifArtifact{uri(b.r.place(n.Path))}}}}
			note.Locations[0].Physical.Region = sarifRegion{StartLine: 1}
			out.Notifications = append(out.Notifications, note)
		}
	}
	return out
}

func location(path string, at region) sarifLocation {
	l := sarifLocation{}
	l.Physical.Artifact.URI = uri(path)
	l.Physical.Region = sarifRegion{at.line, at.start, at.line, at.end}
	return l
}

// sentence is a message as a sentence of SARIF text: GitHub makes its first sentence the title.
func sentence(s string) string {
	s = linkless(s)
	if s == "" {
		return "No message."
	}
	if word, _, _ := strings.Cut(s, " "); strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" && word != "" {
		s = strings.ToUpper(s[:1]) + s[1:] // a name stays as it is written
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// linkless is a text in which nothing is a link of SARIF's [text](target).
func linkless(s string) string { return strings.ReplaceAll(visible(s), "](", "] (") }

// head is at most n bytes of a text, cut at a character.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[:n-len("…")]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}

// semantic is a version as SemVer writes it; empty if it is none.
func semantic(v string) string {
	v = strings.TrimPrefix(v, "v")
	if v == "" || v[0] < '0' || v[0] > '9' {
		return ""
	}
	return v
}

// pascal is a rule's name as SARIF wants names: EmptyExcept.
func pascal(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}
