package code

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
)

// fixtureName is the name under which a function is a fixture; empty if it is none.
func fixtureName(f *graph.Function) (name string, autouse bool) {
	for _, d := range f.Decorators {
		if last := d.Path[strings.LastIndexByte(d.Path, '.')+1:]; last != "fixture" && last != "yield_fixture" {
			continue
		}
		name = f.Name[strings.LastIndexByte(f.Name, '.')+1:]
		for _, k := range d.Keywords {
			switch k.Name {
			case "name":
				name = strings.Trim(k.Value, `"`)
			case "autouse":
				autouse = k.Value != "False"
			}
		}
		return name, autouse
	}
	return "", false
}

// fixtureTable is the fixtures of the repository.
type fixtureTable struct {
	modules map[*graph.Module]map[string]*graph.Function
	classes map[*graph.Class]map[string]*graph.Function
	auto    map[*graph.Module][]*graph.Function
	autoIn  map[*graph.Class][]*graph.Function
	all     map[string][]*graph.Function
}

// fixtures is built on first use: parameters of tests are asked for while edges are made.
func (l *linker) fixtures() *fixtureTable {
	if l.fixtureTable != nil {
		return l.fixtureTable
	}
	t := &fixtureTable{map[*graph.Module]map[string]*graph.Function{}, map[*graph.Class]map[string]*graph.Function{},
		map[*graph.Module][]*graph.Function{}, map[*graph.Class][]*graph.Function{}, map[string][]*graph.Function{}}
	l.fixtureTable = t
	for _, m := range l.code.Modules {
		for _, f := range m.Functions {
			name, autouse := fixtureName(f)
			if name == "" {
				continue
			}
			t.all[name] = append(t.all[name], f)
			if f.Class != nil {
				if t.classes[f.Class] == nil {
					t.classes[f.Class] = map[string]*graph.Function{}
				}
				t.classes[f.Class][name] = f
				if autouse {
					t.autoIn[f.Class] = append(t.autoIn[f.Class], f)
				}
				continue
			}
			if t.modules[m] == nil {
				t.modules[m] = map[string]*graph.Function{}
			}
			t.modules[m][name] = f
			if autouse {
				t.auto[m] = append(t.auto[m], f)
			}
		}
	}
	return t
}

// fixture is the fixture that a name means in a test: of its class, its module, what the module imports, the conftest
// files above it, else the first of that name anywhere (a plugin).
func (l *linker) fixture(s *graph.Function, name string) *graph.Function {
	t := l.fixtures()
	if len(t.all[name]) == 0 {
		return nil
	}
	if s.Class != nil {
		for _, c := range ancestry(s.Class) {
			if f := t.classes[c][name]; f != nil && f != s {
				return f
			}
		}
	}
	if f := t.modules[s.Module][name]; f != nil && f != s {
		return f
	}
	for _, x := range l.info[s.Module].imports["\x00"+name] {
		for _, v := range l.importValue(s.Module, x, 0) {
			if v.kind == vFunction {
				return v.fn
			}
		}
	}
	for _, c := range l.conftests(s.Module) {
		if f := t.modules[c][name]; f != nil && f != s {
			return f
		}
	}
	for _, f := range t.all[name] {
		if f != s {
			return f
		}
	}
	return nil
}

// conftests is the conftest modules beside and above a module, nearest first.
func (l *linker) conftests(m *graph.Module) []*graph.Module {
	var out []*graph.Module
	for d := path.Dir(m.Path); ; d = path.Dir(d) {
		if c := l.code.ByPath[path.Join(d, "conftest.py")]; c != nil && c != m {
			out = append(out, c)
		}
		if d == "." || d == "/" {
			return out
		}
	}
}

// used is every fixture that a test or fixture asks for, autouse ones included, with those that they ask for.
func (l *linker) used(test *graph.Function) []*graph.Function {
	var out []*graph.Function
	add := func(f *graph.Function) {
		if f != nil && f != test && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	l.asked(test, add)
	t := l.fixtures()
	if test.Class != nil {
		for _, c := range ancestry(test.Class) {
			for _, f := range t.autoIn[c] {
				add(f)
			}
		}
	}
	for _, m := range slices.Concat([]*graph.Module{test.Module}, l.conftests(test.Module)) {
		for _, f := range t.auto[m] {
			add(f)
		}
	}
	l.asked(test.Module.Body(), add)
	for i := 0; i < len(out) && i < 200; i++ {
		l.asked(out[i], add)
	}
	return out
}

// asked calls add with the fixtures that a function names.
func (l *linker) asked(f *graph.Function, add func(*graph.Function)) {
	for _, p := range f.Params {
		if p.Name != "self" && p.Name != "request" {
			add(l.fixture(f, p.Name))
		}
	}
	for _, m := range f.Mentions {
		if name, ok := strings.CutPrefix(m, "fixture:"); ok {
			add(l.fixture(f, name))
		}
	}
}
