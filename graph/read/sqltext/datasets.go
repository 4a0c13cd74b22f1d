package sqltext

import (
	"strings"

	"delint/graph"
	"delint/parsers"
)

// Datasets is what the statements of a text write. What one of them drops again, or renames, is not what stays.
func Datasets(text, tool string, at func(start, end int) parsers.Span) []graph.DatasetFact {
	return DatasetsOf(Read(text), tool, at)
}

// DatasetsOf is Datasets for statements that were read already.
func DatasetsOf(statements []Statement, tool string, at func(start, end int) parsers.Span) []graph.DatasetFact {
	var out []graph.DatasetFact
	index := map[string]int{}
	for _, st := range statements {
		if st.Mode == "" {
			continue
		}
		key := strings.ToLower(strings.Join(st.Target.Parts, "."))
		i, seen := index[key]
		switch st.Mode {
		case "drop":
			if seen {
				out[i].Transient = "dropped by the same file"
			}
			continue
		case "rename":
			if seen {
				out[i].Transient = "renamed by the same file"
				if j, ok := index[strings.ToLower(strings.Join(st.To.Parts, "."))]; ok {
					out[j].Transient = ""
				}
			}
			continue
		}
		d := graph.DatasetFact{
			Tool: tool, Kind: "table", Parts: st.Target.Parts, Quoted: st.Target.Quoted, Mode: st.Mode, Persisted: !st.Temporary,
			Span: at(st.Target.Start, st.Target.End), Confidence: graph.Exact, Simple: st.Simple,
		}
		if st.View {
			d.Kind = "view"
		}
		for _, r := range st.Reads {
			d.Reads = append(d.Reads, graph.Ref{Tool: "sql", Parts: r.Parts, Span: at(r.Start, r.End)})
		}
		if st.Temporary {
			d.Transient = "temporary"
		} else if seen && out[i].Transient == "temporary" {
			d.Transient = "temporary"
		} else if seen && out[i].Transient == "dropped by the same file" {
			out[i].Transient = "" // dropped and built again
		}
		index[key] = len(out)
		out = append(out, d)
	}
	return out
}
