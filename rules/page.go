package rules

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// Page is a rule's page: what it flags, why, what to do, and the examples that are its tests.
type Page struct {
	Title   string
	Summary string // the first paragraph: what it flags
	Text    string // the whole page as written
	// Sections are the parts under second-level headings, in order.
	Sections []Section
}

// Section is one second-level part of a page.
type Section struct {
	Title  string
	Line   int // of its heading, from 1
	Text   string
	Blocks []Block
}

// Block is one fenced block. In Bad, Good and Traps it is a file of a tiny repository.
type Block struct {
	Language string
	Path     string // from the info string; empty for the language's default
	Line     int    // of its first line of text, from 1
	Text     string
	// Before says that the block is a file of the revision that the run compares with: "sql models/a.sql before".
	Before bool
}

// pages holds, by folder, the embedded pages. It is written only while packages initialise.
var pages = map[string]fs.FS{}

// Pages makes the pages of a rule folder known: its pages.go calls it with what it embeds.
func Pages(files fs.FS) fs.FS {
	_, file, _, _ := runtime.Caller(1)
	pages[filepath.Base(filepath.Dir(file))] = files
	return files
}

// page reads a rule's page; nil if there is none.
func page(standard, name string) *Page {
	files := pages[standard]
	if files == nil {
		return nil
	}
	text, err := fs.ReadFile(files, name+".md")
	if err != nil {
		return nil
	}
	return ParsePage(text)
}

// PageFile reads a file beside a built-in rule's page: NAME.txtar, the traps of many files. Empty if there is none.
func PageFile(standard, name string) []byte {
	if pages[standard] == nil {
		return nil
	}
	text, _ := fs.ReadFile(pages[standard], path.Clean(name))
	return text
}

// ParsePage reads a page. It never fails: what is missing is empty, and the test of the pages says so.
func ParsePage(text []byte) *Page {
	p := &Page{Text: string(text)}
	var section *Section
	var block *Block
	var fence string
	var paragraph []string
	for i, line := range strings.Split(string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))), "\n") {
		if block != nil {
			if strings.TrimSpace(line) == fence {
				if section != nil {
					section.Blocks = append(section.Blocks, *block)
				}
				block = nil
			} else {
				block.Text += line + "\n"
			}
		} else if f := fenceOf(line); f != "" {
			fence = f
			info := strings.Fields(strings.TrimSpace(line)[len(f):])
			block = &Block{Line: i + 2}
			if len(info) > 0 {
				block.Language = info[0]
			}
			if len(info) > 1 {
				block.Path = info[1]
			}
			block.Before = len(info) > 2 && info[2] == "before"
		} else if title, ok := strings.CutPrefix(line, "# "); ok && p.Title == "" {
			p.Title = title
			continue
		} else if title, ok := strings.CutPrefix(line, "## "); ok {
			p.Sections = append(p.Sections, Section{Title: title, Line: i + 1})
			section = &p.Sections[len(p.Sections)-1]
			continue
		}
		if section != nil {
			section.Text += line + "\n"
		} else if p.Title != "" && p.Summary == "" {
			if line != "" {
				paragraph = append(paragraph, line)
			} else if len(paragraph) > 0 {
				p.Summary = strings.Join(paragraph, " ")
			}
		}
	}
	if p.Summary == "" {
		p.Summary = strings.Join(paragraph, " ")
	}
	for i := range p.Sections {
		p.Sections[i].Text = strings.TrimSpace(p.Sections[i].Text)
	}
	return p
}

func fenceOf(line string) string {
	line = strings.TrimSpace(line)
	n := len(line) - len(strings.TrimLeft(line, "`"))
	if n < 3 {
		return ""
	}
	return line[:n]
}

// Section is the part of that title; empty if there is none.
func (p *Page) Section(title string) Section {
	if p != nil {
		for _, s := range p.Sections {
			if s.Title == title {
				return s
			}
		}
	}
	return Section{}
}

// Why is the page's rationale.
func (p *Page) Why() string { return p.Section("Why").Text }

// Recommendation is what to do.
func (p *Page) Recommendation() string { return p.Section("Recommendation").Text }

// Shown is the page as a person sees it: without Traps unless all is asked for, and without the marks of the tests.
func (p *Page) Shown(all bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", p.Title, p.Summary)
	for _, s := range p.Sections {
		if s.Title == "Traps" && !all {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n%s\n", s.Title, StripWants(s.Text))
	}
	return b.String()
}
