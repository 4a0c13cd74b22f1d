package sql

/*
#cgo CFLAGS: -std=c11 -O2 -Wno-unused-parameter
#include "src/parser.c"
#include "src/scanner.c"
*/
import "C"

import (
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"

	"delint/parsers"
)

// The generated parser is committed. Regenerate it after a change of grammar.js with tree-sitter-cli 0.22.6 (the Rust crate:
// cargo install tree-sitter-cli --version 0.22.6); later versions write an ABI that the Go runtime does not speak.
//
//go:generate sh generate.sh

// Grammar is delint's own SQL grammar: clause-level, made for analysis.
var Grammar = parsers.NewGrammar("sql", sitter.NewLanguage(unsafe.Pointer(C.tree_sitter_delint_sql())))
