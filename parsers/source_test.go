package parsers

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPositionInLongLines(t *testing.T) {
	for _, unit := range []string{"abc", "aé€😀", "\xff\xe2a", "a\n" + strings.Repeat("é", 5000)} {
		for _, head := range []string{"", "\ufeff", "x\n"} {
			raw := []byte(head + strings.Repeat(unit, 20_000/len(unit)+3))
			s := NewSource("a.sql", raw)
			for at := 0; at <= len(raw); at += 37 {
				start := bytes.LastIndexByte(raw[:at], '\n') + 1
				line := raw[start:at]
				if start == 0 {
					line = bytes.TrimPrefix(line, []byte("\ufeff"))
				}
				if got, want := s.Position(at).Column, utf8.RuneCount(line)+1; got != want {
					t.Fatalf("%.8q at %d: column %d, want %d", unit, at, got, want)
				}
			}
		}
	}
}
