package python

import (
	"strings"

	"delint/parsers"
)

// Tolerates reports whether a handler that swallows may do so: a module or feature is asked for and may be missing, what
// comes after the try is done instead, the code only tells others of something, or the value is shown and no more.
func (h Handler) Tolerates(f *parsers.File) bool {
	for _, s := range Statements(h.Tried) {
		if s.Is(ImportStatement, ImportFromStatement) || strings.Contains(s.Text(), "import_module(") {
			return true
		}
	}
	return h.ImportFallback(f) || h.alternativeFollows() || h.recovers() || h.tells()
}

// alternativeFollows reports whether the try leaves on success and another way to the result follows it.
func (h Handler) alternativeFollows() bool {
	if !leavesFunction(h.Tried) {
		return false
	}
	for n := h.statement(); !n.IsNil() && !n.Is(FunctionDefinition, Module); n = n.Parent() {
		if !n.Parent().Is(Block) {
			continue
		}
		for s := n.NextSibling(); !s.IsNil(); s = s.NextSibling() {
			switch {
			case s.Is(Comment), s.Is(ReturnStatement) && s.FirstNamed().Is(None, List, Dictionary, False), s.Is(ReturnStatement) && s.FirstNamed().IsNil():
			case s.Is(ExpressionStatement) && s.FirstNamed().Is(String):
			default:
				return true
			}
		}
		if n.Is(ForStatement) && !counts(n.Field(Right)) {
			return true // the next candidate
		}
	}
	return false
}

func leavesFunction(block parsers.Node) bool {
	statements := Statements(block)
	return len(statements) > 0 && statements[len(statements)-1].Is(ReturnStatement)
}

// recovers reports whether a handler beside this one, or the finally, raises: what is swallowed here was tried for its sake.
func (h Handler) recovers() bool {
	for p := h.statement().Parent(); !p.IsNil(); p = p.Parent() {
		switch p.Kind() {
		case ExceptClause, ExceptGroupClause:
			if Raises(p.Child(Block)) {
				return true
			}
		case FunctionDefinition:
			return false
		}
	}
	return false
}

// tells reports whether the function around only tells people or tools of something; its failure must not stop the work.
func (h Handler) tells() bool {
	name := strings.ToLower(h.Node.Ancestor(FunctionDefinition).Field(Name).Text())
	for _, w := range [...]string{"notify", "notification", "alert", "telemetry", "slack", "callback", "track_", "send_mail", "send_email", "log_", "__repr__", "__str__", "__del__"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// LazyAction reports whether the watched code is one action of Spark on a frame that was put together before.
func (h Handler) LazyAction(f *parsers.File) bool {
	statements := Statements(h.Tried)
	spark := false
	for _, i := range Imports(f).Imports {
		spark = spark || strings.HasPrefix(i.Module, "pyspark")
	}
	if !spark || len(statements) != 1 {
		return false
	}
	for n := range statements[0].Descendants() {
		if n.Is(Call) {
			switch lastName(n.Field(Function)) {
			case "count", "collect", "save", "saveAsTable", "insertInto", "toPandas", "show", "parquet", "csv", "json":
				return true
			}
			return false
		}
	}
	return false
}
