package sqlmesh

import (
	"regexp"
	"strings"

	"delint/graph/read/sqltext"
)

// property is the value of one key of a MODEL or AUDIT header, with its place in the file's text.
type property struct {
	text       string
	start, end int
}

// readHeader reads the properties from the byte after the header's opening parenthesis; end is the byte after the closing one.
func readHeader(s string, from int) (map[string]property, int) {
	out := map[string]property{}
	end := from
	for _, item := range splitTop(s, from, &end) {
		text := item.text
		key := keyWord.FindString(text)
		value := strings.TrimLeft(text[len(key):], " \t\r\n")
		start := item.start + len(text) - len(value)
		value = strings.TrimRight(value, " \t\r\n")
		out[strings.ToLower(key)] = property{value, start, start + len(value)}
	}
	return out, end
}

var keyWord = regexp.MustCompile(`^\w+`)

// splitTop splits at the commas of one level, up to the parenthesis that closes it. Comments become blanks.
func splitTop(s string, from int, end *int) []property {
	var out []property
	depth, start := 0, from
	text := []byte(s)
	put := func(stop int) {
		raw := string(text[start:stop])
		trimmed := strings.TrimLeft(raw, " \t\r\n")
		if strings.TrimSpace(trimmed) != "" {
			out = append(out, property{text: trimmed, start: start + len(raw) - len(trimmed)})
		}
		start = stop + 1
	}
	blank := func(a, b int) {
		for i := a; i < b; i++ {
			text[i] = ' '
		}
	}
	for i := from; i < len(s); i++ {
		switch c := s[i]; {
		case strings.HasPrefix(s[i:], "--"):
			j := strings.IndexByte(s[i:], '\n')
			if j < 0 {
				j = len(s) - i
			}
			blank(i, i+j)
			i += j - 1
		case strings.HasPrefix(s[i:], "/*"):
			j := strings.Index(s[i:], "*/")
			if j < 0 {
				j = len(s) - i - 2
			}
			blank(i, i+j+2)
			i += j + 1
		case c == '\'' || c == '"' || c == '`':
			if j := strings.IndexByte(s[i+1:], c); j >= 0 {
				i += j + 1
			}
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			if depth == 0 {
				put(i)
				*end = i + 1
				return out
			}
			depth--
		case c == ',' && depth == 0:
			put(i)
		}
	}
	*end = len(s)
	put(len(s))
	return out
}

// splitList splits (a, b(c), d) or a single item; places count from the beginning of the text.
func splitList(s string) []property {
	inner := strings.TrimSpace(s)
	if len(inner) < 2 || inner[0] != '(' && inner[0] != '[' {
		if inner == "" {
			return nil
		}
		return []property{{text: inner}}
	}
	var end int
	return splitTop(s, strings.IndexAny(s, "([")+1, &end)
}

func words(s string) []string {
	var out []string
	for _, item := range splitList(s) {
		out = append(out, strings.Trim(item.text, ` '"`))
	}
	return out
}

// blueprints is the variables of each dataset that a model stands for: ((customer := a), (customer := b)); one empty set
// for a model without blueprints, and for blueprints that a macro makes.
func blueprints(s string) []map[string]string {
	var out []map[string]string
	for _, item := range splitList(s) {
		vars := map[string]string{}
		for _, pair := range splitList(item.text) {
			if k, v, ok := strings.Cut(pair.text, ":="); ok {
				vars[strings.TrimSpace(k)] = sqltext.Unquote(v)
			}
		}
		if len(vars) > 0 {
			out = append(out, vars)
		}
	}
	if out == nil {
		return []map[string]string{nil}
	}
	return out
}
