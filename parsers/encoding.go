package parsers

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The reasons why Decode does not read a file as text.
const (
	Binary          = "binary"
	UTF16           = "encoding UTF-16"
	UTF32           = "encoding UTF-32"
	UnknownEncoding = "unknown encoding"
)

// binaryHead is how much of a file is searched for a NUL byte, as git does.
const binaryHead = 8000

// declaredEncoding is PEP 263: in one of the first two lines, in a comment.
var declaredEncoding = regexp.MustCompile(`^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`)

// Decode makes a Source of a file's bytes, or says why they are not read as text. Raw is always valid enough to be parsed:
// a byte order mark is kept (Source.Position doesn't count it), CRLF and tabs are kept, a NUL after the head of the file and
// bytes that are no UTF-8 stay as they are. Python that declares Latin-1 or Windows-1252 is decoded, and its positions map
// to the bytes on disk.
func Decode(path string, raw []byte) (*Source, string) {
	if reason := wideEncoding(raw); reason != "" {
		return nil, reason
	}
	if bytes.IndexByte(raw[:min(len(raw), binaryHead)], 0) >= 0 {
		return nil, Binary
	}
	if len(raw) >= 1<<31 || utf8.Valid(raw) {
		return NewSource(path, raw), ""
	}
	if strings.HasSuffix(path, ".py") || strings.HasSuffix(path, ".pyi") {
		switch declared(raw) {
		case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "iso-latin-1", "l1", "8859", "cp819":
			return decodeSingle(path, raw, nil), ""
		case "iso-8859-15", "iso8859-15", "latin-9", "latin9", "l9":
			return decodeSingle(path, raw, latin9), ""
		case "cp1252", "windows-1252", "1252":
			return decodeSingle(path, raw, windows1252), ""
		case "", "utf-8", "utf8", "u8", "ascii", "us-ascii", "utf-8-sig":
		default:
			return nil, UnknownEncoding
		}
	}
	return NewSource(path, raw), ""
}

// wideEncoding recognises UTF-16 and UTF-32 by their marks.
func wideEncoding(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(raw, []byte{0, 0, 0xfe, 0xff}):
		return UTF32
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return UTF16
	}
	return ""
}

// declared is the encoding that a Python file declares, in lower case with hyphens; "" if none.
func declared(raw []byte) string {
	for range 2 {
		line, rest, _ := bytes.Cut(raw, []byte{'\n'})
		if m := declaredEncoding.FindSubmatch(line[:min(len(line), 500)]); m != nil {
			return strings.ReplaceAll(strings.ToLower(string(m[1])), "_", "-")
		}
		if head := bytes.TrimSpace(line); len(head) > 0 && head[0] != '#' {
			return "" // PEP 263: the second line counts only below a comment or a blank one
		}
		raw = rest
	}
	return ""
}

// decodeSingle decodes an encoding of one byte a character; table holds where it differs from Latin-1.
func decodeSingle(path string, raw []byte, table map[byte]rune) *Source {
	text := make([]byte, 0, len(raw)+len(raw)/8)
	disk := make([]uint32, 0, len(raw)+len(raw)/8+1)
	for i, c := range raw {
		r := rune(c)
		if t, ok := table[c]; ok {
			r = t
		}
		before := len(text)
		text = utf8.AppendRune(text, r)
		for range len(text) - before {
			disk = append(disk, uint32(i))
		}
	}
	return Decoded(path, text, append(disk, uint32(len(raw))))
}

var latin9 = map[byte]rune{0xa4: '€', 0xa6: 'Š', 0xa8: 'š', 0xb4: 'Ž', 0xb8: 'ž', 0xbc: 'Œ', 0xbd: 'œ', 0xbe: 'Ÿ'}

var windows1252 = map[byte]rune{
	0x80: '€', 0x82: '‚', 0x83: 'ƒ', 0x84: '„', 0x85: '…', 0x86: '†', 0x87: '‡', 0x88: 'ˆ', 0x89: '‰', 0x8a: 'Š', 0x8b: '‹',
	0x8c: 'Œ', 0x8e: 'Ž', 0x91: '‘', 0x92: '’', 0x93: '“', 0x94: '”', 0x95: '•', 0x96: '–', 0x97: '—', 0x98: '˜', 0x99: '™',
	0x9a: 'š', 0x9b: '›', 0x9c: 'œ', 0x9e: 'ž', 0x9f: 'Ÿ',
}
