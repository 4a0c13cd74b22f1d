package report

import (
	"strings"
	"unicode/utf8"
)

const tabWidth = 4

// cell is one character of a line as a terminal shows it.
type cell struct {
	text  string
	width int
}

// cells turns a line into what a terminal shows, one cell a code point: tabs are spaces up to the next stop, what can't be
// seen is a visible escape. It stops after most cells.
func cells(line []byte, most int) []cell {
	var out []cell
	column := 0
	for i := 0; i < len(line) && len(out) < most; {
		r, n := utf8.DecodeRune(line[i:])
		c := cell{string(line[i : i+n]), width(r)}
		switch {
		case r == '\t':
			c.width = tabWidth - column%tabWidth
			c.text = strings.Repeat(" ", c.width)
		case r == utf8.RuneError && n == 1 || hidden(r):
			c.text = visible(c.text)
			c.width = len(c.text)
		}
		out = append(out, c)
		column += c.width
		i += n
	}
	return out
}

// window is the part of a line that is shown, and the caret line under it.
type window struct{ text, carets string }

// cut shows a line within room columns so that the range [start, end) of code points (from 0) is seen, and marks it.
// An end of -1 marks nothing.
func cut(line []byte, start, end, room int) window {
	row := cells(line, max(start, 0)+4*room+1)
	start = max(0, min(start, len(row)))
	from, lead := 0, 0
	for _, c := range row[:start] {
		lead += c.width
	}
	for lead > room*2/3 && from < start { // the mark would stand too far right: leave out the beginning
		lead -= row[from].width
		from++
	}
	var text, carets strings.Builder
	used := 0
	if from > 0 {
		text.WriteString("…")
		carets.WriteString(" ")
		used++
	}
	for i := from; i < len(row); i++ {
		if used+row[i].width > room-1 {
			text.WriteString("…")
			break
		}
		text.WriteString(row[i].text)
		used += row[i].width
		mark := " "
		if i >= start && i < end {
			mark = "^"
		}
		carets.WriteString(strings.Repeat(mark, row[i].width))
	}
	w := window{text: strings.TrimRight(logSafe(text.String()), " "), carets: strings.TrimRight(carets.String(), " ")}
	if end >= 0 && w.carets == "" { // an empty range, or one after the end of the line
		w.carets = strings.Repeat(" ", max(0, lead)) + "^"
	}
	return w
}

// logSafe breaks the beginnings of log commands without changing the width of the text.
func logSafe(s string) string {
	return logCommand.ReplaceAllStringFunc(s, func(m string) string { return m[:len(m)-1] + "(" })
}
