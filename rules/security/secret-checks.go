package security

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"net/url"
	"strings"
	"time"
)

// verdict is what an offline check says about a value of the right shape.
type verdict uint8

const (
	none    verdict = iota // not a secret: a wrong checksum, a published sample
	weak                   // publishable, expired or for tests only: reported as Low
	shaped                 // the shape fits; nothing more can be known offline
	genuine                // a checksum or an inner structure proves it
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// crcBase62 checks tokens of GitHub's and npm's form: after the prefix, 30 random characters and their CRC-32 in base 62,
// padded with 0 to six.
func crcBase62(token string) verdict {
	body := token[strings.IndexByte(token, '_')+1:]
	if len(body) != 36 {
		return none
	}
	sum := crc32.ChecksumIEEE([]byte(body[:30]))
	var want [6]byte
	for i := 5; i >= 0; i-- {
		want[i] = base62[sum%62]
		sum /= 62
	}
	if string(want[:]) != body[30:] {
		return none
	}
	return genuine
}

// awsKeyID checks an access key id. lakeFS writes ids of the same form; providerOf tells them apart.
func awsKeyID(id string) verdict {
	if strings.Contains(id, "EXAMPLE") || strings.Contains(id, "SAMPLE") {
		return none
	}
	if _, err := base32.StdEncoding.DecodeString(id[4:]); err != nil {
		return none
	}
	return genuine
}

// decodesTo checks that a value is standard base64 of exactly n bytes.
func decodesTo(n int) func(string) verdict {
	return func(s string) verdict {
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil || len(raw) != n {
			return none
		}
		return shaped
	}
}

// decodesAfter checks that what follows a prefix of n bytes is base64.
func decodesAfter(n int) func(string) verdict {
	return func(s string) verdict {
		if _, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s[n:], "=")); err != nil {
			return none
		}
		return genuine
	}
}

// pypiMacaroon checks that a PyPI token is a macaroon of an index.
func pypiMacaroon(token string) verdict {
	body := strings.TrimPrefix(token, "pypi-")
	raw, err := base64.RawURLEncoding.DecodeString(body[:len(body)/4*4])
	if err != nil || !bytes.HasPrefix(raw, []byte{2, 1}) || !bytes.Contains(raw[:min(len(raw), 24)], []byte("pypi.org")) {
		return none
	}
	return genuine
}

// jsonInside checks that what follows a prefix of n bytes is base64 of a JSON object.
func jsonInside(n int) func(string) verdict {
	return func(s string) verdict {
		body := s[n:]
		if i := strings.LastIndexByte(body, '_'); i > 0 {
			body = body[:i]
		}
		raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "="))
		if err != nil || !json.Valid(raw) {
			return none
		}
		return genuine
	}
}

// derKey checks that a value is a private key without the frame of PEM, as connectors take them: the ASN.1 proves it.
func derKey(value string) verdict {
	raw, err := base64.StdEncoding.DecodeString(strings.NewReplacer(`\n`, "", "\n", "", " ", "").Replace(value))
	if err != nil || len(raw) < 48 {
		return none
	}
	if _, err := x509.ParsePKCS8PrivateKey(raw); err == nil {
		return genuine
	}
	if _, err := x509.ParsePKCS1PrivateKey(raw); err == nil {
		return genuine
	}
	if _, err := x509.ParseECPrivateKey(raw); err == nil {
		return genuine
	}
	return none
}

// jwt reads a JSON Web Token's header and claims. Expired tokens, anonymous roles and local issuers are no secrets.
func jwt(token string) verdict {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return none
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	var claims struct {
		Expires float64 `json:"exp"`
		Issuer  any     `json:"iss"`
		Role    any     `json:"role"`
		Name    any     `json:"name"`
		Subject any     `json:"sub"`
	}
	if !decodeJSON(parts[0], &header) || header.Algorithm == "" || !decodeJSON(parts[1], &claims) {
		return none
	}
	issuer := fmt.Sprint(claims.Issuer)
	switch {
	case claims.Expires > 0 && time.Unix(int64(claims.Expires), 0).Before(jwtHorizon):
		return none
	case claims.Role == "anon", strings.Contains(issuer, "localhost"), issuer == "supabase-demo":
		return none
	case claims.Name == "John Doe", claims.Subject == "1234567890": // the sample of jwt.io
		return none
	}
	return genuine
}

// jwtHorizon is the day before which a token counts as expired. It is a constant because the same tree must give the same
// findings on every day; it moves with releases.
var jwtHorizon = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func decodeJSON(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(part, "="))
	return err == nil && json.Unmarshal(raw, into) == nil
}

// azureSAS reads the parameters of a shared access signature: an expired one is weak.
func azureSAS(query string) verdict {
	q, err := url.ParseQuery(query)
	if err != nil || q.Get("sig") == "" || q.Get("sv") == "" {
		return none
	}
	if end, err := time.Parse("2006-01-02", q.Get("se")[:min(10, len(q.Get("se")))]); err == nil && end.Before(jwtHorizon) {
		return weak
	}
	return genuine
}

// privateKey judges the text of a PEM block: ASN.1 or OpenSSH's magic proves it, encryption makes it weak.
func privateKey(block string) verdict {
	if strings.Contains(block, "PGP PRIVATE") {
		if len(block) < 400 {
			return none
		}
		return shaped
	}
	_, body, _ := strings.Cut(strings.TrimPrefix(block, "-----"), "-----")
	body, _, _ = strings.Cut(body, "-----")
	encrypted := strings.Contains(block[:min(64, len(block))], "ENCRYPTED")
	if _, rest, ok := strings.Cut(body, "DEK-Info:"); ok { // the old form: headers, then the encrypted body
		if i := strings.IndexAny(rest, "\n\\"); i > 0 {
			encrypted, body = true, rest[i:]
		}
	}
	body = strings.NewReplacer(`\n`, "", `\r`, "", "\n", "", "\r", "", " ", "", "\t", "", `"`, "", "'", "", "\\", "", ",", "").Replace(body)
	raw, err := base64.StdEncoding.DecodeString(body)
	if err != nil || len(raw) < 48 {
		return none
	}
	if encrypted {
		return weak
	}
	var sequence asn1.RawValue
	if _, err := asn1.Unmarshal(raw, &sequence); err == nil && sequence.Tag == asn1.TagSequence || bytes.HasPrefix(raw, []byte("openssh-key-v1")) {
		return genuine
	}
	return none
}
