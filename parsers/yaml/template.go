package yaml

import (
	"bytes"
	"strings"

	"delint/parsers"
)

// Template is the reason why a file is not analysed that only becomes YAML when a template engine has run.
const Template = "template"

// isTemplate reports whether a file is a Helm, Go or Jinja template of YAML. A template expression inside a quoted scalar is
// none: such a file is YAML as it stands (dbt, Airflow, Ansible, Argo).
func isTemplate(path string, tree *parsers.Tree) bool {
	if !bytes.Contains(tree.Text, []byte("{{")) && !bytes.Contains(tree.Text, []byte("{%")) {
		return false
	}
	if tree.Errors() > 0 {
		return true
	}
	if strings.Contains("/"+path, "/templates/") && isHelm(tree.Text) {
		return true
	}
	// An unquoted {{ expression }} reads as a mapping whose key is a mapping.
	for n := range tree.All(FlowMapping) {
		if bytes.HasPrefix(n.Bytes(), []byte("{{")) || bytes.HasPrefix(n.Bytes(), []byte("{%")) {
			return true
		}
	}
	return false
}

// isHelm reports whether a text uses what only Helm gives a template.
func isHelm(text []byte) bool {
	for _, name := range []string{".Values.", ".Release.", ".Chart.", "include \"", ".Files.", ".Capabilities."} {
		if bytes.Contains(text, []byte(name)) {
			return true
		}
	}
	return false
}
