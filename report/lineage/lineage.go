package lineage

import (
	"fmt"
	"io"
	"strings"
)

// Style says how a document is written.
type Style struct {
	// Columns shows columns where the format can.
	Columns bool
	// Expand draws every dataset, however many there are.
	Expand bool
	// Run makes OpenLineage write a completed run of every job instead of the job itself.
	Run bool
	// Namespace is OpenLineage's; delint://PROJECT if empty.
	Namespace string
	// EventTime stands in OpenLineage's events, which must have one; the beginning of 1970 if empty.
	EventTime string
	// Width is the columns of the terminal; 0 if unknown.
	Width int
}

// Writer writes a document in one format.
type Writer func(io.Writer, *Document, Style) error

var writers = []struct {
	name  string
	write Writer
}{
	{"text", Text},
	{"json", JSON},
	{"mermaid", Mermaid},
	{"d2", D2},
	{"openlineage", OpenLineage},
	{"erd", ERD},
}

// Formats is the names of the formats.
func Formats() []string {
	var out []string
	for _, w := range writers {
		out = append(out, w.name)
	}
	return out
}

// Format finds the writer of a format.
func Format(name string) (Writer, error) {
	for _, w := range writers {
		if w.name == name {
			return w.write, nil
		}
	}
	return nil, fmt.Errorf("unknown format %q; it is one of %s", name, strings.Join(Formats(), ", "))
}
