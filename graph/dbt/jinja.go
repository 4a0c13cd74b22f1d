package dbt

import (
	"strings"

	"delint/graph/read/plain"
	"delint/parsers"
)

// template is the Jinja of a text: every call in it, and the blocks that define something.
type template struct {
	calls  []call
	blocks []block
	// captured is the text of {% set x %} … {% endset %} and {% call … %} … {% endcall %}: it stands where the name does.
	captured []loop
	loops    []loop
	sets     map[string]*plain.Value // what {% set %} gives a name last
}

// loop is {% for name in list %} over a list that is written out: what name is between from and to.
type loop struct {
	name     string
	values   []string
	from, to int
}

// call is a call in a template expression or tag. Arguments are literals as values; any other expression is a scalar whose
// text is the expression in double braces, as YAML has it.
type call struct {
	name       string // with dots: dbt_utils.star
	args       []*plain.Value
	keys       []plain.Pair
	start, end int
}

// key is the value of a keyword argument; nil if it has none.
func (c *call) key(name string) *plain.Value {
	for _, p := range c.keys {
		if p.Key == name {
			return p.Value
		}
	}
	return nil
}

// block is {% macro name(…) %} … {% endmacro %} and its like: macro, test, materialization, snapshot, docs.
type block struct {
	kind, name string
	start, end int // of the opening tag's content
	from, to   int // of what it holds
}

type jinjaToken struct {
	kind       byte // n name, s string, l other literal, or the byte itself
	start, end int
}

// readTemplate reads the templates of a text. Comments of Jinja are left out; SQL comments are not, because dbt renders
// what stands in them.
func readTemplate(s string) *template {
	t := &template{sets: map[string]*plain.Value{}}
	var open, loops []int
	for i := 0; i < len(s); {
		at := strings.IndexByte(s[i:], '{')
		if at < 0 || i+at+1 >= len(s) {
			break
		}
		i += at
		switch s[i+1] {
		case '#':
			i = past(s, i+2, "#}")
			continue
		case '{', '%':
		default:
			i++
			continue
		}
		tag := s[i+1] == '%'
		tokens, end := jinjaTokens(s, i+2, tag)
		p := &jinjaParser{text: s, tokens: tokens, out: t}
		if tag && len(tokens) > 0 && tokens[0].kind == 'n' {
			switch word := p.word(0); word {
			case "raw":
				i = past(s, end, "endraw")
				continue
			case "macro", "test", "data_test", "materialization", "snapshot", "docs":
				if len(tokens) > 1 && tokens[1].kind == 'n' {
					t.blocks = append(t.blocks, block{kind: word, name: p.word(1), start: i, end: end, from: end, to: len(s)})
					open = append(open, len(t.blocks)-1)
				}
				i = end
				continue
			case "endmacro", "endtest", "enddata_test", "endmaterialization", "endsnapshot", "enddocs":
				if n := len(open); n > 0 {
					t.blocks[open[n-1]].to = i
					open = open[:n-1]
				}
			case "set":
				if p.kind(1) == 'n' && p.kind(2) == '=' {
					p.at = 3
					t.sets[p.word(1)] = p.expression()
				} else if len(tokens) == 2 {
					t.captured = append(t.captured, loop{from: end, to: len(s)})
				}
			case "call":
				t.captured = append(t.captured, loop{from: end, to: len(s)})
			case "endset", "endcall":
				for n := len(t.captured) - 1; n >= 0; n-- {
					if t.captured[n].to == len(s) {
						t.captured[n].to = i
						break
					}
				}
			case "for":
				t.loops = append(t.loops, loop{from: end, to: len(s)})
				loops = append(loops, len(t.loops)-1)
				if p.kind(1) == 'n' && p.kind(2) == 'n' && p.word(2) == "in" {
					p.at = 3
					l := &t.loops[len(t.loops)-1]
					l.name, l.values = p.word(1), t.list(p.expression())
				}
			case "endfor":
				if n := len(loops); n > 0 {
					t.loops[loops[n-1]].to = i
					loops = loops[:n-1]
				}
			}
		}
		for p.at < len(p.tokens) {
			p.expression()
			p.at++
		}
		i = end
	}
	return t
}

// jinjaTokens splits a template from i to its closing braces, which end it only outside brackets, and returns where it ends.
func jinjaTokens(s string, i int, tag bool) (tokens []jinjaToken, end int) {
	closing := "}}"
	if tag {
		closing = "%}"
	}
	depth := 0
	for i < len(s) {
		c := s[i]
		if depth <= 0 && strings.HasPrefix(s[i:], closing) {
			return tokens, i + 2
		}
		start := i
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
			continue
		case c == '\'' || c == '"':
			for i++; i < len(s) && s[i] != c; i++ {
				if s[i] == '\\' {
					i++
				}
			}
			i = min(i+1, len(s))
			tokens = append(tokens, jinjaToken{'s', start, i})
		case nameByte(c) && !digit(c):
			for i < len(s) && (nameByte(s[i]) || s[i] == '.' && i+1 < len(s) && nameByte(s[i+1]) && !digit(s[i+1])) {
				i++
			}
			tokens = append(tokens, jinjaToken{'n', start, i})
		case digit(c):
			for i < len(s) && (nameByte(s[i]) || s[i] == '.') {
				i++
			}
			tokens = append(tokens, jinjaToken{'l', start, i})
		default:
			switch c {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			}
			i++
			tokens = append(tokens, jinjaToken{c, start, i})
		}
	}
	return tokens, len(s)
}

// list is the strings of a list that is written out, there or in a set; nil for any other value.
func (t *template) list(v *plain.Value) []string {
	if v == nil {
		return nil
	}
	if name := strings.TrimSuffix(strings.TrimPrefix(v.Text, "{{ "), " }}"); v.Kind == plain.Scalar && t.sets[name] != nil {
		v = t.sets[name]
	}
	if v.Kind != plain.Sequence {
		return nil
	}
	var out []string
	for _, item := range v.Items {
		if !isLiteral(item) {
			return nil
		}
		out = append(out, item.Text)
	}
	return out
}

// maxUnrolled bounds how many values a loop gives one call.
const maxUnrolled = 200

// unrolled is a call with each value that the loop around it gives its arguments; the call alone where they need none.
func (t *template) unrolled(c *call) []*call {
	for i := len(t.loops) - 1; i >= 0; i-- {
		l := &t.loops[i]
		if l.name == "" || c.start < l.from || c.start >= l.to || len(l.values) == 0 || len(l.values) > maxUnrolled {
			continue
		}
		var out []*call
		for _, value := range l.values {
			next := *c
			next.args = make([]*plain.Value, len(c.args))
			for j, a := range c.args {
				next.args[j] = t.substituted(a, l.name, value)
			}
			out = append(out, &next)
		}
		if len(out) > 0 && out[0].literal() {
			return out
		}
	}
	next := *c
	next.args = make([]*plain.Value, len(c.args))
	for j, a := range c.args {
		next.args[j] = t.substituted(a, "", "")
	}
	return []*call{&next}
}

// literal reports whether all positional arguments are written out.
func (c *call) literal() bool {
	for _, a := range c.args {
		if !isLiteral(a) {
			return false
		}
	}
	return true
}

// substituted evaluates an argument that joins strings and names by ~ or +, where the names are known.
func (t *template) substituted(a *plain.Value, name, value string) *plain.Value {
	if a == nil || a.Kind != plain.Scalar || !strings.HasPrefix(a.Text, "{{ ") {
		return a
	}
	text := strings.TrimSuffix(strings.TrimPrefix(a.Text, "{{ "), " }}")
	tokens, _ := jinjaTokens(text, 0, false)
	var b strings.Builder
	for i, k := range tokens {
		word := text[k.start:k.end]
		switch {
		case i%2 == 1 && (k.kind == '~' || k.kind == '+'):
		case i%2 == 0 && k.kind == 's':
			b.WriteString(stringLiteral(word))
		case i%2 == 0 && k.kind == 'n' && word == name && name != "":
			b.WriteString(value)
		case i%2 == 0 && k.kind == 'n' && isLiteral(t.sets[word]):
			b.WriteString(t.sets[word].Text)
		default:
			return a
		}
	}
	return &plain.Value{Kind: plain.Scalar, Text: b.String()}
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
func nameByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || digit(c) || c >= 0x80
}

func past(s string, from int, end string) int {
	if i := strings.Index(s[min(from, len(s)):], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}

type jinjaParser struct {
	text   string
	tokens []jinjaToken
	at     int
	depth  int
	out    *template
}

// maxNesting bounds how deep brackets of a template are read.
const maxNesting = 60

func (p *jinjaParser) word(i int) string { return p.text[p.tokens[i].start:p.tokens[i].end] }

func (p *jinjaParser) kind(i int) byte {
	if i < len(p.tokens) {
		return p.tokens[i].kind
	}
	return 0
}

// expression reads up to a comma or a closing bracket of the level it begins on, which it leaves.
func (p *jinjaParser) expression() *plain.Value {
	first, pieces := p.at, 0
	var v *plain.Value
	if p.depth++; p.depth > maxNesting {
		p.at = len(p.tokens)
	}
	defer func() { p.depth-- }()
	for p.at < len(p.tokens) {
		switch k := p.kind(p.at); k {
		case ',', ')', ']', '}', ':':
			if k != ':' || p.depth > 1 {
				return p.value(v, first, pieces)
			}
			p.at++
		case '(':
			p.at++
			for p.at < len(p.tokens) && p.kind(p.at) != ')' {
				v = p.expression()
				if p.kind(p.at) == ',' || p.kind(p.at) == ':' || p.kind(p.at) == ']' || p.kind(p.at) == '}' {
					pieces++ // a tuple
					p.at++
				}
			}
			p.at++
			pieces++
		case '[', '{':
			v = p.collection(k)
			pieces++
		case 'n':
			if p.kind(p.at+1) == '(' {
				p.call()
				pieces += 2
				continue
			}
			v = literalName(p.word(p.at))
			p.at++
			pieces++
		case 's':
			v = &plain.Value{Kind: plain.Scalar, Text: stringLiteral(p.word(p.at))}
			p.at++
			pieces++
		case 'l':
			v = &plain.Value{Kind: plain.Scalar, Text: p.word(p.at)}
			p.at++
			pieces++
		default:
			p.at++
			pieces++
		}
	}
	return p.value(v, first, pieces)
}

// value is what an expression is: a literal where it is nothing else, else its text in braces.
func (p *jinjaParser) value(v *plain.Value, first, pieces int) *plain.Value {
	if pieces == 1 && v != nil {
		return v
	}
	if first >= p.at || first >= len(p.tokens) {
		return &plain.Value{}
	}
	return &plain.Value{Kind: plain.Scalar, Text: "{{ " + p.text[p.tokens[first].start:p.tokens[min(p.at, len(p.tokens))-1].end] + " }}"}
}

func literalName(word string) *plain.Value {
	switch word {
	case "true", "True", "false", "False":
		return &plain.Value{Kind: plain.Scalar, Text: strings.ToLower(word)}
	case "none", "None":
		return &plain.Value{}
	}
	return &plain.Value{Kind: plain.Scalar, Text: "{{ " + word + " }}"}
}

func stringLiteral(s string) string {
	if len(s) < 2 {
		return s
	}
	s = s[1 : len(s)-1]
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	return strings.NewReplacer(`\'`, `'`, `\"`, `"`, `\\`, `\`, `\n`, "\n").Replace(s)
}

func (p *jinjaParser) collection(open byte) *plain.Value {
	v := &plain.Value{Kind: plain.Sequence}
	closing := byte(']')
	if open == '{' {
		v.Kind, closing = plain.Mapping, '}'
	}
	for p.at++; p.at < len(p.tokens) && p.kind(p.at) != closing; {
		item := p.expression()
		switch p.kind(p.at) {
		case ':':
			p.at++
			v.Pairs = append(v.Pairs, plain.Pair{Key: item.Text, Value: p.expression()})
		default:
			v.Items = append(v.Items, item)
		}
		if k := p.kind(p.at); k == ',' || k == ')' || k != closing && (k == ']' || k == '}') {
			p.at++
		}
	}
	p.at++
	return v
}

func (p *jinjaParser) call() {
	c := call{name: p.word(p.at), start: p.tokens[p.at].start}
	index := len(p.out.calls)
	p.out.calls = append(p.out.calls, c) // before those in its arguments, as in the text
	for p.at += 2; p.at < len(p.tokens) && p.kind(p.at) != ')'; {
		if p.kind(p.at) == 'n' && p.kind(p.at+1) == '=' && p.kind(p.at+2) != '=' {
			name := p.word(p.at)
			p.at += 2
			c.keys = append(c.keys, plain.Pair{Key: name, Value: p.expression()})
		} else {
			c.args = append(c.args, p.expression())
		}
		if k := p.kind(p.at); k == ',' || k == ']' || k == '}' || k == ':' {
			p.at++
		}
	}
	if p.at < len(p.tokens) {
		c.end = p.tokens[p.at].end
	} else {
		c.end = p.tokens[len(p.tokens)-1].end
	}
	p.at++
	p.out.calls[index] = c
}

type templateKey struct{}

// templateOf is the Jinja of a file, read once.
func templateOf(f *parsers.File) *template {
	return parsers.Memo(f, templateKey{}, func() *template { return readTemplate(string(f.Text)) })
}

// pythonCall reads the call of a name whose opening bracket stands at byte open of a Python text.
func pythonArguments(s, name string, at, open int) call {
	tokens, _ := jinjaTokens(s[:pythonEnd(s, open)], open, false)
	p := &jinjaParser{text: s, tokens: append([]jinjaToken{{'n', at, open}}, tokens...), out: &template{}}
	p.call()
	c := p.out.calls[0]
	c.name = name
	return c
}

// pythonEnd is the offset after the bracket that closes the one at open.
func pythonEnd(s string, open int) int {
	depth := 0
	for i := open; i < len(s); i++ {
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '\'', '"':
			if j := strings.IndexByte(s[i+1:], s[i]); j >= 0 {
				i += j + 1
			}
		case '#':
			i = past(s, i, "\n") - 1
		}
	}
	return len(s)
}
