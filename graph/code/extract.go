package code

import (
	"bytes"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// walker reads a module in one pass over its flat tree.
type walker struct {
	f       *parsers.File
	fact    *graph.ModuleFact
	test    bool              // of the role test
	aliases map[string]string // names of the module's imports
	frames  map[string]bool   // functions of the module whose result is annotated with a frame type, by their last name
	fns     []*graph.FunctionFact
	classes []*graph.ClassFact
	scopes  []*scope
	buf     []byte
}

// scope is a module, function or class that is open in the walk.
type scope struct {
	node  parsers.Node
	name  string
	fn    *graph.FunctionFact // nil in the body of a class
	class *graph.ClassFact    // nil but there
	uses  *[]string
	seen  map[string]bool
	kinds map[string]frameKind
}

func module(f *parsers.File, role graph.Role) *graph.ModuleFact {
	w := &walker{f: f, fact: &graph.ModuleFact{}, test: role == graph.RoleTest, aliases: map[string]string{}, frames: map[string]bool{}}
	root := f.Tree.Root()
	body := &graph.FunctionFact{}
	w.fns = append(w.fns, body)
	w.scopes = []*scope{newScope(root, "", body, nil)}
	w.imports()
	w.units()
	w.walk(root)
	for _, fn := range w.fns {
		w.fact.Functions = append(w.fact.Functions, *fn)
	}
	for _, c := range w.classes {
		w.fact.Classes = append(w.fact.Classes, *c)
	}
	return w.fact
}

func newScope(n parsers.Node, name string, fn *graph.FunctionFact, class *graph.ClassFact) *scope {
	s := &scope{node: n, name: name, fn: fn, class: class, seen: map[string]bool{}, kinds: map[string]frameKind{}}
	if class != nil {
		s.uses = &class.Uses
	} else {
		s.uses = &fn.Uses
	}
	return s
}

func (w *walker) imports() {
	for _, i := range python.Imports(w.f).Imports {
		fact := graph.ImportFact{Local: i.Local, Module: i.Module, Name: i.Name, Typing: i.TypeChecking}
		if fn := i.Node.Ancestor(python.FunctionDefinition); !fn.IsNil() {
			fact.Function = qualified(fn)
		}
		w.fact.Imports = append(w.fact.Imports, fact)
		target := i.Target()
		if _, ok := w.aliases[i.Local]; !ok {
			w.aliases[i.Local] = target
		}
		root, _, _ := strings.Cut(target, ".")
		w.fact.Frames = w.fact.Frames || frameRoots[root]
	}
	if w.fact.Frames {
		for n := range w.f.Tree.All(python.FunctionDefinition) {
			if r := n.Field(python.ReturnType); !r.IsNil() && w.frameTyped(r.Text()) {
				w.frames[n.Field(python.Name).Text()] = true
			}
		}
	}
}

func qualified(n parsers.Node) string {
	name := n.Field(python.Name).Text()
	for p := n.Ancestor(python.FunctionDefinition, python.ClassDefinition); !p.IsNil(); p = p.Ancestor(python.FunctionDefinition, python.ClassDefinition) {
		name = p.Field(python.Name).Text() + "." + name
	}
	return name
}

func (w *walker) units() {
	for _, r := range python.UnitReferences(w.f) {
		w.fact.Handed = append(w.fact.Handed, r.Target)
	}
}

func (w *walker) top() *scope { return w.scopes[len(w.scopes)-1] }

// function is the innermost function around (the module's body, if there is none), whatever classes lie between.
func (w *walker) function() *graph.FunctionFact {
	for i := len(w.scopes) - 1; ; i-- {
		if w.scopes[i].fn != nil {
			return w.scopes[i].fn
		}
	}
}

// walk reads everything below n into the scope that is open, and opens the scopes that begin there.
func (w *walker) walk(n parsers.Node) {
	depth := len(w.scopes)
	var skip parsers.Node
	for d := range n.Descendants() {
		if !skip.IsNil() {
			if skip.Contains(d) {
				continue
			}
			skip = parsers.Node{}
		}
		for len(w.scopes) > depth && !w.top().node.Contains(d) {
			w.scopes = w.scopes[:len(w.scopes)-1]
		}
		if w.visit(d) {
			skip = d
		}
	}
	w.scopes = w.scopes[:depth]
}

// visit reads one node; true leaves out what stands below it.
func (w *walker) visit(n parsers.Node) bool {
	switch n.Kind() {
	case python.FunctionDefinition:
		w.openFunction(n)
	case python.ClassDefinition:
		w.openClass(n)
	case python.Decorator:
		return w.test && n.Parent().Is(python.DecoratedDefinition) // read when its function is
	case python.Parameters:
		return n.Parent().Is(python.FunctionDefinition)
	case python.ImportStatement, python.ImportFromStatement, python.FutureImportStatement, python.GlobalStatement, python.Type:
		return true
	case python.Identifier:
		w.identifier(n)
	case python.Attribute:
		if !callee(n) && !n.Parent().Is(python.Attribute) {
			w.use(n)
		}
	case python.Call:
		w.call(n)
	case python.Assignment, python.NamedExpression:
		w.assignment(n)
	case python.ForStatement, python.ForInClause:
		w.bindLoop(n)
		w.logic(n)
	case python.AsPattern:
		w.bindWith(n)
	case python.ReturnStatement, python.Yield:
		w.result(n)
	case python.AssertStatement, python.RaiseStatement:
		if fn := w.function(); n.Is(python.AssertStatement) || bytes.Contains(n.Bytes(), []byte("AssertionError")) {
			fn.Asserts = true
		}
	case python.String:
		w.text(n)
	case python.ExpressionStatement:
		if w.test {
			w.idle(n.FirstNamed())
		}
	default:
		w.logic(n)
	}
	return false
}

// callee reports whether a node is what a call calls: the call reads it.
func callee(n parsers.Node) bool {
	return n.FieldID() == python.Function && n.Parent().Is(python.Call)
}

func (w *walker) identifier(n parsers.Node) {
	switch p := n.Parent(); p.Kind() {
	case python.Attribute, python.Parameters, python.LambdaParameters, python.FunctionDefinition, python.ClassDefinition, python.TypedParameter,
		python.DottedName, python.AliasedImport, python.AsPatternTarget, python.PatternList, python.ListSplatPattern, python.DictionarySplatPattern:
		return
	case python.Call:
		if n.FieldID() == python.Function {
			return
		}
	case python.KeywordArgument, python.DefaultParameter, python.TypedDefaultParameter, python.NamedExpression:
		if n.FieldID() == python.Name {
			return
		}
	case python.Assignment, python.ForStatement, python.ForInClause:
		if n.FieldID() == python.Left {
			return
		}
	}
	w.use(n)
}

// use records that the open scope uses an expression.
func (w *walker) use(n parsers.Node) {
	w.record(pathOf(w.buf[:0], n, maxSegments))
	w.hold(n, w.buf)
}

func (w *walker) record(p []byte) {
	w.buf = p
	s := w.top()
	if s.seen[string(p)] {
		return
	}
	text := string(p)
	s.seen[text] = true
	*s.uses = append(*s.uses, text)
}
