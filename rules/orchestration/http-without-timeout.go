package orchestration

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// HTTPWithoutTimeout reports requests over HTTP that wait for an answer without any limit.
var HTTPWithoutTimeout = rules.Python(rules.Rule{
	Name:     "http-without-timeout",
	Severity: rules.Medium,
	Class:    rules.Reliability,
	Reach:    true,
	Topic:    "best-practices/performance",
	Sentence: "Design for high availability, fault tolerance, and disaster recovery",
}, func(pass *rules.Pass, t *python.Tree) {
	if pass.Role != graph.RoleSource && pass.Role != graph.RoleNotebook {
		return
	}
	names := python.Imports(pass.File)
	for call := range t.All(python.Call) {
		fn := call.Field(python.Function)
		if !fn.Is(python.Attribute, python.Identifier) {
			continue
		}
		path := names.Resolve(fn)
		limit, ruff := "", ""
		switch {
		case requestsCall.MatchString(path):
			limit, ruff = "timeout=(5, 60)", "ruff:S113"
		case path == "urllib.request.urlopen":
			if pycall.Argument(call, "", 2).IsNil() {
				limit = "timeout=60"
			}
		case httpxCall.MatchString(path) || path == "aiohttp.ClientSession":
			if value := pycall.Argument(call, "timeout", -1); value.Is(python.None) {
				f := pass.Report(call, "`%s(…)` turns its timeout off", path)
				f.Key = path
				if path != "aiohttp.ClientSession" {
					f.Defer = []string{"ruff:S113"}
				}
			}
			continue
		case path == "" && fn.Is(python.Attribute) && verbs.MatchString(fn.Field(python.AttributeField).Text()):
			if sessionOf(names, fn.Field(python.Object)) {
				limit, path = "timeout=(5, 60)", "Session."+fn.Field(python.AttributeField).Text()
			}
		}
		if limit == "" || !pycall.Argument(call, "timeout", -1).IsNil() || hasSplat(call) {
			continue
		}
		f := pass.Report(call, "`%s(…)` has no timeout: a server that hangs holds the worker for ever", path)
		f.Key = path
		if ruff != "" {
			f.Defer = []string{ruff}
		}
		f.Fix = appendArgument(pass.File, call, limit)
	}
})

var (
	verbs        = regexp.MustCompile(`^(?:get|post|put|patch|delete|head|options|request)$`)
	requestsCall = regexp.MustCompile(`^requests\.(?:api\.)?(?:get|post|put|patch|delete|head|options|request)$`)
	httpxCall    = regexp.MustCompile(`^httpx\.(?:get|post|put|patch|delete|head|options|request|stream|Client|AsyncClient)$`)
)

func hasSplat(call parsers.Node) bool {
	for a := range call.Field(python.Arguments).NamedChildren() {
		if a.Is(python.DictionarySplat) {
			return true
		}
	}
	return false
}

// sessionOf reports whether an expression is a plain requests.Session: made by this function or this class, with no
// adapter mounted and nothing put in place of its methods.
func sessionOf(names *python.ImportTable, object parsers.Node) bool {
	made := parsers.Node{}
	switch {
	case object.Is(python.Call):
		made = object
	case object.Is(python.Identifier):
		found := names.Lookup(object)
		if len(found) != 1 {
			return false
		}
		made = found[0].Value
		if pattern := found[0].Node.Ancestor(python.AsPattern); made.IsNil() && !pattern.IsNil() && pattern.Field(python.Alias).Contains(found[0].Node) {
			made = pattern.FirstNamed()
		}
	case object.Is(python.Attribute) && object.Field(python.Object).Text() == "self":
		class := object.Ancestor(python.ClassDefinition)
		if class.IsNil() {
			return false
		}
		for a := range class.Descendants() {
			if a.Is(python.Assignment) && a.Field(python.Left).Text() == object.Text() {
				if !made.IsNil() {
					return false
				}
				made = a.Field(python.Right)
			}
		}
	}
	if !made.Is(python.Call) {
		return false
	}
	switch names.Resolve(made.Field(python.Function)) {
	case "requests.Session", "requests.session", "requests.sessions.Session":
		return !object.Is(python.Call) && !adapted(object)
	}
	return false
}

// adapted reports whether the file gives the session an adapter or another request method: both may set a timeout.
func adapted(object parsers.Node) bool {
	name := object.Text()
	text := string(object.Tree().Text)
	return strings.Contains(text, name+".mount(") && !strings.Contains(text, " HTTPAdapter(") && !strings.Contains(text, "(HTTPAdapter(") ||
		strings.Contains(text, name+".request =") || strings.Contains(text, name+".send =") || strings.Contains(text, name+".get =")
}

// appendArgument adds a keyword argument at the end of a call.
func appendArgument(f *parsers.File, call parsers.Node, text string) *rules.Fix {
	list := call.Field(python.Arguments)
	last, end := parsers.Node{}, parsers.Node{}
	for c := range list.Children() {
		if c.Is(python.Comment) {
			return nil
		}
		if c.Named() || c.Text() == "," {
			last = c
		}
		end = c
	}
	if end.Text() != ")" || !list.Is(python.ArgumentList) {
		return nil
	}
	at := end.Start()
	switch {
	case last.IsNil():
	case last.Text() == ",":
		at, text = last.End(), " "+text
		if last.EndRow() != end.Row() {
			text += ","
		}
	default:
		at, text = last.End(), ", "+text
	}
	span := f.Span(at, at)
	return &rules.Fix{Title: "add `" + strings.Trim(text, ", ") + "`", Unsafe: true, Edits: []rules.Edit{{
		Path: f.Path, Start: span.Start.Byte, End: span.Start.Byte, Text: text,
	}}}
}
