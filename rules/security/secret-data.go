package security

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"delint/parsers"
	"delint/parsers/json"
)

// datum is a value of a data format (YAML, JSON, TOML): text, a mapping or a sequence, with places in the file's Raw.
type datum struct {
	kind    datumKind
	text    string // decoded
	span    Span   // of the text, without quotes
	many    bool   // the text stands in more than one line of the file
	escaped bool   // the text does not stand in the file as it is
	entries []datumEntry
	items   []*datum
}

type datumKind uint8

const (
	opaque datumKind = iota // no text of its own: null, an alias, a tagged reference
	textual
	mapping
	sequence
)

type datumEntry struct {
	key   string
	span  Span
	value *datum
}

// get is the text under a key, whatever its case; empty if there is none.
func (d *datum) get(key string) string {
	for _, e := range d.entries {
		if strings.EqualFold(e.key, key) && e.value.kind == textual {
			return e.value.text
		}
	}
	return ""
}

// Reading is what a syntax tree says about a text.
type Reading struct {
	Pairs []Pair
	// Loose are texts inside values: commands, scripts, configuration in another language. Their lines are read by a line
	// grammar.
	Loose []Region
}

// Region is a part of a text and the line grammar for it; nil is that of the file.
type Region struct {
	Span
	Read grammar
}

// dataReader collects the pairs of data.
type dataReader struct{ Reading }

// maxData bounds how deep data is followed.
const maxData = 200

// walk reads a value; path holds the keys above it, the nearest last.
func (r *dataReader) walk(d *datum, path []string) {
	if len(path) > maxData {
		return
	}
	switch d.kind {
	case mapping:
		r.mapping(d, path)
	case sequence:
		for i, item := range d.items {
			if item.kind == textual {
				r.item(d.items, i)
			}
			r.walk(item, append(path, ""))
		}
	case textual:
		r.loose(d)
	}
}

// mapping reads the entries of a mapping. What SOPS or a SealedSecret encrypts is left out.
func (r *dataReader) mapping(d *datum, path []string) {
	kind := d.get("kind")
	if kind == "SealedSecret" {
		return
	}
	for _, e := range d.entries {
		if e.key == "sops" && e.value.kind == mapping {
			return
		}
	}
	r.named(d)
	parent := ""
	if len(path) > 0 {
		parent = path[len(path)-1]
	}
	login := loginOf(d, path)
	for _, e := range d.entries {
		switch {
		case e.value.kind == textual:
			p := e.pair(parent)
			if login != nil && classOf(e.key) == passwordKey {
				p.Login = login
			}
			r.add(p, e.value)
		case kind == "Secret" && e.key == "data" && e.value.kind == mapping:
			r.encoded(e.value)
			continue
		case e.key == "auths" && e.value.kind == mapping:
			r.registries(e.value)
			continue
		}
		r.walk(e.value, append(path, e.key))
	}
}

func (e datumEntry) pair(parent string) Pair {
	return Pair{Key: e.key, Parent: parent, KeySpan: e.span, Value: e.value.text, Span: e.value.span, Escaped: e.value.escaped}
}

// add keeps a pair. A text of many lines is read as what it holds, not as one value.
func (r *dataReader) add(p Pair, d *datum) {
	if !d.many {
		r.Pairs = append(r.Pairs, p)
	}
}

// loginOf is where a target of dbt's profiles.yml connects to: a password there is one, however short. nil elsewhere.
func loginOf(d *datum, path []string) *Login {
	if len(path) < 2 || path[len(path)-2] != "outputs" || d.get("type") == "" {
		return nil
	}
	host := d.get("host")
	if host == "" {
		host = d.get("server")
	}
	if host == "" {
		host = unknownHost
	}
	return &Login{What: "dbt profile", User: d.get("user") + d.get("username"), Host: host}
}

// encoded reads the data of a Kubernetes Secret, each value decoded once.
func (r *dataReader) encoded(d *datum) {
	for _, e := range d.entries {
		if e.value.kind != textual {
			continue
		}
		p := e.pair("")
		if raw, ok := decoded(p.Value); ok {
			p.Value, p.Escaped = raw, true
			if strings.HasPrefix(raw, "{") {
				r.inner(raw, p)
			}
		}
		r.Pairs = append(r.Pairs, p)
	}
}

// inner reads JSON that was decoded out of a value. Whatever is found there stands on the value.
func (r *dataReader) inner(text string, at Pair) {
	root, err := json.Parse([]byte(text))
	if err != nil {
		return
	}
	var inside dataReader
	inside.walk(jsonDatum(root), nil)
	for _, p := range inside.Pairs {
		p.KeySpan, p.Span, p.Escaped = at.KeySpan, at.Span, true
		r.Pairs = append(r.Pairs, p)
	}
}

// registries reads the logins of a container registry's configuration: user:password in base64.
func (r *dataReader) registries(d *datum) {
	for _, e := range d.entries {
		if e.value.kind != mapping {
			continue
		}
		for _, field := range e.value.entries {
			if field.value.kind != textual {
				continue
			}
			p := field.pair("")
			if raw, ok := decoded(p.Value); ok && field.key == "auth" {
				user, password, colon := strings.Cut(raw, ":")
				if !colon {
					continue
				}
				p.Value, p.Escaped, p.Login = password, true, &Login{What: "registry login", User: user, Host: registryHost(e.key)}
			}
			r.Pairs = append(r.Pairs, p)
		}
	}
}

// registryHost is the host of a registry's address.
func registryHost(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		rest = address
	}
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// named reads {name: X, value: Y}, as containers, tasks and pipelines write their environment.
func (r *dataReader) named(d *datum) {
	var key, value *datumEntry
	for i := range d.entries {
		e := &d.entries[i]
		switch strings.ToLower(e.key) {
		case "name", "key", "parameterkey":
			if e.value.kind == textual && key == nil {
				key = e
			}
		case "value", "defaultvalue", "parametervalue":
			if e.value.kind == textual {
				value = e
			}
		}
	}
	if key != nil && value != nil {
		p := value.pair("")
		p.Key, p.KeySpan = key.value.text, key.value.span
		r.add(p, value.value)
	}
}

// item reads NAME=value and --name value in a sequence.
func (r *dataReader) item(items []*datum, i int) {
	d := items[i]
	name, value, ok := strings.Cut(d.text, "=")
	if ok && isName(name) && !d.many {
		if d.escaped {
			r.Pairs = append(r.Pairs, Pair{Key: name, KeySpan: d.span, Value: value, Span: d.span, Escaped: true})
			return
		}
		at := d.span.Start + len(name)
		r.Pairs = append(r.Pairs, Pair{Key: name, KeySpan: Span{d.span.Start, at}, Value: value, Span: Span{at + 1, d.span.End}})
		return
	}
	if strings.HasPrefix(d.text, "--") && isName(d.text) && i+1 < len(items) && items[i+1].kind == textual {
		next := items[i+1]
		r.add(Pair{Key: strings.TrimLeft(d.text, "-"), KeySpan: d.span, Value: next.text, Span: next.span, Escaped: next.escaped}, next)
	}
}

// isName reports whether a text can be the name of a variable or an option.
func isName(s string) bool {
	for i := range len(s) {
		if !isWord(s[i]) && s[i] != '-' && s[i] != '.' {
			return false
		}
	}
	return s != ""
}

// loose keeps a text that may hold pairs of another language.
func (r *dataReader) loose(d *datum) {
	switch {
	case d.many:
		r.Loose = append(r.Loose, Region{d.span, nil})
	case d.escaped && strings.ContainsAny(d.text, "=:"):
		r.Loose = append(r.Loose, Region{d.span, quotedLine})
	case strings.Contains(d.text, "=") && strings.Contains(d.text, " "):
		r.Loose = append(r.Loose, Region{d.span, shellLine})
	}
}

// decoded is what a text in base64 holds, if that is text again.
func decoded(s string) (string, bool) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(s))
	if err != nil || len(raw) == 0 || !utf8.Valid(raw) {
		return "", false
	}
	return strings.TrimSpace(string(raw)), true
}

// rawSpan maps a span of a source's Text to its Raw: a last character that is escaped there belongs to it as a whole.
func rawSpan(source *parsers.Source, s Span) Span {
	from, last := source.Offset(s.Start), source.Offset(max(s.Start, s.End-1))
	to := min(len(source.Raw), last+1)
	if len(source.Text) != len(source.Raw) && to < len(source.Raw) && source.Raw[last] == '\\' {
		to++
		if source.Raw[last+1] == 'u' {
			to = min(len(source.Raw), to+4)
		}
	}
	return Span{from, max(from, to)}
}
