package dbt

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/sqltext"
	"delint/parsers"
)

var (
	otherHeader = regexp.MustCompile(`(?i)^\s*(?:MODEL|AUDIT)\s*\(`)
	definition  = regexp.MustCompile(`\{%-?\s*(?:macro|test|materialization)\s`)
)

// model reads an SQL file as what it would be in a dbt project: a model, a snapshot or a singular test. Link knows which.
func model(f *parsers.File, facts *graph.Facts) {
	text := string(f.Text)
	if otherHeader.MatchString(text) || f.Mentions("macro ", "test ", "materialization ") && definition.MatchString(text) {
		return
	}
	fact := graph.DatasetFact{
		Tool: tool, Kind: "model", Parts: []string{strings.TrimSuffix(path.Base(f.Path), ".sql")},
		Span: firstLine(f), Confidence: graph.Exact, Persisted: true, Pending: true, Settings: map[string]string{},
	}
	snapshots := []graph.DatasetFact{}
	for _, c := range sqltext.Calls(text) {
		switch c.Name {
		case "snapshot":
			s := fact
			s.Kind, s.Parts, s.Span = "snapshot", c.Args[:1:1], f.Span(c.Start, c.End)
			s.Settings = map[string]string{}
			s.Reads = nil
			snapshots = append(snapshots, s)
			continue
		case "config":
			to := fact.Settings
			if len(snapshots) > 0 {
				to = snapshots[len(snapshots)-1].Settings
			}
			inline(c, to)
			continue
		}
		r, ok := reference(c, f)
		switch {
		case !ok:
		case len(snapshots) > 0:
			s := &snapshots[len(snapshots)-1]
			s.Reads = append(s.Reads, r)
		default:
			fact.Reads = append(fact.Reads, r)
		}
	}
	if len(snapshots) > 0 {
		facts.Datasets = append(facts.Datasets, snapshots...)
		return
	}
	for _, st := range sqltext.Statements(f) {
		fact.Simple = st.Simple
		for _, n := range st.Reads {
			if graph.Canonical(n.Parts) != nil && len(n.Parts) > 1 {
				fact.Reads = append(fact.Reads, graph.Ref{Tool: "sql", Parts: n.Parts, Span: f.Span(n.Start, n.End)})
			}
		}
	}
	if strings.Contains(f.Path, "test") && alwaysFalse.MatchString(text) { // asked of singular tests only
		fact.Settings["where"] = "1=0"
	}
	facts.Datasets = append(facts.Datasets, fact)
}

var alwaysFalse = regexp.MustCompile(`(?i)\bwhere\s+(?:1\s*=\s*0|0\s*=\s*1|false)\s*(?:;|\)|$|--)`)

func firstLine(f *parsers.File) parsers.Span {
	end := bytes.IndexByte(f.Text, '\n')
	if end < 0 {
		end = len(f.Text)
	}
	return f.Span(0, len(bytes.TrimRight(f.Text[:end], "\r")))
}

func reference(c sqltext.Call, f *parsers.File) (graph.Ref, bool) {
	parts := c.Args
	if c.Name == "ref" && len(parts) == 2 {
		parts = parts[1:] // ref('package', 'model')
	}
	if c.Name == "ref" && len(parts) != 1 || c.Name == "source" && len(parts) != 2 {
		return graph.Ref{}, false
	}
	return graph.Ref{Tool: c.Name, Parts: parts, Span: f.Span(c.Start, c.End)}, true
}

// inline reads the keyword arguments of config(…).
func inline(c sqltext.Call, to map[string]string) {
	for k, v := range c.Keys {
		switch k {
		case "dataset":
			k = "schema"
		case "project", "catalog":
			k = "database"
		case "meta":
			if m := metaLayer.FindStringSubmatch(v); m != nil {
				to["meta.layer"] = m[1]
			}
			continue
		case "contract":
			if strings.Contains(strings.ToLower(v), "true") {
				to["contract"] = "true"
			}
			continue
		}
		to[k] = v
	}
}

var metaLayer = regexp.MustCompile(`['"]layer['"]\s*:\s*['"](\w+)['"]`)

var pythonCall = regexp.MustCompile(`\bdbt\.(ref|source|config)\(`)

// pythonModel reads a model that is a Python function. Its file is a model wherever Link finds it under the model paths.
func pythonModel(f *parsers.File, facts *graph.Facts) {
	if !bytes.Contains(f.Text, []byte("def model(")) {
		return
	}
	fact := graph.DatasetFact{
		Tool: tool, Kind: "model", Parts: []string{strings.TrimSuffix(path.Base(f.Path), ".py")}, Span: firstLine(f),
		Confidence: graph.Exact, Persisted: true, Pending: true, Settings: map[string]string{"materialized": "table"},
	}
	text := string(f.Text)
	for _, m := range pythonCall.FindAllStringSubmatchIndex(text, -1) {
		c := sqltext.Arguments(text, text[m[2]:m[3]], m[0], m[1])
		if c.Name == "config" {
			inline(c, fact.Settings)
		} else if r, ok := reference(c, f); ok {
			fact.Reads = append(fact.Reads, r)
		}
	}
	facts.Datasets = append(facts.Datasets, fact)
}
