package packages

import (
	_ "embed"
	"strings"
)

//go:embed modules.txt
var modulesText string

//go:embed stdlib.txt
var stdlibText string

// table of modules, of their distributions and of the standard library.
var (
	distributions = readModules()
	providers     = byDistribution(distributions)
	stdlib        = wordSet(stdlibText)
	named         = allNames()
)

func readModules() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(modulesText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		module, names, ok := strings.Cut(line, ":")
		if !ok {
			names = module
		}
		for name := range strings.FieldsSeq(names) {
			out[module] = append(out[module], Normalize(name))
		}
	}
	return out
}

// allNames is every module and distribution of the table.
func allNames() map[string]bool {
	out := map[string]bool{}
	for name := range distributions {
		out[name] = true
	}
	for name := range providers {
		out[name] = true
	}
	return out
}

func byDistribution(modules map[string][]string) map[string][]string {
	out := map[string][]string{}
	for module, names := range modules {
		for _, name := range names {
			out[name] = append(out[name], module)
		}
	}
	return out
}

func wordSet(text string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		out[w] = true
	}
	return out
}

// DistributionsOf is the distributions that give a dotted module, by the longest prefix that the table knows, and that
// prefix; nil where the table knows none.
func DistributionsOf(module string) (names []string, known string) {
	for known = module; ; {
		if names := distributions[known]; names != nil {
			return names, known
		}
		at := strings.LastIndexByte(known, '.')
		if at < 0 {
			return nil, ""
		}
		known = known[:at]
	}
}

// ModulesOf is the modules that a distribution (normalised) gives; nil where the table knows none.
func ModulesOf(distribution string) []string { return providers[distribution] }

// IsStandard reports whether a top-level module is of the standard library of any Python 3.
func IsStandard(module string) bool { return stdlib[module] }
