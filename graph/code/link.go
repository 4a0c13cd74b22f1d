package code

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
)

// Link joins the modules of a repository: imports, calls, tests, and what is reached from where.
func Link(g *graph.Graph) {
	l := &linker{g: g, code: &graph.Code{ByPath: map[string]*graph.Module{}}, byLast: map[string][]*graph.Module{},
		dirs: map[string][]string{}, info: map[*graph.Module]*moduleInfo{}, memo: map[memoKey]*result{}, results: map[resultKey][]value{},
		edges: map[*graph.Function]*uses{}, below: map[*graph.Class][]*graph.Class{}, owned: map[*graph.Class]map[string][]ownBind{}}
	for _, f := range g.Files {
		if f.Module != nil && len(f.Module.Functions) > 0 {
			l.add(f)
		}
	}
	l.classes()
	l.units()
	l.group()
	for _, m := range l.code.Modules {
		l.imported(m)
		for _, f := range m.Functions {
			l.link(f)
		}
	}
	l.tests()
	l.paths()
	g.Code = l.code
}

// linker holds what linking needs besides the graph.
type linker struct {
	g      *graph.Graph
	code   *graph.Code
	byLast map[string][]*graph.Module // by the last part of the module's name
	dirs   map[string][]string        // folders that hold Python, by their last part
	info   map[*graph.Module]*moduleInfo

	memo         map[memoKey]*result
	results      map[resultKey][]value
	edges        map[*graph.Function]*uses
	methods      map[string][]*graph.Function    // by name
	below        map[*graph.Class][]*graph.Class // classes under a class
	owned        map[*graph.Class]map[string][]ownBind
	deep         int
	fixtureTable *fixtureTable
	bodies       map[*graph.Class]*graph.Function
	inners       map[*graph.Function][]*graph.Function
}

type moduleInfo struct {
	parts   []string // of its dotted name from the root of the repository
	dir     string
	pkg     bool // is an __init__.py
	names   map[string][]value
	imports map[string][]graph.ImportFact // by "function\x00local"
	stars   []graph.ImportFact
	binds   map[*graph.Function]map[string][]int // positions in the function's Binds, by name
	nested  map[string]*graph.Function
	methods map[*graph.Class][]*graph.Function // in the order of the text
	// groups is the functions that the decorators of a module's variable collect: @app.command of app.
	groups  map[string][]*graph.Function
	missing []string // names imported from modules of the repository that are not there
}

func (l *linker) add(f *graph.Facts) {
	m := &graph.Module{ModuleFact: f.Module, Path: f.Path, Role: f.Role}
	if m.Role == graph.RoleSource && marimo(f.Module) {
		m.Role = graph.RoleNotebook
	}
	name := strings.TrimSuffix(f.Path, path.Ext(f.Path))
	i := &moduleInfo{dir: path.Dir(f.Path), names: map[string][]value{}, imports: map[string][]graph.ImportFact{},
		binds: map[*graph.Function]map[string][]int{}, nested: map[string]*graph.Function{}, methods: map[*graph.Class][]*graph.Function{}, groups: map[string][]*graph.Function{}}
	if i.dir == "." {
		i.dir = ""
	}
	if path.Base(name) == "__init__" {
		i.pkg, name = true, i.dir
	}
	i.parts = strings.Split(name, "/")
	classes := map[string]*graph.Class{}
	for j := range m.ModuleFact.Classes {
		c := &graph.Class{ClassFact: &m.ModuleFact.Classes[j], Module: m, Methods: map[string]*graph.Function{}}
		m.Classes = append(m.Classes, c)
		classes[c.Name] = c
		i.names[c.Name] = append(i.names[c.Name], value{kind: vClass, class: c})
	}
	for j := range m.ModuleFact.Functions {
		fact := &m.ModuleFact.Functions[j]
		fn := &graph.Function{FunctionFact: fact, Module: m, Class: classes[fact.Class], Outer: i.nested[fact.Outer], Kind: fact.Unit}
		m.Functions = append(m.Functions, fn)
		if j == 0 {
			continue
		}
		i.nested[fact.Name] = fn
		if fn.Class != nil {
			name := fact.Name[strings.LastIndexByte(fact.Name, '.')+1:]
			i.methods[fn.Class] = append(i.methods[fn.Class], fn)
			if old := fn.Class.Methods[name]; old == nil || !old.Property { // a setter is no other method
				fn.Class.Methods[name] = fn
			}
		} else {
			i.names[fact.Name] = append(i.names[fact.Name], value{kind: vFunction, fn: fn})
		}
	}
	for _, x := range f.Module.Imports {
		if x.Local == "*" {
			i.stars = append(i.stars, x)
		} else {
			i.imports[x.Function+"\x00"+x.Local] = append(i.imports[x.Function+"\x00"+x.Local], x)
		}
	}
	l.info[m] = i
	l.code.ByPath[m.Path] = m
	l.code.Modules = append(l.code.Modules, m)
	last := i.parts[len(i.parts)-1]
	l.byLast[last] = append(l.byLast[last], m)
	for d := i.dir; d != "" && d != "."; d = path.Dir(d) {
		if base := path.Base(d); !slices.Contains(l.dirs[base], d) {
			l.dirs[base] = append(l.dirs[base], d)
		} else {
			break
		}
	}
}

// classes resolves the bases of all classes.
func (l *linker) classes() {
	l.methods = map[string][]*graph.Function{}
	for _, m := range l.code.Modules {
		for _, c := range m.Classes {
			for _, b := range c.ClassFact.Bases {
				found := false
				for _, v := range l.eval(m.Body(), b).values {
					if v.kind == vClass && v.class != c {
						c.Bases = append(c.Bases, v.class)
						v.class.Subs = append(v.class.Subs, c)
						found = true
					}
				}
				if !found && b != "object" && b != "ABC" && b != "abc.ABC" && b != "Protocol" && b != "Generic" {
					c.External = append(c.External, b)
				}
			}
			for name, fn := range c.Methods {
				l.methods[name] = append(l.methods[name], fn)
			}
		}
	}
	// What was evaluated before the bases were known may be incomplete.
	l.memo, l.results, l.below = map[memoKey]*result{}, map[resultKey][]value{}, map[*graph.Class][]*graph.Class{}
}

// units marks functions that another module hands to an orchestrator.
func (l *linker) units() {
	for _, m := range l.code.Modules {
		for _, target := range m.Handed {
			i := strings.LastIndexByte(target, '.')
			if i < 0 {
				continue
			}
			for _, v := range l.absolute(m, target) {
				if v.kind == vFunction && v.fn.Kind == "" {
					v.fn.Kind = "airflow-task"
				}
			}
		}
		for _, f := range m.Functions {
			if f.FunctionFact.Unit != "" {
				l.code.Units++
			}
		}
	}
}

func (l *linker) imported(m *graph.Module) {
	seen := map[*graph.Module]bool{m: true}
	for _, x := range m.Imports {
		values := l.importValue(m, x, 0)
		if m.Role == graph.RoleTest && x.Name != "" && !slices.ContainsFunc(values, func(v value) bool { return v.kind != vExternal }) {
			root, _, _ := strings.Cut(strings.TrimLeft(x.Module, "."), ".")
			if mods, dirs := l.find(m, []string{root}); len(mods)+len(dirs) > 0 || strings.HasPrefix(x.Module, ".") {
				l.info[m].missing = append(l.info[m].missing, x.Name)
			}
		}
		for _, v := range append(values, l.importValue(m, graph.ImportFact{Module: x.Module, Local: "*"}, 0)...) {
			target := v.mod
			switch v.kind {
			case vFunction:
				target = v.fn.Module
			case vClass, vInstance:
				target = v.class.Module
			}
			if target != nil && !seen[target] {
				seen[target] = true
				m.Imported = append(m.Imported, target)
			}
		}
	}
}

// group finds the functions that decorators collect: of a variable of the module (@app.command), or of another function
// (a generic function's @clean.register, a click group's @cli.command), which then calls them.
func (l *linker) group() {
	for _, m := range l.code.Modules {
		for _, f := range m.Functions {
			for _, d := range f.Decorators {
				i := strings.IndexByte(d.Path, '.')
				if i < 0 || strings.HasSuffix(d.Path, ".setter") || strings.HasSuffix(d.Path, ".deleter") {
					continue
				}
				root := d.Path[:i]
				if len(l.positions(m.Body())[root]) > 0 {
					l.info[m].groups[root] = append(l.info[m].groups[root], f)
					continue
				}
				for _, v := range l.eval(m.Body(), d.Path[:strings.LastIndexByte(d.Path, '.')]).values {
					if v.kind == vFunction && v.fn != f && f.Kind == "" {
						v.fn.Calls = append(v.fn.Calls, graph.Edge{To: f, Confidence: graph.Exact})
					}
				}
			}
		}
	}
	l.memo, l.results = map[memoKey]*result{}, map[resultKey][]value{}
}
