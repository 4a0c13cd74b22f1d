package pii

import "slices"

// table is what the name of a table says of its rows.
type table struct {
	people  string // the word that says that rows are persons; empty if none does
	entity  bool   // rows are organisations or places
	machine bool   // addresses are those of machines
}

func tableOf(name string) table {
	var t table
	for _, w := range Tokens(name) {
		switch {
		case people[w] && t.people == "":
			t.people = w
		case entities[w]:
			t.entity = true
		case machines[w]:
			t.machine = true
		}
	}
	return t
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
	case t.machine && (m.category == Location || m.category == Online):
		return false
	case last == "diagnosis" && t.machine:
		return false
	}
	return true
}
