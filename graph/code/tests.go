package code

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
)

// test is one collected test: a function, or a method as an instance of a class runs it.
type test struct {
	fn    *graph.Function
	class *graph.Class
	// around is what runs with it: fixtures, setup methods, the bodies of its class and modules.
	around []*graph.Function
}

// found is every test of the repository, in path order.
func (c *collection) found() []*test {
	var out []*test
	for _, m := range c.l.code.Modules {
		if m.Role == graph.RoleNotebook && strings.HasSuffix(m.Path, ".ipynb") && c.notebooks() {
			out = append(out, &test{fn: m.Body()})
			continue
		}
		collects := c.collects(m)
		config := c.config(m.Path)
		m.Tests = collects && !matches(config.files, "any.py") && slices.ContainsFunc(m.Functions[1:], func(f *graph.Function) bool {
			return f.Outer == nil && f.Class == nil && named(config.functions, "test", f.Name)
		})
		if collects && m.Generates {
			out = append(out, &test{fn: m.Body()})
		}
		if slices.ContainsFunc(moduleMarks(m), func(p string) bool { return strings.HasSuffix(strings.TrimSuffix(p, "()"), "mark.skip") }) {
			continue
		}
		for _, f := range m.Functions[1:] {
			if f.Outer != nil || f.Class != nil || skipped(f.Decorators) {
				continue
			}
			if name, _ := fixtureName(f); name == "" && collects && named(config.functions, "test", f.Name) || step(m, f) {
				out = append(out, &test{fn: f})
			}
		}
		for _, class := range m.Classes {
			out = append(out, c.methods(m, class, collects, config)...)
		}
	}
	return out
}

// step reports whether a function is a step of behave.
func step(m *graph.Module, f *graph.Function) bool {
	return strings.Contains("/"+path.Dir(m.Path)+"/", "/steps/") && (decorated(f, "given") || decorated(f, "when") || decorated(f, "then"))
}

// methods is the tests of a class, those that it inherits from classes that are not collected themselves included.
func (c *collection) methods(m *graph.Module, class *graph.Class, collects bool, config *pytestConfig) []*test {
	last := class.Name[strings.LastIndexByte(class.Name, '.')+1:]
	unit := unittestCase(class)
	base := path.Base(m.Path)
	discovered := unit && m.Role == graph.RoleTest && (strings.HasPrefix(base, "test") || strings.HasSuffix(base, "_test.py") || strings.HasSuffix(base, "_tests.py"))
	if !discovered && !(collects && (unit || named(config.classes, "Test", last) && method(class, "__init__") == nil)) || skipped(class.Decorators) {
		return nil
	}
	var out []*test
	seen := map[string]bool{}
	for _, a := range ancestry(class) {
		for _, fn := range c.l.info[a.Module].methods[a] {
			name := fn.Name[strings.LastIndexByte(fn.Name, '.')+1:]
			if seen[name] || skipped(fn.Decorators) {
				continue
			}
			if fixture, _ := fixtureName(fn); fixture != "" {
				continue
			}
			if unit && strings.HasPrefix(name, "test") || !unit && named(config.functions, "test", name) {
				seen[name] = true
				out = append(out, &test{fn: fn, class: class})
			}
		}
	}
	return out
}

// unittestCase reports whether a class is a TestCase, of unittest or of what builds on it.
func unittestCase(c *graph.Class) bool {
	for _, a := range ancestry(c) {
		for _, b := range a.External {
			if last := b[strings.LastIndexByte(b, '.')+1:]; strings.HasSuffix(last, "TestCase") {
				return true
			}
		}
	}
	return false
}

// setup is the methods and functions that run around each test.
var setup = []string{"setUp", "setUpClass", "asyncSetUp", "setup_method", "setup_class", "setup", "tearDown", "tearDownClass", "asyncTearDown", "teardown_method"}

func (l *linker) prepare(t *test) {
	context := *t.fn
	context.Class = t.class
	t.around = l.used(&context)
	if t.class != nil {
		for _, name := range setup {
			if fn := method(t.class, name); fn != nil {
				t.around = append(t.around, fn)
			}
		}
		for _, a := range ancestry(t.class) {
			t.around = append(t.around, l.classBody(a))
		}
	}
	for _, name := range [...]string{"setup_module", "setUpModule", "setup_function"} {
		if fn := l.info[t.fn.Module].nested[name]; fn != nil {
			t.around = append(t.around, fn)
		}
	}
	t.around = append(t.around, t.fn.Module.Body())
	for _, c := range l.conftests(t.fn.Module) {
		t.around = append(t.around, c.Body())
	}
}

// classBody is the statements and decorators of a class as a function.
func (l *linker) classBody(c *graph.Class) *graph.Function {
	if f := l.bodies[c]; f != nil {
		return f
	}
	f := &graph.Function{FunctionFact: &graph.FunctionFact{Patches: c.Patches}, Module: c.Module}
	u := &uses{}
	l.edges[f] = u
	l.linkPaths(f, c.Module.Body(), c.Uses, u)
	l.bodies[c] = f
	return f
}

// asserts reports whether a test asserts something: itself, in a fixture, or in what it calls, at most two calls away.
// A name that promises only to run ("smoke") is taken at its word.
func asserts(t *test) bool {
	name := t.fn.Name
	if strings.Contains(name, "smoke") || strings.Contains(name, "does_not_raise") || strings.Contains(name, "imports") || t.fn == t.fn.Module.Body() {
		return true
	}
	if step(t.fn.Module, t.fn) || assertsWithin(t.fn, 2) {
		return true
	}
	return slices.ContainsFunc(t.around, func(f *graph.Function) bool { return f.Name != "" && assertsWithin(f, 1) })
}

func assertsWithin(f *graph.Function, depth int) bool {
	if f.Asserts {
		return true
	}
	return depth > 0 && slices.ContainsFunc(f.Calls, func(e graph.Edge) bool { return assertsWithin(e.To, depth-1) })
}
