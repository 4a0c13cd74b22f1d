//go:build cgo

package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"delint/parsers/parsertest"
)

// TestReadmeScreen holds that the screen in the README is what the command above it prints.
func TestReadmeScreen(t *testing.T) {
	t.Chdir("../..")
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(text), "```console\n")
	screen, after, found := strings.Cut(rest, "```")
	command, _, _ := strings.Cut(screen, "\n")
	args := strings.Fields(strings.TrimPrefix(command, "$ delint "))
	if !found || len(args) == 0 {
		t.Fatal("README.md has no block of the kind console that begins with $ delint")
	}
	var stdout, stderr bytes.Buffer
	if code := run(append([]string{"--no-cache"}, args...), strings.NewReader(""), &stdout, &stderr); code != 0 {
		t.Fatalf("%s: exit code %d\n%s", command, code, stderr.String())
	}
	want := before + "```console\n" + command + "\n" + strings.TrimSpace(stdout.String()) + "\n```" + after
	if want == string(text) {
		return
	}
	if !parsertest.Update() {
		t.Fatal("the screen in README.md is stale; run: go test ./cmd/delint -run TestReadmeScreen -update")
	}
	if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
