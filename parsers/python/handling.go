package python

import (
	"slices"
	"strings"

	"delint/parsers"
)

// IsEmpty reports whether the handler does nothing with what it catches: class B0.
func (h Handler) IsEmpty() bool {
	if h.Suppress {
		return true
	}
	return !slices.ContainsFunc(Statements(h.Body), func(s parsers.Node) bool { return !IsNothing(s) })
}

// paths is what the caught types resolve to; empty where one resolves to nothing.
func (h Handler) paths(f *parsers.File) []string {
	var out []string
	for _, m := range h.Members() {
		p := Imports(f).Resolve(m)
		if p == "" {
			return nil
		}
		out = append(out, p)
	}
	return out
}

// catchesOnly reports whether every caught type resolves to one of the paths.
func (h Handler) catchesOnly(f *parsers.File, paths ...string) bool {
	caught := h.paths(f)
	return len(caught) > 0 && !slices.ContainsFunc(caught, func(p string) bool { return !slices.Contains(paths, p) })
}

// CatchesSystem reports whether one of the caught types is an error of the operating system.
func (h Handler) CatchesSystem(f *parsers.File) bool {
	return slices.ContainsFunc(h.paths(f), func(p string) bool {
		return p == "builtins.OSError" || p == "builtins.IOError" || p == "builtins.EnvironmentError"
	})
}

// ImportFallback reports whether the handler stands for a module that is not installed: it catches import errors only, and
// the try imports or looks a version up, or stands at module level around an optional integration.
func (h Handler) ImportFallback(f *parsers.File) bool {
	if !h.catchesOnly(f, "builtins.ImportError", "builtins.ModuleNotFoundError",
		"importlib.metadata.PackageNotFoundError", "importlib_metadata.PackageNotFoundError", "pkg_resources.DistributionNotFound") {
		return false
	}
	statements := Statements(h.Tried)
	return !h.InFunction() || slices.ContainsFunc(statements, func(s parsers.Node) bool { return s.Is(ImportStatement, ImportFromStatement) }) ||
		!slices.ContainsFunc(statements, func(s parsers.Node) bool { return !versioned(s) })
}

// versioned reports whether a statement looks a version or a module up, or sets a flag beside that.
func versioned(s parsers.Node) bool {
	a := s.FirstNamed()
	if !s.Is(ExpressionStatement) || !a.Is(Assignment) {
		return IsNothing(s) || a.Is(Call) && lastName(a.Field(Function)) == "import_module"
	}
	right := a.Field(Right)
	return right.Is(True, False, None, String, Integer) || strings.Contains(a.Field(Left).Text(), "version") ||
		strings.Contains(right.Text(), "import_module") || strings.Contains(right.Text(), "__version__")
}

// InFunction reports whether the handler stands in a function; else it runs when the module is imported.
func (h Handler) InFunction() bool { return !h.Node.Ancestor(FunctionDefinition, Lambda).IsNil() }

// statement is the try or with statement of the handler.
func (h Handler) statement() parsers.Node { return h.Node.Ancestor(TryStatement, WithStatement) }

// cleanupWords is how functions that release things are named, as the first or only word.
var cleanupWords = []string{"close", "teardown", "cleanup", "shutdown", "rollback"}

// InCleanup reports whether the handler stands in code that cleans up: in a finally, in a handler that raises, in a
// function such as __exit__, close or teardown_class, or around nothing but calls that release something.
func (h Handler) InCleanup() bool {
	if releases(h.Tried) {
		return true
	}
	for child, p := h.statement(), h.statement().Parent(); !p.IsNil(); child, p = p, p.Parent() {
		switch p.Kind() {
		case FinallyClause:
			return true
		case ExceptClause, ExceptGroupClause:
			if child.Is(Block) && Raises(child) {
				return true
			}
		case FunctionDefinition:
			return isCleanup(p.Field(Name).Text())
		}
	}
	return false
}

// releases reports whether a block only closes, stops or rolls back, perhaps under an if.
func releases(block parsers.Node) bool {
	statements := Statements(block)
	for _, s := range statements {
		if s.Is(IfStatement) && s.Child(ElseClause, ElifClause).IsNil() && releases(s.Field(Consequence)) {
			continue
		}
		e := s.FirstNamed()
		if e.Is(Await) {
			e = e.FirstNamed()
		}
		if !s.Is(ExpressionStatement) || !e.Is(Call) || !slices.Contains(releasing, lastName(e.Field(Function))) {
			return false
		}
	}
	return len(statements) > 0
}

// releasing is the methods that give something back.
var releasing = []string{
	"close", "aclose", "disconnect", "shutdown", "rollback", "release", "terminate", "kill", "stop", "cleanup", "teardown", "quit",
}

func isCleanup(name string) bool {
	switch name {
	case "__del__", "__exit__", "__aexit__", "tearDown", "tearDownClass", "asyncTearDown", "tear_down", "clean_up", "aclose":
		return true
	}
	words := strings.Split(strings.Trim(strings.ToLower(name), "_"), "_")
	last := words[len(words)-1]
	return slices.Contains(cleanupWords, words[0]) || slices.Contains(cleanupWords[1:], last)
}

// Raises reports whether a block raises or ends the program on some path; functions inside it don't count.
func Raises(block parsers.Node) bool {
	for n := range block.DescendantsSkipping(FunctionDefinition, Lambda) {
		switch n.Kind() {
		case RaiseStatement:
			return true
		case Call:
			switch n.Field(Function).Text() {
			case "sys.exit", "exit", "os._exit", "pytest.fail", "loop.stop":
				return true
			}
		}
	}
	return false
}

// InBoundedRetry reports whether the handler lets a loop try again a limited number of times, after which the failure is
// raised or returned: after the loop, in its else, or in its body.
func (h Handler) InBoundedRetry() bool {
	loop := h.statement().Ancestor(ForStatement, WhileStatement, FunctionDefinition, ClassDefinition)
	if !loop.Is(ForStatement, WhileStatement) {
		return false
	}
	if loop.Is(ForStatement) && !counts(loop.Field(Right)) {
		// for reader in readers: try: return reader(x) … raise
		return leaves(h.Tried) && (loop.NextSibling().Is(RaiseStatement) || loop.Field(Alternative).Child(Block).FirstNamed().Is(RaiseStatement))
	}
	bounded := loop.Is(ForStatement) || loop.Field(Condition).Is(ComparisonOperator, BooleanOperator, Identifier)
	if alt := loop.Field(Alternative); bounded && fails(alt) {
		return true
	}
	for s := loop.NextSibling(); bounded && !s.IsNil(); s = s.NextSibling() {
		if fails(s) {
			return true
		}
	}
	// while True: try … except: pass; attempts += 1; if attempts > 3: raise
	for s := h.statement().NextSibling(); !s.IsNil(); s = s.NextSibling() {
		if s.Is(IfStatement) && s.Field(Condition).Is(ComparisonOperator) && Raises(s) {
			return true
		}
	}
	return false
}

// counts reports whether a loop over the expression ends after a number of rounds that is about attempts, not data.
func counts(e parsers.Node) bool {
	if e.Is(Call) && e.Field(Function).Text() == "enumerate" {
		e = e.Field(Arguments).FirstNamed()
	}
	if e.Is(Tuple) {
		return true
	}
	if !e.Is(Call) || e.Field(Function).Text() != "range" {
		return false
	}
	for n := range e.Field(Arguments).Descendants() {
		if n.Is(Call) && n.Field(Function).Text() == "len" {
			return false
		}
	}
	return true
}

// FailsSilently reports whether the handler lets a counted loop try again and nothing is raised after the last attempt.
func (h Handler) FailsSilently() bool {
	loop := h.statement().Ancestor(ForStatement, WhileStatement, FunctionDefinition, ClassDefinition)
	return loop.Is(ForStatement) && counts(loop.Field(Right)) && leaves(h.Tried) && !h.InBoundedRetry()
}

// fails reports whether a statement after a loop raises or returns a failure.
func fails(s parsers.Node) bool {
	if s.IsNil() {
		return false
	}
	if s.Is(ReturnStatement) {
		v := s.FirstNamed()
		return v.Is(False) || v.Is(Call) && (lastName(v.Field(Function)) == "Failed" || strings.Contains(v.Text(), "passed=False"))
	}
	return s.Is(RaiseStatement) || Raises(s)
}
