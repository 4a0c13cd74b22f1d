package code

import (
	"slices"
	"strings"

	"delint/graph"
)

type valueKind uint8

const (
	vExternal valueKind = iota + 1 // something that the repository does not define; dir is its path
	vModule
	vFolder // a package without __init__
	vFunction
	vClass
	vInstance
	vGroup // a variable of module mod, named dir, whose decorators collect functions: a CLI, a web application
)

// value is what an expression may be.
type value struct {
	kind  valueKind
	mod   *graph.Module
	dir   string
	fn    *graph.Function
	class *graph.Class // of a class or instance; of a method, the class that it was taken from
	exact bool         // an instance made by calling its class, not one of a subclass
}

// result is what a path may be, the properties that its last step reads and those that are read on the way.
type result struct {
	values     []value
	properties []*graph.Function
	passed     []*graph.Function
}

func (r *result) all() []*graph.Function {
	switch {
	case len(r.properties) == 0:
		return r.passed
	case len(r.passed) == 0:
		return r.properties
	}
	return slices.Concat(r.passed, r.properties)
}

type memoKey struct {
	fn   *graph.Function
	path string
}

type resultKey struct {
	fn    *graph.Function
	class *graph.Class
}

// maxDeep bounds how many values may be looked up inside one another.
const maxDeep = 24

// maxValues bounds what an expression may be.
const maxValues = 60

var nothing = &result{}

// eval is what a path means in a function.
func (l *linker) eval(scope *graph.Function, p string) *result {
	key := memoKey{scope, p}
	if r, ok := l.memo[key]; ok {
		return r
	}
	if l.deep >= maxDeep {
		return nothing
	}
	l.deep++
	l.memo[key] = nothing // of what is defined by itself
	r := l.evaluate(scope, p)
	if len(r.values) > maxValues {
		r.values = r.values[:maxValues]
	}
	l.memo[key] = r
	l.deep--
	return r
}

func (l *linker) evaluate(scope *graph.Function, p string) *result {
	if strings.HasSuffix(p, "[]") {
		inner := l.eval(scope, strings.TrimSuffix(p, "[]"))
		return &result{values: inner.values, passed: inner.all()}
	}
	if strings.HasSuffix(p, "()") {
		p = strings.TrimSuffix(p, "()")
		return &result{values: l.called(scope, p), passed: l.eval(scope, p).all()}
	}
	i := strings.LastIndexByte(p, '.')
	if strings.HasPrefix(p, "!") {
		return &result{values: l.dynamic(scope, p[1:])}
	}
	if i < 0 {
		return &result{values: l.name(scope, p)}
	}
	inner := l.eval(scope, p[:i])
	r := &result{passed: inner.all()}
	for _, v := range inner.values {
		for _, a := range l.attribute(v, p[i+1:], 0) {
			if a.kind == vFunction && a.fn.Property && v.kind == vInstance {
				r.properties = append(r.properties, a.fn)
				r.values = append(r.values, l.resultsOf(a.fn, v.class)...)
				continue
			}
			r.values = append(r.values, a)
		}
	}
	return r
}

// dynamic is import_module("a.b") and what is taken from it.
func (l *linker) dynamic(scope *graph.Function, p string) []value {
	return l.absolute(scope.Module, p)
}

// keeps is the attributes of a function that give the function again when they are called.
var keeps = map[string]bool{"with_options": true, "override": true, "partial": true, "configured": true, "alias": true}

// called is what a call of a path gives.
func (l *linker) called(scope *graph.Function, p string) []value {
	var out []value
	if p == "super" && scope.Class != nil {
		for _, b := range scope.Class.Bases {
			out = append(out, value{kind: vInstance, class: b, exact: true})
		}
		return out
	}
	last := p[strings.LastIndexByte(p, '.')+1:]
	for _, v := range l.eval(scope, p).values {
		switch v.kind {
		case vFunction:
			if keeps[last] && !strings.HasSuffix(v.fn.Name, last) {
				out = append(out, v)
			} else {
				out = append(out, l.resultsOf(v.fn, v.class)...)
			}
		case vClass:
			out = append(out, value{kind: vInstance, class: v.class, exact: true})
		case vInstance:
			if fn := method(v.class, "__call__"); fn != nil {
				out = append(out, l.resultsOf(fn, v.class)...)
			}
		case vGroup:
			out = append(out, v)
		case vExternal:
			if !transparent(v.dir) {
				out = append(out, v)
			}
		}
	}
	return out
}

// transparent reports whether a call of a library may give back what it was given.
func transparent(p string) bool {
	root, _, _ := strings.Cut(p, ".")
	switch root {
	case "copy", "functools", "itertools", "operator", "typing", "contextlib", "importlib", "pytest", "toolz", "cytoolz", "airflow", "dagster", "prefect":
		return true
	}
	return false
}

// resultsOf is what a function gives, called on an instance or class of class (nil for a plain function).
func (l *linker) resultsOf(fn *graph.Function, class *graph.Class) []value {
	key := resultKey{fn, class}
	if r, ok := l.results[key]; ok {
		return r
	}
	l.results[key] = nil
	out := l.annotation(fn, fn.Returns)
	if !slices.ContainsFunc(out, func(v value) bool { return v.kind != vExternal }) || strings.Contains(fn.Returns, "Self") {
		var found []value
		for _, p := range fn.Results {
			found = append(found, l.eval(fn, p).values...)
		}
		if len(found) > 0 {
			out = found
		}
	}
	if class != nil && class != fn.Class {
		for _, v := range out {
			if v.kind == vInstance && v.class == fn.Class {
				out = append(out, value{kind: vInstance, class: class, exact: v.exact})
				break
			}
		}
	}
	l.results[key] = out
	return out
}

// annotation is the instances that an annotation allows.
func (l *linker) annotation(scope *graph.Function, text string) []value {
	if text == "" {
		return nil
	}
	var out []value
	external := false
	kind := vInstance
	for _, name := range annotationNames(text) {
		if name == "type" || name == "Type" || strings.HasSuffix(name, ".Type") {
			kind = vClass
			continue
		}
		if plainType[name] {
			external = true
			continue
		}
		for _, v := range l.eval(scope.Module.Body(), name).values {
			switch v.kind {
			case vClass:
				out = append(out, value{kind: kind, class: v.class})
			case vExternal:
				external = external || !strings.HasPrefix(v.dir, "typing.") && !strings.HasPrefix(v.dir, "collections.")
			}
		}
	}
	if len(out) == 0 && external {
		out = append(out, value{kind: vExternal, dir: "builtins." + text})
	}
	return out
}

var plainType = set("str int float bool bytes dict list tuple set None datetime date Path complex")
