package scan

import (
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"

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

func newRedactor(root string, limits parsers.Limits, outcomes []*outcome, stdin string, text []byte) *redactor {
	r := &redactor{root: root, spans: map[string][]rules.SecretSpan{}, byPath: map[string][]string{}}
	r.read = func(p string) *parsers.Source {
		raw := text
		if p != stdin || stdin == "" {
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

// line is line n of a file (from 1) with its secrets hidden.
func (r *redactor) line(p string, n int) []byte {
	r.mu.Lock()
	if r.lastP != p || r.last == nil {
		r.last, r.lastP = r.read(p), p
	}
	source := r.last
	r.mu.Unlock()
	if source == nil {
		return nil
	}
	text := source.Line(n)
	if len(text) == 0 {
		return nil
	}
	start := source.LineStart(n)
	var out []byte
	at := start
	spans := r.spans[p]
	first := sort.Search(len(spans), func(i int) bool { return spans[i].End > start })
	for _, s := range spans[first:] {
		if s.Start >= start+len(text) {
			break
		}
		from, to := max(s.Start, at), min(s.End, start+len(text))
		if from >= to {
			continue
		}
		out = append(out, source.Raw[at:from]...)
		out = append(out, "‹redacted:"+s.Label+"›"...)
		at = to
	}
	out = append(out, source.Raw[at:start+len(text)]...)
	return []byte(r.text(string(out)))
}

// text hides every secret of the run in a text that may quote any file.
func (r *redactor) text(s string) string {
	for _, secret := range r.texts {
		if strings.Contains(s, secret) {
			s = strings.ReplaceAll(s, secret, "‹redacted›")
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

// hide replaces in s every run of bytes that shares window or more consecutive bytes with the secret.
func hide(s, secret string) string {
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

// hiddenIn reports whether a range of a file's Raw touches a secret of the file.
func hiddenIn(f *parsers.File) func(start, end int) bool {
	spans := rules.Secrets(f)
	return func(start, end int) bool {
		return slices.ContainsFunc(spans, func(s rules.SecretSpan) bool { return s.Start < end && start < s.End })
	}
}
