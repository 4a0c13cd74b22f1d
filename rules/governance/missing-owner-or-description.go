package governance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/dbt"
	"delint/parsers"
	"delint/rules"
)

// MissingOwnerOrDescription reports what a catalogue can't answer for: models, sources, contracts, cubes and exposures that
// nobody owns or nothing describes. Where many, or most, of a tool's datasets lack one, it says so once.
var MissingOwnerOrDescription = rules.Repository(rules.Rule{
	Name:     "missing-owner-or-description",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "governance/data-lineage",
	Sentence: "Implement data cataloging and discovery mechanisms",
	Collapsed: func(n int) string {
		return fmt.Sprintf("%d datasets of this file lack an owner or a description", n)
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	lacking := map[string][]lack{}
	complete := map[string]counts{}
	for _, l := range asked(g) {
		c := complete[l.tool]
		c.all++
		if !l.owner {
			c.owned++
		}
		if !l.description {
			c.described++
		}
		complete[l.tool] = c
		if l.owner || l.description {
			lacking[l.tool] = append(lacking[l.tool], l)
		}
	}
	tools := make([]string, 0, len(lacking))
	for t := range lacking {
		tools = append(tools, t)
	}
	slices.Sort(tools)
	for _, t := range tools {
		c := complete[t]
		// Nobody began, or hardly; or so many lack it that it is one thing to plan, not a list to go through.
		few := func(have int) bool { return have*10 < c.all || c.all-have > maxListed }
		if (few(c.owned) || few(c.described)) && c.all > 1 && !g.Options.Expand {
			once(pass, t, lacking[t], c, few(c.owned), few(c.described))
			for i := range lacking[t] {
				lacking[t][i].owner = lacking[t][i].owner && !few(c.owned)
				lacking[t][i].description = lacking[t][i].description && !few(c.described)
			}
		}
		for _, l := range lacking[t] {
			if l.owner || l.description {
				l.report(pass)
			}
		}
	}
})

// lack is one thing with what it lacks.
type lack struct {
	tool, what, name   string
	at                 parsers.Span
	owner, description bool // lacks it
	low                bool
}

type counts struct{ all, owned, described int }

// asked is everything that the rule asks, with what it lacks.
func asked(g *graph.Graph) (out []lack) {
	entries := dbtEntries(g)
	for _, d := range g.Datasets {
		p := d.Producers[0]
		if !d.InScope || p.Private || d.Kind == "seed" || d.Tool != "dbt" && d.Tool != "sqlmesh" || p.Confidence == graph.Partial {
			continue
		}
		what := map[string]string{"source": "source", "external": "external model", "snapshot": "snapshot"}[d.Kind]
		if what == "" {
			what = "model"
		}
		l := lack{tool: d.Tool, what: what, name: d.Name, at: p.Span, low: d.Layer != graph.Consumption && d.Layer != graph.Ingestion}
		if at, ok := entries[p]; ok {
			l.at = at
		}
		l.owner = d.Owner() == ""
		l.description = saysNothing(d.Description(), d.Parts[len(d.Parts)-1]) && !sourceDescribed(d)
		if d.Kind == "external" {
			continue // SQLMesh writes that file itself
		}
		out = append(out, l)
	}
	for _, c := range g.Contracts {
		if c.Tool == "odcs" && written(g, c.Span.Path) {
			l := lack{tool: "odcs", what: "contract", name: c.Name, at: c.Span, owner: c.Owner == ""}
			out = append(out, l)
		}
	}
	seen := map[string]bool{}
	for _, u := range g.Uses {
		if key := u.Tool + "\x00" + u.By; u.Tool == "dbt" && u.Kind == "exposure" && !seen[key] && written(g, u.Span.Path) {
			seen[key] = true
			out = append(out, lack{tool: "dbt", what: "exposure", name: u.By, at: u.Span, owner: u.Owner == "", description: saysNothing(u.Description, u.By)})
		}
	}
	return out
}

// dbtEntries is where each dbt model, seed or snapshot is described, which is where owner and description belong.
func dbtEntries(g *graph.Graph) map[*graph.DatasetFact]parsers.Span {
	byPath := map[parsers.Span]parsers.Span{}
	for _, p := range dbt.Read(g) {
		for _, n := range p.Nodes {
			if n.Properties != nil {
				byPath[n.Fact.Span] = n.Properties.Span
			}
		}
	}
	out := map[*graph.DatasetFact]parsers.Span{}
	for _, d := range g.Datasets {
		for _, p := range d.Producers {
			if at, ok := byPath[p.Span]; ok && p.Tool == "dbt" {
				out[p] = at
			}
		}
	}
	return out
}

// sourceDescribed reports whether the source that a table belongs to is described.
func sourceDescribed(d *graph.Dataset) bool { return d.Setting("source_description") != "" }

var emptyWords = regexp.MustCompile(`(?i)^[\s.\-_?*#]*(?:todo|tbd|tba|n/?a|none|null|fixme|xxx|description|no description|placeholder|add description(?: here)?|fill (?:me )?in|model description)?[\s.\-_?*#:!]*$`)

// saysNothing reports whether a description says nothing: it is empty, a placeholder or the name again.
func saysNothing(text, name string) bool {
	if emptyWords.MatchString(text) {
		return true
	}
	plain := func(s string) string {
		return strings.ToLower(strings.Map(func(r rune) rune {
			if strings.ContainsRune("_- .`'\"\n", r) {
				return -1
			}
			return r
		}, s))
	}
	return plain(text) == plain(name)
}

func (l lack) report(pass *rules.Pass) {
	missing := "description"
	switch {
	case l.owner && l.description:
		missing = "owner and no description"
	case l.owner:
		missing = "owner"
	}
	f := pass.ReportAt(l.at, "%s `%s` has no %s", l.what, l.name, missing)
	f.Key, f.Dataset, f.Collapse = l.what+" "+l.name, l.name, "owner or description"
	f.Unit = rules.Unit{Kind: "block", Name: l.name, StartLine: l.at.Start.Line, EndLine: l.at.End.Line}
	if l.low {
		f.Severity = rules.Low
	}
}

// maxListed is how many datasets without an owner, or a description, are findings of their own.
const maxListed = 20

// maxShown bounds the datasets that the finding on the repository shows.
const maxShown = 5

// once says of a whole repository that a tool's datasets have no owner, or no description.
func once(pass *rules.Pass, tool string, lacking []lack, c counts, owner, description bool) {
	var said []string
	if owner {
		said = append(said, lacks(c.all-c.owned, c.all, "owner"))
	}
	if description {
		said = append(said, lacks(c.all-c.described, c.all, "description"))
	}
	things := tool + " datasets"
	if tool == "odcs" {
		things = "ODCS contracts"
	}
	f := pass.ReportRepository("of the %d %s %s", c.all, things, strings.Join(said, ", "))
	f.Key = tool
	for _, l := range lacking[:min(maxShown, len(lacking))] {
		f.Places = append(f.Places, rules.Place{Span: l.at, Message: l.name})
	}
}

// lacks says how many lack something.
func lacks(n, of int, what string) string {
	if n == of {
		return "none has " + map[string]string{"owner": "an owner", "description": "a description"}[what]
	}
	return fmt.Sprintf("%d have no %s", n, what)
}
