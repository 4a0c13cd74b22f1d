package code

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

func (w *walker) openFunction(n parsers.Node) {
	around := w.top()
	name := n.Field(python.Name).Text()
	fn := &graph.FunctionFact{Name: join(around.name, name)}
	if around.class != nil {
		fn.Class = around.class.Name
	}
	for i := len(w.scopes) - 1; i > 0; i-- {
		if w.scopes[i].fn != nil {
			fn.Outer = w.scopes[i].name
			break
		}
	}
	body := n.Field(python.Body)
	fn.Span = w.f.Span(n.Start(), headerEnd(n, body))
	fn.End = w.f.Span(n.Start(), n.End()).End.Line
	if u, ok := python.UnitOf(w.f, n); ok {
		fn.Unit, fn.Composes, fn.Delegates = string(u.Kind), u.Kind.Composes() && u.Kind != python.PrefectFlow, u.Delegates
		if u.Kind == python.PrefectFlow {
			fn.Composes = true
		}
	}
	if !w.test {
		d := python.Def{Name: fn.Name, Kind: "function", Node: n, Body: n}
		if p := n.Parent(); p.Is(python.DecoratedDefinition) {
			d.Body = p
		}
		why := python.UnexplainedBy(w.f, d)
		fn.Unexplained, fn.UnexplainedQuery = why.Gate, why.Query
	}
	w.fns = append(w.fns, fn)
	w.scopes = append(w.scopes, newScope(n, fn.Name, fn, nil))
	w.parameters(n, fn)
	if r := n.Field(python.ReturnType); !r.IsNil() {
		fn.Returns = r.Text()
		fn.Logic.FrameTyped = fn.Logic.FrameTyped || w.frameTyped(fn.Returns)
	}
	fn.Decorators = w.decorators(n)
	for _, d := range fn.Decorators {
		fn.Property = fn.Property || d.Path == "property" || strings.HasSuffix(d.Path, "cached_property")
	}
	w.shape(body, fn)
	if w.test {
		w.testFunction(n, fn)
	}
}

func join(outer, name string) string {
	switch {
	case outer == "":
		return name
	case name == "":
		return outer
	}
	return outer + "." + name
}

// headerEnd is the end of the first line of a definition, or of its name's line.
func headerEnd(n, body parsers.Node) int {
	text := n.Bytes()
	for i, c := range text {
		if c == '\n' || c == '\r' {
			return n.Start() + i
		}
	}
	return n.End()
}

func (w *walker) openClass(n parsers.Node) {
	c := &graph.ClassFact{Name: join(w.top().name, n.Field(python.Name).Text())}
	c.Span = w.f.Span(n.Start(), headerEnd(n, n))
	for b := range n.Field(python.Superclasses).NamedChildren() {
		switch b.Kind() {
		case python.Subscript:
			b = b.Field(python.Value)
		case python.KeywordArgument, python.Comment:
			continue
		}
		c.Bases = append(c.Bases, string(pathOf(nil, b, maxSegments)))
	}
	w.classes = append(w.classes, c)
	w.scopes = append(w.scopes, newScope(n, c.Name, nil, c))
	c.Decorators = w.decorators(n)
	if body := n.Field(python.Body); !body.IsNil() {
		c.Doctest = doctest(body)
	}
	if w.test {
		for d := range decoratorsOf(n) {
			w.decoratorUses(d)
		}
	}
}

func (w *walker) parameters(n parsers.Node, fn *graph.FunctionFact) {
	s := w.top()
	for p := range n.Field(python.ParametersField).NamedChildren() {
		var fact graph.ParamFact
		var value parsers.Node
		switch p.Kind() {
		case python.Identifier:
			fact.Name = p.Text()
		case python.TypedParameter:
			fact.Name, fact.Type = strings.TrimLeft(p.FirstNamed().Text(), "*"), p.Field(python.TypeField).Text()
		case python.DefaultParameter, python.TypedDefaultParameter:
			fact.Name, fact.Type, fact.Default = p.Field(python.Name).Text(), p.Field(python.TypeField).Text(), true
			value = p.Field(python.Value)
		case python.ListSplatPattern, python.DictionarySplatPattern:
			fact.Name = strings.TrimLeft(p.Text(), "*")
		default:
			continue
		}
		fn.Params = append(fn.Params, fact)
		switch {
		case w.frameTyped(fact.Type):
			fn.Logic.FrameTyped = true
			s.kinds[fact.Name] = frame
		case fact.Type == "" && fact.Name != "self" && fact.Name != "cls":
			s.kinds[fact.Name] = rooted
		}
		if value.Is(python.Identifier, python.Attribute, python.Call) {
			w.use(value)
			for _, r := range references(value) { // Depends(f)
				w.record([]byte(r))
			}
		}
	}
}

// frameTyped reports whether an annotation names a frame type anywhere: list[pd.DataFrame], "DataFrame | None".
func (w *walker) frameTyped(annotation string) bool {
	if annotation == "" || !w.fact.Frames {
		return false
	}
	for _, name := range annotationNames(annotation) {
		first, rest, _ := strings.Cut(name, ".")
		if target := w.aliases[first]; target != "" && isFrameType(join(target, rest)) {
			return true
		}
	}
	return false
}

// annotationNames is the dotted names in an annotation.
func annotationNames(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r < 0x80
	})
}

func decoratorsOf(n parsers.Node) func(yield func(parsers.Node) bool) {
	d := python.Def{Node: n, Body: n.Parent()}
	return d.Decorators()
}

func (w *walker) decorators(n parsers.Node) []graph.DecoratorFact {
	var out []graph.DecoratorFact
	for d := range decoratorsOf(n) {
		e := d.FirstNamed()
		fact := graph.DecoratorFact{}
		if e.Is(python.Call) {
			fact.Called = true
			for a := range e.Field(python.Arguments).NamedChildren() {
				switch a.Kind() {
				case python.Comment:
				case python.KeywordArgument:
					fact.Keywords = append(fact.Keywords, graph.KeywordFact{Name: a.Field(python.Name).Text(), Value: argument(a.Field(python.Value))})
				default:
					fact.Args = append(fact.Args, argument(a))
				}
			}
			e = e.Field(python.Function)
		}
		fact.Path = string(pathOf(nil, e, maxSegments))
		out = append(out, fact)
	}
	return out
}

// argument is a short form of a value: a string in quotes, True, False, a path.
func argument(n parsers.Node) string {
	if text, ok := plainString(n); ok {
		return `"` + text + `"`
	}
	if n.Is(python.True, python.False) {
		return n.Text()
	}
	return string(pathOf(nil, n, maxSegments))
}

// shape notes what the statements of a body amount to.
func (w *walker) shape(body parsers.Node, fn *graph.FunctionFact) {
	fn.Doctest = doctest(body)
	statements, empty, returns := 0, 0, 0
	for s := range body.NamedChildren() {
		if s.Is(python.Comment) {
			continue
		}
		statements++
		switch inner := s.FirstNamed(); {
		case s.Is(python.PassStatement):
			empty++
		case s.Is(python.ExpressionStatement) && inner.Is(python.String, python.Ellipsis, python.ConcatenatedString):
			empty++
			if inner.Is(python.String) {
				statements--
				empty--
			}
		case s.Is(python.RaiseStatement) && strings.Contains(s.Text(), "NotImplemented"):
			empty++
		case s.Is(python.ReturnStatement):
			returns++
		}
	}
	fn.Stub = statements == empty
	fn.Single = statements == 1 && returns == 1
}

// doctest is the paths that the examples of a docstring call.
func doctest(body parsers.Node) []string {
	first := body.FirstNamed()
	if !first.Is(python.ExpressionStatement) || !first.FirstNamed().Is(python.String) {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(first.Text(), "\n") {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, ">>>") && !strings.HasPrefix(line, "...") {
			continue
		}
		for _, name := range annotationNames(line[3:]) {
			out = append(out, strings.Trim(name, "."))
		}
	}
	return out
}
