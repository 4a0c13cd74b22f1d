package greatexpectations

import (
	"encoding/json"
	"strings"

	"delint/graph"
	"delint/parsers"
)

// checkpointTool marks what a checkpoint says of the validation definitions that it runs.
const checkpointTool = tool + " checkpoint"

// checkpoint reads a checkpoint of version 1: which validation definitions it runs, and what it keeps of failing rows.
func checkpoint(f *parsers.File, facts *graph.Facts) {
	var c struct {
		Definitions []struct{ Name string } `json:"validation_definitions"`
		Format      any                     `json:"result_format"`
	}
	if json.Unmarshal(f.Text, &c) != nil {
		return
	}
	format, _ := c.Format.(string)
	if m, ok := c.Format.(map[string]any); ok {
		format, _ = m["result_format"].(string)
	}
	for _, d := range c.Definitions {
		facts.Projects = append(facts.Projects, graph.ProjectFact{
			Tool: checkpointTool, Name: d.Name, Values: map[string]string{"result_format": strings.ToUpper(format)}, Span: f.RawSpan(0, 0),
		})
	}
}

// resultFormats is what is kept of failing rows, by suite: COMPLETE keeps the values of all.
func resultFormats(g *graph.Graph) map[string]string {
	byDefinition, out := map[string]string{}, map[string]string{}
	for _, f := range g.Files {
		for _, p := range f.Projects {
			switch {
			case p.Tool == checkpointTool:
				byDefinition[p.Name] = p.Values["result_format"]
			case p.Tool == tool && p.Values["result_format"] != "":
				out[p.Name] = p.Values["result_format"]
			}
		}
	}
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if format := byDefinition[p.Values["definition"]]; p.Tool == tool && format != "" {
				out[p.Name] = format
			}
		}
	}
	return out
}
