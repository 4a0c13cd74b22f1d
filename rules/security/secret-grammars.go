package security

import (
	"bytes"
	"strings"
)

// grammar reads the pairs of one line of a text.
type grammar func(text []byte, line Span, yield func(Pair))

// grammarOf is the line grammar of a file.
func grammarOf(p place, text []byte) grammar {
	switch {
	case strings.HasPrefix(p.base, "dockerfile"), strings.HasSuffix(p.base, ".dockerfile"), p.base == "containerfile":
		return dockerfileLine
	case p.base == ".netrc", p.base == "_netrc":
		return netrcLine
	case p.base == ".pgpass", p.base == "pgpass.conf":
		return pgpassLine
	case strings.HasPrefix(p.base, ".env"), p.base == ".envrc", p.ext == "env", p.ext == "sh", p.ext == "bash", p.ext == "zsh", p.base == "makefile":
		return shellLine
	}
	switch p.ext {
	case "ini", "cfg", "conf", "properties", "pypirc", "npmrc", "cnf":
		return iniLine
	case "toml", "tf", "tfvars", "hcl":
		return hclLine
	case "yml", "yaml":
		return yamlGrammar(text)
	case "xml":
		return xmlLine
	case "sql":
		return sqlLine
	}
	return quotedLine
}

// comment reports whether a line is one, in any of the languages with line grammars.
func comment(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	for _, mark := range [...]string{"#", ";", "//", "--", "/*", "*", "<!--"} {
		if bytes.HasPrefix(line, []byte(mark)) {
			return true
		}
	}
	return false
}

// keyAt reads a name at an offset: letters, digits, _ . -, or the same in quotes. It returns the name's span and the offset
// after it.
func keyAt(text []byte, at, end int) (Span, int) {
	quote := byte(0)
	if at < end && (text[at] == '"' || text[at] == '\'') {
		quote = text[at]
		at++
	}
	start := at
	for at < end && (isWord(text[at]) || text[at] == '.' || text[at] == '-' || text[at] == '/' && quote != 0) {
		at++
	}
	span := Span{start, at}
	if quote != 0 {
		if at >= end || text[at] != quote {
			return Span{}, at
		}
		at++
	}
	return span, at
}

func skipSpace(text []byte, at, end int) int {
	for at < end && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	return at
}

// quotedAt reads a quoted text at an offset: its span without the quotes, and ok.
func quotedAt(text []byte, at, end int) (Span, bool) {
	for at < end && strings.IndexByte("rRbBuU", text[at]) >= 0 && at+1 < end && (text[at+1] == '"' || text[at+1] == '\'') {
		at++
	}
	if at >= end || text[at] != '"' && text[at] != '\'' && text[at] != '`' {
		return Span{}, false
	}
	quote := text[at]
	start := at + 1
	for i := start; i < end; i++ {
		if text[i] == '\\' {
			i++
			continue
		}
		if text[i] == quote {
			return Span{start, i}, true
		}
	}
	return Span{}, false
}

// assigned yields a pair of a name and what stands after its operator: quoted text, or, if bare is set, the rest of the line
// up to one of the bytes of stop or a comment.
func assigned(text []byte, key Span, at, end int, operators, stop string, bare bool, yield func(Pair)) int {
	at = skipSpace(text, at, end)
	from := at
	for at < end && strings.IndexByte(operators, text[at]) >= 0 {
		at++
	}
	if at == from || key.End <= key.Start {
		return at
	}
	at = skipSpace(text, at, end)
	value, ok := quotedAt(text, at, end)
	if !ok {
		if !bare || at < end && (text[at] == '"' || text[at] == '\'') {
			return at
		}
		value = Span{at, at}
		for value.End < end && strings.IndexByte(stop, text[value.End]) < 0 && text[value.End] != '\r' {
			if text[value.End] == '#' && value.End > at && (text[value.End-1] == ' ' || text[value.End-1] == '\t') {
				break
			}
			value.End++
		}
		for value.End > value.Start && (text[value.End-1] == ' ' || text[value.End-1] == '\t') {
			value.End--
		}
	}
	yield(Pair{Key: string(text[key.Start:key.End]), KeySpan: key, Value: string(text[value.Start:value.End]), Span: value})
	return max(at, value.End)
}

// shellLine reads NAME=value, with or without export, in shell scripts and dotenv files.
func shellLine(text []byte, line Span, yield func(Pair)) {
	if comment(text[line.Start:line.End]) {
		return
	}
	at := skipSpace(text, line.Start, line.End)
	for at < line.End {
		for _, word := range [...]string{"export ", "declare ", "local ", "readonly ", "-x ", "env ", "-e "} {
			if bytes.HasPrefix(text[at:line.End], []byte(word)) {
				at = skipSpace(text, at+len(word), line.End)
			}
		}
		key, after := keyAt(text, at, line.End)
		if key.End > key.Start && after < line.End && text[after] == '=' && after+1 < line.End && text[after+1] != '=' && text[after+1] != ' ' {
			at = assigned(text, key, after, line.End, "=", " \t;&|)", true, yield)
		}
		for at < line.End && text[at] != ' ' && text[at] != '\t' && text[at] != ';' {
			at++
		}
		at = skipSpace(text, min(line.End, at+1), line.End)
	}
}

// dockerfileLine reads ENV and ARG, of both forms.
func dockerfileLine(text []byte, line Span, yield func(Pair)) {
	at := skipSpace(text, line.Start, line.End)
	word, after := keyAt(text, at, line.End)
	switch strings.ToUpper(string(text[word.Start:word.End])) {
	case "ENV", "ARG", "LABEL":
		after = skipSpace(text, after, line.End)
		key, next := keyAt(text, after, line.End)
		if next < line.End && text[next] == ' ' {
			value := Span{skipSpace(text, next, line.End), line.End}
			if q, ok := quotedAt(text, value.Start, line.End); ok {
				value = q
			}
			if key.End > key.Start && bytes.IndexByte(text[value.Start:value.End], '=') < 0 {
				yield(Pair{Key: string(text[key.Start:key.End]), KeySpan: key, Value: string(bytes.TrimSpace(text[value.Start:value.End])), Span: value})
				return
			}
		}
		shellLine(text, Span{after, line.End}, yield)
	case "RUN", "CMD", "ENTRYPOINT":
		shellLine(text, Span{after, line.End}, yield)
	default:
		if !comment(text[line.Start:line.End]) && word.End > word.Start && after < line.End && text[after] == '=' {
			shellLine(text, line, yield) // a continued ENV
		}
	}
}

// iniLine reads name = value and name: value.
func iniLine(text []byte, line Span, yield func(Pair)) {
	head := bytes.TrimLeft(text[line.Start:line.End], " \t")
	if comment(head) || bytes.HasPrefix(head, []byte("!")) {
		return
	}
	at := skipSpace(text, line.Start, line.End)
	if i := bytes.LastIndexByte(text[at:line.End], ':'); bytes.HasPrefix(text[at:line.End], []byte("//")) && i > 0 {
		at += i + 1 // .npmrc: //registry/:_authToken=…
	}
	key, after := keyAt(text, at, line.End)
	assigned(text, key, after, line.End, "=:", "\n", true, yield)
}

// hclLine reads name = "value" in HCL and TOML, inline tables too. A default takes the name of its variable.
func hclLine(text []byte, line Span, yield func(Pair)) {
	if comment(text[line.Start:line.End]) {
		return
	}
	if head := bytes.TrimSpace(text[line.Start:line.End]); bytes.HasPrefix(head, []byte("variable ")) {
		name, ok := quotedAt(text, bytes.IndexByte(text[line.Start:line.End], '"')+line.Start, line.End)
		if ok {
			variableDefault(text, name, line.End, yield)
		}
		return
	}
	quotedLine(text, line, yield)
}

// variableDefault reads the default of an HCL variable whose name was just seen.
func variableDefault(text []byte, name Span, from int, yield func(Pair)) {
	block := text[from:min(len(text), from+2000)]
	if i := bytes.Index(block, []byte("\n}")); i >= 0 {
		block = block[:i]
	}
	for at := 0; at < len(block); {
		end := len(block)
		if i := bytes.IndexByte(block[at:], '\n'); i >= 0 {
			end = at + i
		}
		line := bytes.TrimLeft(block[at:end], " \t{")
		if bytes.HasPrefix(line, []byte("default")) {
			start := from + end - len(line) + len("default")
			assigned(text, name, start, from+end, "=", "", false, yield)
		}
		at = end + 1
	}
}

// netrcLine reads "machine host login name password value".
func netrcLine(text []byte, line Span, yield func(Pair)) {
	i := bytes.Index(text[line.Start:line.End], []byte("password"))
	if i < 0 {
		return
	}
	key := Span{line.Start + i, line.Start + i + len("password")}
	start := skipSpace(text, key.End, line.End)
	end := start
	for end < line.End && text[end] > ' ' {
		end++
	}
	yield(Pair{Key: "password", KeySpan: key, Value: string(text[start:end]), Span: Span{start, end}})
}

// pgpassLine reads host:port:database:user:password.
func pgpassLine(text []byte, line Span, yield func(Pair)) {
	i := bytes.LastIndexByte(text[line.Start:line.End], ':')
	if i < 0 || bytes.Count(text[line.Start:line.End], []byte(":")) < 4 {
		return
	}
	at := line.Start + i + 1
	yield(Pair{Key: "password", KeySpan: Span{line.Start, at - 1}, Value: string(bytes.TrimSpace(text[at:line.End])), Span: Span{at, line.End}})
}
