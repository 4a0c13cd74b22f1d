package parsers

import (
	"bytes"
	"path"
	"sync"
	"time"
)

// File is one file of a run: its source, its language and what was read from it.
type File struct {
	*Source
	Language *Language // nil for text that only the secret scan reads
	// Tree is nil where the language has no tree, or the file could not be read.
	Tree *Tree
	// NotAnalysed says why the file could not be read as its language ("template", "timeout" …); empty if it was.
	NotAnalysed string
	// Limits is what Parse may spend.
	Limits Limits

	mu   sync.Mutex
	memo map[any]*memo
}

type memo struct {
	once  sync.Once
	value any
}

// Limits bounds what one file may cost.
type Limits struct {
	ParseBytes  int           // larger files are not parsed; 0 is no limit
	ParseTime   time.Duration // for one parse; 0 is no limit
	SecretBytes int           // larger files are not searched for secrets; 0 is no limit
}

// DefaultLimits is what design.md promises.
var DefaultLimits = Limits{ParseBytes: 4 << 20, ParseTime: 5 * time.Second, SecretBytes: 64 << 20}

// Language is a kind of file that delint can read.
type Language struct {
	Name string
	// Match reports whether a path (relative, with forward slashes) is of the language.
	Match func(path string) bool
	// Parse reads f.Source and sets f.Tree or f.NotAnalysed. It may replace f.Source by one with another Text.
	// nil means that the language has no tree of its own. An error is one of I/O or a limit, never of syntax.
	Parse func(f *File) error
	// Statements counts, of a parsed file, the statements and those that hold something the grammar could not read; nil for
	// languages without statements of their own.
	Statements func(f *File) (all, broken int)
}

// Mentions reports whether the text holds one of the words anywhere: what to ask before anything that costs.
func (f *File) Mentions(words ...string) bool {
	for _, w := range words {
		if bytes.Contains(f.Text, []byte(w)) {
			return true
		}
	}
	return false
}

// LineBegins reports whether a line begins, without indentation, with one of the words, quoted or not.
func (f *File) LineBegins(words ...string) bool {
	for _, at := range Memo(f, unindentedKey{}, f.unindented) {
		line := f.Text[at:]
		if line[0] == '"' || line[0] == '\'' {
			line = line[1:]
		}
		for _, w := range words {
			if len(line) >= len(w) && string(line[:len(w)]) == w {
				return true
			}
		}
	}
	return false
}

type unindentedKey struct{}

// unindented is the offset in Text of every line that begins with neither a blank nor a comment of YAML.
func (f *File) unindented() []int {
	var out []int
	for i := 0; i < len(f.Text); {
		switch f.Text[i] {
		case ' ', '\t', '\r', '\n', '#':
		default:
			out = append(out, i)
		}
		n := bytes.IndexByte(f.Text[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
	}
	return out
}

// Extensions makes a Match for file extensions given without their dots, in lower case.
func Extensions(ext ...string) func(string) bool {
	return func(p string) bool {
		e := path.Ext(p)
		for _, x := range ext {
			if len(e) == len(x)+1 && equalFold(e[1:], x) {
				return true
			}
		}
		return false
	}
}

func equalFold(a, lower string) bool {
	for i := range len(lower) {
		c := a[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// Memo computes a value once per file and key, whoever asks first: the bound SQL, the YAML documents, the scopes.
// Keys are unexported types of the package that computes, as with context keys.
func Memo[T any](f *File, key any, compute func() T) T {
	f.mu.Lock()
	if f.memo == nil {
		f.memo = map[any]*memo{}
	}
	m := f.memo[key]
	if m == nil {
		m = &memo{}
		f.memo[key] = m
	}
	f.mu.Unlock()
	m.once.Do(func() { m.value = compute() })
	v, _ := m.value.(T)
	return v
}
