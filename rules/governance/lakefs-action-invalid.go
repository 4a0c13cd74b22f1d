package governance

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// LakefsActionInvalid reports actions of lakeFS that its server refuses, or that cannot do what they are meant to.
var LakefsActionInvalid = rules.Repository(rules.Rule{
	Name:     "lakefs-action-invalid",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "technologies/lakefs",
	Sentence: "Implement version control for data using lakeFS for reproducibility and rollback",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, f := range g.Files {
		for i := range f.Actions {
			if f.Role != graph.RoleTest && f.Role != graph.RoleVendored {
				(&lakefsAction{pass: pass, graph: g, a: &f.Actions[i]}).check()
			}
		}
	}
})

type lakefsAction struct {
	pass  *rules.Pass
	graph *graph.Graph
	a     *graph.ActionFact
}

func (l *lakefsAction) report(at parsers.Span, key, format string, args ...any) *rules.Finding {
	f := l.pass.ReportAt(at, format, args...)
	f.Key = key
	return f
}

var (
	actionName = regexp.MustCompile(`^\w[\w\-. ]+$`)
	hookID     = regexp.MustCompile(`^[_a-zA-Z][\-_a-zA-Z0-9]{1,255}$`)
)

// lakefsEvents are the events that lakeFS knows.
var lakefsEvents = func() []string {
	out := []string{"prepare-commit"}
	for _, what := range strings.Fields("commit merge create-tag delete-tag create-branch delete-branch revert cherry-pick") {
		out = append(out, "pre-"+what, "post-"+what)
	}
	return out
}()

func (l *lakefsAction) check() {
	a := l.a
	switch {
	case a.Name.Name == "":
		l.report(a.Span, "name", "the action has no name")
	case !actionName.MatchString(a.Name.Name) && !templated(a.Name.Name):
		l.report(a.Name.Span, "name", "`%s` is no name of an action: letters, digits, `_`, `-`, `.` and spaces only", a.Name.Name)
	}
	if a.NoEvents {
		l.report(a.Span, "on", "the action has no event in `on`: it never runs")
	}
	for _, e := range a.Events {
		l.event(e)
	}
	ids := map[string]parsers.Span{}
	for _, h := range a.Hooks {
		first, again := ids[h.ID]
		switch {
		case templated(h.ID):
		case h.ID == "":
			l.report(h.Span, "hook", "the hook has no id")
		case !hookID.MatchString(h.ID):
			l.report(h.Span, h.ID, "`%s` is no id of a hook: two or more letters, digits, `_` and `-`, not beginning with a digit", h.ID)
		case again:
			f := l.report(h.Span, h.ID, "two hooks of the action have the id `%s`", h.ID)
			f.Places = append(f.Places, rules.Place{Span: first, Message: "the first"})
		}
		if h.ID != "" {
			ids[h.ID] = h.Span
		}
		l.hook(h)
	}
	l.tooLate()
}

func (l *lakefsAction) event(e graph.EventFact) {
	right := strings.ReplaceAll(strings.ToLower(e.Name), "_", "-")
	switch {
	case templated(e.Name):
	case slices.Contains(lakefsEvents, e.Name):
		if strings.Contains(e.Name, "tag") && !e.Limited.IsZero() {
			l.report(e.Limited, e.Name, "`branches` means nothing for `%s`: lakeFS refuses the action", e.Name)
		}
	case slices.Contains(lakefsEvents, right):
		f := l.report(e.Span, e.Name, "lakeFS has no event `%s`: it is `%s`", e.Name, right)
		if e.Span.End.Byte-e.Span.Start.Byte == len(e.Name) {
			f.Fix = &rules.Fix{Title: "write `" + right + "`", Edits: []rules.Edit{{Path: e.Span.Path, Start: e.Span.Start.Byte, End: e.Span.End.Byte, Text: right}}}
		}
	default:
		l.report(e.Span, e.Name, "lakeFS has no event `%s`", e.Name)
	}
}

// required are the properties that each type of hook can't do without; of alternatives in one string one is enough.
var required = map[string][]string{
	"webhook": {"url"}, "airflow": {"url", "dag_id", "username", "password"}, "lua": {"script|script_path"},
}

func (l *lakefsAction) hook(h graph.HookFact) {
	if templated(h.Type) {
		return
	}
	needs, known := required[h.Type]
	if !known {
		if h.Type == "" {
			l.report(h.Span, h.ID, "the hook `%s` has no type", h.ID)
			return
		}
		l.report(h.TypeSpan, h.ID, "`%s` is no type of a hook: webhook, airflow or lua", h.Type)
		return
	}
	for _, need := range needs {
		if !slices.ContainsFunc(strings.Split(need, "|"), func(key string) bool { return h.Properties[key].Name != "" }) {
			l.report(h.Span, h.ID+"."+need, "the %s hook `%s` has no property `%s`", h.Type, h.ID, strings.ReplaceAll(need, "|", "` or `"))
		}
	}
	if script := h.Properties["script_path"]; h.Type == "lua" && script.Name != "" && !templated(script.Name) {
		l.script(h, script)
	}
}

// script reports a script that the copy of the lakeFS repository does not hold. Only where the folder of the actions is in
// git with the script's folder beside it is that copy known.
func (l *lakefsAction) script(h graph.HookFact, script graph.NameFact) {
	before, _, found := strings.Cut("/"+l.a.Span.Path, "/_lakefs_actions/")
	if !found {
		return
	}
	root := strings.TrimPrefix(before, "/")
	if full := path.Join(root, script.Name); !l.graph.HasPath(full) && l.graph.HasPath(path.Dir(full)+"/") && path.Dir(full) != "." {
		l.report(script.Span, h.ID+".script_path", "the script `%s` of the hook `%s` is not there", script.Name, h.ID)
	}
}

var gateWords = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:gate|block|prevent|reject|enforce|must pass|validat\w*|quality check)`)

// tooLate reports an action that is meant to stop something and runs only after it.
func (l *lakefsAction) tooLate() {
	for _, e := range l.a.Events {
		if !strings.HasPrefix(e.Name, "post-") {
			return
		}
	}
	if len(l.a.Events) == 0 {
		return
	}
	for _, text := range append([]string{l.a.Name.Name}, hookIDs(l.a)...) {
		if word := gateWords.FindString(text); word != "" {
			f := l.report(l.a.Events[0].Span, "late", "`%s` runs on `%s`, after the fact: it can stop nothing", text, l.a.Events[0].Name)
			f.Severity = rules.Medium
			return
		}
	}
}

func hookIDs(a *graph.ActionFact) []string {
	var out []string
	for _, h := range a.Hooks {
		out = append(out, h.ID)
	}
	return out
}

func templated(s string) bool { return strings.Contains(s, "{{") || strings.Contains(s, "${") }
