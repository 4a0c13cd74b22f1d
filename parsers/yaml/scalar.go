package yaml

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"delint/parsers"
)

// Source is the decoded text of a scalar as a source of its own (a query in a block scalar), whose offsets map to the file.
func (n *Node) Source(f *parsers.File) *parsers.Source {
	n = n.Resolve()
	if n == nil || n.Shape != Scalar || n.Syntax.IsNil() {
		return f.Embedded(nil, nil)
	}
	var offsets []uint32
	text := decode(n.Syntax, f.Text, &offsets)
	for i, at := range offsets {
		offsets[i] = uint32(f.Offset(int(at)))
	}
	return f.Embedded(text, offsets)
}

// decode is a scalar's text. Where offsets is given, it gets for each byte of the text and its end the byte of the file's.
func decode(n parsers.Node, text []byte, offsets *[]uint32) []byte {
	o := &output{offsets: offsets}
	raw, at := n.Bytes(), n.Start()
	switch n.Kind() {
	case DoubleQuoteScalar:
		raw = bytes.TrimSuffix(raw[min(1, len(raw)):], []byte{'"'})
		o.folded(raw, at+1, '"')
	case SingleQuoteScalar:
		raw = bytes.TrimSuffix(raw[min(1, len(raw)):], []byte{'\''})
		o.folded(raw, at+1, '\'')
	case BlockScalar:
		o.block(text, at, n.End(), parentIndent(n))
	default:
		if offsets == nil && bytes.IndexByte(raw, '\n') < 0 {
			return raw
		}
		o.folded(raw, at, 0)
	}
	if offsets != nil {
		end := uint32(n.End())
		if len(*offsets) > 0 {
			end = (*offsets)[len(*offsets)-1] + 1
		}
		*offsets = append(*offsets, end)
	}
	return o.text
}

type output struct {
	text    []byte
	offsets *[]uint32
}

func (o *output) put(s []byte, at int) {
	o.text = append(o.text, s...)
	if o.offsets != nil {
		for i := range s {
			*o.offsets = append(*o.offsets, uint32(at+i))
		}
	}
}

// one adds text that stands for another text at a place.
func (o *output) one(s string, at int) {
	o.text = append(o.text, s...)
	if o.offsets != nil {
		for range len(s) {
			*o.offsets = append(*o.offsets, uint32(at))
		}
	}
}

// folded decodes a plain (quote 0) or quoted scalar: line breaks fold, escapes are read.
func (o *output) folded(raw []byte, at int, quote byte) {
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '\'' && quote == '\'':
			o.put(raw[i:i+1], at+i)
			i += 2
		case c == '\\' && quote == '"' && i+1 < len(raw):
			i = o.escape(raw, i, at)
		case isBlank(c):
			end, breaks := i, 0
			for end < len(raw) && isBlank(raw[end]) {
				if raw[end] == '\n' {
					breaks++
				}
				end++
			}
			switch breaks {
			case 0:
				o.put(raw[i:end], at+i)
			case 1:
				o.one(" ", at+i)
			default:
				for range breaks - 1 {
					o.one("\n", at+i)
				}
			}
			i = end
		default:
			end := i + 1
			for end < len(raw) && !isBlank(raw[end]) && raw[end] != '\'' && raw[end] != '\\' {
				end++
			}
			o.put(raw[i:end], at+i)
			i = end
		}
	}
}

var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': "\"", '/': "/", '\\': "\\", 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// escape reads the escape at raw[i] and returns where it ends.
func (o *output) escape(raw []byte, i, at int) int {
	c := raw[i+1]
	if s, ok := escapes[c]; ok {
		o.one(s, at+i)
		return i + 2
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if digits > 0 && i+2+digits <= len(raw) {
		if v, err := strconv.ParseUint(string(raw[i+2:i+2+digits]), 16, 32); err == nil {
			o.one(string(utf8.AppendRune(nil, rune(v))), at+i)
			return i + 2 + digits
		}
	}
	if c == '\n' || c == '\r' { // an escaped line break joins without a space
		i++
		for i < len(raw) && isBlank(raw[i]) {
			i++
		}
		return i
	}
	o.put(raw[i:i+2], at+i)
	return i + 2
}

// parentIndent is the column of the block collection around a block scalar; -1 at the top.
func parentIndent(n parsers.Node) int {
	p := n.Ancestor(BlockMappingPair, BlockSequenceItem)
	if p.IsNil() {
		return -1
	}
	text := n.Tree().Text
	return p.Start() - (bytes.LastIndexByte(text[:p.Start()], '\n') + 1)
}

// block decodes a block scalar that stands in text[at:end]: blank lines after end count for the chomping indicator +.
func (o *output) block(text []byte, at, end, parent int) {
	eol := func(i int) int {
		if j := bytes.IndexByte(text[i:], '\n'); j >= 0 {
			return i + j
		}
		return len(text)
	}
	literal := text[at] == '|'
	chomp, indent := byte(0), -1
	first := eol(at)
	for _, c := range text[at+1 : first] {
		switch {
		case c == '+' || c == '-':
			chomp = c
			continue
		case '1' <= c && c <= '9':
			indent = max(0, parent) + int(c-'0')
			continue
		}
		break
	}
	// The breaks before the line that comes, as libyaml names them: the one that ends the last line, and those of blank lines.
	leading, blanks, blankBefore := false, 0, false
	last := at
	for start := first + 1; start <= len(text); {
		stop := eol(start)
		line := bytes.TrimSuffix(text[start:stop], []byte{'\r'})
		spaces := len(line) - len(bytes.TrimLeft(line, " "))
		if start >= end && spaces < len(line) {
			break
		}
		if indent < 0 && spaces < len(line) {
			indent = spaces
		}
		if spaces == len(line) && (indent < 0 || spaces <= indent) {
			if start < len(text) {
				blanks++
			}
		} else {
			cut := min(spaces, max(0, indent))
			blank := line[cut] == ' ' || line[cut] == '\t'
			if leading {
				if !literal && !blankBefore && !blank {
					if blanks == 0 {
						o.one(" ", last)
					}
				} else {
					o.one("\n", last)
				}
			}
			for range blanks {
				o.one("\n", last)
			}
			o.put(line[cut:], start+cut)
			leading, blanks, blankBefore = true, 0, blank
			last = start + len(line)
		}
		start = stop + 1
	}
	if leading && chomp != '-' && last < len(text) {
		o.one("\n", last)
	}
	if chomp == '+' {
		for range blanks {
			o.one("\n", last)
		}
	}
}
