//go:build cgo

// Command delint reviews a data repository as a staff data engineer would.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
