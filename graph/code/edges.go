package code

import (
	"slices"
	"strings"

	"delint/graph"
)

// uses is what a function uses beside the functions that it surely calls.
type uses struct {
	loose   []string       // attributes called on values that could not be resolved
	reads   []string       // attributes read on such values
	classes []*graph.Class // classes that it names or makes
	modules []*graph.Module
	// dynamic holds what it takes attributes of whose names only a run knows.
	dynamic []value
}

// commonNames is method names that so many things have that a method of the repository is not meant, even if only one class has it.
var commonNames = set(`get run main execute load read write process close update items keys values join split append format filter map
	start stop open send save add remove pop clear copy index count sort reverse extend insert set create delete list describe
	transform fit predict apply call build check validate parse dump dumps loads poke submit result query select commit connect
	exists next wait exit info debug warning error exception encode decode strip replace lower upper`)

// link finds the edges of one function.
func (l *linker) link(f *graph.Function) {
	u := &uses{}
	l.edges[f] = u
	l.linkPaths(f, f, f.FunctionFact.Uses, u)
	f.Calls = unique(f.Calls)
}

// linkPaths adds to f the edges of paths that are read in scope.
func (l *linker) linkPaths(f, scope *graph.Function, paths []string, u *uses) {
	for _, p := range paths {
		callee, isCall := strings.CutSuffix(p, "()")
		r := l.eval(scope, callee)
		for _, fn := range r.all() {
			f.Calls = append(f.Calls, graph.Edge{To: fn, Confidence: graph.Inferred})
		}
		known := false
		for _, v := range r.values {
			known = known || v.kind != vExternal || !transparent(v.dir)
			l.linkValue(f, v, isCall, u)
		}
		if !known && len(r.properties) == 0 {
			l.unresolved(f, callee, isCall, u)
		}
	}
}

func (l *linker) linkValue(f *graph.Function, v value, isCall bool, u *uses) {
	add := func(fn *graph.Function) {
		confidence := graph.Exact
		if v.kind == vFunction && v.fn.Class != nil && !v.exact {
			confidence = graph.Inferred
		}
		f.Calls = append(f.Calls, graph.Edge{To: fn, Confidence: confidence})
	}
	switch v.kind {
	case vExternal:
		if v.class != nil && isCall {
			l.inherited(f, v.class)
		}
	case vGroup:
		add(v.mod.Body())
		for _, fn := range l.info[v.mod].groups[v.dir] {
			add(fn)
		}
	case vFunction:
		add(v.fn)
	case vModule:
		u.modules = append(u.modules, v.mod)
	case vClass:
		u.classes = append(u.classes, v.class)
		if isCall {
			for _, c := range ancestry(v.class) {
				for _, fn := range l.info[c.Module].methods[c] {
					name := fn.Name[strings.LastIndexByte(fn.Name, '.')+1:]
					if strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") && method(v.class, name) == fn ||
						validator(fn) {
						add(fn) // made, compared, entered, iterated: what Python itself calls
					}
				}
			}
		}
	case vInstance:
		u.classes = append(u.classes, v.class)
		if fn := method(v.class, "__call__"); isCall && fn != nil {
			add(fn)
		}
	}
}

// inherited adds what a method of a base that is not of the repository may call on an instance: any method that the class
// gives it, as an operator's run calls execute.
func (l *linker) inherited(f *graph.Function, class *graph.Class) {
	for _, c := range ancestry(class) {
		for _, fn := range l.info[c.Module].methods[c] {
			f.Calls = append(f.Calls, graph.Edge{To: fn, Confidence: graph.Partial})
		}
	}
}

// validator reports whether a method runs when an instance is made: pydantic, attrs.
func validator(fn *graph.Function) bool {
	return slices.ContainsFunc(fn.Decorators, func(d graph.DecoratorFact) bool {
		return strings.HasSuffix(d.Path, "validator") || strings.HasSuffix(d.Path, ".validates") || strings.HasSuffix(d.Path, ".default")
	})
}

// unresolved notes an attribute of a value that is not known: it is the one method of that name, or may be any.
func (l *linker) unresolved(f *graph.Function, callee string, isCall bool, u *uses) {
	i := strings.LastIndexByte(callee, '.')
	if i < 0 {
		return
	}
	name := callee[i+1:]
	if name == "*" {
		u.dynamic = append(u.dynamic, l.eval(f, callee[:i]).values...)
		return
	}
	if values := l.eval(f, callee[:i]).values; len(values) > 0 && !slices.ContainsFunc(values, func(v value) bool {
		return v.kind == vExternal && transparent(v.dir) || v.kind == vFunction
	}) {
		return // a known thing without such a member
	}
	if !isCall {
		u.reads = append(u.reads, name)
		return
	}
	u.loose = append(u.loose, name)
	if !commonNames[name] && !strings.HasPrefix(name, "__") && len(l.methods[name]) == 1 {
		f.Calls = append(f.Calls, graph.Edge{To: l.methods[name][0], Confidence: graph.Inferred})
	}
}

func unique(edges []graph.Edge) []graph.Edge {
	seen := map[*graph.Function]int{}
	out := edges[:0]
	for _, e := range edges {
		if i, ok := seen[e.To]; ok {
			out[i].Confidence = max(out[i].Confidence, e.Confidence)
			continue
		}
		seen[e.To] = len(out)
		out = append(out, e)
	}
	return out
}
