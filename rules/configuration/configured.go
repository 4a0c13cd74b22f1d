package configuration

import (
	"strings"

	"delint/parsers"
	"delint/parsers/python"
)

// configured reports whether a literal stands where a person can set another value, or where it only informs: a default, a
// settings class, a docstring, a message, a comparison, an import guard.
func configured(f *parsers.File, n parsers.Node) bool {
	for child, p := n, n.Parent(); !p.IsNil(); child, p = p, p.Parent() {
		switch p.Kind() {
		case python.ExpressionStatement:
			if child.Is(python.String, python.ConcatenatedString) {
				return true // a docstring
			}
		case python.DefaultParameter, python.TypedDefaultParameter, python.ComparisonOperator, python.RaiseStatement, python.AssertStatement:
			return true
		case python.Decorator:
			return strings.Contains(p.Text(), "option") || strings.Contains(p.Text(), "argument")
		case python.Call:
			if defaults(f, p, child) {
				return true
			}
		case python.BooleanOperator:
			return p.Field(python.Right) == child // os.environ.get("X") or "/tmp/x"
		case python.ConditionalExpression, python.IfStatement:
			if mainGuard(p) {
				return true
			}
		case python.ClassDefinition:
			return settingsClass(f, p)
		case python.FunctionDefinition:
			if name := p.Field(python.Name).Text(); strings.HasPrefix(name, "test") || strings.Contains(name, "config") || strings.Contains(name, "settings") {
				return true
			}
		}
	}
	return false
}

// mainGuard reports whether an if statement is the one under which a module runs as a script: its values are an operator's.
func mainGuard(n parsers.Node) bool {
	return n.Is(python.IfStatement) && strings.Contains(n.Field(python.Condition).Text(), "__main__")
}

// defaults reports whether a call takes a literal as a default or as a text for people.
func defaults(f *parsers.File, call, argument parsers.Node) bool {
	if !argument.Is(python.ArgumentList) {
		return false
	}
	fn := call.Field(python.Function)
	name := fn.Text()
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch last {
	case "getenv", "add_argument", "option", "argument", "Option", "Argument", "Field", "field", "EnvVar", "Param", "Variable", "print", "echo",
		"info", "debug", "warning", "error", "exception", "critical", "log", "startswith", "endswith", "replace", "removeprefix", "split",
		"getOption", "setdefault", "get", "pop", "DEFINE_string", "Parameter", "Config", "match", "sub", "compile", "search", "urljoin", "text":
		return last != "get" || strings.Contains(name, "environ") || strings.Contains(name, "Variable") || !python.PositionalOf(call, 1).IsNil()
	}
	path := python.Imports(f).Resolve(fn)
	return strings.HasSuffix(path, "Config") || strings.HasSuffix(path, "Settings")
}

// settingsClass reports whether a class holds settings.
func settingsClass(f *parsers.File, class parsers.Node) bool {
	name := class.Field(python.Name).Text()
	for _, end := range []string{"Config", "Settings", "Configuration", "Options", "Params", "Constants", "Resource"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	for base := range class.Field(python.Superclasses).NamedChildren() {
		text := base.Text()
		if strings.HasSuffix(text, "Settings") || strings.HasSuffix(text, "Config") || strings.HasSuffix(text, "ConfigurableResource") {
			return true
		}
	}
	return false
}
