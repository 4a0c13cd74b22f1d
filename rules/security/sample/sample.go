// Package sample makes secrets for tests: fresh at every run, of valid form, from the descriptions that their issuers
// publish. It shares nothing with the table that finds them, so that a wrong row there cannot hide behind a wrong sample.
package sample

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"math/big"
	"strings"
)

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hex    = "0123456789abcdef"
	alnum  = digits + upper + lower
)

// Makers are the generators by name: a page writes {{token:github}}.
var Makers = map[string]func() string{
	"github":              func() string { return Checksummed("gh" + "p_") },
	"github-fine-grained": func() string { return "github" + "_pat_" + Text(alnum, 22) + "_" + Text(alnum, 59) },
	"npm":                 func() string { return Checksummed("np" + "m_") },
	"gitlab":              func() string { return "gl" + "pat-" + Text(alnum, 20) },
	"pypi":                PyPI,
	"aws-id":              func() string { return "AK" + "IA" + Text(upper+"234567", 16) },
	"aws-secret":          func() string { return shuffled(alnum + "/+")[:40] },
	"databricks":          func() string { return "da" + "pi" + Text(hex, 32) },
	"dbt":                 func() string { return "dbt" + "c_" + Text(alnum, 36) },
	"prefect":             func() string { return "pn" + "u_" + Text(alnum, 36) },
	"slack":               func() string { return "xo" + "xb-" + Text(digits, 12) + "-" + Text(digits, 12) + "-" + Text(alnum, 24) },
	"slack-webhook": func() string {
		return "https://hooks.slack" + ".com/services/T" + Text(upper, 8) + "/B" + Text(upper, 8) + "/" + Text(alnum, 24)
	},
	"openai":        func() string { return "sk" + "-" + Text(alnum, 20) + "T3Blbk" + "FJ" + Text(alnum, 20) },
	"anthropic":     func() string { return "sk" + "-ant-" + "api03-" + Text(alnum, 93) + "AA" },
	"huggingface":   func() string { return "h" + "f_" + Text(lower+upper, 34) },
	"stripe":        func() string { return "sk" + "_live_" + Text(alnum, 24) },
	"grafana":       func() string { return "gl" + "sa_" + Text(alnum, 32) + "_" + Text(hex, 8) },
	"sendgrid":      func() string { return "S" + "G." + Text(alnum, 22) + "." + Text(alnum, 43) },
	"vault":         func() string { return "hv" + "s." + Text(alnum, 95) },
	"terraform":     func() string { return Text(alnum, 14) + ".atlas" + "v1." + Text(alnum, 67) },
	"docker":        func() string { return "dckr" + "_pat_" + Text(alnum, 27) },
	"entra":         func() string { return Text(lower, 3) + "8" + "Q" + "~" + Text(alnum, 34) },
	"azure-storage": func() string { return Bytes(64) },
	"fernet":        func() string { return strings.NewReplacer("+", "-", "/", "_").Replace(Bytes(32)) },
	"age":           func() string { return "AGE-SECRET" + "-KEY-1" + Text("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58) },
	"gcp-api":       func() string { return "AI" + "za" + Text(alnum, 35) },
	"digitalocean":  func() string { return "do" + "p_v1_" + Text(hex, 64) },
	"jwt":           JWT,
	"pem":           PEM,
	"random":        func() string { return Random(24) },
	"hex32":         func() string { return shuffled(hex + hex) },
	"password":      func() string { return Random(12) },
	"base64":        func() string { return base64.StdEncoding.EncodeToString([]byte(Random(16))) },
}

// Text is n random characters of an alphabet.
func Text(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[number(len(alphabet))]
	}
	return string(b)
}

// shuffled is a text in random order: random text that is never more regular than most.
func shuffled(text string) string {
	b := []byte(text)
	for i := len(b) - 1; i > 0; i-- {
		j := number(i + 1)
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func number(n int) int {
	x, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err)
	}
	return int(x.Int64())
}

// Random is a password of n characters of all kinds, without two equal ones where that is possible.
func Random(n int) string {
	kinds := [...]string{"bcdfghjkmnpqrtvwxz", "BCDFGHJKLMNPQRTVWXZ", "23456789"}
	out := make([]byte, 0, n)
	for len(out) < n {
		c := kinds[len(out)%3][number(len(kinds[len(out)%3]))]
		if strings.IndexByte(string(out), c) < 0 || len(out) > 20 {
			out = append(out, c)
		}
	}
	return string(out)
}

// Bytes is n random bytes in base64.
func Bytes(n int) string {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// Checksummed is a token as GitHub describes its own: thirty characters and their CRC-32 in six of base 62.
func Checksummed(prefix string) string {
	body := Text(alnum, 30)
	sum := crc32.ChecksumIEEE([]byte(body))
	var tail string
	for sum > 0 {
		tail = string((digits + upper + lower)[sum%62]) + tail
		sum /= 62
	}
	return prefix + body + strings.Repeat("0", 6-len(tail)) + tail
}

// PyPI is an upload token: a macaroon whose location is the index.
func PyPI() string {
	raw := append([]byte{2, 1, 8}, "pypi.org"...)
	raw = append(raw, 2, 36)
	raw = append(raw, Text(hex, 36)...)
	raw = append(raw, Text(alnum, 64)...)
	return "pyp" + "i-" + base64.RawURLEncoding.EncodeToString(raw)
}

// JWT is a signed token that has not expired.
func JWT() string {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	claims := fmt.Sprintf(`{"sub":"etl-%s","exp":4102444800}`, Text(digits, 6))
	return part(`{"alg":"HS256","typ":"JWT"}`) + "." + part(claims) + "." + Text(alnum, 43)
}

// PEM is a new private key.
func PEM() string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}
