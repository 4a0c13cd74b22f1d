package security

import (
	"math"
	"strings"
)

// Entropy is the Shannon entropy of a string in bits a byte.
func Entropy(s string) float64 {
	var count [256]int
	for i := range len(s) {
		count[s[i]]++
	}
	h := 0.0
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(s))
			h -= p * math.Log2(p)
		}
	}
	return h
}

// alphabet is the smallest usual alphabet that a value is written in.
type alphabet uint8

const (
	hexadecimal alphabet = iota
	letters32
	alnum36
	letters64
)

// lengths and percentile1 are measured: the entropy that 99 of 100 random strings of that length and alphabet exceed
// (3,000 strings each).
var lengths = [...]int{8, 10, 12, 16, 20, 24, 32, 40, 64, 88, 128}

var percentile1 = [...][len(lengths)]float64{
	hexadecimal: {1.91, 2.17, 2.36, 2.66, 2.90, 3.03, 3.26, 3.40, 3.62, 3.73, 3.81},
	letters32:   {2.16, 2.45, 2.75, 3.08, 3.35, 3.54, 3.82, 4.00, 4.35, 4.54, 4.68},
	alnum36:     {2.16, 2.52, 2.75, 3.16, 3.38, 3.60, 3.90, 4.10, 4.46, 4.66, 4.82},
	letters64:   {2.41, 2.72, 3.02, 3.38, 3.65, 3.92, 4.20, 4.47, 4.92, 5.18, 5.43},
}

// alphabetOf is the smallest alphabet that holds the value.
func alphabetOf(s string) alphabet {
	switch {
	case strings.Trim(s, "0123456789abcdef") == "", strings.Trim(s, "0123456789ABCDEF") == "":
		return hexadecimal
	case strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == "":
		return letters32
	case strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == "", strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "":
		return alnum36
	}
	return letters64
}

// minEntropy is the floor for a random string of n bytes: the measured first percentile, interpolated on n, less 0.1. Below
// the table's shortest length it follows the length.
func minEntropy(n int, a alphabet) float64 {
	table := percentile1[a]
	last := len(lengths) - 1
	switch {
	case n <= lengths[0]:
		return table[0]*math.Log2(float64(max(n, 2)))/math.Log2(float64(lengths[0])) - 0.1
	case n >= lengths[last]:
		return table[last] - 0.1
	}
	i := 1
	for lengths[i] < n {
		i++
	}
	share := float64(n-lengths[i-1]) / float64(lengths[i]-lengths[i-1])
	return table[i-1] + share*(table[i]-table[i-1]) - 0.1
}
