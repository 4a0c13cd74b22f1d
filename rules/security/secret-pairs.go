package security

import (
	"bytes"
	"slices"
	"strings"

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
	s.all(s.in.Pairs)
	if s.in.Within != nil {
		s.logins()
	}
	if s.in.Structured || s.place.lock || len(s.lines) == 0 {
		return
	}
	if s.place.markdown {
		s.fences()
		return
	}
	if s.in.Sparse && !s.promising() {
		return
	}
	read := grammarOf(s.place, s.in.Text)
	if s.in.Read != nil {
		if reading, ok := s.in.Read(); ok {
			s.all(reading.Pairs)
			s.loose(reading.Loose, read)
			return
		}
	}
	for _, at := range s.lines {
		start := bytes.LastIndexByte(s.in.Text[:at], '\n') + 1
		s.line(Span{start, lineEnd(s.in.Text, at)}, read)
	}
}

// all judges the pairs of a syntax tree.
func (s *search) all(pairs []Pair) {
	raw := len(s.found)
	for _, p := range pairs {
		s.pair(p)
		if p.Escaped {
			s.folded(p, raw)
		}
	}
}

// loose reads the lines of texts inside values that a key word stands in.
func (s *search) loose(regions []Region, read grammar) {
	for _, region := range regions {
		use := region.Read
		if use == nil {
			use = read
		}
		for at := region.Start; at < region.End; {
			end := min(region.End, lineEnd(s.in.Text, at))
			s.line(Span{at, end}, use)
			at = end + 1
		}
	}
}

// logins reads the SQL in the strings of a structured text.
func (s *search) logins() {
	for _, at := range s.lines {
		line := Span{bytes.LastIndexByte(s.in.Text[:at], '\n') + 1, lineEnd(s.in.Text, at)}
		if line.End-line.Start > maxLine || bytes.IndexByte(s.in.Text[at:line.End], '\'') < 0 {
			continue
		}
		sqlLogin(s.in.Text, line, func(p Pair) {
			if s.in.Within(p.Span.Start) {
				s.pair(p)
			}
		})
	}
}

// maxLine bounds the lines that are read for pairs: longer ones nobody wrote.
const maxLine = 64 << 10

func (s *search) line(line Span, read grammar) {
	if line.End-line.Start <= maxLine {
		read(s.in.Text, line, s.pair)
	}
}

// folded searches a value whose text does not stand in the file as it is: escaped, joined of pieces, or decoded. What is
// found there stands on the pair, unless the first raw findings of the text's own have it already.
func (s *search) folded(p Pair, raw int) {
	if len(p.Value) < 12 || slices.ContainsFunc(s.found[:raw], func(x Secret) bool { return x.Value.touches(p.Span) }) {
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
	if name, ok := encodedName(p.Key); ok {
		if raw, ok := decoded(p.Value); ok {
			p.Value, x.Length = raw, len(raw)
			s.folded(p, len(s.found))
		}
		p.Key = name
	}
	d := defaultOf(p.Key, p.Value)
	if d == nil && p.Parent != "" {
		d = defaultOf(p.Parent+"_"+p.Key, p.Value)
	}
	if d != nil {
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
	if p.Login != nil && !s.place.lock {
		s.credential(p.Login.What, p.Login.User, p.Value, p.Login.Host, p.Span)
		return
	}
	class := classOf(p.Key)
	k := keyedMatch(p.Key, p.Value, class)
	if k == nil && class != plainKey && p.Parent != "" {
		k = keyedMatch(p.Parent+"_"+p.Key, p.Value, class)
	}
	if k != nil && !hashContext(p.Key) {
		x.Provider, x.Kind, x.Precision, x.Severity = k.name, ProviderKey, rules.MediumPrec, everywhereCritical
		s.add(x)
		return
	}
	if slices.ContainsFunc(s.declined, p.Span.touches) {
		return
	}
	if class != plainKey && len(p.Value) >= 64 && strings.HasPrefix(p.Value, "M") && derKey(p.Value) == genuine {
		x.Provider, x.Kind, x.Precision, x.Severity = "private key", ProviderKey, rules.VeryHigh, everywhereCritical
		if s.place.test {
			x.Severity = localTable
		}
		s.add(x)
		return
	}
	if class == plainKey || s.place.example || s.place.lock || s.place.test || pretended(p.Key) {
		return // a literal of a test opens nothing, unless a provider's form says otherwise
	}
	if s.searchOnly(p) || s.place.markdown && isAmazonSecret(p.Key) {
		return // publishable, or in no form that Amazon gives
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
	case Short, LowEntropy, Words:
		s.weaklyHeld(p, class)
		if _, digit, letter := classes(p.Value); reject != Words && digit && letter && len(p.Value) >= 6 {
			s.hidden = append(s.hidden, Labelled{p.Span, "secret"})
		}
	}
}

// weaklyHeld remembers the first password that is one and yet too weak to tell from other text: a committed file of settings
// that holds it is a secret file all the same.
func (s *search) weaklyHeld(p Pair, class keyClass) {
	if class == plainKey || s.weak != nil || !s.place.dotenv || credentialPassword("", p.Value, unknownHost) != Accepted {
		return
	}
	s.weak = &p
	s.hidden = append(s.hidden, Labelled{p.Span, "secret"})
}

// searchOnly reports keys of search services that their web pages show: they only read a public index.
func (s *search) searchOnly(p Pair) bool {
	if !strings.EqualFold(p.Key, "apiKey") && !strings.EqualFold(p.Key, "api_key") {
		return false
	}
	around := bytes.ToLower(s.in.Text[max(0, p.Span.Start-300):min(len(s.in.Text), p.Span.End+300)])
	return bytes.Contains(around, []byte("algolia")) || bytes.Contains(around, []byte("docsearch")) ||
		bytes.Contains(around, []byte("appid")) && bytes.Contains(around, []byte("indexname"))
}

// isAmazonSecret reports the names that Amazon gives its secret keys, which have a form.
func isAmazonSecret(key string) bool {
	return strings.Contains(strings.ToLower(key), "aws_secret_access_key")
}

// encodedName is a key without the word that says that its value is in base64.
func encodedName(key string) (name string, ok bool) {
	lower := strings.ToLower(key)
	for _, end := range [...]string{"_b64", "_base64", "-b64", "-base64"} {
		if strings.HasSuffix(lower, end) {
			return key[:len(key)-len(end)], true
		}
	}
	return key, false
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
