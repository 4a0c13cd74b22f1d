package security

import (
	"strings"

	"delint/parsers"
	"delint/parsers/python"
)

// pythonPairs are the names and constant texts of a Python file: assignments, keyword arguments, defaults, entries of
// dictionaries, defaults of getenv and of argparse, and literals beside a literal name (option("password", "…")).
// Constants are folded.
func pythonPairs(f *parsers.File) []Pair {
	c := &pythonPairsOf{file: f}
	for n := range f.Tree.All(python.Assignment, python.KeywordArgument, python.Pair, python.DefaultParameter, python.TypedDefaultParameter, python.Call) {
		switch n.Kind() {
		case python.Assignment:
			c.target(n.Field(python.Left), n.Field(python.Right))
		case python.KeywordArgument:
			c.keyword(n)
		case python.Pair:
			c.named(n.Field(python.Key), n.Field(python.Value))
		case python.DefaultParameter, python.TypedDefaultParameter:
			name := n.Field(python.Name)
			c.add(name.Text(), name, n.Field(python.Value))
		case python.Call:
			c.call(n)
		}
	}
	return c.pairs
}

type pythonPairsOf struct {
	file  *parsers.File
	pairs []Pair
}

// target is an assignment to a name, an attribute, or an entry with a literal key.
func (c *pythonPairsOf) target(left, right parsers.Node) {
	switch left.Kind() {
	case python.Identifier:
		c.add(left.Text(), left, right)
	case python.Attribute:
		name := left.Field(python.AttributeField)
		c.add(name.Text(), name, right)
	case python.Subscript:
		c.named(left.Field(python.SubscriptField), right)
	}
}

// named is a value under a literal name.
func (c *pythonPairsOf) named(key, value parsers.Node) {
	if name, ok := literal(key); ok {
		c.add(name, key, value)
	}
}

func (c *pythonPairsOf) keyword(n parsers.Node) {
	name, value := n.Field(python.Name), n.Field(python.Value)
	if name.Text() == "default" { // argparse, click
		for sibling := range n.Parent().NamedChildren() {
			if option, ok := literal(sibling); ok && strings.HasPrefix(option, "-") {
				c.add(strings.TrimLeft(option, "-"), name, value)
				return
			}
		}
	}
	if value.Is(python.Tuple) && name.Text() == "auth" { // auth=("user", "password")
		i := 0
		for item := range value.NamedChildren() {
			if i++; i == 2 {
				c.add("password", name, item)
			}
		}
		return
	}
	c.add(name.Text(), name, value)
}

// pairCalls take a name and its value as their first two arguments.
var pairCalls = wordSet("option set config getenv get setdefault pop conf setconf put add_header header default os_getenv hadoopconfiguration env basicauth httpbasicauth")

func (c *pythonPairsOf) call(n parsers.Node) {
	function := n.Field(python.Function)
	if function.Is(python.Attribute) {
		function = function.Field(python.AttributeField)
	}
	name := strings.ToLower(function.Text())
	if !pairCalls[name] {
		return
	}
	var arguments []parsers.Node
	for a := range n.Field(python.Arguments).NamedChildren() {
		arguments = append(arguments, a)
	}
	if len(arguments) < 2 {
		return
	}
	if name == "httpbasicauth" || name == "basicauth" {
		c.add("password", function, arguments[1])
		return
	}
	c.named(arguments[0], arguments[1])
}

// add keeps a pair if its value is constant text.
func (c *pythonPairsOf) add(key string, at, value parsers.Node) {
	if value.Is(python.Call) { // SecretStr("…")
		function := value.Field(python.Function).Text()
		if i := strings.LastIndexByte(function, '.'); i >= 0 {
			function = function[i+1:]
		}
		if function != "SecretStr" && function != "Secret" && function != "SecretBytes" && function != "str" {
			return
		}
		value = value.Field(python.Arguments).FirstNamed()
	}
	if value.Is(python.Identifier) && classOf(key) != plainKey {
		found := python.Imports(c.file).Lookup(value)
		if len(found) != 1 {
			return
		}
		value = found[0].Value
	}
	joined := value.Is(python.BinaryOperator, python.ConcatenatedString, python.ParenthesizedExpression)
	if !value.Is(python.String) && !joined || !joined && !worthJudging(key) {
		return
	}
	text, _, ok := python.Fold(c.file, value)
	if !ok || text == "" {
		return
	}
	span := Span{value.Start(), value.End()}
	if value.Is(python.String) {
		span = Span{value.Child(python.StringStart).End(), value.Child(python.StringEnd).Start()}
	}
	if span.End <= span.Start {
		return
	}
	place := rawSpan(c.file.Source, span)
	c.pairs = append(c.pairs, Pair{Key: key, KeySpan: rawSpan(c.file.Source, Span{at.Start(), at.End()}), Value: text, Span: place,
		Escaped: text != string(c.file.Raw[place.Start:place.End])})
}

// worthJudging reports whether a name may make a secret of its value.
func worthJudging(key string) bool {
	return classOf(key) != plainKey || strings.Contains(strings.ToLower(key), "key") || strings.Contains(strings.ToLower(key), "secret") || len(key) > 6
}

// literal is the text of a plain string.
func literal(n parsers.Node) (string, bool) {
	if !n.Is(python.String) {
		return "", false
	}
	return n.Child(python.StringContent).Text(), true
}
