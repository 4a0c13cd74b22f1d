package cube

import (
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// definition is one call cube(name, {…}) or view(name, {…}) whose arguments are literals.
type definition struct {
	kind string // cube, view
	name *plain.Value
	body *plain.Value
}

// literals reads the calls cube(…) and view(…) at the top level of a JavaScript file. Nothing is run: what is no literal is
// graph.Hole. dynamic says that the file may define more than was read.
func literals(f *parsers.File) (found []definition, dynamic bool) {
	r := &literalReader{file: f, text: string(f.Text)}
	calls := 0
	for r.skip(); r.at < len(r.text); r.skip() {
		word := r.word()
		if word == "" {
			r.token()
			continue
		}
		r.skip()
		if (word == "cube" || word == "view") && r.peek() == '(' && (r.depth == 0) && !r.afterDot {
			calls++
			at, depth := r.at, r.depth
			if d, ok := r.call(word); ok {
				found = append(found, d)
				continue
			}
			r.at, r.depth = at, depth
			dynamic = true
		} else if (word == "cube" || word == "view") && r.peek() == '(' && !r.afterDot || word == "asyncModule" {
			dynamic = true
		}
	}
	return found, dynamic || r.broken
}

type literalReader struct {
	file     *parsers.File
	text     string
	at       int
	depth    int
	afterDot bool
	broken   bool
}

func (r *literalReader) peek() byte {
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

// skip moves past white space and comments.
func (r *literalReader) skip() {
	for r.at < len(r.text) {
		switch rest := r.text[r.at:]; {
		case strings.IndexByte(" \t\r\n\ufeff", rest[0]) >= 0 && rest[0] < 0x80:
			r.at++
		case strings.HasPrefix(rest, "\ufeff"):
			r.at += len("\ufeff")
		case strings.HasPrefix(rest, "//"):
			r.at += lineEnd(rest)
		case strings.HasPrefix(rest, "/*"):
			if end := strings.Index(rest, "*/"); end >= 0 {
				r.at += end + 2
			} else {
				r.at = len(r.text)
			}
		default:
			return
		}
	}
}

func lineEnd(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

func isWord(c byte, first bool) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$' || c >= 0x80 || !first && '0' <= c && c <= '9'
}

// word reads an identifier; empty if there is none.
func (r *literalReader) word() string {
	start := r.at
	for r.at < len(r.text) && isWord(r.text[r.at], r.at == start) {
		r.at++
	}
	return r.text[start:r.at]
}

// token moves past one token that is no identifier, counting brackets.
func (r *literalReader) token() {
	r.afterDot = false
	switch c := r.peek(); c {
	case '"', '\'', '`':
		if _, ok := r.quoted(); !ok {
			r.broken = true
			r.at = len(r.text)
		}
	case '(', '[', '{':
		r.depth++
		r.at++
	case ')', ']', '}':
		r.depth--
		r.at++
	case '.':
		r.afterDot = true
		r.at++
	default:
		r.at++
	}
}

// quoted reads a string or a template; placeholders of a template become {…}.
func (r *literalReader) quoted() (string, bool) {
	quote := r.text[r.at]
	var b strings.Builder
	for i := r.at + 1; i < len(r.text); i++ {
		switch c := r.text[i]; {
		case c == quote:
			r.at = i + 1
			return b.String(), true
		case c == '\\' && i+1 < len(r.text):
			i++
			switch e := r.text[i]; e {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case '\n':
			default:
				b.WriteByte(e)
			}
		case c == '$' && quote == '`' && i+1 < len(r.text) && r.text[i+1] == '{':
			end := placeholderEnd(r.text, i+2)
			if end < 0 {
				return "", false
			}
			b.WriteByte('{')
			b.WriteString(strings.TrimSpace(r.text[i+2 : end]))
			b.WriteByte('}')
			i = end
		case c == '\n' && quote != '`':
			return "", false
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

// placeholderEnd is the closing brace of a placeholder that begins at i; -1 if there is none.
func placeholderEnd(s string, i int) int {
	for depth := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		case '"', '\'', '`':
			end := strings.IndexByte(s[i+1:], s[i])
			if end < 0 {
				return -1
			}
			i += end + 1
		}
	}
	return -1
}

// call reads the arguments of cube(name, {…}).
func (r *literalReader) call(kind string) (d definition, ok bool) {
	d.kind = kind
	r.at++
	if d.name = r.value(0); d.name == nil || d.name.Kind != plain.Scalar {
		return d, false
	}
	r.skip()
	if r.peek() != ',' {
		return d, false
	}
	r.at++
	if d.body = r.value(0); d.body == nil || d.body.Kind != plain.Mapping {
		return d, false
	}
	r.skip()
	if r.peek() == ',' {
		r.at++
		r.skip()
	}
	if r.peek() != ')' {
		return d, false
	}
	r.at++
	return d, true
}

// maxLiteral bounds how deep literals nest.
const maxLiteral = 60

// value reads one value: a literal as it is, anything else as graph.Hole. nil means that the text can't be read.
func (r *literalReader) value(depth int) *plain.Value {
	r.skip()
	start := r.at
	v := r.literal(depth)
	r.skip()
	if c := r.peek(); v == nil || c != ',' && c != '}' && c != ']' && c != ')' {
		r.at = start
		if !r.expression() {
			return nil
		}
		v = &plain.Value{Kind: plain.Scalar, Text: graph.Hole}
	}
	v.Span = r.file.Span(start, len(strings.TrimRight(r.text[:r.at], " \t\r\n")))
	return v
}

func (r *literalReader) literal(depth int) *plain.Value {
	switch c := r.peek(); {
	case depth > maxLiteral:
		return nil
	case c == '{':
		return r.object(depth)
	case c == '[':
		return r.array(depth)
	case c == '"' || c == '\'' || c == '`':
		text, ok := r.quoted()
		if !ok {
			return nil
		}
		return &plain.Value{Kind: plain.Scalar, Text: text}
	case '0' <= c && c <= '9' || c == '-':
		start := r.at
		for r.at < len(r.text) && (isWord(r.text[r.at], false) || strings.IndexByte("-.", r.text[r.at]) >= 0) {
			r.at++
		}
		return &plain.Value{Kind: plain.Scalar, Text: r.text[start:r.at]}
	case isWord(c, true):
		text := r.word()
		for r.peek() == '.' {
			r.at++
			text += "." + r.word()
		}
		if text == "null" || text == "undefined" {
			return &plain.Value{}
		}
		return &plain.Value{Kind: plain.Scalar, Text: text}
	}
	return nil
}

func (r *literalReader) object(depth int) *plain.Value {
	v := &plain.Value{Kind: plain.Mapping}
	for r.at++; ; {
		r.skip()
		start := r.at
		key := ""
		switch c := r.peek(); {
		case c == '}':
			r.at++
			return v
		case c == '.':
			if !r.expression() {
				return nil
			}
			key = "..."
		case c == '"' || c == '\'' || c == '`':
			text, ok := r.quoted()
			if !ok {
				return nil
			}
			key = text
		case c == '[':
			if !r.expression() {
				return nil
			}
			key = "..."
		case isWord(c, false):
			for r.at < len(r.text) && isWord(r.text[r.at], false) {
				r.at++
			}
			key = r.text[start:r.at]
		default:
			return nil
		}
		p := plain.Pair{Key: key, At: r.file.Span(start, r.at), Value: &plain.Value{Kind: plain.Scalar, Text: graph.Hole}}
		r.skip()
		switch r.peek() {
		case ':':
			r.at++
			if p.Value = r.value(depth + 1); p.Value == nil {
				return nil
			}
		case ',', '}':
			if key != "..." { // a name that is its own value
				p.Value.Text = key
			}
		default: // a method
			if !r.expression() {
				return nil
			}
		}
		v.Pairs = append(v.Pairs, p)
		if !r.next('}') {
			return nil
		}
	}
}

func (r *literalReader) array(depth int) *plain.Value {
	v := &plain.Value{Kind: plain.Sequence}
	for r.at++; ; {
		r.skip()
		if r.peek() == ']' {
			r.at++
			return v
		}
		item := r.value(depth + 1)
		if item == nil {
			return nil
		}
		v.Items = append(v.Items, item)
		if !r.next(']') {
			return nil
		}
	}
}

// next moves past the comma after an item; false where neither that nor the end of the list stands.
func (r *literalReader) next(end byte) bool {
	r.skip()
	if r.peek() == ',' {
		r.at++
		return true
	}
	return r.peek() == end
}

// expression moves past anything up to the comma or bracket that ends it; false if there is no end.
func (r *literalReader) expression() bool {
	depth, start := r.depth, r.at
	for r.at < len(r.text) {
		r.skip()
		switch c := r.peek(); {
		case r.depth == depth && (c == ',' || c == '}' || c == ']' || c == ')'):
			return r.at > start
		case isWord(c, true):
			r.word()
		case c == 0:
			return false
		default:
			r.token()
			if r.broken {
				return false
			}
		}
	}
	return false
}
