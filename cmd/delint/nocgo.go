//go:build !cgo

package main

// delint parses with tree-sitter, which is C. Every other file of this folder is left out without cgo, so that this is the one
// thing that the build says.
func main() { delint_needs_cgo_set_CGO_ENABLED_1_and_install_a_C_compiler_such_as_gcc() }
