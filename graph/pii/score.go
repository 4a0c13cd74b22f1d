// Package pii decides, from names, types, descriptions and labels, whether a column holds personal data, and says why.
//
// Every piece of evidence has points (the table of section 7.1 of the catalogue): 5 make a column likely, 8 certain. A name
// counts by its whole words, with the term at its end: email_sent_at is about an e-mail, it is none. Names that could be
// anything (address, zip, login) need a table about people, or another column that is unambiguous.
package pii

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Likely and Certain are the scores from which a column counts as personal.
const (
	Likely  = 5
	Certain = 8
)

// Column is what is known of a column; everything but the name may be empty.
type Column struct {
	Name, Type, Description string
	// Label is the classification as written: pii, email, restricted, none.
	Label string
	// Masked says that a masking policy or policy tag is attached.
	Masked bool
}

// Evidence is one piece of the score.
type Evidence struct {
	Text   string // "`email`", "a table of customers"
	Points int
}

// Verdict is what the evidence says of a column.
type Verdict struct {
	Category Category
	Score    int
	Evidence []Evidence
	// Term is the entry of the lexicon that the name ends in, its words parted by blanks; empty if there is none.
	Term string
	// Alone says that the name is unambiguous: lexicon A.
	Alone bool
	// Labelled says that somebody has classified the column, as whatever.
	Labelled bool
	// Explicit says that the label itself says that it is personal.
	Explicit bool
}

// Personal reports whether the column is likely to hold personal data.
func (v Verdict) Personal() bool { return v.Score >= Likely && v.Category != None }

// Direct reports whether the values lead to one person by themselves. A diagnosis is sensitive, and nobody's by itself.
func (v Verdict) Direct() bool {
	if v.Term == "diagnosis" && !v.Explicit {
		return false
	}
	switch v.Category {
	case Contact, Government, Financial, Health, Identity, Unspecified:
		return v.Alone || v.Explicit || v.Category == Identity
	}
	return false
}

// String is the evidence in words: "`email` +5, text +1".
func (v Verdict) String() string {
	var out []string
	for _, e := range v.Evidence {
		out = append(out, fmt.Sprintf("%s %+d", e.Text, e.Points))
	}
	return strings.Join(out, ", ")
}

func (v *Verdict) add(points int, format string, args ...any) {
	v.Score += points
	v.Evidence = append(v.Evidence, Evidence{fmt.Sprintf(format, args...), points})
}

// Classify judges the columns of one table: a verdict each. table is its name, without schema.
func Classify(table string, columns []Column) []Verdict {
	t := tableOf(table)
	t.machine = t.machine || chained(columns)
	found := make([]*term, len(columns))
	sure := map[Category]bool{} // categories that unambiguous names, and names of persons, put into the table
	lat, long := false, false
	for _, c := range columns {
		t.machine = t.machine || chain[strings.ToLower(c.Name)]
	}
	for i, c := range columns {
		words := Tokens(c.Name)
		if n := len(words); n > 0 {
			lat, long = lat || latitude[words[n-1]], long || longitude[words[n-1]]
		}
		if found[i] = t.match(words); found[i] != nil && contradicts(found[i], c.Type) == "" && !denied(c.Label) &&
			(found[i].alone || found[i].category == Identity && found[i].holds == "text") {
			sure[found[i].category] = true
		}
	}
	out := make([]Verdict, len(columns))
	for i, c := range columns {
		if words := Tokens(c.Name); found[i] == nil && lat && long && len(words) > 0 && t.people != "" &&
			(latitude[words[len(words)-1]] || longitude[words[len(words)-1]]) && len(words) == 1 {
			found[i] = &term{words: words, category: Location, holds: "any"}
		}
		out[i] = t.judge(c, found[i], sure)
	}
	return out
}

// judge scores one column.
func (t table) judge(c Column, m *term, sure map[Category]bool) Verdict {
	v := Verdict{Labelled: c.Label != "" || c.Masked}
	if denied(c.Label) {
		v.Evidence = []Evidence{{"labelled " + c.Label, 0}}
		return v
	}
	if category, known := labelCategory(c.Label); known {
		v.Explicit, v.Category = true, category
		v.add(10, "labelled %s", c.Label)
		if m != nil {
			v.Alone, v.Term = m.alone, strings.Join(m.words, " ")
			if category == Unspecified {
				v.Category = m.category
			}
		}
		return v
	}
	if m == nil {
		return v
	}
	v.Category, v.Alone, v.Term = m.category, m.alone, strings.Join(m.words, " ")
	switch {
	case m.alone:
		v.add(5, "`%s`", strings.Join(m.words, "_"))
	default:
		v.add(3, "`%s`", strings.Join(m.words, "_"))
		if t.people != "" {
			v.add(2, "a table of %s", t.people)
		}
	}
	if c.Masked {
		v.add(10, "a masking policy")
	}
	if len(sure) > 1 || len(sure) == 1 && !sure[m.category] {
		v.add(2, "other personal columns beside it")
	}
	if kind := contradicts(m, c.Type); kind != "" {
		v.add(-5, "%s", kind)
	} else if agrees(m, c.Type) {
		v.add(1, "%s", strings.ToLower(c.Type))
	}
	switch {
	case impersonal.MatchString(c.Description):
		v.add(-5, "its description says that it is not personal")
	case personal.MatchString(c.Description):
		v.add(2, "its description")
	}
	return v
}

var (
	personal   = regexp.MustCompile(`(?i)\b(?:personal(?:ly)?|pii|gdpr|patient(?:'s)?|phi)\b`)
	impersonal = regexp.MustCompile(`(?i)\b(?:not?|non|without)[ -]+(?:any |a )?(?:personal(?:ly)?|pii|phi)\b|\b(?:anonymi[sz]ed|hashed|masked|redacted|pseudonymi[sz]ed|encrypted)\b`)
)

func denied(label string) bool {
	c, known := labels[strings.Join(Tokens(label), " ")]
	return label != "" && known && c == None
}

// labelCategory is the category that a label names; false for one that does not say that the column is personal: restricted, internal.
func labelCategory(label string) (Category, bool) {
	words := Tokens(label)
	if c, known := labels[strings.Join(words, " ")]; known && c != None {
		return c, true
	}
	for _, w := range words { // pii_email, contains-pii, sensitive.pii
		if w == "pii" || w == "phi" {
			for _, x := range words {
				if c := labels[x]; c != None && c != Unspecified {
					return c, true
				}
			}
			return Unspecified, true
		}
	}
	return None, false
}

var (
	textType = regexp.MustCompile(`(?i)^(?:n?var)?char|^n?varchar|^text|^string|^citext|^character|^nchar|^clob`)
	dateType = regexp.MustCompile(`(?i)^(?:date|timestamp|datetime)`)
	boolType = regexp.MustCompile(`(?i)^bool`)
	intType  = regexp.MustCompile(`(?i)^(?:u?int|integer|bigint|smallint|tinyint|float|double|number|numeric|decimal|real)`)
)

func agrees(m *term, typ string) bool {
	return m.holds == "text" && textType.MatchString(typ) || m.holds == "date" && dateType.MatchString(typ)
}

// contradicts says which type the values can't have; empty if the type agrees or says nothing.
func contradicts(m *term, typ string) string {
	switch {
	case boolType.MatchString(typ):
		return "a boolean"
	case m.holds != "date" && dateType.MatchString(typ):
		return "a date"
	case m.holds == "text" && m.words[0] != "phone" && m.words[0] != "mobile" && m.words[0] != "telephone" && m.words[0] != "msisdn" &&
		!slices.Contains(m.words, "zip") && intType.MatchString(typ):
		return "a number"
	}
	return ""
}
