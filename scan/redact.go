package scan

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"delint/parsers"
	"delint/rules"
)

// redactor hides the secrets of a run in everything that leaves it: lines of source, messages, names. Their text stays in
// memory for as long as the run's result does and goes nowhere else.
type redactor struct {
	root   string
	spans  map[string][]rules.SecretSpan
	byPath map[string][]string
	texts  []string // of at least window bytes, longest first
	// read decodes a file again; nil where it can't be read.
	read func(path string) *parsers.Source

	mu    sync.Mutex
	last  *parsers.Source // of lines; one file is asked for again and again
	lastP string
}

// window is how many consecutive bytes of a secret must not be shown.
const window = 6

func newRedactor(root string, limits parsers.Limits, outcomes []*outcome, overlay map[string][]byte) *redactor {
	r := &redactor{root: root, spans: map[string][]rules.SecretSpan{}, byPath: map[string][]string{}}
	r.read = func(p string) *parsers.Source {
		raw, ok := overlay[p]
		if !ok {
			var err error
			if raw, err = readBelow(root, p, limits.SecretBytes); err != nil {
				return nil
			}
		}
		source, _ := parsers.Decode(p, raw)
		return source
	}
	seen := map[string]bool{}
	for _, o := range outcomes {
		if len(o.Secrets) == 0 {
			continue
		}
		r.spans[o.Path], r.byPath[o.Path] = o.Secrets, o.secretTexts
		for _, s := range o.secretTexts {
			if len(s) >= window && !seen[s] {
				seen[s] = true
				r.texts = append(r.texts, s)
			}
		}
	}
	slices.SortFunc(r.texts, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return r
}

// readBelow reads a regular file below the root, following no link.
func readBelow(root, p string, most int) ([]byte, error) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	name := filepath.FromSlash(p)
	info, err := dir.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || most > 0 && info.Size() > int64(most) {
		return nil, os.ErrInvalid
	}
	return dir.ReadFile(name)
}

// raw is a file as it was read, secrets included: for comparisons only, never for output.
func (r *redactor) raw(p string) []byte {
	if s := r.read(p); s != nil {
		return s.Raw
	}
	return nil
}

// source decodes a file again; the last one is kept, because lines are asked for one after another.
func (r *redactor) source(p string) *parsers.Source {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lastP != p || r.last == nil {
		r.last, r.lastP = r.read(p), p
	}
	return r.last
}

// line is line n of a file (from 1) with its secrets hidden, and a map from a byte of the line as it is to one of what is
// shown. A line inside a secret of many lines has nothing left.
func (r *redactor) line(source *parsers.Source, n int) (shown []byte, at func(int) int) {
	text := source.Line(n)
	start := source.LineStart(n)
	end := start + len(text)
	type cut struct{ from, to, shown int } // bytes [from, to) of the line; shown is where what replaces them ends
	var cuts []cut
	last := start
	spans := r.spans[source.Path]
	first := sort.Search(len(spans), func(i int) bool { return spans[i].End > start })
	for _, s := range spans[first:] {
		if s.Start >= end {
			break
		}
		from, to := max(s.Start, last), min(s.End, end)
		if from >= to {
			continue
		}
		shown = append(shown, source.Raw[last:from]...)
		shown = append(shown, "‹redacted:"+s.Label+"›"...)
		cuts = append(cuts, cut{from - start, to - start, len(shown)})
		last = to
	}
	shown = append(shown, source.Raw[last:end]...)
	hidden := r.text(string(shown))
	at = func(b int) int {
		shift := 0
		for _, c := range cuts {
			switch {
			case b < c.from:
				return min(b+shift, len(hidden))
			case b < c.to:
				return min(c.shown, len(hidden))
			}
			shift = c.shown - c.to
		}
		return min(b+shift, len(hidden))
	}
	return []byte(hidden), at
}

// file is the text of a file with its secrets hidden line by line; nil where it can't be read.
func (r *redactor) file(p string) []byte {
	source := r.source(p)
	if source == nil {
		return nil
	}
	if len(r.spans[p]) == 0 && len(r.texts) == 0 {
		return source.Raw
	}
	out := make([]byte, 0, len(source.Raw))
	for n := 1; n <= source.LineCount(); n++ {
		line, _ := r.line(source, n)
		out = append(append(out, line...), '\n')
	}
	return out
}

// columns maps a column of a file's line (code points, from 1) to the column in the line as it is shown (code points), and to
// those of the line as it is in UTF-16 units and in UTF-8 bytes, all from 1.
func (r *redactor) columns(p string, n, column int) (shown, utf16, bytesAt int) {
	source := r.source(p)
	if source == nil {
		return column, column, column
	}
	text := source.Line(n)
	if n == 1 {
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
	}
	at, units := 0, 0
	for i := 1; i < column && at < len(text); i++ {
		c, size := utf8.DecodeRune(text[at:])
		at += size
		units++
		if c >= 0x10000 {
			units++
		}
	}
	line, position := r.line(source, n)
	return utf8.RuneCount(line[:min(position(at), len(line))]) + 1, units + 1, at + 1
}

// text hides every secret of the run in a text that may quote any file.
func (r *redactor) text(s string) string {
	for _, secret := range r.texts {
		if strings.Contains(s, secret) {
			s = hideWhole(s, secret)
		}
	}
	return s
}

// textOf hides the secrets of one file in a text about that file, and every piece of them that is long enough to tell: a
// message may quote the beginning of a literal.
func (r *redactor) textOf(p, s string) string {
	s = r.text(s)
	for _, secret := range r.byPath[p] {
		s = hide(s, secret)
	}
	return s
}

// hide replaces in s every run of bytes that shares window or more consecutive bytes with the secret. A secret that is one
// ordinary word is replaced only where it stands alone: a file whose password is its product's name still has readable names.
func hide(s, secret string) string {
	if word.MatchString(secret) {
		return hideWord(s, secret)
	}
	for i := 0; i+window <= len(s); {
		at := strings.Index(secret, s[i:i+window])
		if at < 0 {
			i++
			continue
		}
		n := window
		for at+n < len(secret) && i+n < len(s) && secret[at+n] == s[i+n] {
			n++
		}
		s = s[:i] + "‹redacted›" + s[i+n:]
		i += len("‹redacted›")
	}
	return s
}

var word = regexp.MustCompile(`^(?:[a-z]{1,12}|[A-Z][a-z]{1,11})$`)

// hideWhole replaces the whole secret, wherever it stands.
func hideWhole(s, secret string) string {
	if word.MatchString(secret) {
		return hideWord(s, secret)
	}
	return strings.ReplaceAll(s, secret, "‹redacted›")
}

// hideWord replaces a word where no character of a name touches it.
func hideWord(s, secret string) string {
	for i := 0; ; {
		at := strings.Index(s[i:], secret)
		if at < 0 {
			return s
		}
		from, to := i+at, i+at+len(secret)
		if from > 0 && nameByte(s[from-1]) || to < len(s) && nameByte(s[to]) {
			i = to
			continue
		}
		s = s[:from] + "‹redacted›" + s[to:]
		i = from + len("‹redacted›")
	}
}

func nameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// hiddenIn hides the secrets of one file in a text that was cut out of it, given with where it stood in the file's Raw.
func hiddenIn(f *parsers.File) func(text string, start, end int) string {
	spans := rules.Secrets(f)
	var texts []string
	for _, s := range spans {
		texts = append(texts, string(f.Raw[s.Start:s.End]))
	}
	return func(text string, start, end int) string {
		if slices.ContainsFunc(spans, func(s rules.SecretSpan) bool { return s.Start < end && start < s.End }) {
			return "‹redacted›"
		}
		for _, t := range texts {
			text = hide(text, t)
		}
		return text
	}
}
