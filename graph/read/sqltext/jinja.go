package sqltext

import (
	"regexp"
	"strings"
)

// Call is one call inside a template expression or statement.
type Call struct {
	Name       string
	Args       []string          // positional arguments, string literals without their quotes, anything else as written
	Keys       map[string]string // keyword arguments, likewise
	Start, End int
}

var callHead = regexp.MustCompile(`\b(ref|source|config|snapshot)\s*\(|\bsnapshot\s+(\w+)`)

// Calls is the calls of ref, source and config in the templates of a text, in order. Template comments are left out; SQL
// comments are not, because the template engine runs inside them.
func Calls(s string) []Call {
	var out []Call
	for i := 0; i < len(s); {
		open := strings.IndexByte(s[i:], '{')
		if open < 0 || i+open+1 >= len(s) {
			break
		}
		i += open
		end := ""
		switch s[i+1] {
		case '#':
			i = after(s, i+2, "#}")
			continue
		case '{':
			end = "}}"
		case '%':
			end = "%}"
		default:
			i++
			continue
		}
		stop := afterTemplate(s, i+2, end)
		inside := s[i:stop]
		for _, m := range callHead.FindAllStringSubmatchIndex(inside, -1) {
			if m[2] < 0 {
				if s[i+1] == '%' {
					out = append(out, Call{Name: "snapshot", Args: []string{inside[m[4]:m[5]]}, Start: i + m[0], End: i + m[1]})
				}
				continue
			}
			c := Call{Name: inside[m[2]:m[3]], Keys: map[string]string{}, Start: i + m[0]}
			c.End = i + c.arguments(inside, m[1])
			out = append(out, c)
		}
		i = stop
	}
	return out
}

// afterTemplate is the end of a template expression; strings inside it may hold its closing braces.
func afterTemplate(s string, i int, end string) int {
	for i < len(s) {
		switch {
		case strings.HasPrefix(s[i:], end):
			return i + len(end)
		case s[i] == '\'' || s[i] == '"':
			if j := strings.IndexByte(s[i+1:], s[i]); j >= 0 {
				i += j + 1
			}
		}
		i++
	}
	return len(s)
}

// arguments reads the arguments that begin at i and returns the offset after the closing parenthesis.
func (c *Call) arguments(s string, i int) int {
	depth, start := 0, i
	put := func(end int) {
		text := strings.TrimSpace(s[start:end])
		start = end + 1
		if text == "" {
			return
		}
		key, value, ok := strings.Cut(text, "=")
		if ok && identifier.MatchString(strings.TrimSpace(key)) && !strings.HasPrefix(value, "=") {
			c.Keys[strings.TrimSpace(key)] = Unquote(value)
			return
		}
		c.Args = append(c.Args, Unquote(text))
	}
	for ; i < len(s); i++ {
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ']', '}':
			depth--
		case ')':
			if depth == 0 {
				put(i)
				return i + 1
			}
			depth--
		case ',':
			if depth == 0 {
				put(i)
			}
		case '\'', '"':
			if j := strings.IndexByte(s[i+1:], s[i]); j >= 0 {
				i += j + 1
			}
		}
	}
	return i
}

var identifier = regexp.MustCompile(`^[A-Za-z_]\w*$`)

// Unquote is a string literal's text; anything else stays as written.
func Unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && (s[0] == '\'' || s[0] == '"') && s[len(s)-1] == s[0] && strings.IndexByte(s[1:], s[0]) == len(s)-2 {
		return s[1 : len(s)-1]
	}
	return s
}

// Arguments reads the call of name whose arguments begin at byte from of a text; at is where the call begins.
func Arguments(s, name string, at, from int) Call {
	c := Call{Name: name, Keys: map[string]string{}, Start: at}
	c.End = c.arguments(s, from)
	return c
}
