package governance

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/pii"
	"delint/rules"
)

// UnclassifiedPIIColumn reports datasets that data comes in through, or that have a contract, with columns that are likely to be
// personal and that nobody has classified. Where the repository classifies no column at all it says so once.
var UnclassifiedPIIColumn = rules.Repository(rules.Rule{
	Name:     "unclassified-pii-column",
	Severity: rules.Medium,
	Class:    rules.Fixed,
	Topic:    "security/pii-handling",
	Sentence: "Design for GDPR, CCPA, and relevant compliance requirements",
}, func(pass *rules.Pass, g *graph.Graph) {
	classifies := false
	var found []personal
	for _, d := range g.Datasets {
		columns := pii.Of(d)
		classifies = classifies || slices.ContainsFunc(columns, func(c pii.Judged) bool { return c.Labelled }) || labelledWhole(d)
		if !d.InScope || labelledWhole(d) || d.Kind != "source" && d.Kind != "external" && d.Layer != graph.Ingestion && len(d.Contracts) == 0 {
			continue
		}
		var open []pii.Judged
		for _, c := range columns {
			if c.Personal() && !c.Labelled && len(c.Column.Declared) > 0 {
				open = append(open, c)
			}
		}
		if len(open) > 0 {
			found = append(found, personal{d, open})
		}
	}
	if len(found) == 0 {
		return
	}
	if !classifies && !g.Options.Expand {
		slices.SortStableFunc(found, func(a, b personal) int { return len(b.columns) - len(a.columns) })
		f := pass.ReportRepository("no column is classified; %s with personal data, start with: %s", plural(len(found), "dataset", "datasets"), start(found))
		f.Severity = rules.Medium
		for _, p := range found[:min(5, len(found))] {
			f.Places = append(f.Places, rules.Place{Span: p.dataset.Span(), Message: p.dataset.Name + ": " + p.names()})
		}
		return
	}
	for _, p := range found {
		f := pass.ReportAt(p.dataset.Span(), "`%s` has personal data that nobody has classified: %s", p.dataset.Name, p.names())
		f.Dataset, f.Key = p.dataset.Name, p.dataset.Name
		f.Unit = rules.Unit{Kind: "block", Name: p.dataset.Name, StartLine: p.dataset.Span().Start.Line, EndLine: p.dataset.Span().End.Line}
		f.Evidence = p.evidence()
		for _, c := range p.columns {
			if c.Category.Sensitive() {
				f.Severity = rules.High
			}
			f.Places = append(f.Places, rules.Place{Span: c.Column.Span, Message: fmt.Sprintf("%s: %s (%s)", c.Column.Name, c.Category, c.Verdict)})
		}
		f.Places = f.Places[:min(8, len(f.Places))]
	}
})

// labelledWhole reports whether a classification is said of the dataset as a whole, for all of its columns.
func labelledWhole(d *graph.Dataset) bool {
	for _, p := range d.Producers {
		for key, value := range p.Settings {
			switch strings.TrimPrefix(strings.ToLower(key), "meta.") {
			case "pii", "contains_pii", "classification", "data_classification", "sensitivity", "privacy", "gdpr", "has_pii":
				if strings.HasPrefix(key, "meta.") && value != "" {
					return true
				}
			}
		}
		for _, t := range p.Tags {
			switch words := pii.Tokens(t); {
			case slices.Contains(words, "pii"), slices.Contains(words, "phi"), slices.Contains(words, "gdpr"), t == "restricted", t == "confidential", t == "sensitive", t == "personal_data":
				return true
			}
		}
		if strings.Contains(strings.ToLower(p.Description), "[pii]") {
			return true
		}
	}
	return false
}

// personal is a dataset with its personal columns.
type personal struct {
	dataset *graph.Dataset
	columns []pii.Judged
}

// maxNames bounds the columns in a message.
const maxNames = 4

func (p personal) names() string {
	var out []string
	for _, c := range p.columns {
		out = append(out, "`"+c.Column.Name+"`")
	}
	if n := len(out); n > maxNames {
		out = append(out[:maxNames-1], fmt.Sprintf("%d more", n-maxNames+1))
	}
	return strings.Join(out, ", ")
}

// evidence is why each column counts as personal.
func (p personal) evidence() string {
	var out []string
	for _, c := range p.columns {
		out = append(out, fmt.Sprintf("%s: %d (%s)", c.Column.Name, c.Score, c.Verdict))
	}
	return strings.Join(out, "; ")
}

// start names the first of many datasets.
func start(found []personal) string {
	var out []string
	for _, p := range found[:min(5, len(found))] {
		out = append(out, p.dataset.Name)
	}
	return strings.Join(out, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
