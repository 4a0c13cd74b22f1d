//go:build cgo

package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"delint/report"
)

// planted is a secret made after the public description of its format: what a file holds, and the part that is secret.
type planted struct {
	name, value, secret string
}

const (
	lower = "abcdefghijklmnopqrstuvwxyz"
	upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digit = "0123456789"
)

func random(r *rand.Rand, alphabet string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

// base62 writes a number in the alphabet and width that GitHub's token checksums have.
func base62(n uint32) string {
	const alphabet = digit + upper + lower
	out := []byte("000000")
	for i := len(out) - 1; n > 0; i-- {
		out[i] = alphabet[n%62]
		n /= 62
	}
	return string(out)
}

func plant(r *rand.Rand) []planted {
	word := lower + upper + digit
	prefixed := func(name, prefix, secret string) planted { return planted{name, prefix + secret, secret} }
	github := random(r, word, 30)
	github += base62(crc32.ChecksumIEEE([]byte(github)))
	_, key, _ := ed25519.GenerateKey(chacha(r))
	der, _ := x509.MarshalPKCS8PrivateKey(key)
	body := base64.StdEncoding.EncodeToString(der)
	password := random(r, word, 14) + random(r, digit, 2)
	return []planted{
		prefixed("github", "gh"+"p_", github),
		prefixed("databricks", "da"+"pi", random(r, "0123456789abcdef", 32)),
		prefixed("slack", "xo"+"xb-", random(r, digit, 12)+"-"+random(r, digit, 13)+"-"+random(r, word, 24)),
		prefixed("stripe", "sk"+"_live_", random(r, word, 24)),
		prefixed("google", "AI"+"za", random(r, word+"-_", 35)),
		prefixed("openai", "sk-"+"proj-", random(r, word, 74)+"T3Blbk"+"FJ"+random(r, word, 74)),
		{"connection", "postgresql://loader:" + password + "@warehouse.internal:5432/orders", password},
		{"pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE" + " KEY", Bytes: der})), body},
		prefixed("password", "", random(r, word, 18)+random(r, digit, 4)),
	}
}

// chacha is a reader of random bytes.
func chacha(r *rand.Rand) *rand.ChaCha8 {
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(r.Uint32())
	}
	return rand.NewChaCha8(seed)
}

// carriers puts a secret into files of every kind, beside code that other rules report, so that their frames and messages quote it.
func carriers(value, reason string) map[string]string {
	oneLine := strings.ReplaceAll(strings.TrimSpace(value), "\n", `\n`)
	quoted := strings.ReplaceAll(strings.TrimSpace(value), "\n", "\n  ")
	python := fmt.Sprintf("def connect_%%s(rows, password=%q):%s\n    try:\n        publish(rows, password=%q)%s\n    except Exception:\n        pass\n", "PLACE", reason, "PLACE", reason)
	python = strings.ReplaceAll(python, "PLACE", oneLine)
	return map[string]string{
		"dags/load.py":          fmt.Sprintf(python, "orders") + fmt.Sprintf("PASSWORD = \"%s\"%s\n", oneLine, reason),
		"config/app.yml":        "password: |\n  " + quoted + "\ntoken: \"" + oneLine + "\"\nimage: \"repo:latest\"\n",
		"config/app.toml":       "password = \"" + oneLine + "\"\n",
		"config/app.json":       "{\"password\": \"" + oneLine + "\"}\n",
		".env.production":       "API_PASSWORD=\"" + oneLine + "\"\n",
		"sql/grant.sql":         "create user loader password '" + oneLine + "';\ndelete from orders;\n",
		"Dockerfile":            "FROM debian:12\nENV API_PASSWORD=\"" + oneLine + "\"\n",
		"notes.md":              "# Notes\n\n```python\npassword = \"" + oneLine + "\"\n```\n",
		"key.txt":               value + "\n",
		"analysis/book.ipynb":   "{\"cells\": [{\"cell_type\": \"code\", \"metadata\": {}, \"outputs\": [], \"source\": [\"password = '" + strings.ReplaceAll(oneLine, `\n`, `\\n`) + "'\\n\", \"try:\\n\", \"    load(password)\\n\", \"except Exception:\\n\", \"    pass\"]}], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}\n",
		"infra/main.tf":         "variable \"db_password\" {\n  default = \"" + oneLine + "\"\n}\n",
		"models/sources.yml":    "sources:\n  - name: shop\n    meta: {password: \"" + oneLine + "\"}\n    tables:\n      - name: orders\n",
		"dags/" + "unparsed.py": "def broken(:\n    password = \"" + oneLine + "\"\n",
	}
}

// TestNoSecretIsPrinted holds that no output, error, cache or review has six consecutive characters of a planted secret: in every
// format, also with the secret rule deselected or suppressed, where frames and messages of other rules quote its line.
func TestNoSecretIsPrinted(t *testing.T) {
	const window = 6
	r := rand.New(rand.NewPCG(20261123, 3))
	for _, p := range plant(r) {
		for _, variant := range []string{"plain", "deselected", "suppressed"} {
			t.Run(p.name+"/"+variant, func(t *testing.T) {
				dir := t.TempDir()
				reason, args := "", []string{"--root", dir, "--fail-on", "none", "--no-defer", "--expand", "--select", "all"}
				switch variant {
				case "suppressed":
					reason = "  # delint: ignore[hardcoded-secret] it was revoked"
				case "deselected":
					args = append(args, "--ignore", "hardcoded-secret")
				}
				for name, text := range carriers(p.value, reason) {
					file := filepath.Join(dir, filepath.FromSlash(name))
					if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
					past := time.Now().Add(-time.Hour) // younger files are not cached
					if err := os.Chtimes(file, past, past); err != nil {
						t.Fatal(err)
					}
				}
				grams := map[string]bool{}
				for i := range len(p.secret) - window + 1 {
					grams[p.secret[i:i+window]] = true
				}
				clean := func(what string, output []byte) {
					for i := range max(0, len(output)-window+1) {
						if grams[string(output[i:i+window])] {
							from, to := max(0, i-120), min(len(output), i+60)
							t.Errorf("%s holds a piece of the secret:\n%s", what, output[from:to])
							return
						}
					}
				}
				for _, format := range report.Formats() {
					for _, more := range [][]string{nil, {"--mode", "extended", "-v"}} {
						var stdout, stderr bytes.Buffer
						run(append(append([]string{"--format", format}, append(args, more...)...), dir), strings.NewReader(""), &stdout, &stderr)
						if stdout.Len() == 0 {
							t.Fatalf("%s printed nothing: %s", format, stderr.String())
						}
						clean(format, stdout.Bytes())
						clean(format+" on standard error", stderr.Bytes())
						if format == "jsonl" && variant == "plain" && !strings.Contains(stdout.String(), `"hardcoded-secret"`) {
							t.Error("the planted secret is not reported at all")
						}
					}
				}
				var stdout, stderr bytes.Buffer
				run([]string{"review", "--root", dir, dir}, strings.NewReader(""), &stdout, &stderr)
				for _, written := range []string{".delint", ".opencode"} {
					err := filepath.WalkDir(filepath.Join(dir, written), func(name string, d fs.DirEntry, err error) error {
						if err != nil || d.IsDir() {
							return err
						}
						text, err := os.ReadFile(name)
						clean(name, text)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}
