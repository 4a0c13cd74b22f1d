package python

import (
	"bytes"
	"regexp"
	"strings"

	"delint/parsers"
)

// directive is the part of a comment that speaks to a tool.
var directive = regexp.MustCompile(`(?i)(?:ruff|flake8)?\s*:?\s*noqa\b(?:\s*:\s*[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)?|` +
	`\b(?:type|pyright|mypy|ruff|delint|lint)\s*:\s*(?:file-)?ignore(?:\[[^\]]*\])?|` +
	`\bpylint\s*:\s*(?:disable|enable)[\w-]*(?:\s*=\s*[\w-]+(?:\s*,\s*[\w-]+)*)?|` +
	`\bpragma\s*:?\s*no\s*(?:cover|branch)|\bnosec\b(?:\s*:?\s*B\d+(?:[\s,]+B\d+)*)?|\bnosem(?:grep)?\b(?:\s*:\s*\S+)?|` +
	`\b(?:fmt|isort|yapf)\s*:\s*\w+|\bsourcery skip\b.*|\bNOSONAR\b|\bnoinspection\b.*`)

var word = regexp.MustCompile(`\pL[\pL\pN'’_-]*`)

// reasonWords is how many words make a comment a reason.
const reasonWords = 3

// Reason is the comment that says why a handler does nothing: one of at least three words, directives to tools not counted,
// in the handler, on its except line, or on the lines right above that with the indentation of the except; of suppress on
// the lines of its with, or alone on the line above. Empty if none.
func (h Handler) Reason(f *parsers.File) string {
	to := h.Node.End()
	from := h.Node.Start()
	if h.Suppress {
		with := h.statement()
		from, to = lineBefore(f.Text, with.Start()), with.Start()
		for c := range with.Children() {
			if c.Is(Block) {
				break
			}
			to = c.End()
		}
	}
	var parts []string
	if !h.Suppress {
		parts = append(aboveStatement(h.statement()), h.commentsAbove()...)
	}
	for _, c := range Comments(f, from, to) {
		if h.Suppress && c.Start() < h.statement().Start() && !alone(f.Text, c) {
			continue
		}
		if text := prose(c); text != "" {
			parts = append(parts, text)
		}
	}
	text := strings.Join(parts, " ")
	if len(word.FindAllString(text, reasonWords)) < reasonWords {
		return ""
	}
	return clipTo(text, 80)
}

// prose is what a comment says to people.
func prose(c parsers.Node) string {
	return strings.TrimSpace(strings.TrimLeft(directive.ReplaceAllString(c.Text(), ""), "#!: \t"))
}

// aboveStatement is the comments on the lines right above a short try, alone and in its column: they speak of what it does.
func aboveStatement(try parsers.Node) []string {
	if !try.Is(TryStatement) || len(Statements(try.Field(Body))) > 2 {
		return nil
	}
	var comments []parsers.Node
	for c := range try.Parent().Children() {
		if c == try {
			break
		}
		if c.Is(Comment) {
			comments = append(comments, c)
		} else {
			comments = comments[:0]
		}
	}
	var parts []string
	row := try.Row()
	for i := len(comments) - 1; i >= 0 && comments[i].Row() == row-1; i-- {
		parts, row = append([]string{prose(comments[i])}, parts...), row-1
	}
	return parts
}

// commentsAbove is the comments on the lines right above an except clause, if they begin in its column.
func (h Handler) commentsAbove() []string {
	var parts []string
	text := h.Node.Tree().Text
	column := func(n parsers.Node) int { return n.Start() - 1 - bytes.LastIndexByte(text[:n.Start()], '\n') }
	var comments []parsers.Node
	for c := range h.Node.Parent().Children() {
		if c == h.Node {
			break
		}
		for _, d := range []parsers.Node{c, c.Child(Block)} {
			for e := range d.Children() {
				if e.Is(Comment) {
					comments = append(comments, e)
				}
			}
		}
		if c.Is(Comment) {
			comments = append(comments, c)
		}
	}
	row := h.Node.Row()
	for i := len(comments) - 1; i >= 0 && comments[i].Row() == row-1 && column(comments[i]) == column(h.Node) && alone(text, comments[i]); i-- {
		parts, row = append([]string{prose(comments[i])}, parts...), row-1
	}
	return parts
}

// lineBefore is the start of the line above the one of byte at.
func lineBefore(text []byte, at int) int {
	breaks := 0
	for i := at - 1; i >= 0; i-- {
		if text[i] == '\n' {
			if breaks++; breaks == 2 {
				return i + 1
			}
		}
	}
	return 0
}

// alone reports whether nothing but blanks stands before a comment on its line.
func alone(text []byte, comment parsers.Node) bool {
	for i := comment.Start() - 1; i >= 0 && text[i] != '\n'; i-- {
		if text[i] != ' ' && text[i] != '\t' {
			return false
		}
	}
	return true
}
