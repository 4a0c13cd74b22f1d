package report

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"delint/rules"
)

// source reads lines of the report's files. It keeps the last file, because findings are sorted by file.
type source struct {
	r     *Report
	path  string
	lines [][]byte
}

// load splits a file into its lines, without their ends. As in git, LF and CRLF end a line and a lone CR doesn't.
func (s *source) load(path string) [][]byte {
	if s.r.Text == nil || path == "." {
		return nil
	}
	if s.lines == nil || s.path != path {
		s.path, s.lines = path, nil
		if text := s.r.Text(path); text != nil {
			s.lines = bytes.Split(text, []byte("\n"))
		}
	}
	return s.lines
}

// line is line n (from 1) of a file; nil where there is none.
func (s *source) line(path string, n int) []byte {
	lines := s.load(path)
	if n < 1 || n > len(lines) {
		return nil
	}
	line := bytes.TrimSuffix(lines[n-1], []byte("\r"))
	if n == 1 {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	return line
}

// columns maps a column in code points to the one in the shown line, in UTF-16 units and in bytes.
func (s *source) columns(path string, line, column int) (shown, utf16, utf8Bytes int) {
	column = max(1, column)
	if s.r.Columns != nil && path != "." {
		return s.r.Columns(path, line, column)
	}
	text := s.line(path, line)
	utf16, utf8Bytes = 1, 1
	for i := 1; i < column; i++ {
		if len(text) == 0 {
			return column, utf16 + column - i, utf8Bytes + column - i
		}
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		utf8Bytes += n
		utf16++
		if r >= 0x10000 {
			utf16++
		}
	}
	return column, utf16, utf8Bytes
}

// region is a finding's place on one line: its own end if it ends there, else the line's.
type region struct {
	line, start, end int // columns from 1, end exclusive
}

// utf16Region is the place of a finding in UTF-16 columns, cut to its first line: an annotation is shown only where all
// lines of it were changed.
func (s *source) utf16Region(f *rules.Finding) region {
	p := f.Span
	line := max(1, p.Start.Line)
	_, start, _ := s.columns(p.Path, line, p.Start.Column)
	end := start
	if p.End.Line == p.Start.Line {
		_, end, _ = s.columns(p.Path, line, p.End.Column)
	} else if text := s.line(p.Path, line); text != nil {
		_, end, _ = s.columns(p.Path, line, utf8.RuneCount(text)+1)
	}
	return region{line, start, max(start, end)}
}

// width is how many columns of a terminal a character takes.
func width(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me) || r == '\u200d' || r == '\u200c':
		return 0
	case r >= 0x1100 && unicode.Is(wide, r):
		return 2
	}
	return 1
}

// wide is the East Asian wide and the emoji blocks (UAX 11), in ranges coarse enough to read.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1}, {0x231a, 0x231b, 1}, {0x23e9, 0x23ec, 1}, {0x25fd, 0x25fe, 1}, {0x2614, 0x2615, 1},
		{0x26a1, 0x26a1, 1}, {0x2705, 0x2705, 1}, {0x274c, 0x274c, 1}, {0x2753, 0x2755, 1}, {0x2795, 0x2797, 1},
		{0x2b50, 0x2b50, 1}, {0x2e80, 0x303e, 1}, {0x3041, 0x33ff, 1}, {0x3400, 0x4dbf, 1}, {0x4e00, 0x9fff, 1},
		{0xa000, 0xa4cf, 1}, {0xa960, 0xa97f, 1}, {0xac00, 0xd7a3, 1}, {0xf900, 0xfaff, 1}, {0xfe30, 0xfe6f, 1},
		{0xff00, 0xff60, 1}, {0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{{0x1f300, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1}, {0x1f900, 0x1f9ff, 1}, {0x1fa70, 0x1faff, 1}, {0x20000, 0x3fffd, 1}},
}
