package parsers

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	text := []byte("NOW() snow now_x é now, 1now\tNow")
	var got []int
	for i := range Words(text, "now", "nowhere") {
		got = append(got, i)
	}
	if diff := cmp.Diff([]int{0, 11, 20, 30}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzHasWord(f *testing.F) {
	f.Add("select Current_Date")
	f.Add("nowx today_")
	re := regexp.MustCompile(`(?i)\b(?:now|today|current_date)\b`)
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := HasWord([]byte(text), "now", "today", "current_date"), re.MatchString(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	})
}

func TestLineBegins(t *testing.T) {
	f := &File{Source: NewSource("a.yml", []byte("a: 1\n  b: 2\n\n'c': 3\r\n\"d\": 4\n# e\n-f"))}
	for word, want := range map[string]bool{"a": true, "b": false, "c": true, "d\":": true, "d": true, "e": false, "-f": true, "-fg": false} {
		if got := f.LineBegins(word); got != want {
			t.Errorf("%s: %v, want %v", word, got, want)
		}
	}
}
