package security

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"delint/rules"
)

// Span is the bytes [Start, End) of a text.
type Span struct{ Start, End int }

func (s Span) touches(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Kind is what sort of secret a finding is about.
type Kind uint8

// The kinds, from the most certain: of two that name the same bytes, the first stands.
const (
	ProviderKey Kind = iota
	ConnectionString
	DefaultSecret
	GenericSecret
	SecretFile
)

// Pair is a name and the text that it is given, as a language front end sees them: an assignment, a keyword argument, an
// entry of a mapping. Spans are bytes of the searched text.
type Pair struct {
	Key     string
	KeySpan Span
	// Value is the text as the program will see it: unescaped, folded, decoded.
	Value string
	Span  Span
	// Escaped says that the value does not stand in the text as it is.
	Escaped bool
	// Parent is the key of the mapping around; empty if there is none.
	Parent string
	// Login says that the place itself makes the value a password: it is judged as that of a connection string.
	Login *Login
}

// Login is what a password logs in to.
type Login struct{ What, User, Host string }

// Input is one text to search.
type Input struct {
	Path string // relative, with forward slashes: it tells grammars, examples, compose files
	Text []byte
	// Pairs come from a syntax tree. Structured says that they are all the pairs of the text, so that the line grammars
	// needn't look for more.
	Pairs      []Pair
	Structured bool
	// Within reports whether an offset of a structured text stands in a string, where SQL may create a login.
	Within func(at int) bool
	// Read gives what a syntax tree says, where that is only worth asking once a key word was seen; ok is false where there is
	// no whole tree, and the line grammars read the text.
	Read func() (reading Reading, ok bool)
	// Sparse says that Read costs more than a look at the names of the text.
	Sparse bool
	// Inner is what was found in texts inside this one, with places in this one.
	Inner []Result
}

// Secret is one secret in a text. It has no field that carries it: only where it stands and what it is.
type Secret struct {
	Provider  string // "Databricks token", "Postgres default password"
	Kind      Kind
	KeyName   string // the name it is assigned to; empty where it has none
	Key       Span   // where a finding stands: the name, never the secret
	Value     Span   // what to hide
	Length    int    // of the secret, in bytes
	Precision rules.Precision
	Severity  SeverityTable
}

// Result is what a text holds.
type Result struct {
	Secrets []Secret // in the order of the text
	// Hidden is every span to hide, those of secrets below the threshold included, in order and without overlap.
	Hidden []Labelled
	// Weak is the name of a password in a file of settings (.env) that is too weak to be a finding of its own.
	Weak string
}

// Labelled is a span to hide and the word that stands in its place.
type Labelled struct {
	Span
	Label string
}

// trigger is what a keyword sets off.
type trigger struct {
	provider int // index in providers, else -1
	search   func(*search, int)
}

// machine is the automaton over every keyword and, by keyword, what it sets off.
var machine = sync.OnceValues(func() (*automaton, [][]trigger) {
	var words []string
	var triggers [][]trigger
	index := map[string]int{}
	add := func(w string, t trigger) {
		i, ok := index[w]
		if !ok {
			i = len(words)
			index[w] = i
			words = append(words, w)
			triggers = append(triggers, nil)
		}
		triggers[i] = append(triggers[i], t)
	}
	for i := range providers {
		for _, w := range providers[i].words {
			add(w, trigger{provider: i})
		}
	}
	for w, f := range searches {
		add(w, trigger{provider: -1, search: f})
	}
	for _, w := range keyTriggers() {
		add(w, trigger{provider: -1, search: (*search).key})
	}
	return newAutomaton(words), triggers
})

// searches are the structures that their keywords announce.
var searches = map[string]func(*search, int){
	"://":               (*search).uri,
	"pwd":               (*search).parameter,
	"password":          (*search).parameter,
	"plainloginmodule":  (*search).jaas,
	"scramloginmodule":  (*search).jaas,
	"jdbc:oracle:thin:": (*search).oracle,
	"authorization":     (*search).header,
	"curl":              (*search).curl,
	"-----begin":        (*search).pem,
}

// keyTriggers are parts of names that a secret is given to.
func keyTriggers() []string {
	out := []string{"pass", "pwd", "secret", "token", "credential", "creds", "bearer", "fernet", "_pat", "-pat", "_pw", "confluent", "tableau",
		"schema_registry", "identified", "geniekey", "\"auths\""}
	for q := range keyQualifiers {
		for _, sign := range [...]string{"", "_", "-", ".", " "} {
			out = append(out, q+sign+"key")
		}
	}
	slices.Sort(out)
	return out
}

// search is the state of one search.
type search struct {
	in       Input
	place    place
	found    []Secret
	hidden   []Labelled
	declined []Span // of a provider's shape, but a sample, expired, publishable or with a wrong checksum
	lines    []int  // offsets that key words were seen at, one a line
	lastEnd  int    // of the line of the last of them
	weak     *Pair  // the first password of a file of settings that is too weak to be a finding of its own
}

// Detect searches a text. It is a pure function and safe for concurrent use.
func Detect(in Input) Result {
	s := &search{in: in, place: placeOf(in.Path)}
	if bytes.IndexByte(in.Text[:min(len(in.Text), 8192)], 0) >= 0 {
		return Result{}
	}
	s.scan()
	s.pairs()
	for _, r := range in.Inner {
		s.found, s.hidden = append(s.found, r.Secrets...), append(s.hidden, r.Hidden...)
	}
	return s.result()
}

// scan is the pass over the text.
func (s *search) scan() {
	a, triggers := machine()
	a.each(s.in.Text, func(word, at int) {
		for _, t := range triggers[word] {
			if t.search != nil {
				t.search(s, at)
				continue
			}
			p := &providers[t.provider]
			span, v := p.match(compiled[t.provider](), s.in.Text, at)
			if v == none {
				if span.End > span.Start {
					s.declined = append(s.declined, span)
				}
				continue
			}
			s.provider(p, span, v)
		}
	})
}

// provider adds a provider's credential.
func (s *search) provider(p *provider, span Span, v verdict) {
	name := p.name
	secret := s.in.Text[span.Start:span.End]
	switch name {
	case "GCP API key":
		around := bytes.ToLower(s.in.Text[max(0, span.Start-400):min(len(s.in.Text), span.End+400)])
		if bytes.Contains(around, []byte("authdomain")) || bytes.Contains(around, []byte("firebase")) || bytes.Contains(around, []byte("maps/api/js")) {
			s.declined = append(s.declined, span)
			return // publishable: a web client's key
		}
	case "AWS access key id":
		if secret[4] == 'J' && secret[19] == 'Q' && s.mentions("lakefs", "lakectl", "endpoint_url") {
			name = "lakeFS access key id"
		}
	case "Dagster+ token":
		if !bytes.Contains(bytes.ToLower(s.in.Text[max(0, span.Start-200):span.Start]), []byte("dagster")) {
			return
		}
	}
	table := everywhereCritical
	if v == weak && (s.place.test || s.place.markdown) {
		return
	}
	switch {
	case v == weak:
		table = everywhereLow
	case name == encodedKey && s.place.test:
		table = localTable
	}
	hide := Span{span.Start + p.public, span.End}
	s.add(Secret{Provider: name, Kind: ProviderKey, Value: hide, Length: span.End - span.Start, Precision: p.precision(v), Severity: table})
}

// mentions reports whether the text or its path holds one of the words, whatever their case.
func (s *search) mentions(words ...string) bool {
	lower := bytes.ToLower(s.in.Text)
	return slices.ContainsFunc(words, func(w string) bool {
		return bytes.Contains(lower, []byte(w)) || strings.Contains(strings.ToLower(s.in.Path), w)
	})
}

// add places a secret and keeps it.
func (s *search) add(x Secret) {
	if s.waived(x.Value.Start) {
		s.hidden = append(s.hidden, Labelled{x.Value, x.Provider})
		return
	}
	if x.Key == (Span{}) {
		x.Key, x.KeyName = s.keyBefore(x.Value.Start)
	}
	if s.pretended(x) {
		if x.Kind != DefaultSecret {
			s.hidden = append(s.hidden, Labelled{x.Value, x.Provider})
		}
		return
	}
	s.found = append(s.found, x)
}

// result sorts, drops what another finding already says and joins the spans to hide.
func (s *search) result() Result {
	slices.SortStableFunc(s.found, func(a, b Secret) int {
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		return a.Value.Start - b.Value.Start
	})
	var r Result
	if s.weak != nil {
		r.Weak = s.weak.Key
	}
	for _, x := range s.found {
		if x.Kind != DefaultSecret {
			s.hidden = append(s.hidden, Labelled{x.Value, x.Provider})
		}
		if !slices.ContainsFunc(r.Secrets, func(y Secret) bool { return y.Value.touches(x.Value) }) {
			r.Secrets = append(r.Secrets, x)
		}
	}
	slices.SortStableFunc(r.Secrets, func(a, b Secret) int { return a.Value.Start - b.Value.Start })
	slices.SortStableFunc(s.hidden, func(a, b Labelled) int { return a.Start - b.Start })
	for _, h := range s.hidden {
		if n := len(r.Hidden); n > 0 && h.Start <= r.Hidden[n-1].End {
			r.Hidden[n-1].End = max(r.Hidden[n-1].End, h.End)
			continue
		}
		if h.Start < h.End {
			r.Hidden = append(r.Hidden, h)
		}
	}
	return r
}
