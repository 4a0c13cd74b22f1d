package parsers_test

import (
	"bytes"
	"strings"
	"testing"

	"delint/parsers"

	"github.com/google/go-cmp/cmp"
)

func TestDecode(t *testing.T) {
	for _, test := range []struct {
		name, path, raw, reason string
		// word is looked for in Raw, and expected at this place.
		word string
		want parsers.Position
	}{
		{"plain", "a.py", "x = 1\ny = 2\n", "", "y", parsers.Position{Line: 2, Column: 1, Byte: 6}},
		{"byte order mark", "a.py", "\ufeffx = 1\n", "", "x", parsers.Position{Line: 1, Column: 1, Byte: 3}},
		{"mark, second line", "a.py", "\ufeffa\nx = 1\n", "", "x", parsers.Position{Line: 2, Column: 1, Byte: 5}},
		{"CRLF", "a.py", "a\r\n  x\r\n", "", "x", parsers.Position{Line: 2, Column: 3, Byte: 5}},
		{"tabs count one", "a.py", "\t\tx\n", "", "x", parsers.Position{Line: 1, Column: 3, Byte: 2}},
		{"code points", "a.py", "\"é😀\"; x\n", "", "x", parsers.Position{Line: 1, Column: 7, Byte: 10}},
		{"latin-1", "a.py", "# -*- coding: latin-1 -*-\ns = '\xe9\xe9'; x\n", "", "; x", parsers.Position{Line: 2, Column: 9, Byte: 34}},
		{"latin-1 below a shebang", "a.py", "#!/usr/bin/python\n# coding=iso_8859_1\n'\xe9'; x\n", "", "; x", parsers.Position{Line: 3, Column: 4, Byte: 41}},
		{"windows-1252", "a.py", "# vim: set fileencoding=cp1252 :\n'\x80' ; y\n", "", "€", parsers.Position{Line: 2, Column: 2, Byte: 34}},
		{"declared too late", "a.py", "x = 1\n# coding: latin-1\n'\xe9'\n", "", "x", parsers.Position{Line: 1, Column: 1, Byte: 0}},
		{"declared UTF-8 but valid", "a.py", "# coding: latin-1\n'é'; x\n", "", "; x", parsers.Position{Line: 2, Column: 4, Byte: 22}},
		{"invalid UTF-8", "a.yml", "a: \xff\xff\nx: 1\n", "", "x", parsers.Position{Line: 2, Column: 1, Byte: 6}},
		{"unknown encoding", "a.py", "# coding: shift_jis\n'\x83e'\n", parsers.UnknownEncoding, "", parsers.Position{}},
		{"NUL", "a.py", "x = 1\x00\n", parsers.Binary, "", parsers.Position{}},
		{"late NUL", "a.py", strings.Repeat("#\n", 5000) + "x\x00\n", "", "x", parsers.Position{Line: 5001, Column: 1, Byte: 10000}},
		{"UTF-16", "a.sql", "\xff\xfes\x00e\x00", parsers.UTF16, "", parsers.Position{}},
		{"UTF-16, big", "a.sql", "\xfe\xff\x00s\x00e", parsers.UTF16, "", parsers.Position{}},
		{"UTF-32", "a.sql", "\xff\xfe\x00\x00s\x00\x00\x00", parsers.UTF32, "", parsers.Position{}},
		{"empty", "a.py", "", "", "", parsers.Position{Line: 1, Column: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, reason := parsers.Decode(test.path, []byte(test.raw))
			if reason != test.reason {
				t.Fatalf("reason %q, want %q", reason, test.reason)
			}
			if reason != "" {
				return
			}
			if diff := cmp.Diff(test.want, s.Position(bytes.Index(s.Raw, []byte(test.word)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("a.py", "# coding: latin-1\n\xe9")
	f.Add("a.yml", "\xff\xfea")
	f.Fuzz(func(t *testing.T, path, raw string) {
		s, reason := parsers.Decode(path, []byte(raw))
		if (s == nil) == (reason == "") {
			t.Fatal("neither a source nor a reason")
		}
		if s != nil {
			if end := s.Position(len(s.Raw)); end.Byte != len(raw) {
				t.Errorf("the end of %d bytes is byte %d", len(raw), end.Byte)
			}
		}
	})
}
