package security

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	kindSecret = regexp.MustCompile(`(?m)^kind:[ \t]*["']?Secret["']?[ \t\r]*$`)
	sealedFile = regexp.MustCompile(`(?m)^sops:|^kind:[ \t]*SealedSecret|ENC\[AES256`)
	dataLine   = regexp.MustCompile(`^data:\s*$`)
)

// yamlGrammar reads the lines of a YAML text, also of templates that no parser accepts: key: value, - NAME=value, flow
// mappings, and name: X with value: Y on the line after. In the data of a Kubernetes Secret values are decoded once.
func yamlGrammar(text []byte) grammar {
	if (bytes.Contains(text, []byte("sops:")) || bytes.Contains(text, []byte("SealedSecret")) || bytes.Contains(text, []byte("ENC[AES256"))) && sealedFile.Match(text) {
		return func([]byte, Span, func(Pair)) {}
	}
	kubernetes := bytes.Contains(text, []byte("Secret")) && kindSecret.Match(text)
	return func(text []byte, line Span, yield func(Pair)) {
		if kubernetes {
			plain := yield
			yield = func(p Pair) { plain(decodedData(text, line, p)) }
		}
		yamlLine(text, line, yield)
	}
}

func yamlLine(text []byte, line Span, yield func(Pair)) {
	if comment(text[line.Start:line.End]) && !bytes.HasPrefix(bytes.TrimSpace(text[line.Start:line.End]), []byte("--")) {
		return
	}
	at := skipSpace(text, line.Start, line.End)
	for at+1 < line.End && text[at] == '-' && text[at+1] == ' ' {
		at = skipSpace(text, at+1, line.End)
	}
	if at < line.End && (text[at] == '"' || text[at] == '\'') {
		if item, ok := quotedAt(text, at, line.End); ok && bytes.IndexByte(text[item.Start:item.End], '=') > 0 { // - "NAME=value"
			key, after := keyAt(text, item.Start, item.End)
			assigned(text, key, after, item.End, "=", "", true, yield)
			return
		}
	}
	if i := bytes.IndexByte(text[at:line.End], '{'); i >= 0 && bytes.IndexByte(text[at:line.End], '}') > i && !bytes.Contains(text[at:line.End], []byte("{{")) && !bytes.Contains(text[at:line.End], []byte("${")) {
		flowPairs(text, Span{at + i, line.End}, yield)
		return
	}
	key, after := keyAt(text, at, line.End)
	if key.End <= key.Start || after >= line.End {
		return
	}
	if text[after] == '=' {
		assigned(text, key, after, line.End, "=", "\n", true, yield)
		return
	}
	if text[after] != ':' || after+1 < line.End && text[after+1] != ' ' && text[after+1] != '\r' {
		if text[after] == ' ' || text[after] == ':' {
			shellLine(text, Span{at, line.End}, yield) // a command in a block
		}
		return
	}
	name := string(text[key.Start:key.End])
	value := skipSpace(text, after+1, line.End)
	if value >= line.End || strings.IndexByte("|>&*![{", text[value]) >= 0 {
		return
	}
	if name == "name" || name == "key" {
		namedValue(text, line, value, yield)
		return
	}
	assigned(text, key, after, line.End, ":", "\n", true, yield)
}

// namedValue reads the value: of the line after name: X.
func namedValue(text []byte, line Span, at int, yield func(Pair)) {
	name, ok := quotedAt(text, at, line.End)
	if !ok {
		name, _ = keyAt(text, at, line.End)
	}
	next := Span{min(len(text), line.End+1), lineEnd(text, min(len(text), line.End+1))}
	start := skipSpace(text, next.Start, next.End)
	if bytes.HasPrefix(text[start:next.End], []byte("value:")) {
		assigned(text, name, start+len("value"), next.End, ":", "\n", true, yield)
	}
}

// flowPairs reads the pairs of a flow mapping.
func flowPairs(text []byte, flow Span, yield func(Pair)) {
	for at := flow.Start; at < flow.End; {
		if text[at] != '{' && text[at] != ',' {
			at++
			continue
		}
		key, after := keyAt(text, skipSpace(text, at+1, flow.End), flow.End)
		if after < flow.End && text[after] == ':' {
			after = max(after, assigned(text, key, after, flow.End, ":", ",}]", true, yield))
		}
		at = max(at+1, after)
	}
}

// decodedData is a pair of a Secret's data with its value decoded once; other pairs stay as they are.
func decodedData(text []byte, line Span, p Pair) Pair {
	indent := len(text[line.Start:line.End]) - len(bytes.TrimLeft(text[line.Start:line.End], " "))
	for at := line.Start - 1; at > 0; {
		start := bytes.LastIndexByte(text[:at], '\n') + 1
		above := text[start:at]
		if len(bytes.TrimSpace(above)) > 0 && len(above)-len(bytes.TrimLeft(above, " ")) < indent {
			if !dataLine.Match(bytes.TrimSpace(above)) {
				return p
			}
			raw, err := base64.StdEncoding.DecodeString(p.Value)
			if err == nil && utf8.Valid(raw) {
				p.Value = string(bytes.TrimSpace(raw))
			}
			return p
		}
		at = start - 1
	}
	return p
}
