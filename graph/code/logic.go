package code

import (
	"bytes"
	"regexp"
	"strings"

	"delint/parsers"
	"delint/parsers/python"
)

// frameKind says how a value relates to data frames.
type frameKind uint8

const (
	unrelated frameKind = iota
	rooted              // comes from a parameter without annotation
	frame
)

// kindOf is the frame kind of an expression, by the variables of the scopes that are open.
func (w *walker) kindOf(n parsers.Node) frameKind {
	if !w.fact.Frames {
		return unrelated
	}
	for range maxSegments {
		switch n.Kind() {
		case python.Identifier:
			return w.variable(n.Text())
		case python.Attribute:
			name := string(lastName(n))
			if name == "df" || name == "_df" || strings.HasSuffix(name, "_df") {
				return frame
			}
			if scalar[name] {
				return unrelated
			}
			if k, ok := w.lookup(n.Text()); ok {
				return k
			}
			n = n.Field(python.Object)
		case python.Subscript:
			n = n.Field(python.Value)
		case python.ParenthesizedExpression, python.Await, python.UnaryOperator, python.NotOperator:
			n = n.FirstNamed()
			if n.IsNil() {
				return unrelated
			}
		case python.BinaryOperator:
			n = n.Field(python.Left)
		case python.ComparisonOperator, python.ConditionalExpression:
			n = n.FirstNamed()
		case python.Call:
			fn := n.Field(python.Function)
			name := lastName(fn)
			switch {
			case makesFrame(w.dotted(fn)) || w.frames[string(name)] || turnsFrame[string(name)] || readsSpark(fn):
				return frame
			case scalar[string(name)] || fn.Is(python.Identifier):
				return unrelated
			}
			n = fn
		default:
			return unrelated
		}
	}
	return unrelated
}

// readsSpark knows spark.sql(…), spark.table(…), spark.read.….load(…).
func readsSpark(fn parsers.Node) bool {
	text := fn.Bytes()
	if len(text) > 200 || !bytes.Contains(text, []byte("spark")) {
		return false
	}
	return bytes.Contains(text, []byte(".read.")) || bytes.HasSuffix(text, []byte(".sql")) || bytes.HasSuffix(text, []byte(".table"))
}

func (w *walker) variable(name string) frameKind {
	k, _ := w.lookup(name)
	return k
}

func (w *walker) lookup(name string) (frameKind, bool) {
	for i := len(w.scopes) - 1; i >= 0; i-- {
		if k, ok := w.scopes[i].kinds[name]; ok {
			return k, true
		}
	}
	return unrelated, false
}

// kindAssigned is the kind of a value with its annotation, if the name has one.
func (w *walker) kindAssigned(value parsers.Node, annotation string) frameKind {
	if w.frameTyped(annotation) {
		return frame
	}
	return w.kindOf(value)
}

// dotted is the import path of a name or chain of attributes; empty if it begins at no import.
func (w *walker) dotted(n parsers.Node) string {
	if !n.Is(python.Identifier, python.Attribute) {
		return ""
	}
	w.buf = pathOf(w.buf[:0], n, maxSegments)
	first, rest, _ := bytes.Cut(w.buf, []byte("."))
	target := w.aliases[string(first)]
	if target == "" {
		return ""
	}
	return join(target, string(rest))
}

// logic counts what a node adds to what there is to test: branches, arithmetic, keys.
func (w *walker) logic(n parsers.Node) {
	fn := w.top().fn
	if fn == nil {
		return
	}
	l := &fn.Logic
	switch n.Kind() {
	case python.IfStatement, python.ElifClause, python.ConditionalExpression, python.CaseClause, python.ExceptClause, python.ExceptGroupClause, python.IfClause:
		l.Branches++
	case python.WhileStatement, python.ForStatement:
		l.Branches++
		l.Loops++
	case python.BooleanOperator:
		if p := n.Parent(); !p.Is(python.BooleanOperator) || operator(p) != operator(n) {
			l.Branches++
		}
	case python.BinaryOperator:
		if !n.Parent().Is(python.BinaryOperator) && variableOperators(n) >= 2 {
			l.Compute++
			if text(n) && held(n) {
				l.Texts++
			}
		}
	case python.Subscript:
		if key := n.Field(python.SubscriptField); l.Keys < 2 && key.Is(python.Identifier, python.BinaryOperator, python.Call, python.Slice, python.Attribute) {
			if n.Parent().FieldID() != python.TypeField {
				l.Keys++
			}
		}
	}
}

func operator(n parsers.Node) string { return n.Field(python.Operator).Text() }

// text reports whether an expression puts a text together: it has a literal text among its operands.
func text(n parsers.Node) bool {
	for d := range n.DescendantsSkipping(python.Call, python.Lambda, python.Subscript) {
		if d.Is(python.String, python.ConcatenatedString) {
			return true
		}
	}
	return false
}

// variableOperators counts the operators of an arithmetic expression that is not all constants.
func variableOperators(n parsers.Node) int {
	operators, names := 0, 0
	for d := range n.DescendantsSkipping(python.Call, python.Lambda) {
		switch d.Kind() {
		case python.BinaryOperator:
			operators++
		case python.Identifier, python.Call:
			names++
		}
	}
	if names == 0 {
		return 0
	}
	return operators + 1
}

// callLogic counts what a call adds: data operations, regular expressions, dates, work for other systems.
func (w *walker) callLogic(n, fn parsers.Node) {
	f := w.top().fn
	if f == nil {
		return
	}
	name := string(lastName(fn))
	if external[name] || name == "cli" && fn.Is(python.Attribute) {
		f.Logic.External = true
	}
	if !fn.Is(python.Attribute) {
		if name == "timedelta" || name == "relativedelta" {
			f.Logic.Compute++
		}
		return
	}
	object := fn.Field(python.Object)
	switch {
	case object.Is(python.Identifier) && (w.aliases[object.Text()] == "re" || w.aliases[object.Text()] == "regex"):
		if name != "compile" && name != "escape" {
			f.Logic.Compute++
		}
		return
	case (name == "extract" || name == "replace" || name == "contains" || name == "extract_all") && string(lastName(object)) == "str":
		f.Logic.Compute++
		return
	case name == "timedelta" || name == "relativedelta":
		f.Logic.Compute++
		return
	}
	if !strong[name] && !wide[name] {
		return
	}
	kind := w.kindOf(object)
	if kind == unrelated && strong[name] && makesFrame(w.dotted(fn)) { // pd.merge(a, b)
		kind = frame
	}
	if kind == frame {
		f.Logic.Operations++
		if strong[name] {
			f.Logic.Strong++
		}
	}
	if kind != unrelated && strong[name] {
		f.Logic.Rooted++
	}
}

var (
	sqlStart  = regexp.MustCompile(`(?i)^\s*(?:select|with|insert|merge|create|delete|update)\s`)
	sqlClause = regexp.MustCompile(`(?i)\b(?:join|group\s+by|case|where|over)\b`)
)

// text looks at a string: SQL counts by its clauses.
func (w *walker) text(n parsers.Node) {
	if w.test {
		w.mention(n)
	}
	fn := w.top().fn
	if fn == nil || n.End()-n.Start() < 16 || fn.Logic.Queries >= 5 || n.Parent().Is(python.ExpressionStatement) {
		return
	}
	b := bytes.TrimLeft(n.Bytes(), "rRbBfFuU")
	b = bytes.TrimLeft(b, `"'`)
	if !sqlStart.Match(b) || !strings.ContainsAny(string(b[:min(len(b), 4000)]), " \n") {
		return
	}
	lower := bytes.ToLower(b)
	if !bytes.Contains(lower, []byte("from")) && !bytes.Contains(lower, []byte("into")) && !bytes.Contains(lower, []byte("set")) && !bytes.Contains(lower, []byte("table")) {
		return
	}
	fn.Logic.Queries = min(5, fn.Logic.Queries+1+len(sqlClause.FindAllIndex(b, 5)))
}
