package rules

import "delint/parsers"

// SecretSpan is where a secret stands in a file: bytes of the file's Raw. It holds no text of the secret.
type SecretSpan struct {
	Start, End int
	Label      string // the provider, for ‹redacted:provider›
}

// findSecrets is set by rules/security while packages initialise.
var findSecrets func(*parsers.File) []SecretSpan

// FindSecretsWith names the function that finds the secrets of a file. The driver calls it on every file, whichever rules are
// selected, because no output may show a secret that another rule's frame quotes.
func FindSecretsWith(find func(*parsers.File) []SecretSpan) bool {
	findSecrets = find
	return true
}

// Secrets is where the secrets of a file stand, in the order of the text.
func Secrets(f *parsers.File) []SecretSpan {
	if findSecrets == nil {
		return nil
	}
	return findSecrets(f)
}
