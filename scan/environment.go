package scan

import (
	"path"
	"strings"

	"delint/graph"
	"delint/rules"
)

// environment is where the code of a path runs, and why delint believes so. First hit wins: the command line, the
// configuration, a word of the path.
func (r *run) environment(p string) (rules.Environment, string) {
	if r.config.Env != "" && len(r.config.Environments) == 0 {
		return r.config.Env, "set for the run"
	}
	for _, e := range r.config.Environments {
		if matchAny(e.Paths, p) {
			return e.Name, "[[environment]] of " + r.config.File
		}
	}
	if r.config.Env != "" {
		return r.config.Env, "set for the run"
	}
	for folder := range strings.SplitSeq(path.Dir(p), "/") {
		if localFolders[folder] {
			return rules.Local, "the folder " + folder
		}
	}
	for _, part := range strings.FieldsFunc(deployed(strings.ToLower(p)), func(c rune) bool { return strings.ContainsRune("/._-", c) }) {
		if e, ok := environmentWords[part]; ok {
			return e, "the word " + part + " in the path"
		}
	}
	return rules.UnknownEnv, "nothing says where it runs"
}

// deployed is the part of a path that can name an environment. Below models/, and in the name of an SQL file, "staging" and
// "stg" are a layer of data.
func deployed(p string) string {
	if path.Ext(p) == ".sql" {
		p = path.Dir(p)
	}
	if i := strings.Index("/"+p, "/models/"); i >= 0 {
		p = p[:i]
	}
	return p
}

// localFolders hold code that is never deployed.
var localFolders = map[string]bool{
	"docs": true, "doc": true, "notebooks": true, "example_dags": true, "example": true, "samples": true, "sample": true,
}

// environmentWords are the words of a path that tell an environment, as sections 0 and 1.1 of the catalogues list them.
var environmentWords = map[string]rules.Environment{
	"prod": rules.Production, "production": rules.Production, "live": rules.Production,
	"stg": rules.Staging, "uat": rules.Staging, "preprod": rules.Staging,
	"dev": rules.Local, "local": rules.Local, "sandbox": rules.Local, "playground": rules.Local, "scratch": rules.Local,
	"examples": rules.Local, "tutorial": rules.Local, "tutorials": rules.Local, "poc": rules.Local, "demo": rules.Local,
}

// productionStandards are the folders of rules for which an unknown environment counts as production; for the others it
// counts as staging.
var productionStandards = map[string]bool{
	"security": true, "devops": true, "models": true, "architecture": true, "orchestration": true, "dataframes": true,
}

// steps is how many levels a class of rule loses in an environment: section 1.2 of the Python catalogue.
var steps = map[rules.Class]map[rules.Environment]int{
	rules.Correctness:     {rules.Local: 1},
	rules.Reliability:     {rules.Staging: 1, rules.Local: 2, rules.SelfHosted: 1},
	rules.Testing:         {rules.Staging: 1, rules.Local: 2, rules.SelfHosted: 1},
	rules.Maintainability: {rules.Local: 1},
	rules.Security:        {rules.Local: 1, rules.SelfHosted: 1},
}

// shade sets a finding's severity: the rule's own, the configuration's, the environment's step, the reachability step.
func (r *run) shade(f *rules.Finding, g *graph.Graph) {
	if f.Environment == "" {
		f.Environment, f.EnvironmentReason = r.environment(f.Span.Path)
	}
	if s, ok := r.config.Severities[f.Rule.Name]; ok {
		f.Severity = s
		return
	}
	if f.Severities != nil {
		env := f.Environment
		if env == rules.UnknownEnv {
			env = rules.Production
		}
		f.Severity = f.Severities[env]
		return
	}
	if f.Rule.OnPath && path.Ext(f.Span.Path) == ".py" && g.Code != nil && !g.Code.OnPath(f.Span.Path, f.Unit.Name) {
		f.Severity = rules.Off
		return
	}
	env := f.Environment
	if env == rules.UnknownEnv {
		env = rules.Staging
		if productionStandards[f.Rule.Standard] || f.Rule.Class == rules.Correctness || f.Rule.Class == rules.Reliability {
			env = rules.Production
		}
	}
	step := steps[f.Rule.Class][env]
	if env == rules.SelfHosted {
		switch r.config.SelfHosted.Importance {
		case "high":
			step = 0
		case "low":
			step++
		}
	}
	if f.Rule.Reach && path.Ext(f.Span.Path) == ".py" && g.Code != nil && !g.Code.OnPath(f.Span.Path, f.Unit.Name) {
		step++
	}
	f.Severity = f.Severity.Step(step)
	if most, ok := f.Rule.AtMost[f.Environment]; ok {
		f.Severity = min(f.Severity, most)
	}
}
