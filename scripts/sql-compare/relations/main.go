// Command relations writes, for every SQL statement of the files named on standard input (a line each: path, tab, dialect in
// sqlglot's spelling, tab, anything), one JSON line: what delint's binder reads and writes, and the statement's text with
// its templates replaced by names, so that a parser without templates can be asked about the same text.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"delint/parsers"
	"delint/parsers/sql"
)

type row struct {
	File, Dialect, Text, Kind string
	Line                      int
	Reads, Writes             []string
	Partial                   bool
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encode := json.NewEncoder(out)
	for in.Scan() {
		fields := strings.Split(in.Text(), "\t")
		file, dialect := fields[0], ""
		if len(fields) > 1 {
			dialect = fields[1]
		}
		f, err := read(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, file, err)
			continue
		}
		for _, s := range sql.Bind(f).Statements {
			r := row{File: file, Dialect: dialect, Text: render(s.Node, true), Kind: string(s.Kind), Line: s.Node.Row() + 1, Partial: s.Partial}
			for _, x := range s.Reads {
				if !x.Indirect {
					r.Reads = append(r.Reads, name(x))
				}
			}
			for _, x := range s.Writes {
				r.Writes = append(r.Writes, name(x.Target))
			}
			if err := encode.Encode(r); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
}

func read(file string) (*sql.Tree, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	f := &parsers.File{Source: parsers.NewSource(file, raw), Limits: parsers.Limits{ParseTime: time.Minute}}
	if err := sql.Parse(f); err != nil {
		return nil, err
	}
	return f.Tree, nil
}

// hole is the name that stands for a template.
func hole(n parsers.Node) string {
	first := n.FirstNamed()
	switch {
	case first.Is(sql.TemplateCall):
		function := strings.TrimPrefix(first.Field(sql.Function).Text(), "builtins.")
		if function != "ref" && function != "source" {
			break
		}
		for d := range first.Field(sql.Arguments).Descendants() {
			if d.Is(sql.TemplateString) {
				function += "_" + strings.Map(letter, strings.Trim(d.Text(), `'"`))
			}
		}
		return strings.ToLower(function)
	case first.Is(sql.TemplateName) && first.Text() == "this":
		return "this_"
	}
	return "hole_"
}

func letter(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
		return r
	}
	return '_'
}

// render is the text of a node with names for its templates. A template that is a clause of a statement gives nothing.
func render(n parsers.Node, statement bool) string {
	if n.Is(sql.Template) {
		return hole(n)
	}
	var b strings.Builder
	pos := n.Start()
	for d := range n.DescendantsSkipping(sql.Template, sql.TemplateTag, sql.TemplateComment) {
		if !d.Is(sql.Template, sql.TemplateTag, sql.TemplateComment) {
			continue
		}
		b.Write(n.Tree().Text[pos:d.Start()])
		pos = d.End()
		word := " "
		if d.Is(sql.Template) {
			word = hole(d)
			if statement && d.Parent() == n && word == "hole_" {
				word = ""
			}
		}
		b.WriteString(word)
	}
	b.Write(n.Tree().Text[pos:n.End()])
	return b.String()
}

func name(r *sql.Relation) string {
	if r.Node.Is(sql.Macro, sql.Parameter) {
		return strings.TrimLeft(strings.ToLower(r.Node.Text()), "@:")
	}
	switch r.Kind {
	case sql.RelationPath:
		if text := r.Node.Text(); strings.HasPrefix(text, "@") && !strings.ContainsAny(text, "/%~") {
			return strings.ToLower(text)
		}
		return "path"
	case sql.RelationRef, sql.RelationSource, sql.RelationThis, sql.RelationHole:
		if r.Node.Is(sql.Template) {
			return hole(r.Node)
		}
		if !r.Node.Is(sql.TemplatedName) {
			return "hole_"
		}
	}
	if r.Node.Is(sql.TemplatedName) {
		return strings.ToLower(strings.NewReplacer("`", "", `"`, "", "[", "", "]", "").Replace(render(r.Node, false)))
	}
	return strings.ToLower(r.Name())
}
