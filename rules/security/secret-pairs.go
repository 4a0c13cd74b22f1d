package security

import (
	"bytes"
	"slices"

	"delint/rules"
)

// key remembers the line that a key word was seen on.
func (s *search) key(at int) {
	if at < s.lastEnd {
		return
	}
	s.lines = append(s.lines, at)
	if i := bytes.IndexByte(s.in.Text[at:], '\n'); i >= 0 {
		s.lastEnd = at + i + 1
	} else {
		s.lastEnd = len(s.in.Text)
	}
}

// pairs judges every pair: those of the syntax tree, or those that the file's line grammar sees.
func (s *search) pairs() {
	for _, p := range s.in.Pairs {
		s.pair(p)
		if p.Span.End <= len(s.in.Text) && string(s.in.Text[p.Span.Start:p.Span.End]) != p.Value {
			s.folded(p)
		}
	}
	if s.in.Structured || s.place.lock || len(s.lines) == 0 {
		return
	}
	if s.place.markdown {
		s.fences()
		return
	}
	read := grammarOf(s.place, s.in.Text)
	for _, at := range s.lines {
		start := bytes.LastIndexByte(s.in.Text[:at], '\n') + 1
		end := len(s.in.Text)
		if i := bytes.IndexByte(s.in.Text[at:], '\n'); i >= 0 {
			end = at + i
		}
		if end-start <= 64<<10 {
			read(s.in.Text, Span{start, end}, s.pair)
		}
	}
}

// folded searches a value whose text does not stand in the file as it is: escaped, joined of pieces, or decoded. What is
// found there stands on the pair.
func (s *search) folded(p Pair) {
	if len(p.Value) < 12 {
		return
	}
	inner := search{in: Input{Path: s.in.Path, Text: []byte(p.Value), Structured: true}, place: s.place}
	inner.scan()
	for _, x := range inner.found {
		x.Key, x.KeyName, x.Value = p.KeySpan, p.Key, p.Span
		s.found = append(s.found, x)
	}
}

// pair judges one pair.
func (s *search) pair(p Pair) {
	if p.Value == "" || p.Span.End <= p.Span.Start {
		return
	}
	x := Secret{KeyName: p.Key, Key: p.KeySpan, Value: p.Span, Length: len(p.Value)}
	if d := defaultOf(p.Key, p.Value); d != nil {
		if s.place.ci || s.place.example || s.place.markdown {
			return
		}
		x.Provider, x.Kind, x.Precision, x.Severity = d.service+" default secret", DefaultSecret, rules.HighPrecision, defaultTable
		if d.forge {
			x.Severity = forgeableTable
		}
		if s.place.compose && !d.forge || s.place.test {
			x.Severity = everywhereLow
		}
		s.add(x)
		return
	}
	class := classOf(p.Key)
	if k := keyedMatch(p.Key, p.Value, class); k != nil && !hashContext(p.Key) {
		x.Provider, x.Kind, x.Precision, x.Severity = k.name, ProviderKey, rules.MediumPrec, everywhereCritical
		s.add(x)
		return
	}
	if slices.ContainsFunc(s.declined, p.Span.touches) {
		return
	}
	if class == plainKey || s.place.example || s.place.lock || s.place.test || pretended(p.Key) {
		return // a literal of a test opens nothing, unless a provider's form says otherwise
	}
	switch reject := Judge(p.Key, p.Value, class == passwordKey); reject {
	case Accepted:
		x.Provider, x.Kind, x.Precision, x.Severity = "secret", GenericSecret, rules.LowPrecision, genericTable
		if class == passwordKey {
			x.Provider, x.Precision = "password", rules.MediumPrec
		}
		if s.place.compose || s.place.ci {
			x.Severity = everywhereLow
		}
		s.add(x)
	case Short, LowEntropy:
		if _, digit, letter := classes(p.Value); digit && letter && len(p.Value) >= 6 {
			s.hidden = append(s.hidden, Labelled{p.Span, "secret"})
		}
	}
}

// pretended reports names that say that their value is made up.
func pretended(key string) bool {
	for _, part := range letterRuns(key) {
		switch part {
		case "fake", "dummy", "mock", "example", "sample", "test":
			return true
		}
	}
	return false
}

func hashContext(key string) bool {
	for _, part := range letterRuns(key) {
		switch part {
		case "sha", "digest", "commit", "checksum", "etag", "integrity", "hash", "fingerprint":
			return true
		}
	}
	return false
}
