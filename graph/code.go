package graph

import "delint/parsers"

// Role is what a file is for. It is decided from the path and the head of the file, before any rule.
type Role string

// The roles.
const (
	RoleSource    Role = "source"
	RoleTest      Role = "test"
	RoleGenerated Role = "generated"
	RoleMigration Role = "migration"
	RoleVendored  Role = "vendored"
	RoleNotebook  Role = "notebook"
	RoleStub      Role = "stub"
	RoleConfig    Role = "config"
)

// ModuleFact is what one Python file defines and calls. graph/code fills and links it.
type ModuleFact struct {
	Functions []FunctionFact
	Classes   []ClassFact
	Imports   []ImportFact
}

// FunctionFact, ClassFact and ImportFact are refined by graph/code, the only folder that writes them.
type FunctionFact struct {
	Name string // qualified inside the module: Class.method, outer.<locals>.inner
	Span parsers.Span
}

// ClassFact is one class.
type ClassFact struct {
	Name  string
	Bases []string
	Span  parsers.Span
}

// ImportFact is one imported name.
type ImportFact struct {
	Module string
	Name   string
	As     string
	Level  int // leading dots
}

// Code is the linked Python of the repository.
type Code struct{}
