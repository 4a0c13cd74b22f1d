package migrations

import (
	"regexp"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/postgres"
)

var (
	notNull   = regexp.MustCompile(`(?i)\s+NOT\s+NULL\b`)
	indexWord = regexp.MustCompile(`(?i)^(?:CREATE\s+(?:UNIQUE\s+)?|DROP\s+)INDEX\b`)
	onlyWord  = regexp.MustCompile(`(?i)\bON\s+ONLY\b`)
)

// readSQL reads the part of an SQL file that runs forwards.
func readSQL(f *parsers.File, m *graph.MigrationFact, p part) {
	p.transactions(m.Tool)
	steps(f, m, p)
	if !postgres.Available || m.Engine != "" && m.Engine != "postgres" {
		return
	}
	m.Parsed = true
	script := postgres.Of(f)
	u := newUnit(f, m, p)
	for _, s := range script.Statements {
		if s.Start >= p.start && s.Start < p.end {
			u.statement(s)
		}
	}
	for _, r := range script.Rejected {
		if r.Start >= p.start && r.Start < p.end {
			u.statements++
		}
	}
	u.close()
}

func (u *unit) text(s postgres.Span) string {
	return string(u.f.Text[min(s.Start, len(u.f.Text)):min(s.End, len(u.f.Text))])
}

// concurrently offers the word as an edit.
func (u *unit) concurrently(h *graph.HazardFact, s *postgres.Statement) {
	if u.within {
		return
	}
	if at := indexWord.FindStringIndex(u.text(s.Span)); at != nil {
		u.edit(h, s.Start+at[1], s.Start+at[1], " CONCURRENTLY")
	}
}

// onOnly reports whether an index is made on a parent alone, which builds nothing.
func (u *unit) onOnly(s *postgres.Statement) bool {
	return !u.within && onlyWord.MatchString(u.text(s.Span))
}
