package quality

import (
	"fmt"
	"strings"

	"delint/graph"
	"delint/graph/soda"
	"delint/rules"
)

// ContractNotEnforced reports contracts that declare what nothing verifies: types without a schema check, validity without a
// check, quality in prose, keys that the warehouse ignores.
var ContractNotEnforced = rules.Repository(rules.Rule{
	Name:     "contract-not-enforced",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "data-quality/data-contracts",
	Sentence: "Define and enforce data contracts using Soda Core",
}, func(pass *rules.Pass, g *graph.Graph) {
	sodaProblems(g, soda.Promise, func(p *graph.ProblemFact) { reportProblem(pass, p) })
	models := map[string][]*graph.Dataset{}
	for _, d := range g.Datasets {
		if d.Tool == "dbt" && d.Kind != "source" {
			name := strings.ToLower(d.Parts[len(d.Parts)-1])
			models[name] = append(models[name], d)
		}
		if d.InScope && d.Setting("contract.enforced") == "false" && access(d) == "public" {
			f := pass.ReportAt(d.Span(), "public model `%s` has a contract that is not enforced", d.Name)
			f.Key, f.Dataset = "enforced", d.Name
		}
	}
	for _, file := range g.Files {
		if file.Role != graph.RoleSource {
			continue
		}
		for i := range file.Problems {
			switch p := &file.Problems[i]; {
			case p.Kind != soda.Promise:
			case p.Tool == "odcs":
				reportProblem(pass, p)
			case p.Tool == "dbt":
				unenforcedKey(pass, p, models[strings.ToLower(p.Values["model"])])
			}
		}
	}
})

// ignoresKeys names the engines that take a key for information only.
var ignoresKeys = map[string]string{"bigquery": "BigQuery", "snowflake": "Snowflake", "redshift": "Redshift", "databricks": "Databricks", "spark": "Spark"}

func unenforcedKey(pass *rules.Pass, p *graph.ProblemFact, models []*graph.Dataset) {
	if len(models) != 1 {
		return
	}
	engine := ""
	for _, producer := range models[0].Producers {
		if e := ignoresKeys[producer.Dialect]; e != "" {
			engine = e
		}
	}
	// A test on the columns may stand in another file.
	for _, c := range models[0].Checks {
		if c.NeverFails == "" && (c.Capability == "uniqueness" || c.Capability == "referential") {
			return
		}
	}
	if engine == "" {
		return
	}
	what := p.Values["model"]
	if c := p.Values["columns"]; c != "" {
		what += "." + c
	}
	f := pass.ReportAt(p.Span, "%s", fmt.Sprintf("%s does not enforce the %s of `%s`, and no test does", engine, strings.ReplaceAll(p.Values["constraint"], "_", " "), what))
	f.Key, f.Dataset = p.Key, models[0].Name
}

// access is who may read a dataset, where the first producer that says it says so.
func access(d *graph.Dataset) string {
	for _, p := range d.Producers {
		if p.Access != "" {
			return p.Access
		}
	}
	return ""
}
