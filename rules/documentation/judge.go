package docs

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"delint/graph"
	"delint/rules"
)

// state is how far a page is there.
type state uint8

const (
	present state = iota
	stub          // there, but it says too little
	absent
)

// gap is a page that is not present.
type gap struct {
	path     string // as the standard spells it
	state    state
	severity rules.Severity
	found    string // the file that stands for it; empty if there is none
	note     string // what is wrong with that; empty if the page is just missing
}

// stubWords is the number of words below which a page is a stub.
const stubWords = 60

// formats are the extensions of pages, the first as the standard spells them.
var formats = []string{".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc"}

// judge says how far a page is there. The best of the files that may stand for it counts.
func (t *tree) judge(want page) gap {
	place, mapped := t.place(want.path)
	var files []string
	file, section, _ := strings.Cut(place, "#")
	switch {
	case t.isOpaque(file):
		return gap{state: present}
	case want.path == decisions:
		return t.judgeDecisions(want, place)
	case section != "":
		return t.judgeSection(want, file, section)
	case t.HasPath(strings.TrimSuffix(file, "/") + "/"):
		files = t.below(want, strings.TrimSuffix(file, "/")+"/")
	default:
		files = t.same(file)
	}
	best := gap{path: want.path, state: absent, severity: want.severity}
	if mapped && len(files) == 0 {
		best.note = "is mapped to " + place + ", which is not there"
	}
	for _, f := range files {
		note := t.fault(f, want)
		if note == "" {
			return gap{state: present}
		}
		if best.state == absent {
			best = gap{want.path, stub, min(want.severity, rules.Medium), f, note}
		}
	}
	if best.state == absent && best.note == "" {
		if near := t.misspelt(file); near != "" {
			best = gap{want.path, absent, rules.Low, near, "is spelt " + near + ": rename it"}
		} else if near := t.displaced(want, file); near != "" {
			best = gap{want.path, absent, rules.Low, near, "is kept in " + near + ": map it in delint.toml"}
		}
	}
	return best
}

// fault says what is wrong with a file that stands for a page; empty if nothing is.
func (t *tree) fault(file string, want page) string {
	if path.Base(file) == ".gitkeep" {
		return "is empty"
	}
	facts := t.File(file)
	if facts == nil || facts.NotAnalysed != "" || facts.Document == nil {
		return ""
	}
	switch d := facts.Document; {
	case d.Empty:
		return "is empty"
	case d.Machine != "":
		return ""
	case d.Marker, d.Words < stubWords && !isIndex(file, d):
		return "is a stub"
	case want.holds != nil && path.Ext(file) != ".rst" && !strings.HasPrefix(path.Ext(file), ".a"):
		return want.holds(d)
	}
	return ""
}

// isIndex reports whether a page does its work by leading to others.
func isIndex(file string, d *graph.DocumentFact) bool {
	stem := strings.ToLower(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	return (stem == "readme" || stem == "index") && d.Links >= 3
}

// isOpaque reports whether a place is, or stands below, a link or a submodule.
func (t *tree) isOpaque(place string) bool {
	for p := strings.TrimSuffix(place, "/"); p != "." && p != "/"; p = path.Dir(p) {
		if t.HasPath(p) && t.File(p) == nil {
			return true
		}
	}
	return false
}

// below lists the files of a folder that may stand for a page: prose, diagrams, machine-readable contracts, else .gitkeep.
func (t *tree) below(want page, folder string) []string {
	var pages, keep []string
	for _, p := range t.Under(folder) {
		if want.path == "docs/architecture/" && strings.Contains(p[len(folder):], "decisions/") {
			continue
		}
		facts := t.File(p)
		switch {
		case path.Base(p) == ".gitkeep":
			keep = append(keep, p)
		case slices.Contains(formats, strings.ToLower(path.Ext(p))), facts != nil && facts.Document != nil:
			pages = append(pages, p)
		}
	}
	if len(pages) > 0 {
		return pages
	}
	return keep
}

// same lists the files that may stand for a page that is a file: in any format, or the pages of a folder of its name.
func (t *tree) same(file string) []string {
	stem := strings.TrimSuffix(file, path.Ext(file))
	var files []string
	for _, ext := range append([]string{path.Ext(file)}, formats...) {
		if p := stem + ext; t.HasPath(p) && !slices.Contains(files, p) {
			files = append(files, p)
		}
	}
	return append(files, t.below(page{path: file}, stem+"/")...)
}

// displaced is a page of the wanted name, written, elsewhere in the documentation.
func (t *tree) displaced(want page, place string) string {
	name := strings.TrimSuffix(path.Base(place), path.Ext(place))
	for _, p := range t.Under(t.root) {
		facts := t.File(p)
		if facts == nil || facts.Document == nil || facts.Document.Machine != "" || t.fault(p, page{}) != "" {
			continue
		}
		if strings.HasSuffix(want.path, "/") {
			if path.Base(path.Dir(p)) == name {
				return path.Dir(p) + "/"
			}
		} else if strings.EqualFold(strings.TrimSuffix(path.Base(p), path.Ext(p)), name) {
			return p
		}
	}
	return ""
}

// misspelt is a path that differs from the place of a page in case only.
func (t *tree) misspelt(place string) string {
	for _, p := range t.Paths {
		if len(p) < len(place) || !strings.EqualFold(p[:len(place)], place) {
			continue
		}
		if strings.HasSuffix(place, "/") || len(p) == len(place) {
			return p[:len(place)]
		}
	}
	return ""
}

func (t *tree) judgeSection(want page, file, section string) gap {
	missing := gap{path: want.path, state: absent, severity: want.severity}
	missing.note = "is mapped to " + file + "#" + section + ", which is not there"
	facts := t.File(file)
	if facts == nil {
		return missing
	}
	if facts.Document == nil || facts.NotAnalysed != "" {
		return gap{state: present}
	}
	for _, h := range facts.Document.Headings {
		if slug(h.Text) != section {
			continue
		}
		if h.Words == 0 {
			return gap{want.path, stub, min(want.severity, rules.Medium), file, "is mapped to an empty section"}
		}
		return gap{state: present}
	}
	return missing
}

var notSlug = regexp.MustCompile(`[^\p{L}\p{N}\- _]+`)

// slug is a heading as GitHub links to it.
func slug(heading string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' {
			return '-'
		}
		return unicode.ToLower(c)
	}, notSlug.ReplaceAllString(heading, ""))
}
