package code

import (
	"slices"
	"strings"

	"delint/graph"
)

// tests collects the tests and marks what those that assert reach.
func (l *linker) tests() {
	c := l.collection()
	l.bodies = map[*graph.Class]*graph.Function{}
	var plain []*test
	all := c.found()
	var patched []*test
	for _, t := range all {
		l.prepare(t)
		t.fn.Test = true
		t.fn.Unasserted = !asserts(t)
		if t.fn.Unasserted || !c.selected(t) {
			l.code.Weak = append(l.code.Weak, t.fn)
			continue
		}
		l.code.Tests = append(l.code.Tests, t.fn)
		if len(l.patches(t)) > 0 {
			patched = append(patched, t)
		} else {
			plain = append(plain, t)
		}
	}
	r := &reach{l: l, depth: map[*graph.Function]int{}}
	r.run(plain, nil)
	for _, t := range patched {
		one := &reach{l: l, depth: map[*graph.Function]int{}, known: r.depth}
		one.run([]*test{t}, l.patches(t))
		for f, d := range one.depth {
			if old, ok := r.depth[f]; !ok || d < old {
				r.depth[f] = d
			}
		}
	}
	l.doctests(c)
	for _, m := range l.code.Modules {
		for _, f := range m.Functions {
			if f.FunctionFact.Unit == "sqlmesh-model" && len(f.Decorators) > 0 && len(f.Decorators[0].Args) > 0 && c.models[strings.Trim(f.Decorators[0].Args[0], `"`)] {
				f.Depth = 1
			}
		}
	}
	l.maybe(r.depth)
}

// patches is the functions that a test replaces, directly or in what runs around it. What the test itself names besides is
// not among them: it has the original in its hand.
func (l *linker) patches(t *test) map[*graph.Function]bool {
	out := map[*graph.Function]bool{}
	for _, f := range append([]*graph.Function{t.fn}, t.around...) {
		for _, p := range f.Patches {
			var values []value
			if rest, ok := strings.CutPrefix(p, "="); ok {
				values = l.eval(f, rest).values
			} else {
				values = l.absolute(t.fn.Module, p)
			}
			for _, v := range values {
				switch v.kind {
				case vFunction:
					out[v.fn] = true
				case vClass:
					for _, fn := range l.info[v.class.Module].methods[v.class] {
						out[fn] = true
					}
				}
			}
		}
	}
	for _, e := range t.fn.Calls {
		delete(out, e.To)
	}
	return out
}

// MaxDepth is how far from a test code counts as tested: the call of the test itself and three more.
const MaxDepth = 4

// far reports whether no test reaches a function, or none near enough.
func far(f *graph.Function) bool { return f.Depth == 0 || f.Depth > MaxDepth }

// reach is one walk from tests over the calls. A step into or inside test code costs nothing.
type reach struct {
	l     *linker
	depth map[*graph.Function]int
	// known is what other tests reach: a function that they reach as near need not be walked again.
	known map[*graph.Function]int
	next  [][]*graph.Function
}

func (r *reach) run(tests []*test, blocked map[*graph.Function]bool) {
	for _, t := range tests {
		for _, f := range append([]*graph.Function{t.fn}, t.around...) {
			r.enter(f, t.fn, 0, true)
		}
	}
	for d := 0; d < len(r.next); d++ {
		for i := 0; i < len(r.next[d]); i++ {
			f := r.next[d][i]
			if r.depth[f] < d {
				continue
			}
			by := f.ReachedBy
			if f.Kind != "airflow-dag" {
				for _, e := range f.Calls {
					if !blocked[e.To] {
						r.enter(e.To, by, d+cost(e.To), false)
					}
				}
				for _, n := range r.l.inner(f) {
					r.enter(n, by, d, false)
				}
			}
		}
	}
}

// cost is what a step into a function counts.
func cost(f *graph.Function) int {
	if f.Module.Role == graph.RoleTest || f.Test {
		return 0
	}
	return 1
}

func (r *reach) enter(f, by *graph.Function, d int, root bool) {
	if old, ok := r.depth[f]; ok && old <= d {
		return
	}
	if old, ok := r.known[f]; ok && old <= d && !root && cost(f) > 0 {
		return
	}
	r.depth[f] = d
	if f.ReachedBy == nil || f.Depth == 0 || d < f.Depth {
		f.ReachedBy = by
		if d > 0 && (f.Depth == 0 || d < f.Depth) {
			f.Depth = d
		}
	}
	for len(r.next) <= d {
		r.next = append(r.next, nil)
	}
	r.next[d] = append(r.next[d], f)
}

// inner is the functions defined inside a function: who calls a factory gets what it makes.
func (l *linker) inner(f *graph.Function) []*graph.Function {
	if l.inners == nil {
		l.inners = map[*graph.Function][]*graph.Function{}
		for _, m := range l.code.Modules {
			for _, n := range m.Functions {
				if n.Outer != nil {
					l.inners[n.Outer] = append(l.inners[n.Outer], n)
				}
			}
		}
	}
	return l.inners[f]
}

// doctests marks what the examples of docstrings call, where they are run.
func (l *linker) doctests(c *collection) {
	for _, m := range l.code.Modules {
		if m.Role == graph.RoleTest || !c.doctests(m) {
			continue
		}
		example := func(scope *graph.Function, names []string) {
			for _, name := range names {
				for _, v := range l.eval(scope, name).values {
					if v.kind == vFunction {
						v.fn.Depth = 1
					}
				}
				for _, f := range l.info[m].methodsNamed(name[strings.LastIndexByte(name, '.')+1:]) {
					f.Depth = 1
				}
			}
		}
		for _, f := range m.Functions {
			example(m.Body(), f.Doctest)
		}
		for _, k := range m.Classes {
			example(m.Body(), k.Doctest)
		}
	}
}

func (i *moduleInfo) methodsNamed(name string) []*graph.Function {
	var out []*graph.Function
	for c := range i.methods {
		if f := c.Methods[name]; f != nil {
			out = append(out, f)
		}
	}
	return out
}

// paths marks how far each function is from the nearest pipeline unit.
func (l *linker) paths() {
	var queue []*graph.Function
	for _, m := range l.code.Modules {
		if m.Role == graph.RoleTest {
			continue
		}
		units := slices.ContainsFunc(m.Functions, func(f *graph.Function) bool { return f.Kind != "" })
		for _, f := range m.Functions {
			if f.Kind != "" || units && f == m.Body() {
				f.Path = 1
				queue = append(queue, f)
			}
		}
	}
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		visit := func(to *graph.Function, d int) {
			if to.Path == 0 || d < to.Path {
				to.Path = d
				queue = append(queue, to)
			}
		}
		for _, e := range f.Calls {
			visit(e.To, f.Path+1)
		}
		for _, n := range l.inner(f) {
			visit(n, f.Path)
		}
	}
}
