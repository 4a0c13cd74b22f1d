package code

import (
	"delint/parsers"
	"delint/parsers/python"
)

// maxSegments is how long an expression may be to be kept as a path; of a longer one only its end is.
const maxSegments = 24

// pathOf writes an expression as a path, as graph.ModuleFact explains.
func pathOf(buf []byte, n parsers.Node, depth int) []byte {
	if depth == 0 {
		return append(buf, '?')
	}
	switch n.Kind() {
	case python.Identifier:
		return append(buf, n.Bytes()...)
	case python.Attribute:
		buf = pathOf(buf, n.Field(python.Object), depth-1)
		return append(append(buf, '.'), n.Field(python.AttributeField).Bytes()...)
	case python.Subscript:
		return append(pathOf(buf, n.Field(python.Value), depth-1), "[]"...)
	case python.Await, python.ParenthesizedExpression, python.Type:
		return pathOf(buf, n.FirstNamed(), depth)
	case python.Call:
		return callPath(buf, n, depth)
	}
	return append(buf, '?')
}

// callPath writes a call. getattr(x, "a") is x.a; importlib.import_module("a.b") is !a.b.
func callPath(buf []byte, n parsers.Node, depth int) []byte {
	fn := n.Field(python.Function)
	if fn.Is(python.Identifier) || fn.Is(python.Attribute) {
		switch name := lastName(fn); string(name) {
		case "getattr":
			first, second := arguments(n)
			buf = append(pathOf(buf, first, depth-1), '.')
			if text, ok := plainString(second); ok && isIdentifier(text) {
				return append(buf, text...)
			}
			return append(buf, '*')
		case "import_module":
			first, _ := arguments(n)
			if text, ok := plainString(first); ok {
				return append(append(buf, '!'), text...)
			}
		}
	}
	return append(pathOf(buf, fn, depth-1), "()"...)
}

// lastName is the name at the end of a name or chain of attributes.
func lastName(n parsers.Node) []byte {
	if n.Is(python.Attribute) {
		n = n.Field(python.AttributeField)
	}
	if n.Is(python.Identifier) {
		return n.Bytes()
	}
	return nil
}

// arguments is the first two positional arguments of a call.
func arguments(call parsers.Node) (first, second parsers.Node) {
	for a := range call.Field(python.Arguments).NamedChildren() {
		switch {
		case a.Is(python.Comment):
		case a.Is(python.KeywordArgument):
			return first, second
		case first.IsNil():
			first = a
		default:
			return first, a
		}
	}
	return first, second
}

// plainString is the text of a string literal without prefix, escapes or interpolation.
func plainString(n parsers.Node) (string, bool) {
	if !n.Is(python.String) {
		return "", false
	}
	text := ""
	for c := range n.NamedChildren() {
		switch c.Kind() {
		case python.StringStart, python.StringEnd:
		case python.StringContent:
			for range c.NamedChildren() {
				return "", false
			}
			text += c.Text()
		default:
			return "", false
		}
	}
	return text, true
}

func isIdentifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9' || i == 0) && c < 0x80 {
			return false
		}
	}
	return s != ""
}

// isDotted reports whether a text is names joined by dots, with at least one dot.
func isDotted(s string) bool {
	start, dots := 0, 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || s[i] == '.' {
			if !isIdentifier(s[start:i]) {
				return false
			}
			start = i + 1
			dots++
		}
	}
	return dots > 1
}
