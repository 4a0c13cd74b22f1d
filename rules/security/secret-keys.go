package security

import "strings"

// keyClass is what the name of a pair says about its value.
type keyClass uint8

const (
	plainKey    keyClass = iota // no secret by its name
	secretKey                   // token, api_key, secret …
	passwordKey                 // password and its spellings
)

// secretEnds are the last words of names whose value is a secret; passwordEnds those of passwords.
var (
	passwordEnds = wordSet(`password passwd pwd pass passphrase passcode pw`)
	secretEnds   = wordSet(`secret secrets token apikey secretkey privatekey accesskey authtoken authkey accesstoken credential credentials creds
		accountkey storagekey clientsecret fernetkey bearer apitoken apisecret secretaccesskey signingkey encryptionkey hmackey pat
		sharedkey masterkey passkey`)
	// keyQualifiers make a secret of a name that ends in "key".
	keyQualifiers = wordSet(`api secret private access signing hmac encryption account storage master shared fernet service auth
		subscription geniekey routing jwt cipher crypto app license sas cookie session aes admin ssh`)
	// tokenQualifiers make no secret of a name that ends in "token": pages, tokenizers, tables of words.
	tokenQualifiers = wordSet(`page next continuation sync pad eos bos unk mask sep cls special start end stop word max min num total first last
		prev previous cursor idempotency device push image csrf xsrf resume per input output prompt completion`)
	// referenceWords make no secret of a name: it tells where or whether a secret is.
	referenceWords = wordSet(`is has use allow enable enabled disable require required no clear show hide reset forgot change verify validate
		check get set fetch read load no input test hash hashed encrypted public`)
	// digestWords make no secret even of a name that ends in "secret": a list of hashes, as scanners keep their known findings.
	digestWords = wordSet(`hash hashed encrypted public`)
)

// nameParts are the words of a key, lower-case, split at signs and at camelCase, without trailing version numbers.
func nameParts(key string) []string {
	parts := letterRuns(key)
	for len(parts) > 1 && (parts[len(parts)-1] == "v" || len(parts[len(parts)-1]) == 0) {
		parts = parts[:len(parts)-1]
	}
	return parts
}

// classOf reads a key's name: the last word counts.
func classOf(key string) keyClass {
	if len(key) > 128 {
		return plainKey
	}
	parts := nameParts(key)
	if len(parts) == 0 {
		return plainKey
	}
	last := parts[len(parts)-1]
	before := ""
	if len(parts) > 1 {
		before = parts[len(parts)-2]
	}
	switch {
	case passwordEnds[last]:
		if last == "pass" && len(parts) > 1 && (before == "by" || before == "multi" || before == "first" || before == "second" || before == "bi") ||
			last == "pw" && len(parts) == 1 {
			return plainKey
		}
		if referenceWords[before] || strings.Contains(strings.ToLower(key), "mysql_clear") {
			return plainKey
		}
		return passwordKey
	case last == "key" && keyQualifiers[before]:
		return secretKey
	case last == "token" && (tokenQualifiers[before] || referenceWords[before]):
		return plainKey
	case last == "pat" && len(parts) == 1:
		return plainKey
	case secretEnds[last]:
		if referenceWords[before] && (last != "secret" || digestWords[before]) {
			return plainKey
		}
		return secretKey
	case last == "password" || strings.HasSuffix(last, "password") || strings.HasSuffix(last, "passwd"):
		return passwordKey
	}
	return plainKey
}
