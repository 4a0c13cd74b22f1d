package security

import (
	"regexp"
	"strings"
	"unicode"
)

// Reject is why a value is no secret: the classes in which people and generators write such values.
type Reject string

// The reject classes; Accepted is none of them.
const (
	Accepted    Reject = ""
	Indirection Reject = "indirection" // a template, a variable, a reference to a secret store, a call
	Placeholder Reject = "placeholder" // says itself that it is none
	Words       Reject = "words"       // made of words, or of words and a short number
	Sequence    Reject = "sequence"    // repetition, alphabet, keyboard
	Structure   Reject = "structure"   // a path, URL, address, date, version, UUID, dotted name, prose
	OwnKey      Reject = "own-key"     // the value is its key's name
	Short       Reject = "short"       // too short, or of too few kinds of characters, to tell
	LowEntropy  Reject = "entropy"     // more regular than random text of its length
)

var (
	indirection = regexp.MustCompile(`(?i)\$\{|\$\(|\{\{|\}\}|\{%|\{[a-z_][\w.\[\]"']*(?:[:!][^}]*)?\}|\{\}|^\$[a-z_({]|%\(|%[a-z_]+%|%[sdrv]|<[^>]*>|^<|ENC\[|^!|^op://|^vault:|^ssm:|^secrets?[:/]|^sm://|^gsm:|^arn:|^projects/|^aws(?:sm|-)|^env[:.(]|^file[:(]|secretkeyref|valuefrom|env_var\(|environ|getenv|process\.env|^@|^var\.|^local\.|^data\.|^module\.|^each\.|^random_|^\\|^#\{|keyvault|secretsmanager|` + "`|\uFFFC" + `|^[\w.]+\(.*\)$|^[\w.]+\[.*\]$|\bref\+`)
	publishable = regexp.MustCompile(`^(?:pk_(?:live|test)_|sb_publishable_|phc_|pk\.ey)`)
	uuid        = regexp.MustCompile(`(?i)^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$`)
	date        = regexp.MustCompile(`^\d{4}-\d\d-\d\d(?:[T ]\d\d:?\d\d)?`)
	version     = regexp.MustCompile(`^[v=~^<>]*\d+\.\d+(?:\.\d+)?(?:[-+.\w]*)$`)
	email       = regexp.MustCompile(`^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$`)
	address     = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*://`)
	filePath    = regexp.MustCompile(`^(?:~|\.{0,2})/|^[A-Za-z]:\\|\.(?:json|ya?ml|toml|py|txt|pem|key|crt|cer|env|cfg|ini|sql|sh|csv|parquet|html?|md|js|ts|png|svg|p12|jks|xml|conf)$`)
	dotted      = regexp.MustCompile(`^[A-Za-z_][A-Za-z_0-9-]*(?:[.:][A-Za-z_][A-Za-z_0-9-]*)+$`)
	pathLike    = regexp.MustCompile(`^[A-Za-z_][\w.-]*(?:/[\w.-]+)+/?$`)
	identifier  = regexp.MustCompile(`^[A-Za-z]+(?:[_-][A-Za-z]+)+$`)
	sealed      = regexp.MustCompile(`^(?:Ag[A-Z][A-Za-z0-9+/]{300,}|\$ANSIBLE_VAULT|gAAAAA[\w-]{90,}|\$2[aby]\$|\$argon2|\$6\$|\$5\$|pbkdf2[:_]|scrypt:|sha(?:1|256|512)[:$-]|md5:|SCRAM-SHA|\{SHA)`)
)

// isIndirect reports whether a value only says where the secret comes from.
func isIndirect(v string) bool { return indirection.MatchString(v) || sealed.MatchString(v) }

// isSequence reports whether a value repeats itself or follows an alphabet or a keyboard.
func isSequence(v string) bool { return isRun(v) || keyboardRow(v) }

// keyboardRow reports a row of the keyboard among the letters of a short value, also with digits between them: 1q2w3e4r5t.
// Random text has one now and then, so it says nothing about a token with a prefix of its own.
func keyboardRow(v string) bool {
	letters := strings.Join(letterRuns(v), "")
	for _, row := range [...]string{"qwert", "asdfg", "zxcvb", "abcdefg"} {
		if len(letters) < 2*len(row)+6 && strings.Contains(letters, row) {
			return true
		}
	}
	return false
}

// isRun reports whether a value has next to no characters of its own, repeats itself, or counts and runs for half its length.
func isRun(v string) bool {
	if len(v) < 4 {
		return true
	}
	var seen [256]bool
	distinct := 0
	for i := range len(v) {
		if !seen[v[i]] {
			seen[v[i]] = true
			distinct++
		}
	}
	if distinct <= 4 && len(v) > 5 || distinct < 3 {
		return true
	}
	if half := len(v) / 2; len(v) >= 8 && v[:half] == v[half:half*2] {
		return true
	}
	if third := len(v) / 3; len(v) >= 12 && v[:third] == v[third:third*2] && v[:third] == v[third*2:third*3] {
		return true
	}
	lower := strings.ToLower(v)
	in, run := 0, 1
	step := 0
	for i := 1; i <= len(lower); i++ {
		d := 99
		if i < len(lower) {
			d = int(lower[i]) - int(lower[i-1])
			if lower[i-1] == '9' && (lower[i] == '0' || lower[i] == 'a') || lower[i-1] == 'f' && lower[i] == '0' {
				d = 1
			}
		}
		if d >= -1 && d <= 1 && (d == step || run == 1) {
			step = d
			run++
			continue
		}
		if run >= 4 {
			in += run
		}
		run, step = 1, 0
		if d >= -1 && d <= 1 {
			run, step = 2, d
		}
	}
	for _, keys := range [...]string{"qwerty", "asdfgh", "zxcvbn", "1q2w3e", "qazwsx", "poiuyt", "deadbeef", "cafebabe"} {
		in += len(keys) * strings.Count(lower, keys)
	}
	return in*2 >= len(v)
}

// classes is how many of lower, upper, digit and sign a value has.
func classes(v string) (n int, digit, letter bool) {
	var lower, upper, sign bool
	for i := range len(v) {
		switch c := v[i]; {
		case '0' <= c && c <= '9':
			digit = true
		case 'a' <= c && c <= 'z':
			lower = true
		case 'A' <= c && c <= 'Z':
			upper = true
		default:
			sign = true
		}
	}
	for _, b := range [...]bool{lower, upper, digit, sign} {
		if b {
			n++
		}
	}
	return n, digit, lower || upper
}

// Judge says whether a value under a secret key is one. password says that the key is exactly a password key, for which
// eight characters of three kinds are enough.
func Judge(key, v string, password bool) Reject {
	if r := judgeForm(key, v); r != Accepted {
		return r
	}
	kinds, digit, letter := classes(v)
	if !letter || !digit {
		return Short
	}
	if len(v) < 16 && (!password || len(v) < 8 || kinds < 3) {
		return Short
	}
	if r := judgeWords(v); r != Accepted {
		return r
	}
	if Entropy(v) < minEntropy(len(v), alphabetOf(v)) {
		if text, ok := decoded(v); ok && len(text) >= 8 && strings.IndexFunc(text, unicode.IsControl) < 0 {
			return Judge(key, text, password) // text in base64 has less entropy than its length promises
		}
		return LowEntropy
	}
	return Accepted
}

// judgeForm rejects what is no secret by its form, whatever its length.
func judgeForm(key, v string) Reject {
	switch {
	case v == "" || len(v) > 4096:
		return Short
	case isIndirect(v):
		return Indirection
	case sameName(key, v):
		return OwnKey
	}
	for i := range len(v) {
		if v[i] <= ' ' || v[i] >= 0x7f {
			return Structure // prose, or no ASCII
		}
	}
	switch {
	case uuid.MatchString(v), date.MatchString(v), version.MatchString(v), email.MatchString(v), address.MatchString(v),
		filePath.MatchString(v), identifier.MatchString(v):
		return Structure
	case dotted.MatchString(v) && (!strings.ContainsAny(v, "0123456789") || wordShare(v) >= 0.4):
		return Structure // random text has a dot now and then
	case pathLike.MatchString(v) && wordShare(v) >= 0.5:
		return Structure
	case strings.ContainsAny(v, "()[]{}|;,") && strings.Count(v, "(")+strings.Count(v, ",")+strings.Count(v, "[")+strings.Count(v, "|") > 1:
		return Structure // code, a list
	case strings.HasPrefix(v, "#") && len(v) <= 9, publishable.MatchString(v):
		return Structure
	case isSequence(v):
		return Sequence
	}
	return Accepted
}

// judgeWords rejects placeholders and values made of words.
func judgeWords(v string) Reject {
	if isHash(v) {
		return Accepted
	}
	plain := unleet.Replace(strings.TrimRight(v, "0123456789!"))
	switch {
	case placeholderShare(v) >= 0.5, placeholderShare(plain) >= 0.6, sampleToken.MatchString(v) && len(v) < 64:
		return Placeholder
	case wordShare(v) >= 0.5, wordShare(plain) >= 0.75:
		return Words
	}
	return Accepted
}

// isHash reports long hexadecimal text: "dead", "face", "abcd" are no words there.
func isHash(v string) bool { return len(v) >= 20 && alphabetOf(v) == hexadecimal }

// sameName reports whether a value is its key's name, or a part of it.
func sameName(key, v string) bool {
	bare := func(s string) string {
		return strings.ToLower(strings.Map(func(r rune) rune {
			if r < 0x80 && isWord(byte(r)) && r != '_' {
				return r
			}
			return -1
		}, s))
	}
	k, b := bare(key), bare(v)
	return b == "" || k == b || len(b) > 3 && strings.Contains(k, b)
}

// credentialPassword judges the password of a connection string, where the place itself says what it is: only what is no
// password at all is rejected.
func credentialPassword(user, password, host string) Reject {
	switch {
	case password == "" || len(password) < 4:
		return Short
	case isIndirect(password), strings.ContainsAny(password, " \t<>{}|\\"), strings.ContainsAny(user, "[](){}<>|^"), strings.HasPrefix(password, "$"):
		return Indirection
	case strings.Trim(password, "*x.X•-_") == "" || isSequence(password):
		return Sequence
	case strings.EqualFold(password, user), strings.EqualFold(password, host), constantName(password):
		return OwnKey
	case strings.Contains(strings.ToLower(user+password), "your"), sampleToken.MatchString(password) && len(password) < 64:
		return Placeholder
	case documentationHost(host):
		return Placeholder
	}
	plain := unleet.Replace(strings.TrimRight(password, "0123456789!"))
	if placeholderWords[strings.ToLower(password)] || placeholderShare(password) >= 0.5 || placeholderShare(plain) >= 0.6 {
		return Placeholder
	}
	if _, digit, letter := classes(password); !digit && letter && wordShare(password) >= 0.8 {
		return Words
	}
	return Accepted
}

// constantName reports names in capitals (PASSWORD, DB_PASS), which stand for a value.
func constantName(s string) bool {
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
}

// documentationHost reports hosts that only documentation has.
func documentationHost(host string) bool {
	host = strings.ToLower(strings.SplitN(host, ":", 2)[0])
	for _, h := range [...]string{"example.com", "example.org", "example.net", "example", "host", "hostname", "server", "myserver", "some-host", "somehost", "my-host", "account", "your-host", "foo", "bar", "ip", "address", "endpoint"} {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return strings.HasSuffix(host, ".example") || strings.HasPrefix(host, "example.") || strings.HasPrefix(host, "example-") || strings.HasSuffix(host, ".invalid") || strings.Contains(host, "<") || strings.HasPrefix(host, "your")
}
