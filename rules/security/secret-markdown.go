package security

import (
	"bytes"
	"strings"
)

// fenceNames gives a block of a language the name of a file of it.
var fenceNames = map[string]string{
	"bash": "x.sh", "sh": "x.sh", "shell": "x.sh", "console": "x.sh", "zsh": "x.sh", "dotenv": ".env", "env": ".env", "ini": "x.ini",
	"properties": "x.properties", "toml": "x.toml", "yaml": "x.yml", "yml": "x.yml", "hcl": "x.tf", "terraform": "x.tf", "dockerfile": "dockerfile",
	"xml": "x.xml", "sql": "x.sql",
}

// fences reads every fenced block of a Markdown text as a file of its language. Prose has no pairs.
func (s *search) fences() {
	text := s.in.Text
	for at := 0; at < len(text); {
		end := lineEnd(text, at)
		line := bytes.TrimLeft(text[at:end], " \t>")
		if !bytes.HasPrefix(line, []byte("```")) && !bytes.HasPrefix(line, []byte("~~~")) {
			at = end + 1
			continue
		}
		mark := line[:3]
		language, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(strings.Trim(string(line[3:]), "`~ \r"))), " ")
		start := min(len(text), end+1)
		stop := start
		for stop < len(text) && !bytes.HasPrefix(bytes.TrimLeft(text[stop:lineEnd(text, stop)], " \t>"), mark) {
			stop = min(len(text), lineEnd(text, stop)+1)
		}
		name := fenceNames[strings.Trim(language, "{}.")]
		if name == "" {
			name = "x.txt"
		}
		s.fence(name, Span{start, stop})
		at = lineEnd(text, stop) + 1
	}
}

func (s *search) fence(name string, block Span) {
	read := grammarOf(placeOf(name), s.in.Text[block.Start:block.End])
	for _, at := range s.lines {
		if at < block.Start || at >= block.End {
			continue
		}
		start := max(block.Start, bytes.LastIndexByte(s.in.Text[:at], '\n')+1) - block.Start
		end := min(block.End, lineEnd(s.in.Text, at)) - block.Start
		read(s.in.Text[block.Start:block.End], Span{start, end}, func(p Pair) {
			p.KeySpan.Start += block.Start
			p.KeySpan.End += block.Start
			p.Span.Start += block.Start
			p.Span.End += block.Start
			s.pair(p)
		})
	}
}

// lineEnd is the offset of the line's end, without its newline.
func lineEnd(text []byte, at int) int {
	if i := bytes.IndexByte(text[min(at, len(text)):], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}
