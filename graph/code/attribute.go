package code

import (
	"slices"
	"strings"

	"delint/graph"
)

// name is what a name means in a function: its parameters, its own names, those of the functions around it, the module's.
func (l *linker) name(scope *graph.Function, name string) []value {
	if name == "" || name == "?" {
		return nil
	}
	for s := scope; s != nil && s != s.Module.Body(); s = s.Outer {
		if out, found := l.local(s, name); found {
			return out
		}
	}
	return l.member(scope.Module, name, 0)
}

// local is what a name means in one function; false if the function does not bind it.
func (l *linker) local(s *graph.Function, name string) (out []value, found bool) {
	i := l.info[s.Module]
	for n, p := range s.Params {
		if p.Name != name {
			continue
		}
		found = true
		if n == 0 && s.Class != nil && !decorated(s, "staticmethod") {
			if name == "cls" || decorated(s, "classmethod") {
				return []value{{kind: vClass, class: s.Class}}, true
			}
			return []value{{kind: vInstance, class: s.Class}}, true
		}
		out = append(out, l.annotation(s, p.Type)...)
		if s.Module.Role == graph.RoleTest {
			if f := l.fixture(s, name); f != nil && f != s {
				out = append(out, l.resultsOf(f, nil)...)
			}
		}
	}
	if b := l.bound(s, name); len(b) > 0 {
		out, found = append(out, b...), true
	} else if len(l.positions(s)[name]) > 0 {
		found = true
	}
	for _, x := range i.imports[s.Name+"\x00"+name] {
		out, found = append(out, l.importValue(s.Module, x, 0)...), true
	}
	if fn := i.nested[s.Name+"."+name]; fn != nil {
		out, found = append(out, value{kind: vFunction, fn: fn}), true
	}
	for _, v := range i.names[s.Name+"."+name] {
		if v.kind == vClass {
			out, found = append(out, v), true
		}
	}
	return out, found
}

func decorated(f *graph.Function, name string) bool {
	return slices.ContainsFunc(f.Decorators, func(d graph.DecoratorFact) bool {
		return d.Path == name || strings.HasSuffix(d.Path, "."+name)
	})
}

func (l *linker) positions(s *graph.Function) map[string][]int {
	i := l.info[s.Module]
	if p, ok := i.binds[s]; ok {
		return p
	}
	p := map[string][]int{}
	for n, b := range s.Binds {
		p[b.Name] = append(p[b.Name], n)
	}
	i.binds[s] = p
	return p
}

// bound is what the assignments of a function give to a name.
func (l *linker) bound(s *graph.Function, name string) []value {
	var out []value
	if s == s.Module.Body() && len(l.info[s.Module].groups[name]) > 0 {
		out = append(out, value{kind: vGroup, mod: s.Module, dir: name})
	}
	for _, n := range l.positions(s)[name] {
		out = append(out, l.binding(s, s.Binds[n])...)
	}
	return out
}

// binding is the values of one assignment: of its annotation, its path, else of what stands in it.
func (l *linker) binding(s *graph.Function, b graph.BindFact) []value {
	out := l.annotation(s, b.Type)
	if b.Value != "" {
		out = append(out, l.eval(s, b.Value).values...)
	}
	if len(out) == 0 {
		for _, r := range b.Refs {
			out = append(out, l.eval(s, r).values...)
			if len(out) > maxValues {
				break
			}
		}
		out = slices.DeleteFunc(out, func(v value) bool { return v.kind == vExternal })
	}
	return out
}

func (l *linker) attributes(of []value, name string, hops int) []value {
	var out []value
	for _, v := range of {
		out = append(out, l.attribute(v, name, hops)...)
	}
	return out
}

// attribute is what a name means on a value.
func (l *linker) attribute(v value, name string, hops int) []value {
	switch v.kind {
	case vModule:
		if out := l.member(v.mod, name, hops); len(out) > 0 {
			return out
		}
		if i := l.info[v.mod]; i.pkg {
			return l.submodule(i.dir, name)
		}
	case vFolder:
		return l.submodule(v.dir, name)
	case vGroup, vFunction:
		return []value{v} // .fn, .submit, .__wrapped__ …: the function again
	case vClass, vInstance:
		return l.classAttribute(v, name)
	case vExternal:
		return []value{{kind: vExternal, dir: v.dir + "." + name}}
	}
	return nil
}

func (l *linker) classAttribute(v value, name string) []value {
	var out []value
	if fn := method(v.class, name); fn != nil {
		out = append(out, value{kind: vFunction, fn: fn, class: v.class})
	}
	if v.kind == vInstance && !v.exact {
		for _, fn := range l.overrides(v.class, name) {
			out = append(out, value{kind: vFunction, fn: fn, class: fn.Class})
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, c := range ancestry(v.class) {
		for _, b := range c.Binds {
			if b.Name == name {
				out = append(out, l.binding(c.Module.Body(), b)...)
			}
		}
		for _, b := range l.own(c)[name] {
			out = append(out, l.binding(b.fn, b.fn.Binds[b.n])...)
		}
		out = append(out, l.info[c.Module].names[c.Name+"."+name]...)
	}
	if len(out) == 0 && slices.ContainsFunc(ancestry(v.class), func(c *graph.Class) bool { return len(c.External) > 0 }) {
		return []value{{kind: vExternal, dir: "base." + name, class: v.class}}
	}
	return out
}

// ownBind is an assignment to an attribute of self or cls.
type ownBind struct {
	fn *graph.Function
	n  int // its position in the function's Binds
}

// own is what the methods of a class assign to its attributes, by name.
func (l *linker) own(c *graph.Class) map[string][]ownBind {
	out, known := l.owned[c]
	if known {
		return out
	}
	out = map[string][]ownBind{}
	for _, fn := range l.info[c.Module].methods[c] {
		for _, prefix := range [...]string{"self.", "cls."} {
			for n, b := range fn.Binds {
				if name, ok := strings.CutPrefix(b.Name, prefix); ok {
					out[name] = append(out[name], ownBind{fn, n})
				}
			}
		}
	}
	l.owned[c] = out
	return out
}

// ancestry is a class and its bases, nearest first.
func ancestry(c *graph.Class) []*graph.Class {
	out := []*graph.Class{c}
	for i := 0; i < len(out) && len(out) < 64; i++ {
		for _, b := range out[i].Bases {
			if !slices.Contains(out, b) {
				out = append(out, b)
			}
		}
	}
	return out
}

// descent is the classes below a class.
func (l *linker) descent(c *graph.Class) []*graph.Class {
	if out, ok := l.below[c]; ok {
		return out
	}
	seen := map[*graph.Class]bool{c: true}
	queue := []*graph.Class{c}
	for i := 0; i < len(queue); i++ {
		for _, s := range queue[i].Subs {
			if !seen[s] {
				seen[s] = true
				queue = append(queue, s)
			}
		}
	}
	l.below[c] = queue[1:]
	return queue[1:]
}

// method is the method of a name that instances of a class have; nil if it is none of the repository.
func method(c *graph.Class, name string) *graph.Function {
	for _, a := range ancestry(c) {
		if fn := a.Methods[name]; fn != nil {
			return fn
		}
	}
	return nil
}

// overrides is the methods of a name in the classes below a class.
func (l *linker) overrides(c *graph.Class, name string) []*graph.Function {
	var out []*graph.Function
	for _, s := range l.descent(c) {
		if fn := s.Methods[name]; fn != nil {
			out = append(out, fn)
		}
	}
	return out
}
