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

// Keys is the position of every key and table header, by its dotted name. Of an array of tables the first counts.
func Keys(text []byte) map[string]parsers.Position {
	keys := map[string]parsers.Position{}
	tree, err := Grammar.Parse(text, time.Second)
	if err != nil {
		return keys
	}
	source := parsers.NewSource("", text)
	table := ""
	for n := range tree.Root().Descendants() {
		switch n.KindName() {
		case "table", "table_array_element":
			table = ""
			for c := range n.NamedChildren() {
				if name := keyName(c); name != "" {
					table = name
					add(keys, table, source.Position(c.Start()))
					break
				}
			}
		case "pair":
			key := keyName(n.FirstNamed())
			for p := n.Parent(); !p.IsNil(); p = p.Parent() {
				if p.KindName() == "pair" {
					key = keyName(p.FirstNamed()) + "." + key
				}
			}
			if !n.Ancestor(kind("table"), kind("table_array_element")).IsNil() {
				key = table + "." + key
			}
			add(keys, key, source.Position(n.Start()))
		}
	}
	return keys
}

func add(keys map[string]parsers.Position, key string, at parsers.Position) {
	if _, ok := keys[key]; !ok {
		keys[key] = at
	}
}

func kind(name string) parsers.Kind {
	k, _ := Grammar.KindByName(name, true)
	return k
}

// keyName is a bare, quoted or dotted key as the decoder's Key.String writes it, without quotes.
func keyName(n parsers.Node) string {
	switch n.KindName() {
	case "bare_key":
		return n.Text()
	case "quoted_key":
		return strings.Trim(n.Text(), `"'`)
	case "dotted_key":
		var parts []string
		for c := range n.NamedChildren() {
			parts = append(parts, keyName(c))
		}
		return strings.Join(parts, ".")
	}
	return ""
}
