package pii

import (
	"slices"
	"strings"
)

// table is what the name of a table says of its rows.
type table struct {
	people  string // the word that says that rows are persons; empty if none does
	entity  bool   // rows are organisations or places
	machine bool   // addresses are those of machines
	figures bool   // people are known to the public
}

func tableOf(name string) table {
	var t table
	for _, w := range Tokens(name) {
		switch {
		case people[w] && t.people == "":
			t.people = w
		case entities[w] || compound(w):
			t.entity = true
		case figures[w]:
			t.figures = true
		case machines[w]:
			t.machine = true
		}
	}
	return t
}

// compound reports whether a word that nothing parts ends in one about organisations: medlabfacility.
func compound(word string) bool {
	for e := range entities {
		if len(e) > 7 && len(word) > len(e)+2 && strings.HasSuffix(word, e) {
			return true
		}
	}
	return false
}

// chained reports whether the columns of a table are those of a chain of blocks, whose addresses are no person's.
func chained(columns []Column) bool {
	for _, c := range columns {
		words := Tokens(c.Name)
		for i, w := range words {
			if i+1 < len(words) && (w == "block" && (words[i+1] == "number" || words[i+1] == "height" || words[i+1] == "timestamp" || words[i+1] == "hash") ||
				w == "tx" && words[i+1] == "hash" || w == "node" && strings.HasPrefix(words[i+1], "addr")) {
				return true
			}
		}
	}
	return false
}

// match finds the term that ends a name; nil where the name is something else, or something about personal data only.
func (t table) match(words []string) *term {
	for len(words) > 1 && after[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	var best *term
	for i := range terms {
		m := &terms[i]
		if n := len(words) - len(m.words); n >= 0 && slices.Equal(words[n:], m.words) && (best == nil || len(m.words) > len(best.words)) {
			best = m
		}
	}
	if best == nil || !t.fits(best, words[:len(words)-len(best.words)]) {
		return nil
	}
	return best
}

// fits asks whether the words in front of a term, and the table, leave it personal.
func (t table) fits(m *term, front []string) bool {
	for _, w := range front {
		if before[w] || (entities[w] || machines[w]) && (m.category == Contact || m.category == Location || m.category == Online || m.category == Government) {
			return false
		}
		if m.words[len(m.words)-1] == "plate" && fleet[w] {
			return false // a bus of the company's
		}
		if firsts[w] && m.words[0] == "diagnosis" {
			return false
		}
		if things[w] && m.category == Contact || w == "contact" && len(front) == 1 && m.category == Contact && t.people == "" {
			return false
		}
		if !m.alone && !people[w] && !qualifiers[w] {
			return false
		}
	}
	last := m.words[len(m.words)-1]
	switch {
	case t.entity && t.people == "" && (m.category == Contact || m.category == Location || last == "id"):
		return false // the shop's own phone and tax number
	case t.figures && t.people == "" && m.category == Identity:
		return false
	case t.machine && (m.category == Location || m.category == Online):
		return false
	case last == "diagnosis" && t.machine:
		return false
	}
	return true
}
