package orchestration

import (
	"fmt"
	"path"
	"strings"

	"delint/graph"
	"delint/rules"
)

// AirflowParseTimeWork reports requests, queries and other work that Airflow repeats whenever it parses a DAG file.
var AirflowParseTimeWork = rules.Repository(rules.Rule{
	Name:     "airflow-parse-time-work",
	Severity: rules.High,
	Class:    rules.Reliability,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Proactive guidance: identify potential scalability issues",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, f := range g.Files {
		if f.Role != graph.RoleSource || documentation(f.Path) {
			continue
		}
		found := map[string]*rules.Finding{}
		for _, c := range f.Planned {
			w, direct := workOf(c.Target)
			via := ""
			if !direct {
				if w, via = indirect(g, f.Path, c.Target); via == "" {
					continue
				}
			}
			key := w.Name // however it is reached: one finding a file
			if first := found[key]; first != nil {
				first.Places = append(first.Places, rules.Place{Span: c.Span, Message: "here too"})
				continue
			}
			r := pass.ReportAt(c.Span, "`%s` runs whenever Airflow parses this file", w.Name)
			if via != "" {
				r.Message = fmt.Sprintf("`%s` calls `%s` whenever Airflow parses this file", via, w.Name)
				r.Places = append(r.Places, rules.Place{Span: w.In.Span, Message: "the function that does it"})
			}
			r.Key = key
			if w.Kind == "metadata" || w.Kind == "read" {
				r.Severity = rules.Medium
			}
			found[key] = r
		}
	}
})

// maxCalls is how many calls away the work may be.
const maxCalls = 3

// indirect finds the work that a function of the repository does, called at plan time.
func indirect(g *graph.Graph, p, target string) (w work, via string) {
	if g.Code == nil || g.Code.ByPath[p] == nil || strings.Contains(target, "()") {
		return work{}, ""
	}
	name := target[strings.LastIndexByte(target, '.')+1:]
	for _, fn := range g.Code.ByPath[p].Functions {
		if fn.Name != "" && fn.Kind != "airflow-dag" {
			continue
		}
		for _, e := range fn.Calls {
			if e.Confidence == graph.Partial || e.To.Name != name || e.To.Kind != "" || !plain(e.To) {
				continue
			}
			if w, ok := worksIn(e.To, maxCalls, map[*graph.Function]bool{}); ok {
				return w, name + "(…)"
			}
		}
	}
	return work{}, ""
}

// documentation reports whether a path holds pages or templates, which nothing parses as a DAG.
func documentation(p string) bool {
	for _, part := range strings.Split(path.Dir(p), "/") {
		if part == "docs" || part == "templates" || part == "plugins" {
			return true
		}
	}
	return false
}
