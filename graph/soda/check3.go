package soda

import (
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

var selfReferenceTail = regexp.MustCompile(`^(values in \([^)]*\) must (?:not )?exist in \S+)\(([^)]*\))$`)

// check reads one check of SodaCL: its line and what stands under it.
func (d *document) check(text string, body *plain.Value, at parsers.Span, s section, configured map[string]bool) {
	c := graph.CheckFact{Framework: "soda", Name: text, Capability: "custom", Target: s.target, NeverFails: s.never, Span: at, Confidence: graph.Exact}
	if alwaysFalse(body.String("filter")) {
		c.NeverFails = "its filter selects no row"
	}
	before := len(d.problems)
	c.Blocking = graph.BlockingYes
	if body.Has("warn") && !body.Has("fail") {
		c.Blocking = graph.BlockingWarn
	}
	if limit := body.String("samples limit"); limit != "" {
		c.Settings = map[string]string{"samples limit": limit}
	}
	switch text {
	case "attributes":
		return // of the section
	case "schema":
		c.Capability = "schema"
		d.needsBody(text, body, at, &c)
		d.schema(body, at, &c)
	case "failed rows":
		d.needsBody(text, body, at, &c)
		d.failedRows(body, at, &c, s.name == "checks")
	case "group by":
		d.needsBody(text, body, at, &c)
		d.groupBy(body, at)
	case "group evolution":
		d.needsBody(text, body, at, &c)
		d.groupEvolution(body, at)
	default:
		l, ok := parseLine(text)
		if !ok {
			d.badLine(text, at)
			c.NeverFails, c.Capability = "Soda can't read it", capability(firstName(text))
			break
		}
		d.readLine(l, text, body, at, s, configured, &c)
	}
	d.refused(&c, before)
	d.checks = append(d.checks, c)
}

// refused notes of a check that can't fail that its syntax is reported already: one fact, one finding.
func (d *document) refused(c *graph.CheckFact, before int) {
	if c.NeverFails == "" || !slices.ContainsFunc(d.problems[before:], func(p graph.ProblemFact) bool { return p.Kind == Syntax && p.Values == nil }) {
		return
	}
	if c.Settings == nil {
		c.Settings = map[string]string{}
	}
	c.Settings["refused"] = "true"
}

func firstName(text string) string { return text[:span(text, isNameByte)] }

func isNameByte(c byte) bool { return isNameStart(c) && c != '$' || isDigit(c) }

// badLine reports a line that SodaCL does not read.
func (d *document) badLine(text string, at parsers.Span) {
	if variable(&plain.Value{Kind: plain.Scalar, Text: text}) && !strings.Contains(text, "${ ") {
		return // templating may make anything of it
	}
	if fixed, ok := repairLine(text); ok {
		f := d.problem(Syntax, at, text, "Soda can't read `%s`; write `%s`", text, fixed)
		f.Evidence = "SodaCL wants exactly one space between words, and after a comma"
		d.replace(f, at, text, fixed, true)
		return
	}
	f := d.problem(Syntax, at, text, "Soda can't read the check `%s`", text)
	f.Evidence = "a check is METRIC(column) OPERATOR value, with exactly one space between them: missing_count(id) = 0"
	for _, w := range lex(text) {
		if slices.Contains([]string{"d", "h", "m", "for", "and", "in", "not", "last", "change", "percent", "default", "filter", "warn", "fail", "pass", "must", "with"}, w.kind) && strings.Contains(text, "("+w.text) {
			f.Evidence = "`" + w.text + "` is a word of SodaCL: quote the column"
		}
	}
}

// needsBody reports a check without the mapping that it needs.
func (d *document) needsBody(text string, body *plain.Value, at parsers.Span, c *graph.CheckFact) {
	if body == nil || body.Kind != plain.Mapping {
		d.problem(Syntax, at, text, "`%s` needs a mapping under it, not %s, so Soda skips it", text, d.typeOf(body))
		c.NeverFails = "Soda skips it: it has no body"
	}
}

func (d *document) schema(body *plain.Value, at parsers.Span, c *graph.CheckFact) {
	d.unknownKeys(body, "a `schema` check", schemaKeys)
	live := false
	for _, level := range []string{"warn", "fail"} {
		v := body.Get(level)
		if v == nil {
			continue
		}
		if v.Kind != plain.Mapping && v.Kind != plain.Null {
			d.problem(Syntax, v.Span, level, "`%s` of a `schema` check must be a mapping, not %s", level, d.typeOf(v))
			continue
		}
		d.unknownKeys(v, "a `schema` check", schemaBodyKeys)
		for _, p := range v.Pairs {
			live = live || hasBody(p.Value)
			switch p.Key {
			case "when required column missing", "when forbidden column present", "with optional columns":
				d.mustBe(p, "a list")
			case "when wrong column type", "when mismatching columns", "when wrong column index":
				d.mustBe(p, "a mapping")
			case "when schema changes":
				d.changes(p, schemaChanges)
				d.cloudOnly(p.At, p.Key, "`when schema changes` compares with stored scans, which need Soda Cloud")
			}
		}
		if v.Has("with optional columns") && !v.Has("when mismatching columns") {
			d.problem(Syntax, v.Span, "with optional columns", "`with optional columns` needs `when mismatching columns` beside it")
		}
	}
	if !live && c.NeverFails == "" {
		c.NeverFails = "it says neither warn nor fail"
	}
}

// changes looks at what a schema or group check forbids to change.
func (d *document) changes(p plain.Pair, allowed []string) {
	if p.Value.Kind == plain.Scalar && p.Value.Text != "any" {
		d.problem(Syntax, p.Value.Span, p.Value.Text, "`%s` must be `any` or a list of: %s", p.Key, strings.Join(allowed, ", "))
	}
	for _, item := range p.Value.Items {
		if !slices.Contains(allowed, item.Text) && !variable(item) {
			near := nearest(item.Text, allowed)
			f := d.problem(Syntax, item.Span, item.Text, "`%s` is none of: %s", item.Text, strings.Join(allowed, ", "))
			d.replace(f, item.Span, item.Text, near, true)
		}
	}
}

func (d *document) mustBe(p plain.Pair, kind string) bool {
	if t := d.typeOf(p.Value); t != kind && t != "nothing" && !variable(p.Value) {
		d.problem(Syntax, p.At, p.Key, "`%s` must be %s, not %s", p.Key, kind, t)
		return false
	}
	return true
}

func (d *document) failedRows(body *plain.Value, at parsers.Span, c *graph.CheckFact, everywhere bool) {
	condition, query := body.String("fail condition"), body.String("fail query")
	if !everywhere {
		for _, p := range body.Entries() {
			if contains(libraryKeys, p.Key) {
				d.cloudOnly(p.At, p.Key, "`%s` is a key of Soda Library, Soda Core rejects it", p.Key)
			} else if !contains(failedRowsKeys, p.Key) {
				d.unknownKey(p, "a `failed rows` check", failedRowsKeys)
			}
		}
	}
	switch {
	case body != nil && body.Kind == plain.Mapping && condition == "" && query == "":
		d.problem(Syntax, at, "failed rows", "`failed rows` needs `fail condition` or `fail query`")
		c.NeverFails = "it has neither a fail condition nor a fail query"
	case condition != "" && query != "":
		d.problem(Weak, at, "fail query", "`failed rows` has a `fail condition`, so Soda ignores its `fail query`")
	}
	if alwaysFalse(condition) || noRows(query) {
		c.NeverFails = "its fail condition is never true"
	}
	if never := d.alerts("row_count", body); never != "" && c.NeverFails == "" && (body.Has("warn") || body.Has("fail")) {
		c.NeverFails = never
	}
}

func (d *document) groupBy(body *plain.Value, at parsers.Span) {
	if body == nil || body.Kind != plain.Mapping {
		return
	}
	for _, key := range []string{"query", "fields", "checks"} {
		if !hasBody(body.Get(key)) {
			d.problem(Syntax, at, key, "`group by` needs `%s`", key)
		}
	}
	for _, p := range body.Pairs {
		if !contains([]string{"name", "group_limit", "query", "fields", "checks"}, p.Key) {
			d.cloudOnly(p.At, p.Key, "`%s` of `group by` is a key of Soda Library", p.Key)
		}
	}
}

func (d *document) groupEvolution(body *plain.Value, at parsers.Span) {
	if body == nil || body.Kind != plain.Mapping {
		return
	}
	d.unknownKeys(body, "a `group evolution` check", groupKeys)
	if body.String("query") == "" {
		d.problem(Syntax, at, "query", "`group evolution` needs `query`")
	}
	for _, level := range []string{"warn", "fail"} {
		v := body.Get(level)
		d.unknownKeys(v, "a `group evolution` check", groupBodyKeys)
		for _, p := range v.Entries() {
			if p.Key == "when groups change" {
				d.changes(p, groupChanges)
				d.cloudOnly(p.At, p.Key, "`when groups change` compares with stored scans, which need Soda Cloud")
			}
		}
	}
}

// readLine looks at a check whose line SodaCL reads.
func (d *document) readLine(l line, text string, body *plain.Value, at parsers.Span, s section, configured map[string]bool, c *graph.CheckFact) {
	c.Columns = l.columns
	if body != nil && body.Kind != plain.Mapping && body.Kind != plain.Null && l.form == metricCheck {
		d.problem(Syntax, body.Span, text, "what stands under `%s` must be a mapping, not %s", text, d.typeOf(body))
	}
	switch l.form {
	case comparisonCheck:
		c.Capability = "reconciliation"
		d.unknownKeys(body, "a `row_count same as` check", comparisonKeys)
		d.reads(c, l)
		if strings.EqualFold(l.other, s.table) && l.source == "" && s.table != "" && !strings.Contains(s.name, "[") {
			c.NeverFails = "it compares the table with itself"
		}
		return
	case referenceCheck:
		c.Capability = "referential"
		d.unknownKeys(body, "a reference check", referenceKeys)
		d.reads(c, l)
		if len(l.columns) != len(l.otherColumns) {
			d.problem(Syntax, at, text, "`%s` names %d columns here and %d there", text, len(l.columns), len(l.otherColumns))
		}
		if !l.negated && strings.EqualFold(l.other, s.table) && slices.EqualFunc(l.columns, l.otherColumns, strings.EqualFold) {
			c.NeverFails = "it compares a column with itself"
		}
		return
	case freshnessUsing:
		c.Capability = "freshness"
		f := d.problem(Syntax, at, text, "`freshness using` is deprecated; write `freshness(%s) < 1d`", l.columns[0])
		f.Minor, f.Values = true, map[string]string{"accepted": "warning"}
		return
	}
	d.metric(l, text, body, at, s, configured, c)
}

func (d *document) reads(c *graph.CheckFact, l line) {
	if c.Settings == nil {
		c.Settings = map[string]string{}
	}
	c.Settings["reads"], c.Settings["reads columns"], c.Settings["reads source"] = graph.Evaluate(l.other, d.vars), strings.Join(l.otherColumns, ","), l.source
}

func (d *document) metric(l line, text string, body *plain.Value, at parsers.Span, s section, configured map[string]bool, c *graph.CheckFact) {
	metric := l.metric
	if strings.HasPrefix(metric, "$") && !strings.HasPrefix(metric, "${") {
		d.cloudOnly(at, text, "`%s` is a check template of Soda Library, Soda Core does not run it", text)
		return
	}
	c.Name, c.Capability = metric, capability(metric)
	own := false // it brings its own expression
	for _, p := range body.Entries() {
		if strings.HasSuffix(p.Key, "expression") || strings.HasSuffix(p.Key, " query") || strings.HasSuffix(p.Key, " sql_file") {
			own = own || !strings.HasPrefix(p.Key, "failed rows ")
		}
	}
	if own {
		c.Columns = nil
	}
	before := len(d.problems)
	d.arguments(l, text, at, own)
	if slices.ContainsFunc(d.problems[before:], func(p graph.ProblemFact) bool { return strings.HasPrefix(p.Message, "Soda Core has no metric") }) {
		if l.threshold == nil && !body.Has("warn") && !body.Has("fail") {
			c.NeverFails = "Soda can't compute it"
		}
		return // one fault a check: what stands under it is of a metric that is not there
	}
	d.metricKeys(metric, body)
	switch l.prefix {
	case "":
	case "change":
		d.cloudOnly(at, text, "`%s` compares with stored scans, which need Soda Cloud", text)
	default:
		d.cloudOnly(at, text, "`%s` learns from stored scans, which need Soda Cloud", text)
		return
	}
	d.between(l.threshold, at)
	alerts := body.Has("warn") || body.Has("fail")
	if l.threshold != nil && alerts {
		level := "warn"
		if body.Has("fail") {
			level = "fail"
		}
		d.problem(Weak, body.Get(level).Span, level, "`%s` has a threshold of its own, so Soda ignores its `%s`", text, level)
		c.Blocking = graph.BlockingYes
	}
	if metric == "distribution_difference" {
		f := d.cloudOnly(at, text, "`%s` needs the package soda-core-scientific", text)
		f.Values["package"] = "soda-core-scientific"
		if !body.Has("distribution reference file") {
			d.problem(Syntax, at, text, "`%s` needs `distribution reference file`", text)
		}
	}
	if l.threshold == nil && !l.anomaly && !alerts && metric != "freshness" {
		d.problem(Syntax, at, text, "`%s` has no threshold, so Soda never evaluates it", text)
	}
	if l.prefix != "" || l.anomaly || c.NeverFails != "" {
		return
	}
	if c.NeverFails = d.never(l, body); c.NeverFails != "" || !validityMetric(metric) || own || hasValidity(body) {
		return
	}
	column := strings.Join(l.args, ", ")
	if !configured[strings.ToLower(s.table+"."+column)] && len(l.args) == 1 {
		c.NeverFails = "no valid or invalid values are configured"
		c.Pending = true // configurations may stand in another file
		c.Settings = map[string]string{"configured": strings.ToLower(s.table + "." + column), "samples limit": body.String("samples limit")}
	}
}

// metricKeys looks at what stands under a metric check.
func (d *document) metricKeys(metric string, body *plain.Value) {
	for _, p := range body.Entries() {
		switch {
		case contains(missingKeys, p.Key) || contains(validityKeys, p.Key):
			d.validity(p)
		case p.Key == "warn" || p.Key == "fail":
			d.alert(p)
		case p.Key == "name" || p.Key == "filter" || p.Key == "condition" || p.Key == "method":
			if t := d.typeOf(p.Value); t != "text" && !variable(p.Value) {
				d.problem(Syntax, p.At, p.Key, "`%s` must be text, not %s", p.Key, t)
			}
		case contains(metricKeys, p.Key) || contains(anomalyKeys, p.Key) || metric == "distribution_difference":
		case contains(libraryKeys, p.Key):
			d.cloudOnly(p.At, p.Key, "`%s` is a key of Soda Library, Soda Core ignores it", p.Key)
		case strings.HasSuffix(p.Key, "expression") || strings.HasSuffix(p.Key, "query") || strings.HasSuffix(p.Key, "sql_file"):
			if name := strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(p.Key, "expression"), "query"), "sql_file")); name != metric {
				f := d.problem(Syntax, p.At, p.Key, "`%s` must begin with the metric's name: `%s %s`", p.Key, metric, p.Key[strings.LastIndex(p.Key, " ")+1:])
				d.replace(f, p.At, p.Key, metric+" "+p.Key[strings.LastIndex(p.Key, " ")+1:], true)
			}
		default:
			d.unknownKey(p, "a check of `"+metric+"`", metricKeys)
		}
	}
}

// validity looks at a configuration of missing or valid values.
func (d *document) validity(p plain.Pair) {
	t := d.typeOf(p.Value)
	if variable(p.Value) {
		return
	}
	switch p.Key {
	case "valid values", "invalid values", "missing values":
		if t != "a list" {
			f := d.problem(Syntax, p.At, p.Key, "`%s` must be a list, not %s", p.Key, t)
			if t == "text" {
				f.Message = "`" + p.Key + "` must be a list: Soda takes the letters of `" + p.Value.Text + "` one by one"
			}
			return
		}
		texts, numbers := 0, 0
		for _, item := range p.Value.Items {
			switch d.typeOf(item) {
			case "text":
				texts++
			case "a number", "a boolean":
				numbers++
			default:
				texts, numbers = texts+1, numbers+1
			}
		}
		if texts > 0 && numbers > 0 {
			f := d.problem(Syntax, p.At, p.Key, "`%s` must hold only text or only numbers, so Soda ignores the list", p.Key)
			f.Evidence = "quote the numbers, true, false and null: \"1\""
		}
	case "valid min", "valid max", "valid length", "valid min length", "valid max length":
		if t != "a number" && !(t == "text" && numberText.MatchString(p.Value.Text)) && t != "a boolean" {
			d.problem(Syntax, p.At, p.Key, "`%s` must be a number, not %s", p.Key, t)
		}
	case "include null":
		if t != "a boolean" {
			d.problem(Syntax, p.At, p.Key, "`include null` must be true or false, not %s", t)
		}
	default:
		if t != "text" {
			d.problem(Syntax, p.At, p.Key, "`%s` must be text, not %s", p.Key, t)
		} else if strings.HasSuffix(p.Key, " format") && !contains(formats, p.Value.Text) {
			near := nearest(p.Value.Text, formats)
			f := d.problem(Syntax, p.Value.Span, p.Value.Text, "Soda knows no format `%s`", p.Value.Text)
			if near != "" {
				f.Message += "; did you mean `" + near + "`?"
			}
			f.Evidence = "formats: " + strings.Join(formats, ", ")
			d.replace(f, p.Value.Span, p.Value.Text, near, true)
		}
	}
}

// alert looks at a warn or fail of a metric: "when" and a condition.
func (d *document) alert(p plain.Pair) {
	if t := d.typeOf(p.Value); t != "text" {
		if t != "nothing" {
			d.problem(Syntax, p.At, p.Key, "`%s` must be `when` and a condition, not %s", p.Key, t)
		}
		return
	}
	rest, ok := strings.CutPrefix(p.Value.Text, "when ")
	if !ok {
		f := d.problem(Syntax, p.Value.Span, p.Key, "`%s: %s` must begin with `when `", p.Key, p.Value.Text)
		d.replace(f, p.Value.Span, p.Value.Text, "when "+strings.TrimSpace(strings.TrimPrefix(p.Value.Text, "when")), true)
		return
	}
	t, ok := parseThreshold(rest)
	if !ok {
		if !variable(p.Value) {
			d.problem(Syntax, p.Value.Span, p.Key, "Soda can't read the condition `%s`", rest)
		}
		return
	}
	d.between(t, p.Value.Span)
}

// between reports a range whose lower end is the greater one.
func (d *document) between(t *threshold, at parsers.Span) {
	if t != nil && len(t.bounds) == 2 && t.bounds[0].kind == "number" && t.bounds[1].kind == "number" && t.bounds[0].number > t.bounds[1].number {
		d.problem(Syntax, at, t.text, "`%s` begins with the greater number", t.text)
	}
}

// arguments looks at the columns of a metric, and at metrics that Soda Core doesn't have.
func (d *document) arguments(l line, text string, at parsers.Span, own bool) {
	if own || strings.Contains(l.metric, "$") {
		return
	}
	a, known := metrics[l.metric]
	if !known && strings.ToLower(l.metric) != l.metric {
		if _, lower := metrics[strings.ToLower(l.metric)]; lower {
			a, known = arity{0, -1}, false
		}
	}
	switch n := len(l.args); {
	case !known:
		names := keys(metrics)
		near := nearest(strings.ToLower(l.metric), names)
		f := d.problem(Syntax, at, l.metric, "Soda Core has no metric `%s`", l.metric)
		if near != "" {
			f.Message += "; did you mean `" + near + "`?"
			d.replace(f, at, text, strings.Replace(text, l.metric, near, 1), true)
		} else {
			f.Message += ", and no `" + l.metric + " expression` or `query` defines it"
		}
		f.Evidence = "metrics: " + strings.Join(names, ", ")
	case n < a.least && l.metric == "freshness":
		d.problem(Syntax, at, l.metric, "`freshness` needs a column: `freshness(loaded_at) < 1d`")
	case n < a.least:
		d.problem(Syntax, at, l.metric, "`%s` needs a column: `%s(column)`", l.metric, l.metric)
	case a.most >= 0 && n > a.most:
		f := d.problem(Syntax, at, l.metric, "`%s` takes one column, Soda reads only `%s`", l.metric, l.args[0])
		f.Minor = true
		f.Values = map[string]string{"accepted": "warning"}
	}
}
