package parsers

/*
#include "flatten.h"
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"
)

// packed is one node of a flat tree: delint_node of flatten.h, field by field.
type packed struct {
	kind, field     uint16
	start, end, row uint32
	parent, next    uint32
}

// missing marks, in packed.field, a node that the parser inserted to recover.
const missing = 0x8000

// noParent is packed.parent of the root.
const noParent = math.MaxUint32

// ErrTimeout says that a parse took longer than its limit.
var ErrTimeout = errors.New("parse took longer than the limit")

// Grammar is a tree-sitter language with its names resolved: what Parse needs. It is safe for concurrent use.
type Grammar struct {
	name     string
	language *sitter.Language
	kinds    []string
	named    []bool
	literal  []bool
	fields   []string // index = field id; 0 is none
	// canonical maps each symbol to the first of its name: a grammar may have several that look the same in the tree.
	canonical []uint16
	pool      sync.Pool
}

// NewGrammar wraps a TSLanguage, given as the pointer that a binding's GetLanguage or Language holds.
func NewGrammar(name string, language *sitter.Language) *Grammar {
	g := &Grammar{name: name, language: language}
	n := int(language.SymbolCount())
	g.kinds, g.named, g.literal = make([]string, n), make([]bool, n), make([]bool, n)
	for i := range n {
		g.kinds[i] = language.SymbolName(sitter.Symbol(i))
		g.named[i] = language.SymbolType(sitter.Symbol(i)) == sitter.SymbolTypeRegular
		g.literal[i] = language.SymbolType(sitter.Symbol(i)) == sitter.SymbolTypeAnonymous
	}
	g.canonical = make([]uint16, n)
	for i := range n {
		g.canonical[i] = uint16(i)
		if first, ok := g.KindByName(g.kinds[i], g.named[i]); ok && (g.named[i] || g.literal[i]) {
			g.canonical[i] = uint16(first)
		}
	}
	g.fields = []string{""}
	for i := 1; ; i++ {
		name := language.FieldName(i)
		if name == "" {
			break
		}
		g.fields = append(g.fields, name)
	}
	g.pool.New = func() any {
		p := sitter.NewParser()
		p.SetLanguage(language)
		return p
	}
	return g
}

// Name is the language's name, for messages.
func (g *Grammar) Name() string { return g.name }

// Language is the tree-sitter language, for query tests that compare with tree-sitter's own.
func (g *Grammar) Language() *sitter.Language { return g.language }

// KindName is the name of a node kind as the grammar spells it; "ERROR" for an error node.
func (g *Grammar) KindName(k Kind) string {
	if k == Error {
		return "ERROR"
	}
	if int(k) < len(g.kinds) {
		return g.kinds[k]
	}
	return ""
}

// KindNamed reports whether the kind is a named one, not a literal token such as "+".
func (g *Grammar) KindNamed(k Kind) bool {
	return k == Error || int(k) < len(g.named) && g.named[k]
}

// KindByName finds a kind by its name; false where the grammar has none. Of several symbols with one name the first stands
// for all.
func (g *Grammar) KindByName(name string, named bool) (Kind, bool) {
	for i, k := range g.kinds {
		if k == name && (named && g.named[i] || !named && g.literal[i]) {
			return Kind(i), true
		}
	}
	return 0, false
}

// FieldName is the name of a field; empty for NoField.
func (g *Grammar) FieldName(f Field) string {
	if int(f) < len(g.fields) {
		return g.fields[f]
	}
	return ""
}

// FieldByName finds a field by its name; false where the grammar has none.
func (g *Grammar) FieldByName(name string) (Field, bool) {
	for i, f := range g.fields {
		if i > 0 && f == name {
			return Field(i), true
		}
	}
	return 0, false
}

// Kinds is the names of all named kinds, for messages.
func (g *Grammar) Kinds() []string {
	var names []string
	for i, k := range g.kinds {
		if g.named[i] {
			names = append(names, k)
		}
	}
	return names
}

// Fields is the names of all fields, for messages.
func (g *Grammar) Fields() []string { return g.fields[1:] }

// Parse reads text into a flat tree. It stops after limit (0: no limit) with ErrTimeout.
// The C tree is freed before Parse returns: only the flat slice stays.
func (g *Grammar) Parse(text []byte, limit time.Duration) (*Tree, error) {
	if len(text) >= math.MaxUint32/2 {
		return nil, fmt.Errorf("%d bytes are more than a tree can hold", len(text))
	}
	p := g.pool.Get().(*sitter.Parser)
	p.SetOperationLimit(int(limit / time.Microsecond))
	ctree, err := p.ParseCtx(context.Background(), nil, text)
	if err != nil {
		p.Reset()
		g.pool.Put(p)
		if errors.Is(err, sitter.ErrOperationLimit) {
			return nil, ErrTimeout
		}
		return nil, err
	}
	nodes := flatten(ctree)
	ctree.Close()
	g.pool.Put(p)
	return newTree(g, text, nodes), nil
}

// spare keeps the slices of released trees: fresh ones cost a page fault and a zeroed byte for every byte.
var spare slices

// slices is a pool of node slices of any length.
type slices struct{ pool sync.Pool }

func (s *slices) take(n int) []packed {
	if p, ok := s.pool.Get().(*[]packed); ok && cap(*p) >= n {
		return (*p)[:n]
	}
	return make([]packed, n, n+n/4)
}

func (s *slices) give(nodes []packed) {
	if cap(nodes) > 0 {
		s.pool.Put(&nodes)
	}
}

// flatten copies the whole C tree into a slice with one C call.
func flatten(tree *sitter.Tree) []packed {
	root := tree.RootNode()
	// sitter.Node begins with its TSNode; TestNodeLayout guards that.
	ts := *(*C.TSNode)(unsafe.Pointer(root))
	count := int(C.ts_node_descendant_count(ts))
	nodes := spare.take(count)
	n := C.delint_flatten(ts, (*C.delint_node)(unsafe.Pointer(&nodes[0])), C.uint32_t(count))
	return nodes[:n]
}
