// Package toml says where the keys of a TOML text stand. BurntSushi/toml decodes and decides; it gives no positions.
package toml

import (
	"strings"
	"time"

	"delint/parsers"

	sitter "github.com/smacker/go-tree-sitter/toml"
)

// Grammar is the TOML grammar bundled with go-tree-sitter.
var Grammar = parsers.NewGrammar("toml", sitter.GetLanguage())

var (
	table   = kind("table")
	element = kind("table_array_element")
	pair    = kind("pair")
)

// maxDepth bounds how deep inline tables are followed, and maxKey the length of a dotted name in bytes.
const (
	maxDepth = 32
	maxKey   = 1000
)

// Keys is the position of every key and table header, by its dotted name. Of an array of tables the first counts. Keys that
// nest deeper than anyone writes are left out.
func Keys(text []byte) map[string]parsers.Position {
	keys := map[string]parsers.Position{}
	tree, err := Grammar.Parse(text, time.Second)
	if err != nil {
		return keys
	}
	source := parsers.NewSource("", text)
	var open []parsers.Node // the tables and pairs around
	var names []string      // their dotted names
	for n := range tree.All(table, element, pair) {
		for len(open) > 0 && !open[len(open)-1].Contains(n) {
			open, names = open[:len(open)-1], names[:len(names)-1]
		}
		name, at := "", n.Start()
		for c := range n.NamedChildren() {
			if name = keyName(c, 0); name != "" {
				if !n.Is(pair) {
					at = c.Start()
				}
				break
			}
		}
		if len(names) > 0 {
			name = names[len(names)-1] + "." + name
		}
		if len(open) < maxDepth && len(name) <= maxKey {
			if _, ok := keys[name]; !ok {
				keys[name] = source.Position(at)
			}
			open, names = append(open, n), append(names, name)
		}
	}
	return keys
}

func kind(name string) parsers.Kind {
	k, _ := Grammar.KindByName(name, true)
	return k
}

// keyName is a bare, quoted or dotted key as the decoder's Key.String writes it, without quotes.
func keyName(n parsers.Node, depth int) string {
	switch n.KindName() {
	case "bare_key":
		return n.Text()
	case "quoted_key":
		return strings.Trim(n.Text(), `"'`)
	case "dotted_key":
		var parts []string
		for c := range n.NamedChildren() {
			if depth < maxDepth {
				parts = append(parts, keyName(c, depth+1))
			}
		}
		return strings.Join(parts, ".")
	}
	return ""
}
