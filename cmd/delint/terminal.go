//go:build cgo

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"delint/scan"
)

// printable makes a text safe for a terminal: control characters and what is no character become visible escapes.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf)) {
			fmt.Fprintf(&b, "\\u%04x", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// meter shows on a terminal how far a run is, from the first second on.
type meter struct {
	w     io.Writer
	start time.Time
	shown bool
}

func (p *program) progress(f *flags) *meter {
	if f.quiet || !isTerminal(p.stderr) {
		return &meter{}
	}
	return &meter{w: p.stderr, start: time.Now()}
}

func (m *meter) show(done, total int) {
	if m.w == nil || time.Since(m.start) < time.Second {
		return
	}
	m.shown = true
	fmt.Fprintf(m.w, "\r\x1b[Kdelint: %d of %d files", done, total)
}

func (m *meter) clear() {
	if m.shown {
		fmt.Fprint(m.w, "\r\x1b[K")
	}
}

// useColor decides whether output has colour: --color, then NO_COLOR, then whether it goes to a terminal.
func (p *program) useColor(f *flags) bool {
	switch {
	case f.color == "always":
		return true
	case f.color == "never" || os.Getenv("NO_COLOR") != "" || f.output != "":
		return false
	}
	return isTerminal(p.stdout)
}

func (p *program) showFiles(ctx context.Context, o scan.Options) error {
	files, err := scan.Files(ctx, o)
	if err != nil {
		return err
	}
	for _, f := range files {
		fmt.Fprintln(p.stdout, printable(f))
	}
	return nil
}

// width is the terminal's width in columns as the shell exports it; 0 where it is not known.
func (p *program) width() int {
	n, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil || !isTerminal(p.stdout) {
		return 0
	}
	return n
}
