package report

import (
	"strconv"
	"unicode/utf16"
)

// lineHashes gives, for the wanted lines of a text (from 1), the value that GitHub's upload action computes as
// primaryLocationLineHash: a rolling polynomial hash over the 100 UTF-16 units from the start of the line on that are neither
// space nor tab, and the ordinal of that hash among the lines so far. As there, a lone CR ends a line too.
// The text is the one without secrets, so no secret is ever hashed.
func lineHashes(text []byte, wanted map[int]bool) map[int]string {
	h := lineHasher{wanted: wanted, seen: map[uint64]int{}, out: map[int]string{}, atStart: true, power: 1}
	for range hashWindow {
		h.power *= hashBase
	}
	for _, r := range string(text) {
		if a, b := utf16.EncodeRune(r); r >= 0x10000 {
			h.add(uint64(a))
			h.add(uint64(b))
		} else {
			h.add(uint64(r))
		}
	}
	h.add(0xffff)
	for range hashWindow {
		h.emit()
		h.push(0)
	}
	return h.out
}

const (
	hashBase   = 37
	hashWindow = 100
)

type lineHasher struct {
	wanted map[int]bool
	out    map[int]string
	seen   map[uint64]int

	sum, power  uint64
	units       [hashWindow]uint64
	starts      [hashWindow]int // the line that starts at this unit; 0 if none does
	at          int
	line        int
	atStart, cr bool
}

// add takes one unit of the text.
func (h *lineHasher) add(c uint64) {
	afterCR := h.cr
	h.cr = false
	switch {
	case c == ' ' || c == '\t' || c == '\n' && afterCR:
		return
	case c == '\r':
		c, h.cr = '\n', true
	}
	h.emit()
	if h.atStart {
		h.line++
		h.starts[h.at] = h.line
	}
	h.atStart = c == '\n'
	h.push(c)
}

// emit gives out the line whose start leaves the window next.
func (h *lineHasher) emit() {
	line := h.starts[h.at]
	if line == 0 {
		return
	}
	h.starts[h.at] = 0
	h.seen[h.sum]++
	if h.wanted[line] {
		h.out[line] = strconv.FormatUint(h.sum, 16) + ":" + strconv.Itoa(h.seen[h.sum])
	}
}

func (h *lineHasher) push(c uint64) {
	h.sum = h.sum*hashBase + c - h.power*h.units[h.at]
	h.units[h.at] = c
	h.at = (h.at + 1) % hashWindow
}
