package quality

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/soda"
	"delint/parsers"
	"delint/rules"
)

// SodaChecksNeverRun reports files of checks and contracts that no command of the repository hands to Soda. Where there is no
// such command at all it says so once, and Medium: another repository may run them.
var SodaChecksNeverRun = rules.Repository(rules.Rule{
	Name:     "soda-checks-never-run",
	Severity: rules.High,
	Class:    rules.Reliability,
	Topic:    "data-quality/monitoring",
	Sentence: "Implement data quality SLAs and monitoring",
}, func(pass *rules.Pass, g *graph.Graph) {
	if g.Options.ExternalChecks {
		return
	}
	var commands, mentions []*graph.CommandFact
	for _, f := range g.Files {
		for i := range f.Commands {
			if c := &f.Commands[i]; c.Tool == "soda" && (c.Name == "scan" || c.Name == "contract verify") {
				commands = append(commands, c)
			} else if c.Tool == "soda" && c.Name == "mention" {
				mentions = append(mentions, c)
			}
		}
	}
	var unrun []*graph.ProjectFact
	seen := map[string]bool{}
	for _, p := range soda.Files(g, soda.Checks, soda.Contract, soda.OldContract) {
		f := g.File(p.Span.Path)
		if seen[p.Span.Path] || f == nil || f.Role != graph.RoleSource || len(f.Checks) == 0 || p.Values["schedule"] != "" || f.Language != "yaml" {
			continue
		}
		seen[p.Span.Path] = true
		if !runs(commands, p.Span.Path) && !runs(mentions, p.Span.Path) {
			unrun = append(unrun, p)
		}
	}
	if len(commands) == 0 && !runsAnything(g) {
		return // a platform elsewhere runs what stands here
	}
	if len(commands) == 0 && len(unrun) > 0 && !g.Options.Expand {
		f := pass.ReportAt(firstLine(unrun[0]), "no command of this repository runs its %s", count(len(unrun), "Soda file", "Soda files"))
		f.Severity, f.Key = rules.Medium, "none"
		for _, p := range unrun[1:min(len(unrun), 1+maxPlaces)] {
			f.Places = append(f.Places, rules.Place{Span: p.Span, Message: "not run either"})
		}
		return
	}
	for _, p := range unrun {
		f := pass.ReportAt(firstLine(p), "no command runs `%s`", p.Span.Path)
		f.Key = "file"
		if len(commands) == 0 {
			f.Severity = rules.Medium
		} else {
			f.Evidence = fmt.Sprintf("looked at %s: %s", count(len(commands), "command", "commands"), commandFiles(commands))
		}
	}
})

// runsAnything reports whether the repository holds a program, a script or a command of any tool: only then one of them is missing.
func runsAnything(g *graph.Graph) bool {
	return slices.ContainsFunc(g.Files, func(f *graph.Facts) bool {
		return len(f.Commands) > 0 || f.Language == "python" || f.Language == "shell"
	})
}

// firstLine is where a finding on a whole file stands.
func firstLine(p *graph.ProjectFact) parsers.Span {
	at := p.Span
	at.End = at.Start
	return at
}

// runs reports whether a command reaches a file, or may.
func runs(commands []*graph.CommandFact, file string) bool {
	for _, c := range commands {
		if reached, unknown := soda.Reaches(c, file); reached || unknown {
			return true
		}
	}
	return false
}

func commandFiles(commands []*graph.CommandFact) string {
	var out []string
	for _, c := range commands[:min(3, len(commands))] {
		out = append(out, c.Files...)
	}
	return strings.ReplaceAll(strings.Join(out, ", "), graph.Hole, "*")
}
