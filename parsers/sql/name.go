package sql

import (
	"strings"
)

// splitParts splits a dotted name outside its quotes. A BigQuery name in one pair of backticks is split inside.
func splitParts(name string) []Part {
	if len(name) > 1 && name[0] == '`' && strings.IndexByte(name[1:], '`') == len(name)-2 {
		inner := name[1 : len(name)-1]
		var parts []Part
		for _, p := range splitOutsideTemplates(inner) {
			parts = append(parts, Part{Text: p, Quoted: true, Hole: hasHole(p)})
		}
		return parts
	}
	var parts []Part
	for len(name) > 0 {
		end := partEnd(name)
		word := name[:end]
		p := Part{Text: unquote(word), Hole: hasHole(word)}
		p.Quoted = p.Text != word
		parts = append(parts, p)
		name = name[end:]
		if name != "" {
			name = name[1:] // the dot
			if name == "" {
				break
			}
		}
	}
	if len(parts) == 0 {
		parts = []Part{{}}
	}
	return parts
}

// partEnd is where the first part of a name ends: at a dot outside quotes, braces and templates, or at the end.
func partEnd(name string) int {
	depth := 0
	for i := 0; i < len(name); i++ {
		switch c := name[i]; c {
		case '"', '`':
			for {
				j := strings.IndexByte(name[i+1:], c)
				if j < 0 {
					break
				}
				i += j + 1
				if i+1 < len(name) && name[i+1] == c { // doubled: it stands for itself
					i++
					continue
				}
				break
			}
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '.':
			if depth <= 0 {
				return i
			}
		}
	}
	return len(name)
}

func splitOutsideTemplates(name string) []string {
	var parts []string
	for {
		end := partEnd(name)
		parts = append(parts, name[:end])
		if end == len(name) {
			return parts
		}
		name = name[end+1:]
	}
}

func hasHole(part string) bool {
	return strings.Contains(part, "{") || strings.HasPrefix(part, "@") || strings.HasPrefix(part, "%(")
}

// unquote strips one pair of quotes ("x", 'x', `x`, [x]) and undoubles what was doubled inside.
func unquote(s string) string {
	if len(s) < 2 {
		return s
	}
	open, end := s[0], s[len(s)-1]
	switch {
	case (open == '"' || open == '`' || open == '\'') && end == open:
		return strings.ReplaceAll(s[1:len(s)-1], string([]byte{open, open}), string(open))
	case open == '[' && end == ']':
		return s[1 : len(s)-1]
	}
	return s
}
