package sqlmesh

import (
	"strconv"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// The projects that audits are kept as: an AUDIT block, and a file of audits/ that has none.
const (
	auditDefinition = "sqlmesh-audit"
	// BlocklessAudit is a file of audits/ without an AUDIT block.
	BlocklessAudit = "sqlmesh-audit-file"
	// AuditBound is a DateBoundNote of an audit's query: Name is the audit, Values text the note's Text.
	AuditBound = "sqlmesh-audit-bound"
)

// audit reads an AUDIT block. What it says holds wherever the audit is attached; a standalone one checks what it reads.
func audit(f *parsers.File, facts *graph.Facts, h head, statements []*sql.Statement) {
	q := query(statements)
	name := strings.ToLower(h.get("name").text())
	at := h.get("name")
	if name == "" {
		return
	}
	span := f.Span(at[0].Start(), at[len(at)-1].End())
	never := ""
	if h.get("skip").isTrue() {
		never = "it is skipped"
	} else if q != nil && neverTrue(q) {
		never = "its query selects no row"
	}
	var others []graph.Ref
	if q != nil {
		for _, n := range dateBounds(f, q) {
			n.Values["text"] = n.Text
			facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: AuditBound, Name: name, Values: n.Values, Span: n.Span})
		}
		for _, r := range q.Reads {
			if r.Kind == sql.RelationTable {
				others = append(others, graph.Ref{Tool: "sql", Parts: parts(r), Span: f.Span(r.Node.Start(), r.Node.End())})
			}
		}
	}
	standalone := h.get("standalone").isTrue()
	blocking := graph.BlockingYes
	if h.get("blocking").isFalse() || standalone {
		blocking = graph.BlockingWarn
	}
	facts.Projects = append(facts.Projects, graph.ProjectFact{
		Tool: auditDefinition, Name: name, Dir: folder(f.Path), Span: span,
		Values: map[string]string{
			"never": never, "blocking": string(blocking), "reads": strconv.Itoa(len(others)), "standalone": strconv.FormatBool(standalone),
			"inline": strconv.FormatBool(sql.Of(f).Model() != nil),
		},
	})
	if !standalone {
		return
	}
	capability := "custom"
	if len(others) == 2 {
		capability = "referential"
	}
	for _, r := range others {
		facts.Checks = append(facts.Checks, graph.CheckFact{
			Framework: "sqlmesh-audit", Name: name, Capability: capability, NeverFails: never, Blocking: blocking,
			Target: graph.Ref{Tool: "sql", Parts: r.Parts}, Span: span, Confidence: graph.Exact,
		})
	}
}

func parts(r *sql.Relation) (out []string) {
	for _, p := range r.Parts {
		if p.Hole {
			out = append(out, graph.Evaluate(p.Text, nil))
			continue
		}
		out = append(out, p.Text)
	}
	return out
}

// neverTrue reports whether a query selects no row, whatever the data: WHERE false, WHERE 1 = 0, and nothing beside it.
func neverTrue(q *sql.Statement) bool {
	var words []string
	for c := range q.Where.NamedChildren() {
		if !c.Is(sql.Comment) {
			words = append(words, strings.ToLower(c.Text()))
		}
	}
	switch strings.Join(words, " ") {
	case "false", "1 = 0", "0 = 1", "1 <> 1", "1 != 1":
		return true
	}
	return false
}

var builtinCapability = map[string]string{
	"not_null": "completeness", "not_null_proportion": "completeness", "at_least_one": "completeness",
	"unique_values": "uniqueness", "unique_combination_of_columns": "uniqueness", "number_of_rows": "volume",
	"z_score": "distribution", "mean_in_range": "distribution", "stddev_in_range": "distribution", "kl_divergence": "distribution", "chi_square": "distribution",
}

func auditCapability(name string) string {
	if c := builtinCapability[name]; c != "" {
		return c
	}
	for _, prefix := range []string{"accepted_", "match_", "not_match_", "not_accepted_", "valid_", "string_length_", "not_empty_string"} {
		if strings.HasPrefix(name, prefix) {
			return "validity"
		}
	}
	return "custom"
}

// attached reads audits (not_null(columns := (a, b)), own_audit).
func attached(f *parsers.File, v value, target []string) []graph.CheckFact {
	var out []graph.CheckFact
	for _, item := range v.items() {
		if len(item) == 0 {
			continue
		}
		at, arguments := item[0], value{}
		if at.Is(sql.Call) {
			arguments = value{at.Field(sql.Arguments)}
			at = at.Field(sql.Function)
		}
		c := check(strings.ToLower(unquote(at.Text())), target, f.Span(at.Start(), at.End()))
		arguments.pairs(func(key string, v value, _ parsers.Node) { c.argument(key, v.source(), texts(v.columns())) })
		c.complete()
		if c.Name != "" && !at.Is(sql.Macro) {
			out = append(out, c.CheckFact)
		}
	}
	return out
}

// attachment is one audit on its way to become a check.
type attachment struct{ graph.CheckFact }

func check(name string, target []string, span parsers.Span) attachment {
	return attachment{graph.CheckFact{
		Framework: "sqlmesh-audit", Name: name, Target: graph.Ref{Tool: "sql", Parts: target},
		Span: span, Confidence: graph.Exact, Pending: true, Settings: map[string]string{},
	}}
}

// argument takes one argument of the audit.
func (c *attachment) argument(key, text string, columns []string) {
	c.Settings[strings.ToLower(key)] = text
	switch strings.ToLower(key) {
	case "column", "columns":
		c.Columns = columns
	case "blocking":
		c.Blocking = graph.BlockingYes
		if strings.EqualFold(text, "false") {
			c.Blocking = graph.BlockingWarn
		}
	}
}

// complete decides what the name and the arguments say together.
func (c *attachment) complete() {
	base, quiet := strings.CutSuffix(c.Name, "_non_blocking")
	if c.Blocking == graph.BlockingUnknown && isBuiltinAudit(base) {
		c.Blocking = graph.BlockingYes
		if quiet {
			c.Blocking = graph.BlockingWarn
		}
	}
	c.Capability = auditCapability(base)
	_, least := c.Settings["min_v"]
	_, most := c.Settings["max_v"]
	if base == "accepted_range" && !least && !most {
		c.NeverFails = "it has neither bound"
	}
	if falseText(c.Settings["condition"]) {
		c.NeverFails = "its condition selects no row"
	}
}

func falseText(s string) bool {
	s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
	return s == "false" || s == "1=0"
}

func isBuiltinAudit(name string) bool {
	for _, n := range BuiltinAudits {
		if n == name {
			return true
		}
	}
	return false
}
