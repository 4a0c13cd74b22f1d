package rules

import (
	"slices"

	"delint/graph"
)

// Nearest is the word of a list that a misspelt one most likely meant; empty if none is near.
func Nearest(word string, words []string) string {
	best, least := "", len(word)/2+1
	for _, w := range slices.Sorted(slices.Values(words)) {
		if d := graph.EditDistance(word, w, least); d < least {
			best, least = w, d
		}
	}
	return best
}
