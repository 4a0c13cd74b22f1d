package quality

import (
	"delint/graph"
	"delint/graph/soda"
	"delint/rules"
)

// SodaCloudOnlyCheck reports checks that need the stored history of Soda Cloud, or a package, that the repository shows no sign of.
var SodaCloudOnlyCheck = rules.Repository(rules.Rule{
	Name:     "soda-cloud-only-check",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "technologies/soda-core",
	Sentence: "Implement data quality tests using Soda Core",
}, func(pass *rules.Pass, g *graph.Graph) {
	cloud, packages := sodaCloud(g)
	sodaProblems(g, soda.Cloud, func(p *graph.ProblemFact) {
		if name := p.Values["package"]; name != "" {
			// Without a list of what is installed nothing is known.
			if len(packages) == 0 || packages[name] {
				return
			}
		} else if cloud || packages["soda-library"] {
			return
		}
		reportProblem(pass, p)
	})
})

// sodaCloud reports whether anything connects Soda Cloud, and which packages of Soda are installed.
func sodaCloud(g *graph.Graph) (connected bool, packages map[string]bool) {
	packages = map[string]bool{}
	for _, f := range g.Files {
		for _, p := range f.Projects {
			switch p.Tool {
			case "soda-cloud":
				connected = true
			case "soda-package":
				packages[p.Name] = true
			}
		}
		for _, c := range f.Commands {
			connected = connected || c.Tool == "soda" && c.Values["soda-cloud"] != ""
		}
	}
	return connected, packages
}
