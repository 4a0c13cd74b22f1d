package yaml

import "bytes"

// maxBlocks bounds the nesting of block collections. The grammar's scanner keeps one entry a level in a buffer of 1,024
// bytes, which is full at 253.
const maxBlocks = 200

// maxFlow bounds the nesting of brackets: beyond it a recursive reader would be at the mercy of its stack.
const maxFlow = 1000

// nestsDeeply reports whether a text may nest deeper than the limits. It counts without parsing, so what stands in a scalar
// counts too.
func nestsDeeply(text []byte) bool {
	open := make([]int, 0, maxBlocks)
	flow := 0
	brackets := bytes.Count(text, []byte{'['})+bytes.Count(text, []byte{'{'}) > maxFlow
	for at := 0; at < len(text); {
		col := 0
		for at < len(text) && text[at] == ' ' {
			at, col = at+1, col+1
		}
		if at < len(text) && text[at] != '\n' && text[at] != '\r' && text[at] != '#' {
			for len(open) > 0 && open[len(open)-1] >= col {
				open = open[:len(open)-1]
			}
			open = append(open, col)
		}
		// Every indicator that opens a collection on the same line: "- - a:", "? - b".
		for at+1 < len(text) && (text[at] == '-' || text[at] == '?' || text[at] == ':') && (text[at+1] == ' ' || text[at+1] == '\t') {
			at, col = at+1, col+1
			for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
				at, col = at+1, col+1
			}
			if open = append(open, col); len(open) > maxBlocks {
				return true
			}
		}
		if len(open) > maxBlocks {
			return true
		}
		if !brackets {
			end := bytes.IndexByte(text[min(at, len(text)):], '\n')
			if end < 0 {
				break
			}
			at += end
		}
		for ; at < len(text) && text[at] != '\n'; at++ {
			switch text[at] {
			case '[', '{':
				if flow++; flow > maxFlow {
					return true
				}
			case ']', '}':
				flow = max(0, flow-1)
			}
		}
		at++
	}
	return false
}
