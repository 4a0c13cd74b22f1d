package soda

import (
	"strconv"
	"strings"
)

// form is which check a line is.
type form string

const (
	metricCheck     form = "metric"
	comparisonCheck form = "row count comparison" // row_count same as
	referenceCheck  form = "reference"            // values in … must exist in …
	freshnessUsing  form = "freshness using"      // the old spelling
)

// line is a check of SodaCL, without what stands under it.
type line struct {
	form   form
	prefix string // change, anomaly score, anomaly detection; empty if none
	metric string
	args   []string
	// threshold is nil where the line has none.
	threshold *threshold
	anomaly   bool // < default
	columns   []string
	// other is the dataset that a comparison or reference reads, otherColumns what of it, source its data source.
	other, source string
	otherColumns  []string
	negated       bool // must not exist in
}

// threshold is what a metric is compared with. Two bounds for between.
type threshold struct {
	text              string
	operator          string // <, <=, =, >=, >, !=, between, not between
	bounds            []bound
	lowOpen, highOpen bool
}

// bound is one number, age or variable of a threshold.
type bound struct {
	text   string
	kind   string // number, duration, name
	number float64
}

// lineReader reads the tokens of a line as SodaCL's grammar says.
type lineReader struct {
	tokens []token
	at     int
}

func (r *lineReader) peek() token {
	if r.at < len(r.tokens) {
		return r.tokens[r.at]
	}
	return token{}
}

// take reads tokens of these kinds; it reads nothing where they don't all stand there.
func (r *lineReader) take(kinds ...string) bool {
	for i, k := range kinds {
		if r.at+i >= len(r.tokens) || r.tokens[r.at+i].kind != k {
			return false
		}
	}
	r.at += len(kinds)
	return true
}

func (r *lineReader) done() bool { return r.at == len(r.tokens) }

// name reads a name: the names of three functions are names too.
func (r *lineReader) name() (string, bool) {
	switch t := r.peek(); t.kind {
	case identifier, "min", "max", "avg":
		r.at++
		return t.text, true
	}
	return "", false
}

// parseLine reads a check; ok is false where SodaCL would not read it.
func parseLine(s string) (l line, ok bool) {
	r := &lineReader{tokens: lex(s)}
	switch {
	case r.take("row_count same as", space):
		l.form = comparisonCheck
		l.other, ok = r.name()
		if ok && r.take(space) && !r.take("in", space) {
			if _, ok = r.name(); !ok || !r.done() && !r.take(space, "in", space) {
				return l, false
			}
		}
		if ok && !r.done() {
			l.source, ok = r.name()
		}
		return l, ok && r.done()
	case r.take("values in", space):
		return r.reference()
	case r.take("freshness using", space):
		l.form, l.metric = freshnessUsing, "freshness"
		name, ok := r.name()
		l.columns = []string{name}
		if ok && r.take(space, "with", space) {
			_, ok = r.name()
		}
		if ok && r.take(space, "<", space) {
			ok = r.take(duration)
			for r.take(duration) {
			}
		}
		return l, ok && r.done()
	}
	return r.metricLine()
}

func (r *lineReader) reference() (l line, ok bool) {
	l.form = referenceCheck
	several := r.take("(")
	list := func() (names []string, ok bool) {
		for {
			n, ok := r.name()
			if !ok {
				return names, false
			}
			names = append(names, n)
			if !several || !r.take(",", space) {
				return names, !several || r.take(")")
			}
		}
	}
	if l.columns, ok = list(); !ok || !r.take(space, "must", space) {
		return l, false
	}
	l.negated = r.take("not", space)
	if !r.take("exist in", space) {
		return l, false
	}
	if l.other, ok = r.name(); !ok || !r.take(space) || several && !r.take("(") {
		return l, false
	}
	l.otherColumns, ok = list() // SodaCL doesn't look at what follows
	return l, ok
}

func (r *lineReader) metricLine() (l line, ok bool) {
	l.form = metricCheck
	switch {
	case r.take("anomaly score for "):
		l.prefix = "anomaly score"
	case r.take("anomaly detection for "):
		l.prefix = "anomaly detection"
	case r.take("change", space):
		l.prefix = "change"
		if r.take("same day last week") || (r.take("avg") || r.take("min") || r.take("max")) && r.take(space, "last", space, digits) {
			if !r.take(space) {
				return l, false
			}
		}
		r.take("percent", space)
		if !r.take("for", space) {
			return l, false
		}
	}
	if l.metric, ok = r.name(); !ok {
		return l, false
	}
	if r.take("(") {
		for {
			arg, ok := r.number()
			if !ok {
				if arg, ok = r.name(); !ok {
					return l, false
				}
			}
			l.args = append(l.args, arg)
			if !r.take(",", space) {
				break
			}
		}
		if !r.take(")") {
			return l, false
		}
	}
	l.columns = l.args
	if r.done() {
		return l, true
	}
	if !r.take(space) {
		return l, false
	}
	if r.take("<", space, "default") {
		l.anomaly = true
		return l, r.done()
	}
	l.threshold, ok = r.readThreshold()
	return l, ok && r.done()
}

// number reads a signed number.
func (r *lineReader) number() (string, bool) {
	start := r.at
	if !r.take("+") {
		r.take("-")
	}
	whole := r.take(digits)
	if r.take(".") {
		whole = r.take(digits) || whole
	}
	if !whole {
		r.at = start
		return "", false
	}
	var b strings.Builder
	for _, t := range r.tokens[start:r.at] {
		b.WriteString(t.text)
	}
	return b.String(), true
}

// readThreshold reads a threshold; what follows it is the caller's affair.
func (r *lineReader) readThreshold() (*threshold, bool) {
	start := r.at
	t := &threshold{}
	finish := func(ok bool) (*threshold, bool) {
		var b strings.Builder
		for _, x := range r.tokens[start:r.at] {
			b.WriteString(x.text)
		}
		t.text = b.String()
		return t, ok
	}
	for _, op := range []string{"<", "<=", "=", ">=", ">", "!=", "<>"} {
		if r.take(op, space) {
			if t.operator = op; op == "<>" {
				t.operator = "!="
			}
			b, ok := r.bound()
			t.bounds = []bound{b}
			return finish(ok)
		}
	}
	t.operator = "between"
	if r.take("not", space) {
		t.operator = "not between"
	}
	if !r.take("between", space) {
		return t, false
	}
	if !r.take("[") {
		t.lowOpen = r.take("(")
	}
	low, ok := r.bound()
	if !ok || !r.take(space, "and", space) {
		return t, false
	}
	high, ok := r.bound()
	if !r.take("]") {
		t.highOpen = r.take(")")
	}
	t.bounds = []bound{low, high}
	return finish(ok)
}

func (r *lineReader) bound() (bound, bool) {
	if n, ok := r.number(); ok {
		v, err := strconv.ParseFloat(strings.TrimPrefix(n, "+"), 64)
		if !r.take("%") {
			r.take(space, "%")
		}
		return bound{n, "number", v}, err == nil
	}
	if r.peek().kind == duration {
		var b strings.Builder
		for r.peek().kind == duration {
			b.WriteString(r.peek().text)
			r.at++
		}
		return bound{text: b.String(), kind: duration}, true
	}
	if t := r.peek(); t.kind == identifier && strings.IndexByte("\"`[", t.text[0]) < 0 {
		r.at++
		b := bound{text: t.text, kind: identifier}
		if isAge(t.text) {
			b.kind = duration
		} else if v, err := strconv.ParseFloat(t.text, 64); err == nil {
			b.kind, b.number = "number", v // 1e5 is a name first, and a number when it is compared
		}
		return b, true
	}
	return bound{}, false
}

// isAge reports whether a text is an age such as 1d6h30m.
func isAge(s string) bool {
	for s != "" {
		n := span(s, isDigit)
		if n == 0 || n == len(s) || strings.IndexByte("dhm", s[n]) < 0 {
			return false
		}
		s = s[n+1:]
	}
	return true
}

// parseThreshold reads the condition of a warn or fail, after "when ". SodaCL doesn't look at what follows it.
func parseThreshold(s string) (*threshold, bool) {
	return (&lineReader{tokens: lex(s)}).readThreshold()
}

// repairLine is a line that SodaCL reads and that a person most likely meant: one space between tokens, = for ==.
func repairLine(s string) (string, bool) {
	t := strings.TrimSuffix(strings.TrimSpace(s), ":")
	t = strings.NewReplacer("==", "=", "=>", ">=", "=<", "<=").Replace(t)
	var b strings.Builder
	for i := 0; i < len(t); {
		c := t[i]
		switch {
		case c == '<' || c == '>' || c == '!' || c == '=':
			j := i + 1
			for j < len(t) && (t[j] == '=' || t[j] == '>') {
				j++
			}
			b.WriteString(" " + t[i:j] + " ")
			i = j
		case c == ',' && !isDigitAt(t, i+1):
			b.WriteString(", ")
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	t = strings.Join(strings.Fields(b.String()), " ")
	t = strings.NewReplacer(" (", "(", "( ", "(", " )", ")", " ,", ",").Replace(t)
	for _, word := range []string{"between", "values in", "must exist in", "not"} {
		t = strings.ReplaceAll(t, word+"(", word+" (")
	}
	if m := selfReferenceTail.FindStringSubmatch(t); m != nil {
		t = m[1] + " (" + m[2]
	}
	_, ok := parseLine(t)
	return t, ok && t != s
}

func isDigitAt(s string, i int) bool { return i < len(s) && isDigit(s[i]) }
