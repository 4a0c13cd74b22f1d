package python

import (
	"slices"
	"strings"

	"delint/parsers"
)

// Swallow is what a handler does that neither repairs nor passes on what it catches.
type Swallow uint8

// The classes, from the quietest.
const (
	Handles  Swallow = iota // something else: it repairs, collects, compensates, raises, says that it failed
	Jumps                   // only continue or break
	Defaults                // puts a constant in the place of the result
	Logs                    // writes it down, perhaps with one of the above
)

// Swallows is what the handler does with an error instead of handling it. An empty handler Handles here: IsEmpty knows it.
func (h Handler) Swallows(f *parsers.File) Swallow {
	if h.Suppress || h.IsEmpty() || Raises(h.Body) {
		return Handles
	}
	s := &swallowing{f: f, h: h}
	if !s.block(h.Body) {
		return Handles
	}
	switch {
	case s.logs:
		return Logs
	case s.defaults:
		return Defaults
	case s.jumps:
		return Jumps
	}
	return Handles
}

type swallowing struct {
	f                     *parsers.File
	h                     Handler
	jumps, defaults, logs bool
}

func (s *swallowing) block(block parsers.Node) bool {
	return !slices.ContainsFunc(Statements(block), func(n parsers.Node) bool { return !s.statement(n) })
}

// statement reports whether a statement belongs to one of the classes, and notes to which.
func (s *swallowing) statement(n parsers.Node) bool {
	switch n.Kind() {
	case PassStatement, ImportStatement, ImportFromStatement:
		return true
	case ContinueStatement, BreakStatement:
		s.jumps = true
		return true
	case PrintStatement:
		s.logs = true
		return true
	case ReturnStatement:
		return s.value(n.FirstNamed(), true)
	case IfStatement:
		if !s.block(n.Field(Consequence)) {
			return false
		}
		for c := range n.Fields(Alternative) {
			if !s.block(c.Child(Block)) {
				return false
			}
		}
		return true
	case ExpressionStatement:
		e := n.FirstNamed()
		switch e.Kind() {
		case Yield:
			return s.value(e.FirstNamed(), true)
		case Assignment:
			return s.assignment(e)
		case Await:
			e = e.FirstNamed()
		}
		if e.Is(Call) && IsLogging(s.f, e) {
			s.logs = true
			return true
		}
		return IsNothing(n)
	}
	return false
}

// value reports whether what is given back is a constant that says nothing of the failure.
func (s *swallowing) value(n parsers.Node, gives bool) bool {
	switch {
	case n.IsNil():
		s.jumps = s.jumps || gives
		s.defaults = s.defaults || !gives
		return true
	case n.Is(False):
		return false // says that it failed
	case n.Is(Integer) && n.Text() != "0", n.Is(UnaryOperator):
		return false // an exit code
	case n.Is(None, True, Integer, Float, Ellipsis), n.Is(String) && len(n.Text()) <= 3:
	case n.Is(List, Dictionary, Set, Tuple, ExpressionList):
		for c := range n.NamedChildren() {
			if !n.Is(Tuple, ExpressionList) || !s.value(c, gives) {
				return false
			}
		}
	case n.Is(Call) && n.Field(Arguments).FirstNamed().IsNil() && madeEmpty[lastName(n.Field(Function))]:
	default:
		return false
	}
	s.defaults = true
	return true
}

// madeEmpty is what makes an empty value without an argument.
var madeEmpty = map[string]bool{
	"list": true, "dict": true, "set": true, "tuple": true, "str": true, "int": true, "float": true, "frozenset": true,
	"DataFrame": true, "LazyFrame": true, "Series": true, "OrderedDict": true, "Counter": true,
}

// assignment reports whether a name gets a constant, or the text of a message that nothing outside the handler reads.
func (s *swallowing) assignment(a parsers.Node) bool {
	left, right := a.Field(Left), a.Field(Right)
	if !left.Is(Identifier) {
		return false
	}
	if right.Is(True, False) || flagName(left.Text()) {
		return false // a flag that says what happened
	}
	if !right.Is(String, ConcatenatedString, BinaryOperator, Call) || right.Is(String) && len(right.Text()) <= 3 {
		return s.value(right, false)
	}
	if s.value(right, false) {
		return true
	}
	around := s.h.Node.Ancestor(FunctionDefinition)
	if around.IsNil() {
		return false
	}
	for n := range around.Descendants() {
		if n.Is(Identifier) && n.Text() == left.Text() && !s.h.Node.Contains(n) {
			return false
		}
	}
	return true
}

// flagName reports whether a name tells how something went.
func flagName(name string) bool {
	name = strings.ToLower(name)
	for _, w := range [...]string{"ok", "success", "fail", "error", "err", "status", "state", "valid", "has_", "is_", "done", "found", "exit", "code", "available", "retr", "attempt", "result", "outcome", "message", "msg", "reason", "exc"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// logMethods is the methods by which loggers are called.
var logMethods = map[string]bool{
	"debug": true, "info": true, "warning": true, "warn": true, "error": true, "exception": true, "critical": true, "fatal": true, "log": true,
}

// IsLogging reports whether a call only writes down what happened: a logger's method, print, a warning, a traceback, a count
// in a metric. What alerts people (Sentry, a pager) is none.
func IsLogging(f *parsers.File, call parsers.Node) bool {
	fn := call.Field(Function)
	if fn.Is(Identifier) {
		switch fn.Text() {
		case "print", "pprint", "log", "secho", "echo", "print_exc", "warn", "rprint", "log_error", "log_exception", "log_warning":
			return true
		}
		return false
	}
	if !fn.Is(Attribute) {
		return false
	}
	method, object := lastName(fn), fn.Field(Object)
	for object.Is(Call) {
		object = object.Field(Function)
	}
	on := strings.ToLower(lastName(object))
	switch {
	case logMethods[method]:
		return strings.Contains(on, "log") || on == "warnings" || on == "console"
	case on == "traceback":
		return strings.HasPrefix(method, "print_")
	case on == "click" || on == "typer":
		return method == "echo" || method == "secho"
	case on == "stderr" || on == "stdout":
		return method == "write" || method == "flush"
	case on == "console":
		return method == "print" || method == "print_exception"
	case method == "incr" || method == "increment" || method == "inc":
		return strings.Contains(on, "metric") || strings.Contains(on, "statsd") || strings.Contains(on, "stats") || strings.Contains(on, "counter")
	}
	return false
}

// LogsTrace reports whether the handler writes the traceback down: logger.exception, exc_info, print_exc, format_exc.
func (h Handler) LogsTrace() bool {
	for n := range h.Body.Descendants() {
		switch {
		case n.Is(Call) && n.Field(Function).Is(Attribute) && lastName(n.Field(Function)) == "exception",
			n.Is(KeywordArgument) && n.Field(Name).Text() == "exc_info" && !n.Field(Value).Is(False, None),
			n.Is(Identifier) && (n.Text() == "print_exc" || n.Text() == "format_exc" || n.Text() == "print_exception" || n.Text() == "format_exception"):
			return true
		}
	}
	return false
}

// TriesIO reports whether the watched code reads, writes or calls another system, by the names of what it calls; a loop
// around counts as no call.
func (h Handler) TriesIO(f *parsers.File) bool {
	for n := range h.Tried.DescendantsSkipping(FunctionDefinition, Lambda) {
		if !n.Is(Call) {
			continue
		}
		fn := n.Field(Function)
		if fn.Is(Identifier) && fn.Text() == "open" {
			return true
		}
		root, _, _ := strings.Cut(Imports(f).Resolve(fn), ".")
		if ioModules[root] {
			return true
		}
		for _, w := range strings.Split(strings.ToLower(strings.Trim(lastName(fn), "_")), "_") {
			if ioVerbs[w] && (fn.Is(Attribute) || strings.Contains(fn.Text(), "_")) {
				return true
			}
		}
	}
	return false
}

var ioModules = map[string]bool{
	"requests": true, "httpx": true, "urllib": true, "urllib3": true, "boto3": true, "subprocess": true, "shutil": true, "psycopg2": true,
	"psycopg": true, "snowflake": true, "sqlalchemy": true, "s3fs": true, "gcsfs": true, "smtplib": true, "ftplib": true, "paramiko": true,
}

var ioVerbs = map[string]bool{
	"read": true, "write": true, "save": true, "load": true, "insert": true, "upload": true, "download": true, "execute": true, "executemany": true,
	"query": true, "publish": true, "fetch": true, "fetchall": true, "fetchone": true, "commit": true, "post": true, "put": true, "send": true,
	"scan": true, "copy": true, "merge": true, "delete": true, "request": true, "sql": true, "csv": true, "parquet": true, "export": true,
	"import": true, "ingest": true, "extract": true, "collect": true, "materialize": true, "produce": true, "table": true, "drop": true,
}
