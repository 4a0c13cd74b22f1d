package parsers

import "bytes"

// Decode makes a Source of a file's bytes, or says why it is not read as text.
func Decode(path string, raw []byte) (*Source, string) {
	if bytes.IndexByte(raw[:min(len(raw), 8192)], 0) >= 0 {
		return nil, "binary"
	}
	return NewSource(path, raw), ""
}
