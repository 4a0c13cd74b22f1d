package report

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// visible is a text on one line in which nothing is a command to a terminal, a pipeline's log or a reader's eye: control
// characters, direction marks, invalid bytes and the beginnings of log commands become visible escapes.
func visible(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '#' {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				fmt.Fprintf(&b, `\x%02x`, s[i])
				continue
			}
		}
		if hidden(r) {
			b.WriteString(escaped(r))
		} else {
			b.WriteRune(r)
		}
	}
	return logCommand.ReplaceAllStringFunc(b.String(), func(m string) string { return m[:len(m)-1] + `\x5b` })
}

// logCommand is how GitHub's and Azure's runners and TeamCity recognise a command anywhere in a line.
var logCommand = regexp.MustCompile(`##\w*\[`)

// hidden reports whether a character can't be seen or changes how others are seen.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && r != '\u200d' && r != '\u200c'
}

func escaped(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
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

// shown is a path as a person reads it, from the current folder. It never begins like a command of a pipeline's log.
func (o Options) shown(path string) string {
	if o.Root != "" && o.Base != "" && path != "." {
		if rel, err := filepath.Rel(o.Base, filepath.Join(o.Root, filepath.FromSlash(path))); err == nil {
			path = filepath.ToSlash(rel)
		}
	}
	path = visible(path)
	if strings.HasPrefix(strings.TrimLeftFunc(path, unicode.IsSpace), ":") { // with the line's colon it would be a command
		return "./" + path
	}
	return path
}

// atStart is a visible text that begins a line: not like a command of a pipeline's log.
func atStart(s string) string {
	if rest, ok := strings.CutPrefix(strings.TrimLeftFunc(s, unicode.IsSpace), "::"); ok {
		return `\x3a:` + rest
	}
	return s
}

// uri is a path as a relative reference: percent-encoded, never with a scheme.
func uri(path string) string {
	path = strings.TrimLeft(path, "/")
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~/=+,@!()$&;'*", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// safeJSON escapes, in JSON, the characters that encoding/json leaves and visible does not, and the beginnings of log commands.
// The values stay the same. Both can stand in strings only.
func safeJSON(text string) string {
	text = logCommand.ReplaceAllStringFunc(text, func(m string) string { return m[:len(m)-1] + `\u005b` })
	if strings.IndexFunc(text, func(r rune) bool { return r >= 0x7f && hidden(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
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
	return b.String()
}
