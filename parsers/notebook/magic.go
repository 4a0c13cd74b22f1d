package notebook

import (
	"bytes"
	"regexp"
)

var (
	cellMagic = regexp.MustCompile(`^\s*%%(\w+)`)
	// lineMagic is %name, !command, ?name or name? alone on a line. A modulo on a line of its own has a space after its sign.
	lineMagic = regexp.MustCompile(`^[ \t]*(?:%%?[A-Za-z_]|!|\?{1,2}[\w.*]|[\w.*]+\?{1,2}[ \t]*\r?$)`)
	// assigned is name = !command or name = %magic.
	assigned = regexp.MustCompile(`^[ \t]*[\w., \t]+=[ \t]*(![^=].*|%[A-Za-z_].*)$`)
)

// pythonMagics are cell magics whose cell is Python.
var pythonMagics = map[string]bool{
	"time": true, "timeit": true, "capture": true, "prun": true, "debug": true, "memit": true, "mprun": true, "python": true,
	"python3": true, "py": true, "pyspark": true, "spark": true, "snowpark": true,
}

// blankMagics overwrites, in the text of a code cell, what IPython reads and Python doesn't: with spaces, with pass where a
// block would be empty without it, and with None behind an assignment. It reports whether the cell is Python.
func blankMagics(text []byte) bool {
	if m := cellMagic.FindSubmatch(text); m != nil && !pythonMagics[string(m[1])] {
		return false
	}
	continued := false
	for at := 0; at < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		line := text[at:end]
		switch m := assigned.FindSubmatchIndex(line); {
		case continued:
			continued = goesOn(line)
			overwrite(line, "")
		case m != nil && m[3]-m[2] >= len("None"):
			continued = goesOn(line)
			overwrite(line[m[2]:], "None")
		case lineMagic.Match(line):
			continued = goesOn(line)
			indent := len(line) - len(bytes.TrimLeft(line, " \t"))
			if indent > 0 && len(line)-indent >= len("pass") {
				overwrite(line[indent:], "pass")
			} else {
				overwrite(line, "")
			}
		}
		at = end + 1
	}
	return true
}

func goesOn(line []byte) bool { return bytes.HasSuffix(bytes.TrimRight(line, "\r"), []byte{'\\'}) }

func overwrite(line []byte, with string) {
	for i := range line {
		line[i] = ' '
	}
	copy(line, with)
}
