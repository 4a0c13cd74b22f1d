package python

import (
	"regexp"
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
	return h.ImportFallback(f) || h.alternativeFollows() || h.recovers() || h.tells() || h.declared(f) || h.degrades(f) || h.goesRound() || h.asksAgain() || h.documented() || h.marginal(f)
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
	return len(statements) > 0 && statements[len(statements)-1].Is(ReturnStatement, BreakStatement)
}

// recovers reports whether the handler stands in another one: what it swallows was tried to repair or report the first error.
func (h Handler) recovers() bool {
	for p := h.statement().Parent(); !p.IsNil(); p = p.Parent() {
		switch p.Kind() {
		case ExceptClause, ExceptGroupClause:
			return true
		case FunctionDefinition:
			return false
		}
	}
	return false
}

// tells reports whether the function around only tells people or tools of something; its failure must not stop the work.
func (h Handler) tells() bool {
	name := strings.ToLower(h.Node.Ancestor(FunctionDefinition).Field(Name).Text())
	for _, w := range [...]string{"notify", "notification", "alert", "telemetry", "slack", "callback", "track_", "send_mail", "send_email", "log_", "recycle", "warmup", "warm_up", "prefetch", "__repr__", "__str__", "__del__"} {
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

// declared reports whether the handler gives None where the function's type says that there may be none.
func (h Handler) declared(f *parsers.File) bool {
	function := h.Node.Ancestor(FunctionDefinition)
	result := function.Field(ReturnType).Text()
	if _, isUnit := UnitOf(f, function); isUnit || !strings.Contains(result, "Optional") && !strings.Contains(result, "None") || result == "None" {
		return false
	}
	statements := Statements(h.Body)
	last := statements[len(statements)-1]
	return last.Is(ReturnStatement) && (last.FirstNamed().IsNil() || last.FirstNamed().Is(None))
}

// onPurpose is what a message says where going on is what was meant.
var onPurpose = []string{
	"falling back", "fall back", "fallback", "using default", "default", "continuing", "non-fatal", "nonfatal", "unaffected", "best effort", "best-effort",
	"ignor", "optional", "not available", "unavailable", "assuming", "instead", "will retry", "retrying", "handled since", "proceed",
}

// degrades reports whether the handler's message or comment says that going on without is meant, or logs only for debugging.
func (h Handler) degrades(f *parsers.File) bool {
	debug, calls := true, 0
	for n := range h.Body.Descendants() {
		switch n.Kind() {
		case String, Comment:
			text := strings.ToLower(n.Text())
			for _, w := range onPurpose {
				if strings.Contains(text, w) {
					return true
				}
			}
		case Call:
			if IsLogging(f, n) {
				calls++
				debug = debug && lastName(n.Field(Function)) == "debug"
			}
		}
	}
	return calls > 0 && debug
}

// goesRound reports whether the try is all that a while does over and over: the next round tries again.
func (h Handler) goesRound() bool {
	loop := h.statement().Ancestor(ForStatement, WhileStatement, FunctionDefinition)
	return loop.Is(WhileStatement) && h.statement().Parent() == loop.Field(Body)
}

// asksAgain reports whether what follows the try raises by itself where something failed.
func (h Handler) asksAgain() bool {
	next := h.statement().NextSibling()
	return next.Is(RaiseStatement) || strings.Contains(next.Text(), "raise_for_status(")
}

var saysSo = regexp.MustCompile(`(?i)\b(?:none|empty|null|skip\w*|default|zero|ignor\w*)\b[^.]*\b(?:fail\w*|error\w*|except\w*|unavailable|invalid|unreadable|missing|cannot|can't|not (?:found|exist))|` +
	`\b(?:fail\w*|error\w*|exception\w*|unavailable|invalid|unreadable|missing|cannot|can't)\b[^.]*\b(?:none|empty|null|skip\w*|default|ignor\w*)\b|best.effort|not raised|never raises?|does not raise`)

// documented reports whether the function's docstring or a comment in the handler says what a failure comes to.
func (h Handler) documented() bool {
	function := h.Node.Ancestor(FunctionDefinition)
	if !function.IsNil() && saysSo.MatchString(docstring(function)) {
		return true
	}
	for n := range h.Node.Descendants() {
		if n.Is(Comment) && len(word.FindAllString(prose(n), 4)) == 4 {
			return true
		}
	}
	return false
}

// aside is what may fail beside the work: plugins, lineage and telemetry, comments on columns, caches.
var aside = regexp.MustCompile(`(?i)\b(?:ep|entry_?point)\.load\(|plugin|lineage|telemetry|\bemit_|_comment_|\bcomment on\b|_cache\.`)

// marginal reports whether little hangs on what is swallowed: nothing in the tried code reads, writes or calls another
// system, and it is no step of a loop over data.
func (h Handler) marginal(f *parsers.File) bool {
	if aside.MatchString(h.Tried.Text()) {
		return true
	}
	if h.TriesIO(f) || !h.InFunction() && IsDagFile(f) {
		return false
	}
	if _, isUnit := UnitOf(f, h.Node.Ancestor(FunctionDefinition)); isUnit {
		return false
	}
	return !h.statement().Ancestor(ForStatement, FunctionDefinition).Is(ForStatement)
}
