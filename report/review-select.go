package report

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"delint/rules"
)

// What a person reads: at most so many findings, and so many places of one rule before it becomes a theme.
const (
	reviewMost        = 40
	reviewMostFile    = 8
	reviewMostFileLow = 3
	reviewMostPaths   = 5
)

var weights = [...]int{rules.Low: 1, rules.Medium: 2, rules.High: 4, rules.Critical: 8}

// selection is what of a report stands in its review.
type selection struct {
	all   []*rules.Finding // after the gate
	files []*fileBlock
	// themes are the rules that stand in Architecture Considerations.
	themes []*theme
	left   []*rules.Finding // neither in a file's section nor in a theme
}

// fileBlock is one File section.
type fileBlock struct {
	path    string
	weight  int
	entries []*entry
}

// entry is one block of four fields: findings of one rule in one unit.
type entry struct {
	rule     *rules.Rule
	path     string
	heading  heading
	severity rules.Severity
	findings []*rules.Finding
	weight   int // of its file
}

// heading is the heading of a unit.
type heading struct {
	kind, name string
	start, end int
}

// theme is a rule that is about more than one file.
type theme struct {
	rule     *rules.Rule
	findings []*rules.Finding
}

func choose(r *Report, strict bool) *selection {
	s := &selection{}
	weight := map[string]int{}
	byUnit := map[heading]map[string]*entry{} // path and rule below
	var entries []*entry
	themes := map[*rules.Rule]*theme{}
	add := func(f *rules.Finding) {
		if themes[f.Rule] == nil {
			themes[f.Rule] = &theme{rule: f.Rule}
			s.themes = append(s.themes, themes[f.Rule])
		}
		themes[f.Rule].findings = append(themes[f.Rule].findings, f)
	}
	for _, f := range r.Findings {
		if f.Rule.Precision == rules.LowPrecision && f.Severity < rules.Critical {
			continue
		}
		s.all = append(s.all, f)
		if f.Span.Path == "." {
			add(f)
			continue
		}
		if f.Rule.Standard == "architecture" {
			add(f)
		}
		weight[f.Span.Path] += weights[f.Severity]
		h := headingOf(f, strict)
		if byUnit[h] == nil {
			byUnit[h] = map[string]*entry{}
		}
		key := f.Span.Path + "\x00" + f.Rule.Name
		e := byUnit[h][key]
		if e == nil {
			e = &entry{rule: f.Rule, path: f.Span.Path, heading: h}
			byUnit[h][key] = e
			entries = append(entries, e)
		}
		e.findings = append(e.findings, f)
		e.severity = max(e.severity, f.Severity)
	}
	entries = mergeClasses(entries)
	for _, e := range entries {
		e.weight = weight[e.path]
	}
	entries = gather(entries, add)
	s.cap(entries)
	slices.SortStableFunc(s.themes, func(a, b *theme) int {
		return cmp.Or(int(worst(b.findings))-int(worst(a.findings)), strings.Compare(a.rule.Name, b.rule.Name))
	})
	return s
}

// headingOf is the heading under which a finding stands.
func headingOf(f *rules.Finding, strict bool) heading {
	u := f.Unit
	h := heading{name: u.Name, start: max(1, u.StartLine), end: max(1, u.StartLine, u.EndLine)}
	switch u.Kind {
	case "function":
		h.kind = "Function"
	case "class":
		h.kind = "Class"
	case "query":
		h.kind = "Query"
	case "cell":
		h.kind, h.name = "Block", f.Span.Path+"#"+u.Name
		h.start, h.end = 1, h.end-h.start+1
	case "section":
		h.kind = "Section"
	case "block":
		h.kind = "Block"
	default:
		h.kind, h.name = "Module", f.Span.Path
	}
	if h.kind == "Block" && strings.HasSuffix(f.Span.Path, ".sql") {
		h.kind = "Query"
	}
	if strict && h.kind != "Function" && h.kind != "Class" && h.kind != "Query" {
		h.kind, h.name = "Function", "<module>"
		if strings.HasSuffix(f.Span.Path, ".sql") {
			h.kind, h.name = "Query", strings.TrimSuffix(path.Base(f.Span.Path), ".sql")
		}
	}
	h.name = strings.ReplaceAll(visible(h.name), "`", "'")
	if h.name == "" {
		h.name = "<unnamed>"
	}
	return h
}

// lineIn is the line of a finding as its heading counts: of a notebook's cell, else of the file.
func lineIn(f *rules.Finding) int {
	if f.Unit.Kind == "cell" {
		return max(1, f.Span.Start.Line-f.Unit.StartLine+1)
	}
	return max(1, f.Span.Start.Line)
}

// mergeClasses makes one Class block of three or more methods of a class in which the same rule found something.
func mergeClasses(entries []*entry) []*entry {
	type key struct{ path, class, rule string }
	of := func(e *entry) (key, bool) {
		class, _, ok := cutLast(e.heading.name, ".")
		return key{e.path, class, e.rule.Name}, ok && e.heading.kind == "Function" && !strings.HasSuffix(class, "<locals>")
	}
	n := map[key]int{}
	for _, e := range entries {
		if k, ok := of(e); ok {
			n[k]++
		}
	}
	first := map[key]*entry{}
	var out []*entry
	for _, e := range entries {
		k, ok := of(e)
		if !ok || n[k] < 3 {
			out = append(out, e)
			continue
		}
		into := first[k]
		if into == nil {
			first[k] = e
			e.heading.kind, e.heading.name = "Class", k.class
			out = append(out, e)
			continue
		}
		into.findings = append(into.findings, e.findings...)
		into.severity = max(into.severity, e.severity)
		into.heading.start, into.heading.end = min(into.heading.start, e.heading.start), max(into.heading.end, e.heading.end)
	}
	return out
}

// gather leaves one entry, in the worst file, of a rule that found something in more than reviewMostPaths files, and makes a
// theme of it.
func gather(entries []*entry, add func(*rules.Finding)) []*entry {
	paths := map[*rules.Rule]map[string]bool{}
	best := map[*rules.Rule]*entry{}
	for _, e := range entries {
		if paths[e.rule] == nil {
			paths[e.rule] = map[string]bool{}
		}
		paths[e.rule][e.path] = true
		if b := best[e.rule]; b == nil || cmp.Or(int(e.severity)-int(b.severity), e.weight-b.weight, len(e.findings)-len(b.findings)) > 0 {
			best[e.rule] = e
		}
	}
	return slices.DeleteFunc(entries, func(e *entry) bool {
		if len(paths[e.rule]) <= reviewMostPaths {
			return false
		}
		if e.rule.Standard != "architecture" { // those are there already
			for _, f := range e.findings {
				add(f)
			}
		}
		return best[e.rule] != e
	})
}

// cap takes the most severe entries within the limits and orders them: the worst file first, a file by line.
func (s *selection) cap(entries []*entry) {
	slices.SortStableFunc(entries, func(a, b *entry) int {
		return cmp.Or(int(b.severity)-int(a.severity), b.weight-a.weight, strings.Compare(a.path, b.path), lineIn(a.findings[0])-lineIn(b.findings[0]))
	})
	blocks := map[string]*fileBlock{}
	low := map[string]int{}
	shown := 0
	for _, e := range entries {
		b := blocks[e.path]
		if b == nil {
			b = &fileBlock{path: e.path, weight: e.weight}
			blocks[e.path] = b
		}
		if shown >= reviewMost || len(b.entries) >= reviewMostFile || e.severity <= rules.Low && low[e.path] >= reviewMostFileLow {
			s.left = append(s.left, e.findings...)
			continue
		}
		if e.severity <= rules.Low {
			low[e.path]++
		}
		if len(b.entries) == 0 {
			s.files = append(s.files, b)
		}
		b.entries = append(b.entries, e)
		shown++
	}
	slices.SortFunc(s.files, func(a, b *fileBlock) int { return cmp.Or(b.weight-a.weight, strings.Compare(a.path, b.path)) })
	for _, b := range s.files {
		slices.SortStableFunc(b.entries, func(x, y *entry) int {
			return cmp.Or(x.heading.start-y.heading.start, strings.Compare(x.heading.kind+x.heading.name, y.heading.kind+y.heading.name),
				lineIn(x.findings[0])-lineIn(y.findings[0]), strings.Compare(x.rule.Name, y.rule.Name))
		})
	}
}

func worst(findings []*rules.Finding) rules.Severity {
	s := rules.Off
	for _, f := range findings {
		s = max(s, f.Severity)
	}
	return s
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
