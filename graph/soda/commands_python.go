package soda

import (
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
)

// calls is the calls that hand Soda its files: the argument's name, and what they run.
var calls = map[string]struct{ argument, name string }{
	"add_sodacl_yaml_file": {"file_path", "scan"}, "add_sodacl_yaml_files": {"path", "scan"},
	"verify_contract": {"contract_file_path", "contract verify"}, "verify_contracts": {"contract_file_paths", "contract verify"},
	"verify_contract_locally": {"contract_file_path", "contract verify"}, "verify_contracts_locally": {"contract_file_paths", "contract verify"},
	"with_contract_yaml_file": {"file_path", "contract verify"}, "from_contract_yaml_file": {"file_path", "contract verify"},
	"ContractYamlSource.from_file_path": {"file_path", "contract verify"}, "Contract.from_yaml_file": {"file_path", "contract verify"},
	"SodaCLCheck": {"yaml_path", "scan"}, "SodaScanComponent": {"checks_paths", "scan"},
}

// pythonCommands reads the calls and the command lines in a Python file.
func pythonCommands(f *parsers.File, facts *graph.Facts) {
	for n := range f.Tree.All(python.Call) {
		callee := n.Field(python.Function).Text()
		short := callee[strings.LastIndexByte(callee, '.')+1:]
		call, ok := calls[short]
		if !ok {
			for name, c := range calls {
				if strings.HasSuffix(callee, name) {
					call, ok = c, true
				}
			}
		}
		at := f.Span(n.Start(), n.End())
		switch {
		case ok:
			c := graph.CommandFact{Tool: "soda", Name: call.name, Values: map[string]string{}, Span: at, Files: files(f, pycall.Argument(n, call.argument, 0))}
			if v := pycall.Argument(n, "variables", -1); !v.IsNil() {
				c.Variables = names(f, v)
			}
			facts.Commands = append(facts.Commands, c)
		case short == "add_sodacl_yaml_str" || short == "from_str" && strings.Contains(callee, "YamlSource"):
			// Text that is written here is read here; any other was read from some file.
			if _, ok := pycall.Text(f, pycall.Argument(n, "sodacl_yaml_str", 0)); !ok {
				facts.Commands = append(facts.Commands, graph.CommandFact{Tool: "soda", Name: "scan", Values: map[string]string{}, Span: at, Files: []string{graph.Hole}})
			}
		case short == "add_variables":
			facts.Commands = append(facts.Commands, graph.CommandFact{Tool: "soda", Name: "variables", Variables: names(f, pycall.Argument(n, "variables", 0)), Span: at})
		}
	}
	for n := range f.Tree.All(python.String, python.ConcatenatedString, python.List, python.BinaryOperator) {
		if n.Parent().Is(python.ConcatenatedString, python.BinaryOperator, python.ExpressionStatement) {
			continue
		}
		if text := n.Text(); !strings.Contains(text, "soda") && !strings.Contains(text, ".yml") && !strings.Contains(text, ".yaml") {
			continue
		}
		if n.Is(python.List) {
			listCommand(f, n, facts)
			continue
		}
		if text, ok := pycall.Text(f, n); ok && yamlPath.MatchString(text) {
			mention(text, f.Span(n.Start(), n.End()), facts)
		} else if ok && strings.Contains(text, "soda") {
			for _, l := range strings.Split(continued.ReplaceAllString(text, " "), "\n") {
				if !strings.HasPrefix(strings.TrimSpace(l), "#") && !strings.Contains(l, "`soda") {
					readCommands(l, f.Span(n.Start(), n.End()), facts)
				}
			}
		}
	}
}

// listCommand reads ["soda", "scan", …].
func listCommand(f *parsers.File, list parsers.Node, facts *graph.Facts) {
	var out []string
	for item := range list.NamedChildren() {
		text, ok := pycall.Text(f, item)
		if !ok {
			text = graph.Hole
		}
		out = append(out, text)
	}
	for i := range out {
		if out[i] == "soda" && i+1 < len(out) && (out[i+1] == "scan" || out[i+1] == "contract") {
			readCommands(strings.Join(out[i:], " "), f.Span(list.Start(), list.End()), facts)
		}
	}
}

// files is the paths that an expression holds: one, or those of a list; a hole where only a run knows.
func files(f *parsers.File, n parsers.Node) []string {
	if n.Is(python.List, python.Tuple) {
		var out []string
		for item := range n.NamedChildren() {
			out = append(out, files(f, item)...)
		}
		return out
	}
	if text, ok := pycall.Text(f, n); ok {
		return []string{text}
	}
	return []string{graph.Hole}
}

// names is the keys of a dictionary; a hole where they are not written.
func names(f *parsers.File, n parsers.Node) []string {
	if !n.Is(python.Dictionary) {
		return []string{graph.Hole}
	}
	var out []string
	for p := range n.NamedChildren() {
		key, ok := pycall.Text(f, p.Field(python.Key))
		if !ok {
			key = graph.Hole
		}
		out = append(out, key)
	}
	return out
}
