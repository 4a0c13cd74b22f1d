package security

import (
	"bytes"
	"strings"
)

// promising reports whether a name of a secret stands where data has names: before a colon or an equals sign, as an option, or
// as the name of a value. Most data that speaks of tokens has none, and building its values costs more than looking.
func (s *search) promising() bool {
	text := s.in.Text
	named := bytes.Contains(text, []byte("value")) || bytes.Contains(text, []byte("Value"))
	for _, at := range s.lines {
		for at > 0 && (isWord(text[at-1]) || text[at-1] == '-' || text[at-1] == '.') {
			at--
		}
		for end := lineEnd(text, at); at < end; at++ {
			start := at
			for at < end && (isWord(text[at]) || text[at] == '-' || text[at] == '.') {
				at++
			}
			if at-start < 2 {
				continue
			}
			next := at
			for next < len(text) && (text[next] <= ' ' || text[next] == '"' || text[next] == '\'' || text[next] == '\\') {
				next++
			}
			sign := next < len(text) && (text[next] == ':' || text[next] == '=')
			if (sign || named || text[start] == '-') && worthReading(string(text[start:at])) {
				return true
			}
			if bytes.Equal(text[start:at], []byte("Secret")) || sign && bytes.Equal(text[start:at], []byte("auths")) {
				return true
			}
		}
	}
	return false
}

// worthReading reports whether a name may make a secret of its value.
func worthReading(name string) bool {
	name, _ = encodedName(name)
	if classOf(name) != plainKey {
		return true
	}
	lower := strings.ToLower(name)
	for _, word := range [...]string{"confluent", "tableau", "fernet", "registry", "genie", "devops", "_pat", "kafka", "account", "storage", "cosmos", "secret"} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}
