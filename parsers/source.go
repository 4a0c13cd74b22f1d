package parsers

import (
	"bytes"
	"sort"
	"sync"
	"unicode/utf8"
)

// Source is the text of a file in its two forms: Raw, as a person and GitHub see it, and Text, as the parser reads it.
// They are the same slice except in notebooks and other files whose code is embedded.
type Source struct {
	// Path is relative to the root of the run, with forward slashes.
	Path string
	// Raw is the whole file in UTF-8 (decoded first, where the file declares another encoding).
	Raw []byte
	// Text is what the language's parser reads.
	Text []byte
	// toRaw maps an offset in Text to one in Raw; nil where they are equal.
	toRaw []uint32
	// toDisk maps an offset in Raw to a byte of the file on disk; nil where they are equal.
	toDisk []uint32

	once  sync.Once
	lines []uint32

	countOnce sync.Once
	counts    []count
}

// NewSource holds a file whose text is parsed as it stands.
func NewSource(path string, raw []byte) *Source {
	return &Source{Path: path, Raw: raw, Text: raw}
}

// Decoded holds a file that was decoded to UTF-8: toDisk gives, for each byte of raw and its end, the byte of the file.
func Decoded(path string, raw []byte, toDisk []uint32) *Source {
	return &Source{Path: path, Raw: raw, Text: raw, toDisk: toDisk}
}

// Embedded returns the source of code that stands inside s: toRaw gives, for each byte of text and its end, the byte of s.Raw.
func (s *Source) Embedded(text []byte, toRaw []uint32) *Source {
	return &Source{Path: s.Path, Raw: s.Raw, Text: text, toRaw: toRaw, toDisk: s.toDisk, lines: s.lineStarts()}
}

// Offset maps an offset in Text to one in Raw.
func (s *Source) Offset(text int) int {
	if s.toRaw == nil {
		return min(text, len(s.Raw))
	}
	if len(s.toRaw) == 0 {
		return 0
	}
	return int(s.toRaw[min(text, len(s.toRaw)-1)])
}

// Position is a place in a file.
type Position struct {
	Line   int `json:"line"`   // from 1
	Column int `json:"column"` // from 1, in Unicode code points
	Byte   int `json:"byte"`   // from 0, in the file on disk
}

// Span is a range in a file: Start inclusive, End exclusive.
type Span struct {
	Path  string   `json:"path"`
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// IsZero reports whether the span names no place.
func (s Span) IsZero() bool { return s.Path == "" }

// Position is the place of a byte of Raw.
func (s *Source) Position(raw int) Position {
	raw = max(0, min(raw, len(s.Raw)))
	lines := s.lineStarts()
	line := sort.Search(len(lines), func(i int) bool { return int(lines[i]) > raw }) - 1
	start := int(lines[line])
	disk := raw
	if len(s.toDisk) > 0 {
		disk = int(s.toDisk[min(raw, len(s.toDisk)-1)])
	}
	column := 1
	if raw-start > countEvery {
		column += s.codePoints(raw) - s.codePoints(start)
	} else {
		column += utf8.RuneCount(s.Raw[start:raw])
	}
	if line == 0 && bytes.HasPrefix(s.Raw[:raw], []byte("\ufeff")) {
		column--
	}
	return Position{Line: line + 1, Column: column, Byte: disk}
}

// countEvery is how many bytes stand between two counts. In a line of megabytes, counting from its start for every place
// takes the square of its length.
const countEvery = 4096

// count is how many code points stand before an offset of Raw that one begins at.
type count struct{ at, before uint32 }

// codePoints is how many code points stand before an offset of Raw.
func (s *Source) codePoints(raw int) int {
	s.countOnce.Do(func() {
		before := 0
		for i := 0; i < len(s.Raw); before++ {
			if i >= len(s.counts)*countEvery {
				s.counts = append(s.counts, count{uint32(i), uint32(before)})
			}
			if s.Raw[i] < utf8.RuneSelf {
				i++
				continue
			}
			_, size := utf8.DecodeRune(s.Raw[i:])
			i += size
		}
	})
	k := min(raw/countEvery, len(s.counts)-1)
	if int(s.counts[k].at) > raw {
		k--
	}
	c := s.counts[k]
	return int(c.before) + utf8.RuneCount(s.Raw[c.at:raw])
}

// Span is the range of the bytes [start, end) of Text.
func (s *Source) Span(start, end int) Span {
	from := s.Offset(start)
	to := s.Offset(end)
	if end > start && s.toRaw != nil {
		// The byte after an embedded range may stand far away (in the next cell): end after its last byte instead.
		to = max(from, s.Offset(end-1)+1)
		for to < len(s.Raw) && !utf8.RuneStart(s.Raw[to]) {
			to++
		}
	}
	return s.RawSpan(from, to)
}

// RawSpan is the range of the bytes [start, end) of Raw.
func (s *Source) RawSpan(start, end int) Span {
	return Span{Path: s.Path, Start: s.Position(start), End: s.Position(end)}
}

// Line is the text of line n (from 1) of Raw, without its end.
func (s *Source) Line(n int) []byte {
	lines := s.lineStarts()
	if n < 1 || n > len(lines) {
		return nil
	}
	start, end := int(lines[n-1]), len(s.Raw)
	if n < len(lines) {
		end = int(lines[n]) - 1
	}
	return bytes.TrimSuffix(s.Raw[start:end], []byte("\r"))
}

// LineStart is the offset in Raw at which line n (from 1) begins; that of the last line for a larger n.
func (s *Source) LineStart(n int) int {
	lines := s.lineStarts()
	return int(lines[max(0, min(n-1, len(lines)-1))])
}

// LineStarts is the offset in Raw at which each line begins, as token.File.SetLines takes it.
func (s *Source) LineStarts() []int {
	lines := s.lineStarts()
	out := make([]int, len(lines))
	for i, l := range lines {
		out[i] = int(l)
	}
	if n := len(out); n > 1 && out[n-1] == len(s.Raw) {
		out = out[:n-1] // a file's last line break begins no line
	}
	return out
}

// LineCount is the number of lines of Raw; a file that ends with a line break has no empty last one, an empty file has 1.
func (s *Source) LineCount() int {
	n := len(s.lineStarts())
	if n > 1 && len(s.Raw) > 0 && s.Raw[len(s.Raw)-1] == '\n' {
		n--
	}
	return n
}

// lineStarts is the offset in Raw at which each line begins. LF and CRLF end a line; a lone CR does not, as in git.
func (s *Source) lineStarts() []uint32 {
	s.once.Do(func() {
		if s.lines != nil {
			return
		}
		lines := make([]uint32, 1, 1+bytes.Count(s.Raw, []byte{'\n'}))
		for i := 0; ; {
			j := bytes.IndexByte(s.Raw[i:], '\n')
			if j < 0 {
				break
			}
			i += j + 1
			lines = append(lines, uint32(i))
		}
		s.lines = lines
	})
	return s.lines
}
