package sql

import (
	"bytes"
	"strings"

	"delint/parsers"
)

// region is the text between a template's {% for %} or {% if %} and its end.
type region struct {
	start, end int
	loop       bool
	// variable takes each of the values in turn; values is nil where they are not written out.
	variable string
	values   []string
}

// templateRegions are the loops and conditions of the statement's templates.
func (sc *Scope) templateRegions() []region {
	if sc.tagged {
		return sc.regions
	}
	sc.tagged = true
	if !bytes.Contains(sc.Statement.Node.Bytes(), []byte("{%")) {
		return nil
	}
	var open []region
	for n := range sc.Statement.Node.Descendants() {
		if !n.Is(TemplateTag) {
			continue
		}
		switch word := TagWord(n); word {
		case "for", "if", "call", "macro", "filter":
			r := region{start: n.Start(), loop: word == "for"}
			if r.loop {
				r.variable, r.values = sc.loopOf(n)
			}
			open = append(open, r)
		case "endfor", "endif", "endcall", "endmacro", "endfilter":
			if len(open) > 0 {
				r := open[len(open)-1]
				open = open[:len(open)-1]
				r.end = n.End()
				sc.regions = append(sc.regions, r)
			}
		}
	}
	for _, r := range open { // closed after the statement
		r.end = sc.Statement.End()
		sc.regions = append(sc.regions, r)
	}
	return sc.regions
}

// templateValue says what a Jinja expression in a query stands for.
func (sc *Scope) templateValue(b *Branch, item *SelectItem, e *Expr) value {
	if item != nil {
		if c := item.variable.column(e); c != nil {
			return sc.columnValue(b, item, c)
		}
	}
	v := value{transform: Expression, confidence: Partial, masks: maskingMacro(e.Op)}
	if e.Op == "" {
		if n := e.First.FirstNamed(); e.First.Is(Template) && !n.NextSibling().Named() && constantTemplate(n) {
			return value{transform: Constant, confidence: Exact}
		}
		return v
	}
	switch last(strings.Split(e.Op, ".")) {
	case "var", "env_var", "get", "strftime", "isoformat", "string_literal":
		return value{transform: Constant, confidence: Exact}
	case "current_timestamp", "current_timestamp_backcompat":
		return value{transform: Constant, confidence: Exact}
	}
	known := knownMacros[last(strings.Split(e.Op, "."))] && strings.Contains(e.Op, ".")
	for s := range templateStrings(e.First) {
		if x := columnText(s); x != "" {
			column := &Expr{Kind: ExprColumn, Parts: splitParts(x), First: e.First, Last: e.Last}
			w := sc.value(b, item, column)
			v.sources = addSources(v.sources, w.sources, false)
			if known {
				v.confidence = min(Inferred, w.confidence)
			}
		} else if known {
			known = false
			v.confidence = Partial
		}
	}
	return v
}

// knownMacros are macros of dbt, dbt_utils and dbt_date whose text arguments are columns or plain words.
var knownMacros = set(`generate_surrogate_key surrogate_key safe_cast cast date_trunc dateadd datediff last_day hash concat split_part safe_divide
	safe_add safe_subtract length position replace right any_value bool_or listagg array_agg array_concat type_string convert_timezone`)

func constantTemplate(n parsers.Node) bool {
	if n.Is(TemplateString, Number) {
		return true
	}
	if n.Is(TemplateName) {
		head, _, _ := strings.Cut(n.Text(), ".")
		switch head {
		case "run_started_at", "invocation_id", "target", "this", "model", "ds", "ds_nodash", "ts", "execution_date", "logical_date", "params", "data_interval_start",
			"data_interval_end", "dag_run", "macros":
			return true
		}
	}
	return false
}

// templateStrings ranges over the string literals of a template's calls.
func templateStrings(n parsers.Node) func(func(string) bool) {
	return func(yield func(string) bool) {
		for d := range n.Descendants() {
			if d.Is(TemplateString) && !yield(unquote(d.Text())) {
				return
			}
		}
	}
}

// columnText is a text that is a plain, perhaps dotted, column name; empty if it is more.
func columnText(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || s[0] >= '0' && s[0] <= '9' || isDatePart(strings.ToLower(s)) {
		return ""
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '_' && c != '.' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return ""
		}
	}
	return s
}

// starOf reads {{ dbt_utils.star(from=ref('x'), except=['a']) }}: a star of the relation, which is among the statement's reads.
func (sc *Scope) starOf(e *Expr) (o *Output, ok bool) {
	if e.Kind != ExprTemplate || last(strings.Split(e.Op, ".")) != "star" && e.Op != "@star" {
		return nil, false
	}
	o = &Output{Star: true, Transform: Identity, Confidence: Inferred, Expr: e}
	if e.Op == "@star" {
		for i, a := range e.Args {
			switch {
			case i == 0 && a.Kind == ExprColumn:
				for _, q := range sc.Statement.Queries {
					for _, r := range q.Relations {
						if o.StarOf == nil && q.Node.Start() <= e.Start() && e.End() <= q.Node.End() && (strings.EqualFold(r.Alias, a.Text()) || strings.EqualFold(r.Name(), joinParts(a.Parts))) {
							o.StarOf = r
						}
					}
				}
			case a.Kind == ExprNamed && (a.Op == "exclude" || a.Op == "except_" || a.Op == "except") && len(a.Args) == 1 && a.Args[0].Kind == ExprTuple:
				for _, x := range a.Args[0].Args {
					o.Except = append(o.Except, x.Name())
				}
			case a.Kind == ExprNamed || i > 0:
				o.Confidence = Partial
			}
		}
		return o, true
	}
	for _, r := range sc.Statement.Reads {
		if r.Call != nil && e.First.Contains(r.Call.Node) {
			o.StarOf = r
		}
	}
	arguments := e.First.FirstNamed().Field(Arguments)
	position := 0
	for item := range arguments.Children() {
		if !item.Is(TemplateItem) {
			continue
		}
		a := argument(item)
		if a.Name == "" {
			a.Name = [...]string{"from", "relation_alias", "except", "prefix"}[min(position, 3)]
			position++
		}
		switch a.Name {
		case "except":
			for d := range item.Descendants() {
				if d.Is(TemplateString) {
					o.Except = append(o.Except, unquote(d.Text()))
				}
				if d.Is(TemplateName) && d.Text() != "except" {
					o.Confidence = Partial
				}
			}
		case "prefix", "suffix":
			o.Confidence, o.StarOf = Partial, nil
		}
	}
	return o, true
}
