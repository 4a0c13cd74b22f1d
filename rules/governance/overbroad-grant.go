package governance

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
	"delint/parsers/sql"
	"delint/rules"
)

// OverbroadGrant reports grants of everything, to everyone, of ownership, or with the right to grant on: in SQL, in hooks and in
// dbt's grants. What a role for administration gets, and grants that PostgreSQL gives by itself, are left alone.
var OverbroadGrant = rules.Files(rules.Rule{
	Name:     "overbroad-grant",
	Severity: rules.High,
	Class:    rules.Security,
	AtMost:   map[rules.Environment]rules.Severity{rules.Local: rules.Low},
	Topic:    "security/access-control",
	Sentence: "Follow principle of least privilege (PoLP) for all access controls",
}, func(pass *rules.Pass, f *parsers.File) {
	if pass.Role == graph.RoleTest || pass.Role == graph.RoleVendored || pass.Role == graph.RoleGenerated || dump.Match(f.Text[:min(len(f.Text), 400)]) {
		return
	}
	said := map[string]*rules.Finding{} // a script that gives one role the same on ten schemas: one finding
	say := func(at parsers.Span, problems []problem) {
		for _, p := range problems {
			if first := said[p.group]; first != nil {
				first.Places = append(first.Places, rules.Place{Span: at, Message: p.message})
				continue
			}
			found := pass.ReportAt(at, "%s", p.message)
			found.Key, said[p.group] = p.message, found
			if bootstrap.MatchString(f.Path) {
				found.Severity = rules.Low
			}
		}
	}
	if bound := sql.Of(f); bound.Tree != nil {
		for _, st := range bound.Statements {
			if g := readGrant(leaves(st.Node)); g.to != nil {
				say(f.Span(st.Start(), st.End()), g.problems())
			}
		}
		for _, a := range bound.Config {
			for s := range hookStrings(a) {
				for _, text := range strings.Split(strings.Trim(s.Text(), `'"`), ";") {
					say(f.Span(s.Start(), s.End()), readGrant(words(text)).problems())
				}
			}
		}
		return
	}
	if !f.LineBegins("models", "seeds", "snapshots", "on-run-end", "on-run-start", "sources") {
		return
	}
	docs, _ := plain.Documents(f)
	for _, d := range docs {
		yamlGrants(d, say)
	}
}, "sql", "yaml")

var (
	// dump knows what pg_dump writes: it repeats what the server has.
	dump = regexp.MustCompile(`(?i)database dump|dumped (?:from|by)`)
	// bootstrap knows scripts that make a database on a developer's machine.
	bootstrap = regexp.MustCompile(`(?i)docker-entrypoint-initdb\.d|(?:^|/|[._-])(?:docker|compose|local|bootstrap|init[-_]?db|devcontainer|\.devcontainer|develop|dev)(?:/|[._-])|(?:^|/)\w+-init/[^/]*$`)
)

// hookStrings ranges over the strings of a pre_hook or post_hook in config(…).
func hookStrings(a sql.Argument) func(yield func(parsers.Node) bool) {
	return func(yield func(parsers.Node) bool) {
		if a.Name != "pre_hook" && a.Name != "post_hook" {
			return
		}
		for n := range a.Node.Descendants() {
			if n.Is(sql.TemplateString) && !yield(n) {
				return
			}
		}
	}
}

// yamlGrants reads the grants and hooks of a dbt project or properties file.
func yamlGrants(v *plain.Value, say func(parsers.Span, []problem)) {
	if v == nil {
		return
	}
	for _, p := range v.Pairs {
		switch key := strings.TrimPrefix(strings.ReplaceAll(p.Key, "_", "-"), "+"); key {
		case "grants":
			for _, q := range p.Value.Entries() {
				g := grant{privileges: words(strings.TrimPrefix(q.Key, "+")), on: []string{"models"}}
				for _, who := range p.Value.Strings(q.Key) {
					g.to = append(g.to, strings.ToLower(who))
				}
				say(q.At, g.problems())
			}
		case "post-hook", "pre-hook", "on-run-end", "on-run-start":
			for _, hook := range hooks(p.Value) {
				for _, text := range strings.Split(hook.String()+hook.String("sql"), ";") {
					say(hook.Span, readGrant(words(text)).problems())
				}
			}
		default:
			yamlGrants(p.Value, say)
		}
	}
	for _, i := range v.Items {
		yamlGrants(i, say)
	}
}

// hooks is the scalars and mappings of a hook: one or a list of them.
func hooks(v *plain.Value) []*plain.Value {
	if v == nil || v.Kind == plain.Sequence {
		return v.List()
	}
	return []*plain.Value{v}
}
