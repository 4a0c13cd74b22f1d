package parsers

import "iter"

// Words ranges over the offsets at which one of the words begins in text, whatever its case; no letter, digit or underscore
// stands before it, anything may follow. The words are ASCII in lower case, none empty. An expression anchored at such an
// offset costs what it reads, one that looks for its beginning itself reads all of the text.
func Words(text []byte, words ...string) iter.Seq[int] {
	return func(yield func(int) bool) {
		var first [256]bool
		for _, w := range words {
			first[w[0]] = true
			if c := w[0]; 'a' <= c && c <= 'z' {
				first[c-0x20] = true
			}
		}
		for i, c := range text {
			if !first[c] || i > 0 && wordByte[text[i-1]] {
				continue
			}
			for _, w := range words {
				if begins(text[i:], w) {
					if !yield(i) {
						return
					}
					break
				}
			}
		}
	}
}

// HasWord reports whether one of the words stands in text, whatever its case, as a word of its own.
func HasWord(text []byte, words ...string) bool {
	for i := range Words(text, words...) {
		for _, w := range words {
			if end := i + len(w); begins(text[i:], w) && (end == len(text) || !wordByte[text[end]]) {
				return true
			}
		}
	}
	return false
}

// begins reports whether text begins with a word given in lower case.
func begins(text []byte, lower string) bool {
	if len(text) < len(lower) {
		return false
	}
	for i := range len(lower) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

var wordByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c|0x20 >= 'a' && c|0x20 <= 'z' && c < 0x80 || c >= '0' && c <= '9' || c == '_'
	}
	return t
}()
