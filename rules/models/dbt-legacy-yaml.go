package models

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/dbt"
	"delint/rules"
)

// DbtLegacyYaml reports YAML of dbt projects that the current JSON schemas don't allow: warnings in dbt 1.10 and later, errors in
// 2.0. It says each fault once a file, and nothing of projects that are pinned to releases that knew no other words.
var DbtLegacyYaml = rules.Repository(rules.Rule{
	Name:     "dbt-legacy-yaml",
	Severity: rules.Low,
	Topic:    "best-practices/code-quality",
	Sentence: "Don't recommend outdated technologies without explicit user request",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, p := range dbt.Read(g) {
		least, most := supported(p.Values["require-dbt-version"])
		for _, f := range g.Files {
			if !p.Owns(f.Path) || outsideProduction(g, f.Path) {
				continue
			}
			for i := range f.Datasets {
				if d := &f.Datasets[i]; d.Tool == "dbt" && d.Kind == "legacy" {
					byFault(pass, d.Notes, least, most)
				}
			}
		}
	}
})

// since is the release of dbt 1.x in which the new words came.
var since = map[string]int{"tests": 8, "moved": 10, "custom": 10, "arguments": 10, "duplicate": 0, "paths": 0, "plus": 0}

// byFault reports each kind of fault of a file once, at its first place.
func byFault(pass *rules.Pass, notes []graph.Note, least, most int) {
	groups := map[string][]graph.Note{}
	var order []string
	for _, n := range notes {
		key := n.Values["what"]
		if key == "moved" || key == "custom" || key == "duplicate" {
			key += " " + n.Text
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], n)
	}
	for _, key := range order {
		group := groups[key]
		n := group[0]
		what := n.Values["what"]
		if most < since[what] {
			continue
		}
		f := pass.ReportAt(n.Span, "%s", legacyMessage(n, len(group)))
		f.Key = key
		if what == "duplicate" {
			f.Severity = rules.Medium
		}
		if n.Values["to"] == "" {
			continue
		}
		f.Fix = &rules.Fix{Title: "rename `" + n.Text + "` to `" + n.Values["to"] + "`", Unsafe: least < since[what]}
		for _, each := range group {
			text := each.Values["to"]
			f.Fix.Edits = append(f.Fix.Edits, rules.Edit{Path: each.Span.Path, Start: each.Span.End.Byte - len(each.Text), End: each.Span.End.Byte, Text: text})
			if each.Span.End.Byte-each.Span.Start.Byte != len(each.Text) { // quoted
				f.Fix = nil
				break
			}
		}
		if what == "plus" && f.Fix != nil {
			f.Fix.Title = "put a plus before the settings"
		}
	}
}

func legacyMessage(n graph.Note, count int) string {
	more := ""
	if count > 1 {
		more = fmt.Sprintf(" (%d times in this file)", count)
	}
	switch n.Values["what"] {
	case "tests":
		return "`tests` is `data_tests` since dbt 1.8" + more
	case "moved":
		return fmt.Sprintf("`%s` of %s stands under `config` now%s", n.Text, article(n.Values["of"]), more)
	case "arguments":
		return fmt.Sprintf("`%s` of test `%s` stands under `arguments` now%s", n.Text, n.Values["of"], more)
	case "duplicate":
		return fmt.Sprintf("`%s` stands twice in one %s: the last one wins", n.Text, n.Values["of"])
	case "paths":
		return fmt.Sprintf("`%s` is `%s` since dbt 1.0", n.Text, n.Values["to"])
	case "plus":
		return fmt.Sprintf("setting `%s` has no plus before it%s", n.Text, more)
	}
	if near := n.Values["near"]; near != "" {
		return fmt.Sprintf("`%s` is no key of %s; did you mean `%s`?%s", n.Text, article(n.Values["of"]), near, more)
	}
	return fmt.Sprintf("`%s` is no key of %s: own keys stand under `config: meta`%s", n.Text, article(n.Values["of"]), more)
}

func article(noun string) string {
	if noun == "exposure" {
		return "an " + noun
	}
	return "a " + noun
}

var bound = regexp.MustCompile(`([<>=!~]*)\s*v?(\d+)\.(\d+)`)

// supported is the least and the most release of dbt 1.x that a requirement allows: 0 and 99 where it says nothing.
func supported(requirement string) (least, most int) {
	most = 99
	for _, m := range bound.FindAllStringSubmatch(requirement, -1) {
		major, _ := strconv.Atoi(m[2])
		minor, _ := strconv.Atoi(m[3])
		if major == 0 {
			minor = -1
		}
		if major > 1 {
			minor = 99
		}
		switch {
		case strings.HasPrefix(m[1], ">"):
			least = max(least, minor)
		case m[1] == "<":
			most = min(most, minor-1)
		case m[1] == "<=":
			most = min(most, minor)
		case m[1] == "" || m[1] == "=" || m[1] == "==":
			least, most = minor, minor
		}
	}
	return least, most
}
