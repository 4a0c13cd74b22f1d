package graph

import (
	"path"
	"slices"
	"strings"
)

// names finds datasets by what others call them. Every list has the order of the datasets.
type names struct {
	byName   map[string][]*Dataset // by the last part, in lower case
	byKey    map[string][]*Dataset // by a tool's own key: "ref:orders"
	patterns []*Dataset            // whose last part has a hole
	all      []*Dataset
}

func newNames(datasets []*Dataset) *names {
	n := &names{byName: map[string][]*Dataset{}, byKey: map[string][]*Dataset{}, all: datasets}
	for _, d := range datasets {
		n.index(d)
	}
	return n
}

func (n *names) index(d *Dataset) {
	last := d.Parts[len(d.Parts)-1]
	if strings.Contains(last, Hole) {
		n.patterns = append(n.patterns, d)
	} else {
		n.byName[last] = append(n.byName[last], d)
	}
	for _, p := range d.Producers {
		for _, a := range p.Alias {
			m := n.byName
			if strings.Contains(a, ":") {
				m = n.byKey
			}
			a = strings.ToLower(a)
			if !slices.Contains(m[a], d) {
				m[a] = append(m[a], d)
			}
		}
	}
}

// find is every dataset that a reference may mean. from is the file that holds the reference: of several datasets that fit,
// those of the nearest folder are meant. Two results are an ambiguity.
func (n *names) find(r Ref, from string) []*Dataset {
	if r.Tool != "" && r.Tool != "sql" && r.Tool != "path" {
		key := strings.ToLower(r.Tool + ":" + strings.Join(r.Parts, "."))
		return nearest(n.byKey[key], from)
	}
	parts := r.Parts
	if r.Tool == "path" {
		parts = []string{PathName(strings.Join(r.Parts, "/"))}
	}
	parts = Canonical(parts)
	if parts == nil {
		return nil
	}
	last := parts[len(parts)-1]
	var found []*Dataset
	if strings.Contains(last, Hole) {
		for _, d := range n.all {
			if MatchName(parts, d.Parts) {
				found = append(found, d)
			}
		}
		return found
	}
	for _, d := range n.byName[last] {
		if d.Parts[len(d.Parts)-1] != last || outerMatch(parts, d.Parts) {
			found = append(found, d)
		}
	}
	for _, d := range n.patterns {
		if MatchName(parts, d.Parts) {
			found = append(found, d)
		}
	}
	return nearest(found, from)
}

// like is every dataset whose name an SQL LIKE pattern matches: % stands for any letters, _ for one.
func (n *names) like(pattern string) []*Dataset {
	pattern = strings.ToLower(pattern)
	if !strings.ContainsAny(pattern, "%_*") {
		return n.byName[pattern]
	}
	var found []*Dataset
	for _, d := range n.all {
		if Like(pattern, d.Parts[len(d.Parts)-1]) {
			found = append(found, d)
		}
	}
	return found
}

// nearest keeps, of several datasets, those whose first producer shares the longest folder with the file.
func nearest(found []*Dataset, from string) []*Dataset {
	if len(found) < 2 || from == "" {
		return found
	}
	best, out := -1, []*Dataset(nil)
	for _, d := range found {
		shared := 0
		for _, p := range d.Producers {
			shared = max(shared, sharedFolders(p.Span.Path, from))
		}
		if shared > best {
			best, out = shared, nil
		}
		if shared == best {
			out = append(out, d)
		}
	}
	return out
}

func sharedFolders(a, b string) int {
	x, y := strings.Split(path.Dir(a), "/"), strings.Split(path.Dir(b), "/")
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] && x[n] != "." {
		n++
	}
	return n
}

// MatchName compares two canonical names from the right: the names must match; schema and catalog are compared only where
// both sides have them. A hole matches any text.
func MatchName(a, b []string) bool {
	return partMatch(a[len(a)-1], b[len(b)-1]) && outerMatch(a, b)
}

func outerMatch(a, b []string) bool {
	for i := 2; i <= len(a) && i <= len(b); i++ {
		if !partMatch(a[len(a)-i], b[len(b)-i]) {
			return false
		}
	}
	return true
}

func partMatch(a, b string) bool {
	if a == b {
		return true
	}
	return strings.Contains(a, Hole) && glob(a, b, Hole) || strings.Contains(b, Hole) && glob(b, a, Hole)
}

// glob matches text against a pattern in which star stands for any text.
func glob(pattern, text, star string) bool {
	pieces := strings.Split(pattern, star)
	if len(pieces) == 1 {
		return pattern == text
	}
	if !strings.HasPrefix(text, pieces[0]) {
		return false
	}
	text = text[len(pieces[0]):]
	for _, p := range pieces[1 : len(pieces)-1] {
		i := strings.Index(text, p)
		if i < 0 {
			return false
		}
		text = text[i+len(p):]
	}
	return strings.HasSuffix(text, pieces[len(pieces)-1])
}

// Like matches text against an SQL LIKE pattern; * stands for any text too.
func Like(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && (pattern[p] == '%' || pattern[p] == '*'):
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '_' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "%*") == ""
}
