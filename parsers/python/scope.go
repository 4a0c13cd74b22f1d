package python

import (
	"delint/parsers"
)

// Scope kinds: the nodes that hold names of their own.
var scopes = []parsers.Kind{
	Module, FunctionDefinition, ClassDefinition, Lambda,
	ListComprehension, SetComprehension, DictionaryComprehension, GeneratorExpression,
}

// Binding is one place that gives a name its value.
type Binding struct {
	Name  string
	Node  parsers.Node // the identifier; of an import, the imported item
	Scope parsers.Node // the module, function, class, lambda or comprehension that owns the name
	// Import is set where an import binds the name.
	Import *Import
	// Definition is the function or class, where one binds the name.
	Definition parsers.Node
	// Value is the right side of a plain assignment "name = value"; nil for every other binding.
	Value parsers.Node
}

// binder collects the bindings of a module in one pass over the kinds that bind.
type binder struct {
	f     *parsers.File
	table *ImportTable
}

func (b *binder) bind(id parsers.Node, x Binding) {
	if !id.Is(Identifier) {
		return
	}
	x.Name, x.Node = id.Text(), id
	b.add(id, x)
}

// add files a binding under the scope around at; a global statement there moves it to the module.
func (b *binder) add(at parsers.Node, x Binding) {
	if x.Scope.IsNil() {
		x.Scope = at.Ancestor(scopes...)
	}
	if x.Scope.IsNil() {
		return
	}
	key := scoped{x.Scope.Index(), x.Name}
	if b.table.globals[key] {
		key.scope = 0
		x.Scope = b.f.Tree.Root()
	}
	b.table.bindings[key] = append(b.table.bindings[key], x)
}

// pattern binds every name of an assignment target: a, (b, *c), [d, e]. Attributes and subscripts bind nothing.
func (b *binder) pattern(target, scope parsers.Node) {
	switch target.Kind() {
	case Identifier:
		b.bind(target, Binding{Scope: scope})
	case PatternList, TuplePattern, ListPattern, ListSplatPattern, DictionarySplatPattern, AsPatternTarget, Tuple, List,
		ParenthesizedExpression, ExpressionList, ListSplat:
		for c := range target.NamedChildren() {
			b.pattern(c, scope)
		}
	}
}

func (b *binder) run() {
	for n := range b.f.Tree.All(GlobalStatement) {
		scope := n.Ancestor(FunctionDefinition, ClassDefinition)
		for c := range n.NamedChildren() {
			if !scope.IsNil() {
				b.table.globals[scoped{scope.Index(), c.Text()}] = true
			}
		}
	}
	for n := range b.f.Tree.All(ImportStatement, ImportFromStatement, FutureImportStatement) {
		b.imports(n)
	}
	for n := range b.f.Tree.All(FunctionDefinition, ClassDefinition) {
		around := n.Ancestor(scopes...)
		b.bind(n.Field(Name), Binding{Definition: n, Scope: around})
	}
	for n := range b.f.Tree.All(Parameters, LambdaParameters) {
		b.parameters(n)
	}
	for n := range b.f.Tree.All(Assignment, AugmentedAssignment, NamedExpression, ForStatement, ForInClause, AsPattern, CasePattern) {
		switch n.Kind() {
		case Assignment:
			left, right := n.Field(Left), n.Field(Right)
			if left.Is(Identifier) && !right.IsNil() {
				b.bind(left, Binding{Value: right})
			} else {
				b.pattern(left, parsers.Node{})
			}
		case AugmentedAssignment:
			b.pattern(n.Field(Left), parsers.Node{})
		case NamedExpression:
			around := n.Ancestor(Module, FunctionDefinition, ClassDefinition, Lambda)
			b.bind(n.Field(Name), Binding{Value: n.Field(Value), Scope: around})
		case ForStatement, ForInClause:
			b.pattern(n.Field(Left), parsers.Node{})
		case AsPattern:
			if alias := n.Field(Alias); !alias.IsNil() {
				b.pattern(alias, parsers.Node{})
			} else if last := n.Child(Identifier); n.Parent().Is(CasePattern) {
				b.bind(last, Binding{})
			}
		case CasePattern:
			if name := n.FirstNamed(); name.Is(DottedName) && name.FirstNamed().End() == name.End() {
				b.bind(name.FirstNamed(), Binding{})
			}
		}
	}
}

func (b *binder) parameters(list parsers.Node) {
	scope := list.Parent()
	for p := range list.NamedChildren() {
		switch p.Kind() {
		case DefaultParameter, TypedDefaultParameter:
			b.bind(p.Field(Name), Binding{Scope: scope})
		case TypedParameter:
			b.pattern(p.FirstNamed(), scope)
		default:
			b.pattern(p, scope)
		}
	}
}
