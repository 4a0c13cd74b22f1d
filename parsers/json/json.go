// Package json reads JSON with the places of its values, which encoding/json does not give.
package json

import (
	"encoding/json"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is what a value is.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// Node is a value with its place. The nil Node is no value, and every method of it answers empty.
type Node struct {
	Kind     Kind
	From, To int // in the text, quotes included
	Members  []Member
	Items    []*Node
	text     []byte // of the whole file
}

// Member is a key with its value, duplicates kept.
type Member struct{ Key, Value *Node }

// maxDepth bounds the nesting of a text that is read.
const maxDepth = 1000

// Parse reads one JSON text. The error names the byte at which it is none.
func Parse(text []byte) (*Node, error) {
	p := &parser{text: text}
	if len(text) >= 3 && string(text[:3]) == "\ufeff" {
		p.at = 3
	}
	n := p.value(0)
	if p.space(); p.failed || p.at < len(text) {
		return nil, fmt.Errorf("no JSON at byte %d", p.at)
	}
	return n, nil
}

// Start is the offset of the value's first byte.
func (n *Node) Start() int {
	if n == nil {
		return 0
	}
	return n.From
}

// End is the offset after the value's last byte.
func (n *Node) End() int {
	if n == nil {
		return 0
	}
	return n.To
}

// Get is the value of a key in an object, of duplicates the last; nil if there is none.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := len(n.Members) - 1; i >= 0; i-- {
		if n.Members[i].Key.Value() == key {
			return n.Members[i].Value
		}
	}
	return nil
}

// At follows keys from object to object; nil where one is missing.
func (n *Node) At(keys ...string) *Node {
	for _, key := range keys {
		n = n.Get(key)
	}
	return n
}

// Elements is an array's items; nil for other kinds.
func (n *Node) Elements() []*Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// Value is a string, decoded, or a number or boolean as written; empty for other kinds.
func (n *Node) Value() string {
	if n == nil || n.Kind == Array || n.Kind == Object || n.Kind == Null {
		return ""
	}
	if n.Kind != String {
		return string(n.text[n.From:n.To])
	}
	return string(n.Decode(nil))
}

// Decode is a string's text; where offsets is given, the byte of the file is added to it for each byte of the text.
func (n *Node) Decode(offsets *[]uint32) []byte {
	if n == nil || n.Kind != String {
		return nil
	}
	raw := n.text[n.From+1 : n.To-1]
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		at, before := n.From+1+i, len(out)
		if raw[i] != '\\' {
			out = append(out, raw[i])
			i++
		} else if r, size := escape(raw[i:]); size > 0 {
			out = utf8.AppendRune(out, r)
			i += size
		}
		if offsets != nil {
			for range len(out) - before {
				*offsets = append(*offsets, uint32(at))
			}
		}
	}
	return out
}

var simple = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads an escape that the parser has accepted, a pair of surrogates as one.
func escape(s []byte) (rune, int) {
	if r, ok := simple[s[1]]; ok {
		return r, 2
	}
	r := hex(s[2:6])
	if utf16.IsSurrogate(r) {
		if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if pair := utf16.DecodeRune(r, hex(s[8:12])); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	}
	return r, 6
}

func hex(s []byte) (r rune) {
	for _, c := range s {
		r <<= 4
		switch {
		case c <= '9':
			r |= rune(c - '0')
		default:
			r |= rune(c|0x20-'a') + 10
		}
	}
	return r
}

type parser struct {
	text   []byte
	at     int
	failed bool
}

func (p *parser) space() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t' || p.text[p.at] == '\n' || p.text[p.at] == '\r') {
		p.at++
	}
}

// take accepts a byte after white space.
func (p *parser) take(c byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *parser) fail() *Node {
	p.failed = true
	return nil
}

func (p *parser) value(depth int) *Node {
	p.space()
	if p.failed || p.at >= len(p.text) || depth > maxDepth {
		return p.fail()
	}
	n := &Node{From: p.at, text: p.text}
	switch c := p.text[p.at]; {
	case c == '{':
		n.Kind = Object
		p.at++
		for first := true; !p.take('}'); first = false {
			if !first && !p.take(',') {
				return p.fail()
			}
			if p.space(); p.at >= len(p.text) || p.text[p.at] != '"' {
				return p.fail()
			}
			key := p.value(depth + 1)
			if p.failed || !p.take(':') {
				return p.fail()
			}
			value := p.value(depth + 1)
			if p.failed {
				return nil
			}
			n.Members = append(n.Members, Member{key, value})
		}
	case c == '[':
		n.Kind = Array
		p.at++
		for first := true; !p.take(']'); first = false {
			if !first && !p.take(',') {
				return p.fail()
			}
			item := p.value(depth + 1)
			if p.failed {
				return nil
			}
			n.Items = append(n.Items, item)
		}
	case c == '"':
		n.Kind = String
		if !p.quoted() {
			return p.fail()
		}
	default:
		for p.at < len(p.text) && word(p.text[p.at]) {
			p.at++
		}
		switch s := p.text[n.From:p.at]; {
		case string(s) == "true" || string(s) == "false":
			n.Kind = Bool
		case string(s) == "null":
		case json.Valid(s):
			n.Kind = Number
		default:
			p.at = n.From
			return p.fail()
		}
	}
	n.To = p.at
	return n
}

func word(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '+' || c == '.'
}

// quoted moves behind the string that begins here; false if it is none.
func (p *parser) quoted() bool {
	for p.at++; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return true
		case c < ' ':
			return false
		case c == '\\':
			if p.at++; p.at >= len(p.text) {
				return false
			}
			if p.text[p.at] == 'u' {
				for range 4 {
					if p.at++; p.at >= len(p.text) || !isHex(p.text[p.at]) {
						return false
					}
				}
			} else if _, ok := simple[p.text[p.at]]; !ok {
				return false
			}
		}
	}
	return false
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }
