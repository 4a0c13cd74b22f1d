package python

import (
	"slices"
	"strings"

	"delint/parsers"
)

// Import is one imported name.
type Import struct {
	// Local is the name that the import binds here: "a" for "import a.b", "c" for "import a.b as c"; "*" for a star import.
	Local string
	// Module is the module as written, with its leading dots: "a.b", "..c", ".".
	Module string
	// Name is what is taken from the module; empty for "import a.b", "*" for a star import.
	Name string
	// Node is the imported item; of a star import the statement.
	Node parsers.Node
	// TypeChecking says that the import stands under "if TYPE_CHECKING:".
	TypeChecking bool
}

// Target is the dotted path that the local name stands for; a relative one keeps its leading dots: "..a.b.c".
func (i Import) Target() string {
	switch {
	case i.Name != "" && strings.HasSuffix(i.Module, "."):
		return i.Module + i.Name
	case i.Name != "":
		return i.Module + "." + i.Name
	case i.Local != "" && strings.HasPrefix(i.Module, i.Local+"."):
		return i.Local // import a.b binds a
	}
	return i.Module
}

// ImportTable is what the names of one module stand for, as far as the module itself says.
type ImportTable struct {
	// Imports is every import of the module, those inside functions too, in the order of the text.
	Imports []*Import

	bindings map[scoped][]Binding
	globals  map[scoped]bool
	star     bool
}

// scoped is a name in the scope that begins at node number scope.
type scoped struct {
	scope int
	name  string
}

type importsKey struct{}

// Imports is the table of a Python file; computed once. It is empty for a file without a tree.
func Imports(f *parsers.File) *ImportTable {
	return parsers.Memo(f, importsKey{}, func() *ImportTable {
		t := &ImportTable{bindings: map[scoped][]Binding{}, globals: map[scoped]bool{}}
		if f.Tree != nil && f.Tree.Grammar == Grammar {
			(&binder{f, t}).run()
		}
		return t
	})
}

// HasStar reports whether the module imports the names of another one unseen.
func (t *ImportTable) HasStar() bool { return t.star }

func (b *binder) imports(n parsers.Node) {
	typing := underTypeChecking(n)
	module := ""
	if n.Is(ImportFromStatement) {
		module = compact(n.Field(ModuleName))
	} else if n.Is(FutureImportStatement) {
		module = "__future__"
	}
	record := func(item parsers.Node, i Import) {
		i.Node, i.TypeChecking = item, typing
		b.table.Imports = append(b.table.Imports, &i)
		b.add(item, Binding{Name: i.Local, Node: item, Import: &i})
	}
	for item := range n.Fields(Name) {
		name, alias := item, ""
		if item.Is(AliasedImport) {
			name, alias = item.Field(Name), item.Field(Alias).Text()
		}
		path := compact(name)
		i := Import{Local: alias, Module: module, Name: path}
		if module == "" {
			i.Module, i.Name = path, ""
		}
		if alias == "" {
			i.Local, _, _ = strings.Cut(path, ".")
		}
		record(item, i)
	}
	if star := n.Child(WildcardImport); !star.IsNil() {
		b.table.star = true
		b.table.Imports = append(b.table.Imports, &Import{Local: "*", Module: module, Name: "*", Node: n, TypeChecking: typing})
	}
}

// compact is the text of a dotted name or relative module without the blanks that may stand in it.
func compact(n parsers.Node) string {
	text := n.Text()
	if !strings.ContainsAny(text, " \t\\\r\n") {
		return text
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\\\r\n", r) {
			return -1
		}
		return r
	}, text)
}

func underTypeChecking(n parsers.Node) bool {
	for child, p := n, n.Parent(); !p.IsNil(); child, p = p, p.Parent() {
		if p.Is(IfStatement) && child.FieldID() == Consequence && strings.HasSuffix(p.Field(Condition).Text(), "TYPE_CHECKING") {
			return true
		}
	}
	return false
}

// Lookup is every binding, in the nearest scope that has one, of the name that an identifier uses; nil for a builtin, a
// name of a star import and an unknown name.
func (t *ImportTable) Lookup(id parsers.Node) []Binding {
	name := id.Text()
	crossed := false // a function lies between: names of a class body around it are not seen
	for child, p := id, id.Parent(); !p.IsNil(); child, p = p, p.Parent() {
		switch p.Kind() {
		case FunctionDefinition, Lambda:
			if child.FieldID() != Body {
				continue // defaults, annotations and the name are evaluated outside
			}
			crossed = true
		case ClassDefinition:
			if child.FieldID() != Body || crossed {
				continue
			}
		case Module, ListComprehension, SetComprehension, DictionaryComprehension, GeneratorExpression:
		default:
			continue
		}
		if found := t.bindings[scoped{p.Index(), name}]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// maxAliases is how many assignments Resolve follows: E = X, X = module.Error.
const maxAliases = 5

// maxAttributes is how many attributes a path has at most, maxBindings how often a name is bound that still stands for
// something: no person writes more.
const (
	maxAttributes = 50
	maxBindings   = 50
)

// Resolve is the dotted path that an expression stands for: a name or a chain of attributes that begins at an import, at a
// builtin ("builtins.Exception") or at another name for one of these. It is empty where this module alone can't say:
// for names that the module defines itself (see Lookup), values, and names of star imports.
func (t *ImportTable) Resolve(n parsers.Node) string {
	if all := t.ResolveAll(n); len(all) > 0 {
		return all[0]
	}
	return ""
}

// ResolveAll is Resolve with every candidate: "try: import a except ImportError: import b as a" has two.
// Imports for type checkers only are candidates where there is no other.
func (t *ImportTable) ResolveAll(n parsers.Node) []string { return t.resolve(n, maxAliases) }

func (t *ImportTable) resolve(n parsers.Node, depth int) []string {
	switch n.Kind() {
	case ParenthesizedExpression, Type:
		return t.resolve(n.FirstNamed(), depth)
	case Attribute:
		var names []string // from the last to the first
		for n.Is(Attribute) && len(names) < maxAttributes {
			names = append(names, n.Field(AttributeField).Text())
			n = n.Field(Object)
		}
		if n.Is(Attribute) {
			return nil
		}
		slices.Reverse(names)
		rest := "." + strings.Join(names, ".")
		base := t.resolve(n, depth)
		out := make([]string, len(base))
		for i, b := range base {
			out[i] = b + rest
		}
		return out
	case Identifier:
		found := t.Lookup(n)
		if len(found) == 0 {
			if name := n.Text(); builtins[name] {
				return []string{"builtins." + name}
			}
			return nil
		}
		if len(found) <= maxBindings {
			return t.resolveBindings(found, n, depth)
		}
	}
	return nil
}

func (t *ImportTable) resolveBindings(found []Binding, use parsers.Node, depth int) []string {
	var out, typing []string
	for _, b := range found {
		switch {
		case b.Import != nil && b.Import.TypeChecking:
			typing = append(typing, b.Import.Target())
		case b.Import != nil:
			out = append(out, b.Import.Target())
		case b.Value.Is(None, False):
			// the fallback of an optional import
		case b.Value.IsNil() || depth == 0 || b.Value.Contains(use):
			if len(found) == 1 || !b.Node.Ancestor(ExceptClause, ElseClause, IfStatement).IsNil() && len(out) > 0 {
				continue
			}
			return nil
		default:
			r := t.resolve(b.Value, depth-1)
			if len(r) == 0 && b.Node.Ancestor(ExceptClause, ElseClause, IfStatement).IsNil() {
				return nil
			}
			out = append(out, r...)
		}
	}
	if len(out) == 0 {
		return typing
	}
	return out
}
