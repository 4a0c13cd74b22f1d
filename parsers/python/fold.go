package python

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"delint/parsers"
)

// Hole stands in folded text for a part that is not known before the program runs: {name} in an f-string, an argument of
// format, an operand that is no constant.
const Hole = "\uFFFC"

// Fold is the constant text of an expression: a literal, adjacent literals, "a" + "b", an f-string, "…".format(…) and
// "…" % … (their fields are holes), and a name that the module binds exactly once, to such an expression. holes says that
// the text has a Hole; ok is false where the expression is no text. Bytes are no text.
func Fold(f *parsers.File, n parsers.Node) (text string, holes, ok bool) {
	var b strings.Builder
	ok = (&folder{table: Imports(f), out: &b}).fold(n, maxAliases)
	text = b.String()
	return text, strings.Contains(text, Hole), ok
}

// maxFoldDepth is how deep operators and calls may nest in folded text.
const maxFoldDepth = 200

type folder struct {
	table *ImportTable
	out   *strings.Builder
	level int // of nesting
}

func (f *folder) fold(n parsers.Node, depth int) bool {
	switch n.Kind() {
	case String:
		return f.literal(n)
	case ConcatenatedString:
		for part := range n.NamedChildren() {
			if part.Is(String) && !f.literal(part) {
				return false
			}
		}
		return true
	case ParenthesizedExpression:
		return f.fold(n.FirstNamed(), depth)
	case BinaryOperator:
		return f.operator(n, depth)
	case Call:
		return f.call(n, depth)
	case Identifier, Attribute:
		value := f.table.constant(n)
		return depth > 0 && !value.IsNil() && f.fold(value, depth-1)
	}
	return false
}

// constant is the one value that a name has in the module: bound once, at module level or in the function of its use.
func (t *ImportTable) constant(n parsers.Node) parsers.Node {
	if !n.Is(Identifier) {
		return parsers.Node{}
	}
	found := t.Lookup(n)
	if len(found) != 1 || found[0].Value.IsNil() || found[0].Value.Contains(n) {
		return parsers.Node{}
	}
	return found[0].Value
}

// part folds one operand into text of its own; what is no constant becomes a hole.
func (f *folder) part(n parsers.Node, depth int) (string, bool) {
	inner := &folder{f.table, &strings.Builder{}, f.level + 1}
	if f.level < maxFoldDepth && inner.fold(n, depth) {
		return inner.out.String(), true
	}
	return Hole, false
}

func (f *folder) operator(n parsers.Node, depth int) bool {
	switch n.Field(Operator).Text() {
	case "+":
		var operands []parsers.Node // from the last to the first
		for n.Is(BinaryOperator) && n.Field(Operator).Text() == "+" {
			operands = append(operands, n.Field(Right))
			n = n.Field(Left)
		}
		operands = append(operands, n)
		constant := false
		for i := len(operands) - 1; i >= 0; i-- {
			text, ok := f.part(operands[i], depth)
			f.out.WriteString(text)
			constant = constant || ok
		}
		return constant
	case "%":
		left, ok := f.part(n.Field(Left), depth)
		f.out.WriteString(percent(left))
		return ok
	}
	return false
}

// percent makes a hole of every conversion of a %-format.
func percent(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '%')
		if i < 0 || i+1 == len(s) {
			return b.String() + s
		}
		b.WriteString(s[:i])
		if s[i+1] == '%' {
			b.WriteByte('%')
			s = s[i+2:]
			continue
		}
		s = s[i+1:]
		if strings.HasPrefix(s, "(") {
			_, s, _ = strings.Cut(s, ")")
		}
		s = strings.TrimLeft(s, "#0- +.123456789*hlL")
		if s != "" {
			_, size := utf8.DecodeRuneInString(s)
			s = s[size:]
		}
		b.WriteString(Hole)
	}
}

func (f *folder) call(n parsers.Node, depth int) bool {
	fn := n.Field(Function)
	if !fn.Is(Attribute) {
		return false
	}
	switch fn.Field(AttributeField).Text() {
	case "format":
		text, ok := f.part(fn.Field(Object), depth)
		f.out.WriteString(fields(text))
		return ok
	case "strip", "lstrip", "rstrip", "dedent":
		if args := n.Field(Arguments); args.FirstNamed().IsNil() {
			text, ok := f.part(fn.Field(Object), depth)
			f.out.WriteString(strings.TrimSpace(text))
			return ok
		}
	}
	return false
}

// fields makes a hole of every replacement field of a format string.
func fields(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case (c == '{' || c == '}') && i+1 < len(s) && s[i+1] == c:
			b.WriteByte(c)
			i++
		case c == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return b.String() + s[i:]
			}
			b.WriteString(Hole)
			i += end
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// literal writes one string literal with its escapes read and a hole for each interpolation.
func (f *folder) literal(n parsers.Node) bool {
	prefix := strings.ToLower(strings.TrimRight(n.Child(StringStart).Text(), `"'`))
	if strings.Contains(prefix, "b") {
		return false
	}
	raw := strings.Contains(prefix, "r")
	for c := range n.Children() {
		switch c.Kind() {
		case StringContent:
			f.content(c, raw)
		case Interpolation:
			f.out.WriteString(Hole)
		}
	}
	return true
}

func (f *folder) content(n parsers.Node, raw bool) {
	at := n.Start()
	text := n.Tree().Text
	for c := range n.Children() {
		if raw && c.Is(EscapeSequence) {
			continue
		}
		f.out.Write(text[at:c.Start()])
		switch c.Kind() {
		case EscapeSequence:
			f.out.WriteString(unescape(c.Text()))
		case EscapeInterpolation:
			f.out.WriteString(c.Text()[:1])
		default:
			f.out.Write(c.Bytes())
		}
		at = c.End()
	}
	f.out.Write(text[at:n.End()])
}

// unescape reads one escape sequence; a sequence that Python doesn't know stands for itself.
func unescape(s string) string {
	if len(s) < 2 {
		return s
	}
	switch s[1] {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 'r':
		return "\r"
	case '\n', '\r':
		return ""
	case '\\', '\'', '"':
		return s[1:2]
	case 'x', 'u', 'U':
		if v, err := strconv.ParseUint(s[2:], 16, 32); err == nil {
			return string(rune(v))
		}
	}
	if v, err := strconv.ParseUint(s[1:], 8, 32); err == nil {
		return string(rune(v))
	}
	return s
}
