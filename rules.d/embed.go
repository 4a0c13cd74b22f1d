// Package rulesd holds the declarative rules that ship with delint. The same folder works in a repository of a user.
package rulesd

import "embed"

// Files is every rule's NAME.toml with its page NAME.md, in the folder of its standard.
//
//go:embed */*
var Files embed.FS
