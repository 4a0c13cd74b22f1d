package code

import (
	"fmt"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// LostExceptionContext reports handlers on the path of a pipeline that keep the text of an error and lose its cause or its
// traceback: one finding a handler.
var LostExceptionContext = rules.Python(rules.Rule{
	Name:     "lost-exception-context",
	Severity: rules.Medium,
	Class:    rules.Reliability,
	OnPath:   true,
	Topic:    "best-practices/code-quality",
	Sentence: "Implement comprehensive monitoring with metrics, logs, and traces",
}, func(pass *rules.Pass, _ *python.Tree) {
	f := pass.File
	if pass.Role != graph.RoleSource || f.Tree.Grammar != python.Grammar {
		return
	}
	for h := range python.Handlers(f) {
		if !h.Suppress && !h.ImportFallback(f) {
			lostContext(pass, h)
		}
	}
})

func lostContext(pass *rules.Pass, h python.Handler) {
	f, alias := pass.File, h.Alias()
	if raise := h.RaiseWithoutCause(f); !raise.IsNil() {
		if !python.Waives(f, raise, "B904") {
			raisesAnew(pass, h, raise, alias)
		}
		return
	}
	if raise := h.RaisesItself(); !raise.IsNil() {
		if !python.Waives(f, raise, "TRY201") {
			finding := report(pass, h, raise, "TRY201", fmt.Sprintf("`raise %s` adds a line to the traceback of the error; `raise` keeps it as it is", alias))
			finding.Severity = rules.Low
			finding.Fix = &rules.Fix{Title: "raise the error as it is", Unsafe: true, Edits: []rules.Edit{edit(f, raise.Start(), raise.End(), "raise")}}
		}
		return
	}
	if python.Raises(h.Body) || h.Breadth > python.Unknown && h.Swallows(f) != python.Handles {
		return // the error goes on, or swallowed-exception says it
	}
	if _, isUnit := python.UnitOf(f, h.Node.Ancestor(python.FunctionDefinition)); isUnit {
		if call := h.PrintsTrace(f); !call.IsNil() {
			report(pass, h, call, "", fmt.Sprintf("`%s` writes past the log of the task", python.Brief(call)))
			return
		}
	}
	if h.LogsTrace() {
		return
	}
	if call := h.LogsText(f); !call.IsNil() && !python.Waives(f, call, "TRY400") {
		finding := report(pass, h, call, "TRY400", fmt.Sprintf("`%s` keeps the text of `%s` and loses its traceback", python.Brief(call.Field(python.Function)), alias))
		if method := call.Field(python.Function).Field(python.AttributeField); method.Text() == "error" {
			finding.Fix = &rules.Fix{Title: "log with the traceback", Unsafe: true, Edits: []rules.Edit{edit(f, method.Start(), method.End(), "exception")}}
		}
	}
}

// raisesAnew reports a new error that doesn't name the one that it stands for.
func raisesAnew(pass *rules.Pass, h python.Handler, raise parsers.Node, alias string) {
	f := pass.File
	name := raise.FirstNamed()
	for name.Is(python.Call) {
		name = name.Field(python.Function)
	}
	from := alias
	if from == "" {
		from = "the error"
	}
	finding := report(pass, h, raise, "B904", fmt.Sprintf("`raise %s` doesn't say that %s caused it", name.Text(), quoteName(from, alias)))
	finding.Severity = rules.Low // Python itself still shows both where nothing catches the new one
	if alias != "" {
		finding.Fix = &rules.Fix{Title: "raise from `" + alias + "`", Unsafe: true, Edits: []rules.Edit{edit(f, raise.End(), raise.End(), " from "+alias)}}
	}
}

func quoteName(text, alias string) string {
	if alias == "" {
		return text
	}
	return "`" + text + "`"
}

func report(pass *rules.Pass, h python.Handler, at parsers.Node, code, message string) *rules.Finding {
	f := pass.File
	finding := pass.Report(firstLine(f, at), "%s", message)
	finding.Key = strings.Join(strings.Fields(string(f.Text[h.Node.Start():headerEnd(f, h)])), " ")
	if code != "" && !python.Blanket(f, at) {
		finding.Defer = []string{"ruff:" + code}
	}
	return finding
}

// edit replaces what stands from one offset to another in the text that rules see.
func edit(f *parsers.File, from, to int, text string) rules.Edit {
	span := f.Span(from, to)
	return rules.Edit{Path: f.Path, Start: span.Start.Byte, End: span.End.Byte, Text: text}
}
