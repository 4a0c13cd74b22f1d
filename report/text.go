package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"delint/rules"
)

// Text writes what a person reads on a terminal: the findings by file, each with its place, the code, and what to do.
func Text(w io.Writer, r *Report, o Options) error {
	t := &text{b: bufio.NewWriter(w), r: r, o: o, source: source{r: r}, width: o.Width}
	if t.width < 40 {
		t.width = 100
	}
	for i := 0; i < len(r.Findings); {
		j := i
		for j < len(r.Findings) && r.Findings[j].Span.Path == r.Findings[i].Span.Path {
			j++
		}
		t.file(r.Findings[i:j])
		i = j
	}
	t.summary()
	return t.b.Flush()
}

// placesMost is how many related places text shows of a finding.
const placesMost = 5

type text struct {
	b      *bufio.Writer
	r      *Report
	o      Options
	source source
	width  int
}

// style is an SGR sequence; text writes it only where colour was asked for.
type style string

const (
	bold    style = "1"
	dim     style = "2"
	red     style = "31"
	boldRed style = "1;31"
	yellow  style = "33"
	blue    style = "34"
)

var severityStyle = [...]style{rules.Off: dim, rules.Low: blue, rules.Medium: yellow, rules.High: red, rules.Critical: boldRed}

func (t *text) in(s style, text string) string {
	if !t.o.Color || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// file writes the findings of one file.
func (t *text) file(findings []*rules.Finding) {
	path := findings[0].Span.Path
	name := t.o.shown(path)
	if path == "." {
		name = "the repository as a whole"
	}
	fmt.Fprintf(t.b, "%s %s\n", t.in(bold, name), t.in(dim, "("+plural(len(findings), "finding")+")"))
	told := map[*rules.Rule]bool{}
	for _, f := range findings {
		t.finding(f, !told[f.Rule])
		told[f.Rule] = true
	}
	fmt.Fprintln(t.b)
}

func (t *text) finding(f *rules.Finding, tell bool) {
	place := ""
	if f.Span.Path != "." {
		place = fmt.Sprintf("  %s:%d:%d", t.o.shown(f.Span.Path), max(1, f.Span.Start.Line), max(1, f.Span.Start.Column))
		if u := f.Unit; u.Kind != "module" && u.Name != "" {
			place += ", " + visible(u.Kind+" "+u.Name)
		}
	}
	fmt.Fprintf(t.b, "\n  %s  %s%s\n", t.in(severityStyle[f.Severity], f.Severity.String()), t.in(bold, f.Rule.Name), t.in(dim, place))
	fmt.Fprintf(t.b, "  %s\n", atStart(visible(f.Message)))
	todo := ""
	switch {
	case t.o.Extended:
		todo = recommendation(f.Rule)
	case tell:
		todo = firstSentence(recommendation(f.Rule))
	}
	if t.frame(f) && (f.Evidence != "" || len(f.Places) > 0 || todo != "") {
		fmt.Fprintln(t.b)
	}
	for _, line := range wrap(visible(f.Evidence), t.width-4) {
		fmt.Fprintf(t.b, "  %s\n", t.in(dim, line))
	}
	for i, p := range f.Places {
		if i == placesMost {
			fmt.Fprintf(t.b, "  %s\n", t.in(dim, fmt.Sprintf("see also: %d more places", len(f.Places)-i)))
			break
		}
		fmt.Fprintf(t.b, "  %s\n", t.in(dim, fmt.Sprintf("see also: %s:%d:%d %s", t.o.shown(p.Span.Path),
			max(1, p.Span.Start.Line), max(1, p.Span.Start.Column), visible(p.Message))))
	}
	if t.o.Extended {
		t.lead("why: ", rationale(f.Rule))
		if f.EnvironmentReason != "" {
			t.lead("where: ", visible(string(f.Environment)+" ("+f.EnvironmentReason+")"))
		}
	}
	t.lead("do: ", todo)
	if f.Fix != nil {
		flag := "--fix"
		if f.Fix.Unsafe {
			flag = "--fix --unsafe-fixes"
		}
		t.lead("fix: ", visible(f.Fix.Title)+" ("+flag+")")
	}
	if t.o.Extended && tell {
		t.remedy(f.Rule)
	}
}

// lead writes a text behind a word, wrapped under itself.
func (t *text) lead(word, s string) {
	for i, line := range wrap(s, t.width-len(word)-4) {
		if i > 0 {
			word = strings.Repeat(" ", len(word))
		}
		fmt.Fprintf(t.b, "  %s%s\n", word, line)
	}
}

// remedy writes the code that shows what to do, without its fence.
func (t *text) remedy(r *rules.Rule) {
	lines := strings.Split(example(r.Page), "\n")
	if len(lines) < 3 {
		return
	}
	fmt.Fprintln(t.b)
	for _, line := range lines[1 : len(lines)-1] {
		fmt.Fprintln(t.b, strings.TrimRight("      "+visible(line), " "))
	}
}

// frame writes the line of a finding with one line around it, and marks the range; false where there is nothing to mark.
func (t *text) frame(f *rules.Finding) bool {
	p := f.Span
	if p.Start == p.End || t.source.line(p.Path, p.Start.Line) == nil {
		return false
	}
	gutter := len(fmt.Sprint(p.Start.Line + 1))
	room := max(20, t.width-gutter-7)
	fmt.Fprintln(t.b)
	for n := max(1, p.Start.Line-1); n <= p.Start.Line+1; n++ {
		line := t.source.line(p.Path, n)
		if n != p.Start.Line {
			shown := cut(line, 0, -1, room).text
			if shown == "" {
				continue
			}
			fmt.Fprintf(t.b, "    %s %s\n", t.in(dim, fmt.Sprintf("%*d |", gutter, n)), shown)
			continue
		}
		start, _, _ := t.source.columns(p.Path, n, p.Start.Column)
		end := len(line) + 1 // in bytes, so not before the end of the line
		if p.End.Line == n {
			end, _, _ = t.source.columns(p.Path, n, p.End.Column)
		}
		w := cut(line, start-1, end-1, room)
		fmt.Fprintf(t.b, "    %s\n", strings.TrimRight(t.in(dim, fmt.Sprintf("%*d |", gutter, n))+" "+w.text, " "))
		fmt.Fprintf(t.b, "    %s %s\n", t.in(dim, fmt.Sprintf("%*s |", gutter, "")), t.in(severityStyle[f.Severity], w.carets))
	}
	return true
}

// summary writes the last lines: the counts, what was left out, and where to read on.
func (t *text) summary() {
	r := t.r
	fmt.Fprintln(t.b, t.in(bold, headline(r)))
	if len(r.Findings) > 0 {
		n := map[string]int{}
		for _, f := range r.Findings {
			n[f.Rule.Name]++
		}
		t.wrapped("by rule: " + tally(n))
	}
	if len(r.NotAnalysed) > 0 {
		t.wrapped(fmt.Sprintf("not analysed: %s (%s)", plural(len(r.NotAnalysed), "file"), r.reasons()))
	}
	for _, n := range r.NotAnalysed {
		if n.Failed {
			fmt.Fprintf(t.b, "  %s: %s\n", t.o.shown(n.Path), visible(n.Reason))
		}
	}
	if len(r.Deferred) > 0 {
		t.wrapped("left to the tools that already report them (--no-defer shows all): " + tally(r.Deferred))
	}
	if n := sum(r.Suppressed); n > 0 {
		t.wrapped(fmt.Sprintf("suppressed: %d", n))
	}
	if len(r.Findings) > 0 {
		worst := bySeverity(r.Findings)[0].Rule.Name
		fmt.Fprintf(t.b, "\n%s explains that rule, with examples.\n%s writes all of this as a code review.\n",
			t.in(bold, "`delint rules "+worst+"`"), t.in(bold, "`delint review`"))
	}
}

func (t *text) wrapped(s string) {
	for i, line := range wrap(s, t.width-4) {
		fmt.Fprintf(t.b, "%s%s\n", strings.Repeat("  ", min(i, 1)), line)
	}
}

// headline is the one line that says how it went.
func headline(r *Report) string {
	if len(r.Findings) == 0 {
		return "no findings " + r.spread(nil)
	}
	return fmt.Sprintf("%s %s: %s", plural(len(r.Findings), "finding"), r.spread(r.Findings), counts(r.Findings))
}

// wrap breaks a text at spaces into lines of at most width bytes, where its words allow.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, atStart(line))
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, atStart(line))
	}
	return lines
}
