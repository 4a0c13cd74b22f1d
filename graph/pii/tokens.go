package pii

import (
	"strings"
	"unicode"
)

// Tokens splits a name into its words, in lower case: at everything that is no letter or digit, where the case changes, and
// between letters and digits. IPAddress is ip, address; email2 is email, 2.
func Tokens(name string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		if n := len(word); n > 0 {
			last := word[n-1]
			switch {
			case unicode.IsDigit(r) != unicode.IsDigit(last):
				flush()
			case unicode.IsUpper(r) && unicode.IsLower(last):
				flush()
			case unicode.IsUpper(r) && unicode.IsUpper(last) && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
				flush()
			}
		}
		word = append(word, r)
	}
	flush()
	return out
}
