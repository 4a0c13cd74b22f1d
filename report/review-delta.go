package report

import (
	"fmt"
	"slices"
	"strings"

	"delint/rules"
)

// delta is what changed since an earlier review.
type delta struct {
	fixed         []Known
	open, added   int
	unknown       int    // no longer reported, for a reason that may be another than a fix
	undone        []Step // marked done, but still found
	done          []Step // marked done, and gone
	hasComparison bool
}

// compare says what changed. A finding counts as fixed only if its rule ran on its file again and nothing hides it now.
func compare(r *Report, p *Previous) delta {
	var d delta
	if p == nil || r.Partial {
		return d
	}
	d.hasComparison = true
	ran, present := map[string]bool{}, map[string]bool{}
	for _, rule := range r.Rules {
		ran[rule.Name] = true
	}
	for _, f := range r.Findings {
		present[f.Rule.Name] = true
	}
	matched := make([]bool, len(r.Findings))
	byPrint := map[string]int{}
	for i, f := range r.Findings {
		byPrint[f.Fingerprint] = i
	}
	for _, k := range p.Known {
		i, ok := byPrint[k.Fingerprint]
		if k.Fingerprint == "" {
			i = find(r.Findings, matched, k)
		} else if !ok || matched[i] {
			i = -1
		}
		switch {
		case i >= 0:
			matched[i] = true
			d.open++
		case k.Rule != "" && ran[k.Rule] && r.Suppressed[k.Rule] == 0 && r.Deferred[k.Rule] == 0 && !r.unread(k.Path):
			d.fixed = append(d.fixed, k)
		default:
			d.unknown++
		}
	}
	if p.Trailer != nil && !p.Trailer.Cut {
		for _, m := range matched {
			if !m {
				d.added++
			}
		}
	}
	for _, s := range p.Done {
		if s.Rule != "" && present[s.Rule] {
			d.undone = append(d.undone, s)
		} else if s.Rule != "" && ran[s.Rule] {
			d.done = append(d.done, s)
		}
	}
	return d
}

// find is the finding that one of a review without trailer is now, by path and unit and rule or by its words; -1 if it is gone.
func find(findings []*rules.Finding, matched []bool, k Known) int {
	for i, f := range findings {
		if matched[i] || k.Path != encoded(f.Span.Path) && k.Path != visible(f.Span.Path) {
			continue
		}
		h := headingOf(f, false)
		sameUnit := k.Unit == "" || k.Unit == strings.ToLower(h.kind)+" "+h.name
		if k.Rule == f.Rule.Name && sameUnit || k.Issue != "" && strings.Contains(k.Issue, normalized(f.Message)) {
			return i
		}
	}
	return -1
}

func (r *Report) unread(path string) bool {
	return slices.ContainsFunc(r.NotAnalysed, func(n NotAnalysed) bool { return encoded(n.Path) == path })
}

// line is the delta as the Summary says it; empty if there is nothing to compare with.
func (d delta) line(p *Previous) string {
	if !d.hasComparison {
		return ""
	}
	since := "the previous review"
	if !p.Date.IsZero() {
		since = "the review of " + p.Date.UTC().Format("2006-01-02")
	}
	s := fmt.Sprintf("Since %s: Fixed %d / Still open %d", since, len(d.fixed), d.open)
	if p.Trailer != nil && !p.Trailer.Cut {
		s += fmt.Sprintf(" / New %d", d.added)
	}
	if d.unknown > 0 {
		s += fmt.Sprintf(" / No longer reported %d", d.unknown)
	}
	s += "."
	var named []string
	for _, k := range d.fixed {
		if len(named) == 5 {
			break
		}
		named = append(named, codeSpan(k.Rule)+" in "+codeSpan(k.Path))
	}
	if named != nil {
		s += " Fixed: " + strings.Join(named, ", ") + "."
	}
	var undone []string
	for _, u := range d.undone {
		undone = append(undone, codeSpan(u.Rule))
	}
	slices.Sort(undone)
	if undone = slices.Compact(undone); len(undone) > 0 {
		s += " Marked done but still present: " + strings.Join(undone, ", ") + "."
	}
	return s
}
