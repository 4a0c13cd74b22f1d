package soda

import (
	"regexp"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

var header = regexp.MustCompile(`^(checks for|filter|configurations for|for each dataset|for each table|for each column)(?: (.*))?$`)

// section is where checks stand: what they are about.
type section struct {
	target   graph.Ref
	table    string // as written
	wildcard bool
	// never says why no check of the section can fail.
	never string
	name  string // the header
}

// readSections reads a document of SodaCL. Filters and configurations come first, because checks depend on them.
func (d *document) readSections() {
	filters := map[string]*plain.Value{}
	configured := map[string]bool{} // table.column with a validity configuration
	for _, p := range d.root.Pairs {
		switch word, rest := headerParts(p.Key); word {
		case "filter":
			if table, partition, ok := twoNames(rest); ok {
				filters[table+" "+partition] = p.Value
			}
		case "configurations for":
			for _, c := range p.Value.Entries() {
				key, column, _ := strings.Cut(c.Key, " for ")
				if hasPrefix(key, "valid ", "invalid ") {
					configured[strings.ToLower(rest+"."+column)] = true
				}
			}
		case "":
			if p.Key == "variables" {
				for _, v := range p.Value.Entries() {
					d.vars[v.Key] = v.Value.String("default") + v.Value.String()
				}
			}
		}
	}
	for _, p := range d.root.Pairs {
		d.section(p, filters, configured)
	}
	if len(configured) > 0 {
		var list []string
		for c := range configured {
			list = append(list, c)
		}
		d.projects = append(d.projects, graph.ProjectFact{Tool: "soda-configurations", Lists: map[string][]string{"columns": sorted(list)}, Span: d.root.Span})
	}
}

func headerParts(key string) (word, rest string) {
	if m := header.FindStringSubmatch(key); m != nil {
		return m[1], m[2]
	}
	return "", ""
}

// oneName and twoNames read the names of a header as SodaCL does.
func oneName(s string) bool {
	r := &lineReader{tokens: lex(s)}
	_, ok := r.name()
	return ok && r.done()
}

func twoNames(s string) (first, second string, ok bool) {
	r := &lineReader{tokens: lex(s)}
	if first, ok = r.name(); !ok || !r.take(space) {
		return first, "", ok && r.done()
	}
	second, ok = r.name()
	return first, strings.Trim(second, "[]"), ok && r.done()
}

func (d *document) section(p plain.Pair, filters map[string]*plain.Value, configured map[string]bool) {
	word, rest := headerParts(p.Key)
	switch {
	case word == "checks for":
		table, partition, ok := twoNames(rest)
		if !ok {
			d.badHeader(p)
		}
		parts, _ := graph.SplitName(graph.Evaluate(table, d.vars))
		s := section{target: graph.Ref{Tool: "sql", Parts: parts, Span: p.At}, table: table, name: p.Key}
		if where := filters[table+" "+partition]; partition != "" {
			if where == nil && ok || ok && where.Span.Start.Byte > p.At.Start.Byte {
				d.problem(Syntax, p.At, partition, "no `filter %s [%s]` stands above this section, so Soda skips it", table, partition)
			} else if alwaysFalse(where.String("where")) {
				s.never = "its filter selects no row"
			}
		}
		d.items(p, p.Value, s, configured)
	case word == "filter":
		if _, partition, ok := twoNames(rest); !ok || partition == "" {
			d.badHeader(p)
		} else if p.Value.Kind != plain.Mapping || p.Value.String("where") == "" {
			d.problem(Syntax, p.At, p.Key, "`%s` needs `where:` with a condition", p.Key)
		}
	case word == "configurations for":
		if !oneName(rest) {
			d.badHeader(p)
		}
		d.configurations(p)
	case word == "for each dataset" || word == "for each table":
		if !oneName(rest) {
			d.badHeader(p)
		}
		d.each(p)
	case word == "for each column":
		d.problem(Syntax, p.At, p.Key, "Soda Core fails on `for each column` sections")
	case p.Key == "variables":
		if p.Value.Kind != plain.Mapping {
			d.problem(Syntax, p.At, p.Key, "`variables` must be a mapping, not %s", d.typeOf(p.Value))
		}
		for _, v := range p.Value.Entries() {
			if t := d.typeOf(v.Value); t != "text" {
				f := d.problem(Syntax, v.At, v.Key, "variable `%s` must be text, not %s, so Soda fails on the file", v.Key, t)
				if t == "a number" || t == "a boolean" || t == "a date" {
					f.Evidence = "write it in quotes"
				}
			}
		}
	case p.Key == "checks":
		d.items(p, p.Value, section{name: p.Key, target: graph.Ref{Tool: "sql", Span: p.At}}, configured)
	case hasPrefix(p.Key, "discover datasets", "discover tables", "sample datasets", "sample tables") || p.Key == "automated monitoring":
		d.names(p, "datasets", "tables")
		d.cloudOnly(p.At, p.Key, "`%s` needs Soda Cloud", p.Key)
	case strings.HasPrefix(p.Key, "profile columns"):
		d.names(p, "columns")
		d.cloudOnly(p.At, p.Key, "`%s` needs Soda Cloud", p.Key)
	case hasPrefix(p.Key, librarySections...):
		d.cloudOnly(p.At, p.Key, "`%s` is a section of Soda Library, Soda Core does not read it", p.Key)
	case p.Key == "dataset" || p.Key == "columns":
		d.problem(Syntax, p.At, p.Key, "`%s` belongs to a contract of Soda 4, and this file holds SodaCL of Soda 3", p.Key)
	default:
		d.badHeader(p)
	}
}

// badHeader reports a section header that SodaCL does not read.
func (d *document) badHeader(p plain.Pair) {
	fixed := strings.Join(strings.Fields(p.Key), " ")
	word, rest, _ := strings.Cut(fixed, " for ")
	if near := nearest(word, []string{"checks", "configurations"}); near != "" && near != word {
		fixed = near + " for " + rest
	}
	fixed = regexp.MustCompile(`^checks? (?:of|on|from) `).ReplaceAllString(fixed, "checks for ")
	if w, r := headerParts(fixed); fixed != p.Key && w != "" && (oneName(r) || strings.Contains(r, " [")) {
		f := d.problem(Syntax, p.At, p.Key, "Soda skips the unknown section `%s`; did you mean `%s`?", p.Key, fixed)
		d.replace(f, p.At, p.Key, fixed, true)
		return
	}
	f := d.problem(Syntax, p.At, p.Key, "Soda skips the unknown section `%s`", p.Key)
	if w, r := headerParts(p.Key); w != "" && r != "" {
		f.Message = "Soda can't read the name in `" + p.Key + "`, so it skips the section"
	}
	f.Evidence = "sections: " + strings.Join(sectionHeaders, ", ")
}

// names looks at the list of datasets or columns of a section.
func (d *document) names(p plain.Pair, keys ...string) {
	for _, key := range keys {
		if v := p.Value.Get(key); v != nil {
			if v.Kind != plain.Sequence {
				d.problem(Syntax, p.At, p.Key, "`%s` of `%s` must be a list, not %s", key, p.Key, d.typeOf(v))
			}
			for _, e := range v.Items {
				if keys[0] == "columns" && !strings.Contains(e.Text, ".") && !variable(e) {
					d.problem(Syntax, e.Span, e.Text, "`%s` must name a table and a column: table.column", e.Text)
				}
			}
			return
		}
	}
	d.problem(Syntax, p.At, p.Key, "`%s` needs a list of `%s`", p.Key, keys[0])
}

// configurations looks at a section that configures the columns of a table.
func (d *document) configurations(p plain.Pair) {
	if p.Value.Kind != plain.Mapping {
		d.problem(Syntax, p.At, p.Key, "the body of `%s` must be a mapping, not %s", p.Key, d.typeOf(p.Value))
		return
	}
	allowed := append(append([]string(nil), missingKeys...), validityKeys...)
	for _, c := range p.Value.Pairs {
		key, column, ok := strings.Cut(c.Key, " for ")
		switch {
		case !ok || strings.Contains(column, " for "):
			d.problem(Syntax, c.At, c.Key, "`%s` must be a configuration for a column: `valid values for status`", c.Key)
		case !contains(allowed, strings.TrimSpace(key)):
			d.unknownKey(plain.Pair{Key: key, At: c.At, Value: c.Value}, "`"+p.Key+"`", allowed)
		default:
			d.validity(plain.Pair{Key: strings.TrimSpace(key), At: c.At, Value: c.Value})
		}
	}
}

// each reads a "for each dataset" section: every entry with every check.
func (d *document) each(p plain.Pair) {
	if strings.HasPrefix(p.Key, "for each table") {
		f := d.problem(Syntax, p.At, p.Key, "`for each table` is the old name of `for each dataset`")
		f.Minor = true
		f.Values = map[string]string{"accepted": "warning"}
		d.replace(f, p.At, p.Key, "for each dataset"+strings.TrimPrefix(p.Key, "for each table"), false)
	}
	if p.Value.Kind != plain.Mapping {
		d.problem(Syntax, p.At, p.Key, "the body of `%s` must be a mapping with `datasets` and `checks`", p.Key)
		return
	}
	d.unknownKeys(p.Value, "`"+p.Key+"`", []string{"datasets", "tables", "checks"})
	list := p.Value.Get("datasets")
	if list == nil {
		list = p.Value.Get("tables")
	}
	if list == nil || list.Kind != plain.Sequence || len(list.Items) == 0 {
		d.problem(Weak, p.At, p.Key, "`%s` lists no `datasets`, so its checks run on none", p.Key)
	}
	checks := p.Value.Get("checks")
	if checks == nil {
		d.problem(Syntax, p.At, p.Key, "`%s` has no `checks`", p.Key)
		return
	}
	before := len(d.checks)
	d.items(plain.Pair{Key: "checks", At: p.At, Value: checks}, checks, section{name: p.Key, wildcard: true}, nil)
	found := append([]graph.CheckFact(nil), d.checks[before:]...)
	d.checks = d.checks[:before]
	for _, entry := range list.List() {
		pattern, exclude := strings.TrimSpace(entry.Text), false
		if rest, ok := strings.CutPrefix(pattern, "exclude "); ok {
			pattern, exclude = rest, true
		}
		pattern = strings.TrimPrefix(pattern, "include ")
		if strings.ContainsAny(pattern, `"'`) {
			d.problem(Syntax, entry.Span, pattern, "`%s` holds quotes, which match no name", pattern)
		}
		parts, _ := graph.SplitName(graph.Evaluate(pattern, d.vars))
		target := graph.Ref{Tool: "sql", Parts: parts, Span: entry.Span}
		if exclude {
			d.checks = append(d.checks, graph.CheckFact{Framework: "soda", Name: p.Key, Target: target, Wildcard: true, Exclude: true, Span: entry.Span, Confidence: graph.Exact})
			continue
		}
		for _, c := range found {
			c.Name, c.Target, c.Wildcard = p.Key, target, true
			d.checks = append(d.checks, c)
		}
	}
}

// items reads the list of checks under a header.
func (d *document) items(p plain.Pair, list *plain.Value, s section, configured map[string]bool) {
	if list == nil || list.Kind != plain.Sequence {
		f := d.problem(Syntax, p.At, p.Key, "the checks under `%s` must be a list, not %s, so Soda skips them", p.Key, d.typeOf(list))
		f.Evidence = "begin every check with `- `"
		return
	}
	for _, item := range list.Items {
		switch {
		case item.Kind == plain.Scalar && d.typeOf(item) == "text":
			d.check(item.Text, nil, item.Span, s, configured)
		case item.Kind == plain.Mapping && len(item.Pairs) > 0:
			first := item.Pairs[0]
			d.siblings(item)
			d.check(first.Key, first.Value, first.At, s, configured)
		default:
			d.problem(Syntax, item.Span, s.name, "a check must be text or a mapping, not %s", d.typeOf(item))
		}
	}
}

// siblings reports keys beside a check: Soda reads the first only.
func (d *document) siblings(item *plain.Value) {
	first := item.Pairs[0]
	if len(item.Pairs) == 1 {
		return
	}
	if first.Value == nil || first.Value.Kind == plain.Null {
		f := d.problem(Syntax, item.Pairs[1].At, item.Pairs[1].Key, "`%s` must be indented under `%s`; so Soda fails on the whole file", item.Pairs[1].Key, first.Key)
		d.indent(f, item)
		return
	}
	f := d.problem(Weak, item.Pairs[1].At, item.Pairs[1].Key, "`%s` stands beside the check `%s`, so Soda ignores it; indent it", item.Pairs[1].Key, first.Key)
	f.Values = map[string]string{"check": strconv.Itoa(first.At.Start.Line)}
}

// indent gives a problem the fix that moves the keys after the first one two columns to the right.
func (d *document) indent(f *graph.ProblemFact, item *plain.Value) {
	first, last := item.Pairs[0], item.Pairs[len(item.Pairs)-1]
	start, end := d.lineStart(item.Pairs[1].At.Start.Byte), last.At.End.Byte
	if last.Value != nil && last.Value.Span.End.Byte > end {
		end = last.Value.Span.End.Byte
	}
	if start <= first.At.End.Byte || end > len(d.source.Raw) || end <= start {
		return // they stand on one line
	}
	text := "  " + strings.ReplaceAll(string(d.source.Raw[start:end]), "\n", "\n  ")
	f.Fix = &graph.ProblemFix{Title: "indent the keys under the check", Unsafe: true, Start: start, End: end, Text: text}
}

func (d *document) lineStart(at int) int {
	for at > 0 && at <= len(d.source.Raw) && d.source.Raw[at-1] != '\n' {
		at--
	}
	return at
}

// cloudOnly reports what Soda Core alone does not evaluate.
func (d *document) cloudOnly(at parsers.Span, key, format string, args ...any) *graph.ProblemFact {
	f := d.problem(Cloud, at, key, format, args...)
	f.Values = map[string]string{}
	return f
}
