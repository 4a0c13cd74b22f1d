package governance

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/pii"
	"delint/rules"
)

// UnmaskedPIIInConsumption reports columns of consumption datasets that carry a personal column of a dataset below them unchanged:
// by the lineage of columns where that is exact, else where the output has the very name of a classified column of a dataset that
// is read directly. Anything that masks, aggregates or tests a value ends the way.
var UnmaskedPIIInConsumption = rules.Repository(rules.Rule{
	Name:     "unmasked-pii-in-consumption",
	Severity: rules.High,
	Class:    rules.Security,
	AtMost:   map[rules.Environment]rules.Severity{rules.Local: rules.Low},
	Topic:    "security/pii-handling",
	Sentence: "Implement data masking and anonymization for sensitive data (PII, PHI)",
	Tags:     []string{"external/cwe/cwe-359"},
}, func(pass *rules.Pass, g *graph.Graph) {
	t := &tracer{judged: map[*graph.Dataset]map[string]pii.Judged{}}
	for _, d := range g.Datasets {
		if !d.InScope || d.Layer != graph.Consumption || len(d.Reads) == 0 || helper(d) || restricted(d) || exported.MatchString(d.Span().Path) {
			continue
		}
		var columns []*carried
		for _, c := range d.Columns {
			if found := t.carries(d, c); found != nil {
				columns = append(columns, found)
			}
		}
		if slices.ContainsFunc(columns, (*carried).identifies) {
			reportCarried(pass, d, columns)
		}
	}
})

// carried is a column that carries a personal one of a dataset below.
type carried struct {
	column *graph.Column
	of     *graph.Dataset
	source pii.Judged
	named  bool // found by its name only
	kept   bool // the column carries the classification on, so that who governs the label knows of it
}

// identifies reports whether a column leads to a person. A diagnosis alone does not: it counts beside one that does.
func (c *carried) identifies() bool {
	return c.source.Explicit || c.source.Direct() || c.source.Alone && c.source.Term != "diagnosis"
}

type step struct {
	dataset *graph.Dataset
	column  string
}

// tracer follows columns to where they come from.
type tracer struct {
	judged map[*graph.Dataset]map[string]pii.Judged
}

// of is the verdicts of a dataset's columns by their names in lower case.
func (t *tracer) of(d *graph.Dataset) map[string]pii.Judged {
	m, ok := t.judged[d]
	if !ok {
		m = map[string]pii.Judged{}
		for _, c := range pii.Of(d) {
			m[strings.ToLower(c.Column.Name)] = c
		}
		t.judged[d] = m
	}
	return m
}

// carries says which personal column an output carries; nil if none, or if it is masked or said to be none.
func (t *tracer) carries(d *graph.Dataset, c *graph.Column) *carried {
	own, known := t.of(d)[strings.ToLower(c.Name)]
	if !known || protected(own) || covered(c.Name) || directory(d.Name, own) {
		return nil
	}
	if found := t.trace(d, c, map[step]bool{}); found != nil {
		if directory(found.of.Name, found.source) || directory(c.Name, found.source) || colleague(c.Name, found) {
			return nil
		}
		if found.source.Category == pii.Contact && own.Score == 0 && strings.EqualFold(c.Name, found.source.Column.Name) {
			return nil // beside the columns of an organisation it is that organisation's
		}
		found.column, found.kept = c, own.Explicit
		return found
	}
	if c.Confidence == graph.Exact && len(c.Sources) > 0 || c.Transform == graph.Aggregate || c.Transform == graph.Constant || !own.Personal() {
		return nil
	}
	// The lineage of columns is not known: the same name in a dataset that is read directly, without a mask on the way.
	if len(c.Sources) == 0 && c.Transform == "" || c.Confidence < graph.Exact {
		if c.Transform == graph.Expression || slices.ContainsFunc(c.Sources, func(e *graph.ColumnEdge) bool { return e.Masks != "" }) {
			return nil
		}
		for _, r := range d.Reads {
			if source, ok := t.of(r)[strings.ToLower(c.Name)]; ok && source.Explicit && source.Personal() && !protected(source) {
				return &carried{column: c, of: r, source: source, named: true, kept: own.Explicit}
			}
		}
	}
	return nil
}

// maxSteps bounds the way back through datasets.
const maxSteps = 30

// trace follows exact edges that leave the value what it is, up to the first dataset whose column is personal.
func (t *tracer) trace(d *graph.Dataset, c *graph.Column, on map[step]bool) *carried {
	at := step{d, strings.ToLower(c.Name)}
	if on[at] || len(on) > maxSteps || c.Confidence != graph.Exact {
		return nil
	}
	on[at] = true
	for _, e := range c.Sources {
		if e.Masks != "" || e.Of == nil || !unchanged(e.Transform) {
			continue
		}
		source, known := t.of(e.Of)[strings.ToLower(e.Column)]
		if !known || protected(source) || covered(e.Column) {
			continue
		}
		// The nearest dataset that says so itself, else the farthest whose name says so.
		if found := t.trace(e.Of, source.Column, on); found != nil && (found.source.Explicit || !source.Explicit) {
			return found
		}
		if source.Personal() && (source.Explicit || source.Direct() || source.Alone) {
			return &carried{of: e.Of, source: source}
		}
	}
	return nil
}

func unchanged(t graph.Transform) bool {
	return t == graph.Identity || t == graph.Rename || t == graph.Cast
}

// protected reports whether a column is masked by a policy, or said to be no personal data.
func protected(c pii.Judged) bool {
	return c.Labelled && !c.Personal() && len(c.Evidence) > 0 && c.Score == 0 ||
		slices.ContainsFunc(c.Column.Declared, func(f *graph.ColumnFact) bool { return f.Masked })
}

// covered reports whether a name says that the value is no longer plain: email_hash, masked_phone.
func covered(name string) bool {
	words := pii.Tokens(name)
	return slices.ContainsFunc(maskWords, func(w string) bool { return slices.Contains(words, w) }) ||
		slices.Contains(words, "token") || slices.Contains(words, "domain")
}

// own are the words of tables and columns that tell of the company's own people, or of what they did: their names and addresses are
// the purpose.
var own = []string{"employee", "employees", "staff", "directory", "team", "hr", "headcount", "salesperson", "agent", "assignee", "provider", "providers", "instructor",
	"teacher", "audit", "cloudaudit", "principal", "owner", "admin", "admins", "reporter", "moderator", "operator", "technician", "technicians", "developer", "developers",
	"rep", "manager", "salesman", "salesmen", "authorization", "authorizations", "authentication", "authentications", "rls", "permissions", "access", "bidder", "bidders", "vehicle", "vehicles",
	"fleet"}

// directory reports whether a name says that the people are the company's own, whose names and addresses are no secret to readers.
func directory(name string, c pii.Judged) bool {
	if c.Category.Sensitive() && c.Term != "license plate" && c.Term != "tax id" {
		return false
	}
	words := pii.Tokens(name)
	return slices.ContainsFunc(own, func(w string) bool { return slices.Contains(words, w) })
}

// served are words of columns about those whom a company serves.
var served = []string{"user", "customer", "client", "contact", "person", "student", "patient", "member", "learner", "subscriber", "lead", "guest", "buyer", "payer", "recipient",
	"billing", "shipping", "applicant", "application", "guardian", "parent", "donor", "home", "personal"}

// colleague reports whether a column names somebody in a role from a list of users: the analyst or the account manager of a row is
// a colleague of who reads it.
func colleague(column string, c *carried) bool {
	table := pii.Tokens(c.of.Parts[len(c.of.Parts)-1])
	if c.source.Explicit || !slices.Contains(table, "user") && !slices.Contains(table, "users") {
		return false
	}
	words := pii.Tokens(column)
	if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(served, w) }) {
		return false
	}
	term := strings.Fields(c.source.Term)
	return !slices.ContainsFunc(term, func(w string) bool { return slices.Contains(words, w) }) || !slices.Contains(term, words[0]) && !strings.HasPrefix(c.source.Term, words[0])
}

// restricted reports whether access to the dataset is itself limited: it is tagged so, and grants or a policy say to whom.
func restricted(d *graph.Dataset) bool {
	for _, part := range d.Parts[:len(d.Parts)-1] { // a schema whose name says who may read it
		if words := pii.Tokens(part); slices.ContainsFunc([]string{"sensitive", "restricted", "confidential", "pii", "phi", "secure", "private"}, func(w string) bool { return slices.Contains(words, w) }) &&
			!slices.Contains(words, "non") && !slices.Contains(words, "safe") {
			return true
		}
	}
	for _, p := range d.Producers {
		limited, tagged := false, labelledWhole(d)
		for key, value := range p.Settings {
			k := strings.ToLower(key)
			limited = limited || value != "" && (strings.HasPrefix(k, "grants.") || strings.Contains(k, "access_policy") || strings.Contains(k, "row_access") || strings.Contains(k, "masking_policy"))
		}
		if limited && tagged {
			return true
		}
	}
	return false
}

// reportCarried says once of a dataset which personal columns it carries.
func reportCarried(pass *rules.Pass, d *graph.Dataset, columns []*carried) {
	first := columns[0]
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = "`" + c.column.Name + "`"
	}
	if n := len(names); n > maxNames {
		names = append(names[:maxNames-1], fmt.Sprintf("%d more", n-maxNames+1))
	}
	at := first.column.Span
	if at.Path == "" {
		at = d.Span()
	}
	f := pass.ReportAt(at, "`%s` publishes %s of `%s` unmasked", d.Name, strings.Join(names, ", "), first.of.Name)
	f.Dataset, f.Key = d.Name, d.Name
	var why []string
	for _, c := range columns {
		if c.source.Explicit && !c.kept && c.source.Direct() && (c.source.Alone || c.source.Category != pii.Unspecified) {
			f.Severity = rules.Critical
		}
		line := fmt.Sprintf("%s: %s (%s)", c.column.Name, c.source.Category, c.source.Verdict)
		if c.named {
			line += ", by its name"
		}
		why = append(why, line)
		f.Places = append(f.Places, rules.Place{Span: c.source.Column.Span, Message: fmt.Sprintf("`%s` of %s", c.source.Column.Name, c.of.Name)})
	}
	f.Evidence = strings.Join(why, "; ")
	f.Places = f.Places[:min(8, len(f.Places))]
}
