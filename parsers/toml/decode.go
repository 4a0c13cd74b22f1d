package toml

import (
	"errors"

	decoder "github.com/BurntSushi/toml"
)

// ErrDeep says that a text nests deeper than anyone writes. The decoder's time grows with the square of the depth.
var ErrDeep = errors.New("nested too deeply")

// maxNesting bounds inline tables in each other, and the parts of a dotted key.
const maxNesting = 100

// Decode is the decoder's, for a text of a repository that nobody vouches for.
func Decode(text []byte, v any) (decoder.MetaData, error) {
	if deep(text) {
		return decoder.MetaData{}, ErrDeep
	}
	return decoder.Decode(string(text), v)
}

// deep reports whether a text may nest too deeply. It counts without parsing: braces and dots in strings count too.
func deep(text []byte) bool {
	braces, dots := 0, 0
	for _, c := range text {
		switch {
		case c == '.':
			dots++
		case c == '{':
			braces++
			dots = 0
		case c == '}':
			braces = max(0, braces-1)
			dots = 0
		case c == '=' || c == ',' || c == '\n' || c == '[' || c == ']' || c == '/' || c == ':':
			dots = 0
		}
		if braces > maxNesting || dots > maxNesting {
			return true
		}
	}
	return false
}
