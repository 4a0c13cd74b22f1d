// Package documents teaches the graph what the pages of a repository's documentation hold.
package documents

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
)

// Tool reads pages of prose (Markdown, reStructuredText, AsciiDoc), diagrams and machine-readable contracts.
var Tool = graph.Register(graph.Tool{Name: "documents", Extract: extract})

func extract(f *parsers.File, facts *graph.Facts) {
	switch ext := strings.ToLower(path.Ext(f.Path)); ext {
	case ".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc":
		facts.Document = readPage(f, ext)
	default:
		if format := machineFormat(f.Path, ext, f.Raw); format != "" {
			facts.Document = &graph.DocumentFact{Machine: format, Empty: len(bytes.TrimSpace(f.Raw)) == 0}
		}
	}
}

// byExtension are formats that the name of a file decides.
var byExtension = map[string]string{
	".d2": "d2", ".dbml": "dbml", ".mmd": "mermaid", ".mermaid": "mermaid", ".puml": "plantuml", ".plantuml": "plantuml",
	".proto": "proto", ".avsc": "avro", ".graphql": "graphql",
}

// byKey finds the key at the head of a YAML or JSON file that says what contract it is.
var byKey = regexp.MustCompile(`(?m)^\s*"?(openapi|swagger|asyncapi|dataContractSpecification|\$schema)"?\s*:|"?\bkind"?\s*:\s*"?(DataContract)\b`)

// headBytes is how much of a file is searched for what it is.
const headBytes = 4 << 10

// contractFolders are where YAML and JSON files are asked whether they are contracts.
var contractFolders = []string{"docs", "doc", "documentation", "api", "apis", "contracts", "schemas"}

func machineFormat(p, ext string, raw []byte) string {
	if format := byExtension[ext]; format != "" {
		return format
	}
	if ext != ".yaml" && ext != ".yml" && ext != ".json" {
		return ""
	}
	if !slices.ContainsFunc(strings.Split(path.Dir(strings.ToLower(p)), "/"), func(folder string) bool {
		return slices.Contains(contractFolders, folder)
	}) {
		return ""
	}
	m := byKey.FindSubmatch(raw[:min(len(raw), headBytes)])
	switch {
	case m == nil:
		return ""
	case string(m[1]) == "$schema":
		return "json-schema"
	case string(m[1]) == "dataContractSpecification" || len(m[2]) > 0:
		return "odcs"
	case string(m[1]) == "swagger":
		return "openapi"
	}
	return string(m[1])
}
