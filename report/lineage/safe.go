package lineage

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// visible is a text on one line in which nothing is a command to a terminal or a reader's eye: control characters, direction
// marks and invalid bytes become visible escapes.
func visible(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				fmt.Fprintf(&b, `\x%02x`, s[i])
				continue
			}
		}
		switch {
		case !hidden(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// hidden reports whether a character can't be seen or changes how others are seen.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && r != '\u200d' && r != '\u200c'
}

// encoded is a path as JSON holds it: bytes that are no UTF-8 are percent-encoded.
func encoded(path string) string {
	if utf8.ValidString(path) {
		return path
	}
	var b strings.Builder
	for i, r := range path {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(path[i:]); n == 1 {
				fmt.Fprintf(&b, "%%%02X", path[i])
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// safeJSON escapes the hidden characters that encoding/json leaves in strings; the values stay the same.
func safeJSON(text []byte) []byte {
	if strings.IndexFunc(string(text), func(r rune) bool { return r >= 0x7f && hidden(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range string(text) {
		switch {
		case r < 0x7f || !hidden(r):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return []byte(b.String())
}
