package security

import (
	"bytes"
	"strings"
)

// waivers are the marks with which a line allows its secret to other tools.
var waivers = [...]string{"pragma: allowlist secret", "pragma: whitelist secret", "gitleaks:allow", "trufflehog:ignore", "ggignore", "noqa: S105", "noqa: S106", "noqa: S107", "nosec B10", "nosecret"}

// waived reports whether the line of an offset carries such a mark.
func (s *search) waived(at int) bool {
	line := s.in.Text[at:min(lineEnd(s.in.Text, at), at+600)]
	for _, mark := range waivers {
		if bytes.Contains(line, []byte(mark)) {
			return true
		}
	}
	return false
}

// commented reports whether the line of an offset is a comment.
func (s *search) commented(at int) bool {
	return comment(s.in.Text[bytes.LastIndexByte(s.in.Text[:at], '\n')+1 : at])
}

// keyBefore is where a finding about a value stands that no pair names: the name before it on its line, else what stands
// there, else the public part of the value's own text.
func (s *search) keyBefore(at int) (Span, string) {
	start := bytes.LastIndexByte(s.in.Text[:at], '\n') + 1
	start = max(start, at-512)
	line := s.in.Text[start:at]
	if i := bytes.LastIndex(line, []byte("://")); i > 0 { // the name stands before the scheme
		for i > 0 && isSchemeByte(line[i-1]) {
			i--
		}
		line = line[:i]
		if j := bytes.LastIndex(line, []byte("jdbc:")); j > 0 && j+5 == len(line) {
			line = line[:j]
		}
	}
	trimmed := bytes.TrimLeft(line, " \t")
	from := start + len(line) - len(trimmed)
	if i := bytes.LastIndexAny(line, "=:"); i > 0 {
		for {
			head := bytes.TrimRight(line[:i], " \t\"'`:=\\")
			j := len(head)
			for j > 0 && (isWord(head[j-1]) || head[j-1] == '-' || head[j-1] == '.') {
				j--
			}
			name := string(head[j:])
			if name != "" && !strings.Contains(name, "://") && !isScheme(name) {
				return Span{start + j, start + len(head)}, name
			}
			if i = bytes.LastIndexAny(line[:max(j, 0)], "=:"); i <= 0 {
				break
			}
		}
	}
	end := min(at, from+40)
	return Span{from, max(from, end)}, ""
}

func isScheme(name string) bool {
	switch strings.ToLower(name) {
	case "http", "https", "postgres", "postgresql", "mysql", "jdbc", "mongodb", "redis", "snowflake":
		return true
	}
	return strings.Contains(name, "+") || len(name) < 2
}
