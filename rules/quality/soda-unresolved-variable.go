package quality

import (
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/soda"
	"delint/rules"
)

// SodaUnresolvedVariable reports variables in Soda's files that nothing gives a value, or that this version leaves as text.
var SodaUnresolvedVariable = rules.Repository(rules.Rule{
	Name:     "soda-unresolved-variable",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "technologies/soda-core",
	Sentence: "Use configuration files for environment-specific settings",
}, func(pass *rules.Pass, g *graph.Graph) {
	passed, commands, substituted := sodaVariables(g)
	sodaProblems(g, soda.Variable, func(p *graph.ProblemFact) {
		if p.Values["preprocessed"] != "" && substituted {
			return
		}
		// What a command passes is known only where there are commands, and all of them say it.
		if name := p.Values["passed"]; name != "" && (commands == 0 || slices.Contains(passed, name) || slices.ContainsFunc(passed, unknownName)) {
			return
		}
		f := reportProblem(pass, p)
		if p.Values["credential"] != "" {
			f.Severity = rules.High
		}
	})
})

func unknownName(name string) bool {
	return strings.Contains(name, graph.Hole) || strings.Contains(name, "$")
}

// sodaVariables is the variables that commands of Soda pass, how many commands there are, and whether something substitutes
// variables before Soda reads its files.
func sodaVariables(g *graph.Graph) (passed []string, commands int, substituted bool) {
	for _, f := range g.Files {
		for _, c := range f.Commands {
			switch c.Tool {
			case "soda":
				if c.Name != "mention" {
					commands++
				}
				passed = append(passed, c.Variables...)
			case "envsubst":
				substituted = true
			}
		}
	}
	return passed, commands, substituted
}
