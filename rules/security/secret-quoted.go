package security

import (
	"bytes"
	"strings"
)

// quotedLine reads name = "value", "name": "value", name => 'value' and name("value") anywhere on a line of any other text.
func quotedLine(text []byte, line Span, yield func(Pair)) {
	if comment(text[line.Start:line.End]) {
		return
	}
	for at := line.Start; at < line.End; {
		if !isWord(text[at]) {
			at++
			continue
		}
		end := at
		for end < line.End && (isWord(text[end]) || text[end] == '.' || text[end] == '-') {
			end++
		}
		key := Span{at, end}
		at = end
		next := end
		for next < line.End && strings.IndexByte(`"'\])`, text[next]) >= 0 {
			next++
		}
		next = skipSpace(text, next, line.End)
		operator := next
		for operator < line.End && strings.IndexByte("=:>", text[operator]) >= 0 {
			operator++
		}
		sign := string(text[next:operator])
		if sign != "=" && sign != ":" && sign != "=>" && sign != ":=" {
			continue
		}
		start := skipSpace(text, operator, line.End)
		value, ok := quotedAt(text, start, line.End)
		if start+1 < line.End && text[start] == '\\' { // quotes inside an escaped text: a notebook's line
			value = Span{start + 2, start + 2}
			i := bytes.Index(text[min(value.Start, line.End):line.End], text[start:start+2])
			if ok = i >= 0 && (text[start+1] == '"' || text[start+1] == '\''); ok {
				value.End += i
			}
		}
		if !ok {
			continue
		}
		body := text[value.Start:value.End]
		after := value.End
		for after < line.End && strings.IndexByte("\"'`\\ ", text[after]) >= 0 {
			after++
		}
		if after < line.End && (text[after] == '+' || text[after] == '%' || text[after] == '.') {
			continue // a part of an expression
		}
		yield(Pair{Key: string(text[key.Start:key.End]), KeySpan: key, Value: string(body), Span: value})
		at = value.Start
		if !bytes.ContainsAny(body, "=:") {
			at = value.End
		}
	}
}

// sqlLine reads PASSWORD 'value', IDENTIFIED BY 'value' and name = 'value'.
func sqlLine(text []byte, line Span, yield func(Pair)) {
	sqlLogin(text, line, yield)
	quotedLine(text, line, yield)
}

// sqlLogin reads PASSWORD 'value' and IDENTIFIED BY 'value'.
func sqlLogin(text []byte, line Span, yield func(Pair)) {
	head := text[line.Start:line.End]
	if comment(head) {
		return
	}
	lower := bytes.ToLower(head)
	for _, words := range [...]string{"password", "identified by", "identified with sha256_password by"} {
		for from := 0; ; {
			i := bytes.Index(lower[from:], []byte(words))
			if i < 0 {
				break
			}
			i += from
			from = i + len(words)
			if i > 0 && isWord(lower[i-1]) || from < len(lower) && lower[from] != ' ' {
				continue
			}
			at := skipSpace(text, line.Start+from, line.End)
			if value, ok := quotedAt(text, at, line.End); ok && text[at] == '\'' {
				yield(Pair{Key: "password", KeySpan: Span{line.Start + i, line.Start + from}, Value: string(text[value.Start:value.End]), Span: value})
			}
		}
	}
}

// xmlLine reads <password>value</password>, attributes, and <name>x.password</name> with its <value>.
func xmlLine(text []byte, line Span, yield func(Pair)) {
	head := text[line.Start:line.End]
	for from := 0; from < len(head); {
		open := bytes.IndexByte(head[from:], '<')
		if open < 0 {
			break
		}
		open += from + 1
		shut := bytes.IndexByte(head[open:], '>')
		if shut < 0 {
			break
		}
		shut += open
		name := head[open:shut]
		from = shut + 1
		end := bytes.Index(head[from:], []byte("</"))
		if end < 0 || len(name) == 0 || name[0] == '/' || name[0] == '!' || bytes.ContainsAny(name, " \"") {
			continue
		}
		key := Span{line.Start + open, line.Start + shut}
		value := Span{line.Start + from, line.Start + from + end}
		if string(name) == "name" || string(name) == "key" {
			property := Span{value.Start, value.End}
			rest := text[value.End:min(len(text), value.End+400)]
			if i := bytes.Index(rest, []byte("<value>")); i >= 0 && i < 80 {
				start := value.End + i + len("<value>")
				if j := bytes.Index(text[start:min(len(text), start+300)], []byte("</value>")); j >= 0 {
					yield(Pair{Key: string(text[property.Start:property.End]), KeySpan: property, Value: string(text[start : start+j]), Span: Span{start, start + j}})
				}
			}
			continue
		}
		yield(Pair{Key: string(name), KeySpan: key, Value: string(text[value.Start:value.End]), Span: value})
	}
	quotedLine(text, line, yield)
}
