package configuration

import (
	"path"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// ConfigReadAtImport reports environment variables without a default that a library or asset module reads when it is imported.
var ConfigReadAtImport = rules.Python(rules.Rule{
	Name:     "config-read-at-import",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "best-practices/code-quality",
	Sentence: "Design code as parameterizable and configurable, not hardcoded",
}, func(pass *rules.Pass, tree *python.Tree) {
	f := pass.File
	if pass.Role != graph.RoleSource || !f.Mentions("environ", "getenv", "load_dotenv") || settingsFile(f.Path) || entryPoint(f) || python.IsDagFile(f) {
		return
	}
	names := python.Imports(f)
	for n := range tree.All(python.Subscript, python.Call) {
		if !atImport(n) {
			continue
		}
		switch n.Kind() {
		case python.Subscript:
			if names.Resolve(n.Field(python.Value)) == "os.environ" && !stored(n) && !guarded(n) {
				report(pass, n, n.Field(python.SubscriptField), "importing this module fails without `%s`")
			}
		case python.Call:
			switch names.Resolve(n.Field(python.Function)) {
			case "os.getenv", "os.environ.get":
				if python.PositionalOf(n, 1).IsNil() && python.KeywordOf(n, "default").IsNil() && !n.Parent().Is(python.BooleanOperator) && !decides(n) {
					report(pass, python.PositionalOf(n, 0).Parent().Parent(), python.PositionalOf(n, 0), "`%s` is read once, when this module is imported")
				}
			case "dotenv.load_dotenv":
				pass.Report(n, "importing this module loads a .env file into the process").Key = "load_dotenv"
			}
		}
	}
})

func report(pass *rules.Pass, at, name parsers.Node, format string) {
	text, holes, ok := python.Fold(pass.File, name)
	if !ok || holes || at.IsNil() {
		return
	}
	pass.Report(at, format, text).Key = text
}

// atImport reports whether an expression is evaluated when the module is imported: in no function and in no lambda.
func atImport(n parsers.Node) bool {
	for child, p := n, n.Parent(); !p.IsNil(); child, p = p, p.Parent() {
		switch p.Kind() {
		case python.FunctionDefinition, python.Lambda:
			if child.FieldID() == python.Body {
				return false
			}
		case python.ClassDefinition:
			if name := strings.ToLower(p.Field(python.Name).Text()); strings.Contains(name, "config") || strings.Contains(name, "settings") {
				return false
			}
		case python.IfStatement:
			if mainGuard(p) {
				return false
			}
		}
	}
	return true
}

// stored reports whether an environment variable is set or deleted and not read.
func stored(n parsers.Node) bool {
	p := n.Parent()
	return p.Is(python.Assignment, python.AugmentedAssignment) && p.Field(python.Left) == n || p.Is(python.DeleteStatement)
}

// guarded reports whether the module goes on where the variable is missing.
func guarded(n parsers.Node) bool {
	return !n.Ancestor(python.TryStatement, python.IfStatement, python.ConditionalExpression).IsNil()
}

// decides reports whether a value is only a condition: what it is compared with is its default.
func decides(n parsers.Node) bool {
	if outer := n.Parent().Parent(); outer.Is(python.Call) && outer.Field(python.Function).Text() == "bool" {
		return true
	}
	return !n.Ancestor(python.ComparisonOperator, python.NotOperator).IsNil() || n.Parent().Is(python.IfStatement, python.ConditionalExpression) && n.FieldID() == python.Condition
}

// entryPoint reports whether a module is started and not imported: it has a main guard, is called like one, or defines nothing.
func entryPoint(f *parsers.File) bool {
	switch name := strings.TrimSuffix(path.Base(f.Path), ".py"); {
	case name == "main" || name == "app" || name == "__main__" || name == "cli" || name == "manage" || name == "setup" || name == "conftest" || name == "conf" ||
		name == "wsgi" || name == "asgi" || name == "celery" || name == "noxfile" || name == "fabfile" || name == "lambda_function" || name == "handler",
		strings.HasPrefix(name, "run"), strings.HasPrefix(name, "deploy"), path.Ext(f.Path) != ".py":
		return true
	}
	for segment := range strings.SplitSeq(path.Dir(f.Path), "/") {
		switch segment {
		case "scripts", "bin", "test_helpers", "testing", "tools", "alembic", "hooks", ".github", "examples", "example", "pages":
			return true
		}
	}
	return f.Mentions("__main__", "#!/usr/bin") || len(python.Definitions(f)) == 0 || callsItself(f)
}

// lookup is what the name of a called function is bound to.
func lookup(f *parsers.File, n parsers.Node) []python.Binding {
	if fn := n.Field(python.Function); n.Is(python.Call) && fn.Is(python.Identifier) {
		return python.Imports(f).Lookup(fn)
	}
	return nil
}

// callsItself reports whether a module loops, or calls a function of its own, when it is run: a script without a main guard.
func callsItself(f *parsers.File) bool {
	for statement := range f.Tree.Root().NamedChildren() {
		if statement.Is(python.ForStatement, python.WhileStatement, python.WithStatement) {
			return true
		}
		if call := statement.FirstNamed(); !statement.Is(python.ExpressionStatement) || !call.Is(python.Call) {
			continue
		}
		for n := range statement.DescendantsSkipping(python.Lambda) {
			for _, b := range lookup(f, n) {
				if b.Definition.Is(python.FunctionDefinition) {
					return true
				}
			}
		}
	}
	return false
}
