package python

import (
	"strings"

	"delint/parsers"
)

// Alias is the name that the handler gives the error; empty if it gives none.
func (h Handler) Alias() string {
	for c := range h.Node.NamedChildren() {
		if c.Is(AsPattern) {
			return c.Field(Alias).Text()
		}
	}
	return ""
}

// RaiseWithoutCause is the first raise in the handler that makes a new error without "from"; nil if there is none. Errors
// that end the program, skip a task, answer a request or speak to a user of a command line are left alone: their text is
// what counts. So are those that carry the caught error in an argument, those of a handler that logs the traceback, and what
// says in better words that something is not there or no value of its type.
func (h Handler) RaiseWithoutCause(f *parsers.File) parsers.Node {
	alias := h.Alias()
	if alias == "" && h.catchesOnly(f, lookups...) || h.LogsTrace() {
		return parsers.Node{}
	}
	for n := range h.Body.DescendantsSkipping(FunctionDefinition, Lambda, ClassDefinition, TryStatement) {
		if !n.Is(RaiseStatement) || !n.Field(Cause).IsNil() {
			continue
		}
		made := n.FirstNamed()
		if made.IsNil() || made.Text() == alias {
			continue
		}
		name := made
		for name.Is(Call) {
			name = name.Field(Function)
			if name.Is(Attribute) && lastName(name) == "with_traceback" {
				return parsers.Node{}
			}
		}
		last := lastName(name)
		if !made.Is(Call) && (last == "" || strings.ToLower(last[:1]) == last[:1]) || plainRaise(last) || made.Is(Call) && passes(made, alias) {
			continue
		}
		return n
	}
	return parsers.Node{}
}

// lookups is the errors of a value that is not there or doesn't fit.
var lookups = []string{
	"builtins.KeyError", "builtins.IndexError", "builtins.LookupError", "builtins.ValueError", "builtins.TypeError", "builtins.AttributeError",
	"builtins.FileNotFoundError", "builtins.UnicodeDecodeError", "builtins.ZeroDivisionError",
}

// passes reports whether a call is given the caught error itself: it can keep it.
func passes(call parsers.Node, alias string) bool {
	for a := range call.Field(Arguments).NamedChildren() {
		if a.Is(KeywordArgument) {
			a = a.Field(Value)
		}
		if alias != "" && a.Is(Identifier) && a.Text() == alias {
			return true
		}
	}
	return false
}

// plainRaise reports whether an error needs no cause: it is a signal or an answer, not a failure to look into.
func plainRaise(name string) bool {
	switch name {
	case "SystemExit", "KeyboardInterrupt", "StopIteration", "StopAsyncIteration", "NotImplementedError", "AttributeError", "Exit", "Abort", "abort",
		"AirflowSkipException", "SkipReason", "ArgumentTypeError", "GeneratorExit", "CancelledError", "RetryRequested", "Retry", "Http404":
		return true
	}
	return strings.HasPrefix(name, "HTTP") || strings.HasSuffix(name, "ParamType") || strings.HasPrefix(name, "Skip") ||
		strings.HasPrefix(name, "BadParameter") || strings.HasSuffix(name, "UsageError") || strings.HasPrefix(name, "Click") || name == "CliError" || name == "CLIError"
}

// RaisesItself is "raise e" of the handler's own error, where nothing was done to it; nil if there is none.
func (h Handler) RaisesItself() parsers.Node {
	alias := h.Alias()
	if alias == "" {
		return parsers.Node{}
	}
	var found parsers.Node
	for n := range h.Body.DescendantsSkipping(FunctionDefinition, Lambda, ClassDefinition) {
		switch {
		case n.Is(Assignment) && strings.HasPrefix(n.Field(Left).Text(), alias):
			return parsers.Node{}
		case n.Is(RaiseStatement) && found.IsNil() && n.Field(Cause).IsNil() && n.FirstNamed().Is(Identifier) && n.FirstNamed().Text() == alias:
			found = n
		}
	}
	return found
}

// LogsText is a call in the handler that logs an error with the text of what was caught and without its traceback: the
// alias in the message. Only the levels error, critical and fatal count: below, the author judged it expected.
func (h Handler) LogsText(f *parsers.File) parsers.Node {
	alias := h.Alias()
	if alias == "" {
		return parsers.Node{}
	}
	for n := range h.Body.DescendantsSkipping(FunctionDefinition, Lambda, ClassDefinition) {
		if !n.Is(Call) || !n.Field(Function).Is(Attribute) || !IsLogging(f, n) {
			continue
		}
		switch lastName(n.Field(Function)) {
		case "error", "critical", "fatal":
		default:
			continue
		}
		for a := range n.Field(Arguments).Descendants() {
			if a.Is(Identifier) && a.Text() == alias {
				return n
			}
		}
	}
	return parsers.Node{}
}

// PrintsTrace is a call in the handler that prints the traceback instead of logging it; nil if there is none.
func (h Handler) PrintsTrace(f *parsers.File) parsers.Node {
	for n := range h.Body.DescendantsSkipping(FunctionDefinition, Lambda, ClassDefinition) {
		if n.Is(Call) && Imports(f).Resolve(n.Field(Function)) == "traceback.print_exc" {
			return n
		}
	}
	return parsers.Node{}
}
