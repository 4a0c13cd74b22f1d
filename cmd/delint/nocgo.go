//go:build !cgo

package main

// delint parses with tree-sitter, which is C.
var _ = delint_needs_cgo_set_CGO_ENABLED_1_and_install_a_C_compiler_such_as_gcc
