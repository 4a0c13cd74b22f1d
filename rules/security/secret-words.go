package security

import (
	_ "embed" // secret-words.txt
	"strings"
	"sync"
)

// wordList is English and the words of data platforms: those that at least nine packages of the Go distribution use in their
// documentation, and names of services and roles.
//
//go:embed secret-words.txt
var wordList string

var knownWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(wordList) {
		words[w] = true
	}
	return words
})

// placeholderWords say outright that a value is none.
var placeholderWords = wordSet(`example examples sample samples dummy fake test tests testing tester changeme change replace your my mine insert todo
	redacted masked placeholder secret secrets password passwd passw pass pwd none null undefined xxx xxxx foo bar baz qux default notreal mock mocked
	here some value values token key apikey dont not real fixme tbd invalid wrong enter put this the user username admin root tiger hunter
	letmein qwerty welcome supersecret demo temp tmp random string hidden hide dev local localhost abc abcd abcde abcdef asdf asdfgh api
	access auth super strong secure very long me it in set set use new old mypassword pw db database a an to of is for service app
	prod production staging client credential credentials lorem ipsum unused ignored empty no nope anything something whatever blah`)

func wordSet(list string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(list) {
		words[w] = true
	}
	return words
}

// letterRuns are the runs of letters of a string, lower-case, split where camelCase begins a word.
func letterRuns(s string) []string {
	var out []string
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, strings.ToLower(s[start:end]))
			start = -1
		}
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case 'A' <= c && c <= 'Z':
			upperBefore := i > 0 && 'A' <= s[i-1] && s[i-1] <= 'Z'
			lowerAfter := i+1 < len(s) && 'a' <= s[i+1] && s[i+1] <= 'z'
			if !upperBefore || lowerAfter {
				flush(i)
			}
			if start < 0 {
				start = i
			}
		case 'a' <= c && c <= 'z':
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
	}
	flush(len(s))
	return out
}

// share is which part of a value's letters stands in words of the list. Whole runs count from three letters on, words inside
// longer runs from inner letters on, so that three letters inside a random token hide nothing.
func share(s string, words map[string]bool, inner int) float64 {
	letters, covered := 0, 0
	for _, run := range letterRuns(s) {
		letters += len(run)
		if len(run) > 2 && words[run] {
			covered += len(run)
			continue
		}
		covered += coverage(run, words, inner)
	}
	if letters == 0 {
		return 0
	}
	return float64(covered) / float64(letters)
}

// coverage is the most letters of a run that words of at least inner letters can cover without overlap.
func coverage(run string, words map[string]bool, inner int) int {
	if len(run) > 256 {
		run = run[:256]
	}
	best := make([]int, len(run)+1)
	for end := 1; end <= len(run); end++ {
		best[end] = best[end-1]
		for size := inner; size <= min(end, 14); size++ {
			if got := best[end-size] + size; got > best[end] && words[run[end-size:end]] {
				best[end] = got
			}
		}
	}
	return best[len(run)]
}

// placeholderShare is which part of the letters says that the value is a placeholder.
func placeholderShare(s string) float64 { return share(s, placeholderWords, 4) }

// wordShare is which part of the letters stands in words of a language or of the trade.
func wordShare(s string) float64 { return share(s, knownWords(), 4) }

// unleet undoes the usual substitutions of digits and signs for letters.
var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")
