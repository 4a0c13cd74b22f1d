package security

import (
	"flag"
	"slices"
	"testing"

	"delint/rules/security/sample"
)

var misses = flag.Int("misses", 200, "how many random tokens of each kind TestMisses makes")

// TestMisses prints how many random tokens of each kind are taken for something else. A prefix of its own, a checksum or a
// structure leaves no room for that; values that only their key gives away may be missed once in a hundred times, because
// the floor of their entropy is the first percentile of random text.
func TestMisses(t *testing.T) {
	keyed := map[string]string{
		"aws-secret": "aws_secret_access_key: ", "azure-storage": "account_key: ", "fernet": "fernet_key: ",
		"random": "api_token: ", "hex32": "api_token: ", "password": "password: ", "base64": "api_token: ",
	}
	honest := map[string]func() string{ // the makers of these leave out what random text is now and then
		"hex32": func() string { return sample.Text("0123456789abcdef", 32) },
		"aws-secret": func() string {
			return sample.Text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 40)
		},
	}
	var names []string
	for name := range sample.Makers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		produce, n := sample.Makers[name], *misses
		if honest[name] != nil {
			produce = honest[name]
		}
		if name == "pem" {
			n = min(n, 2000)
		}
		missed, several := 0, 0
		for range n {
			switch found := Detect(Input{Path: "notes.yml", Text: []byte("a: b\n" + keyed[name] + produce() + "\n")}).Secrets; {
			case len(found) == 0:
				missed++
			case len(found) > 1:
				several++
			}
		}
		t.Logf("%-20s missed %d, taken for several %d, of %d", name, missed, several, n)
		if keyed[name] == "" && missed > 0 || missed*50 > n || several > 0 {
			t.Errorf("%s: missed %d, taken for several %d, of %d", name, missed, several, n)
		}
	}
}

// TestEndsLikeAWord holds that a token whose random part ends like a placeholder is found: "…YOUr_43…" is none.
func TestEndsLikeAWord(t *testing.T) {
	token := "gl" + "sa_" + sample.Text("bcdfghjk23456789", 28) + "YOUr_" + sample.Text("abcdef0123456789", 8)
	if got := found("notes.txt", token+"\n"); len(got) != 1 {
		t.Errorf("%q", got)
	}
	id := "AK" + "IAQM33K655FUQ5WERT" // a row of the keyboard with digits in it
	if got := found("notes.txt", id+"\n"); len(got) != 1 {
		t.Errorf("%q", got)
	}
}
