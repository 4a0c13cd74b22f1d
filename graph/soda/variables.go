package soda

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

var (
	anyVariable   = regexp.MustCompile(`\$\{([^}]*)\}`)
	namespaced    = regexp.MustCompile(`^ *([a-z]+)\.([a-zA-Z_]\w*) *$`)
	plainVariable = regexp.MustCompile(`^ *([A-Za-z_]\w*) *$`)
	secretKey     = regexp.MustCompile(`(?i)password|passwd|secret|token|api_key|private_key|credential|passphrase`)
	envName       = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
)

// readVariables looks at every variable that the document uses.
func (d *document) readVariables() {
	switch d.kind {
	case Contract, DataSource:
		d.variables4(d.root, "", 0)
		d.declared()
	case Checks, Configuration:
		d.variables3(d.root, "", 0)
	}
}

// scalars calls visit for every scalar with the key above it, keys included.
func scalars(v *plain.Value, key string, depth int, visit func(text, key string, at parsers.Span)) {
	if v == nil || depth > maxDepth {
		return
	}
	if v.Kind == plain.Scalar && strings.Contains(v.Text, "${") {
		visit(v.Text, key, v.Span)
	}
	for _, p := range v.Pairs {
		if strings.Contains(p.Key, "${") {
			visit(p.Key, key, p.At)
		}
		scalars(p.Value, p.Key, depth+1, visit)
	}
	for _, item := range v.Items {
		scalars(item, key, depth+1, visit)
	}
}

// variables4 reports what Soda 4 leaves as it stands: it reads ${env.X}, ${var.x} and ${soda.X} only.
func (d *document) variables4(v *plain.Value, key string, depth int) {
	declared := d.root.Get("variables")
	inside := map[parsers.Span]bool{} // values of variables
	scalars(declared, "", 0, func(_, _ string, at parsers.Span) { inside[at] = true })
	seen := map[string]bool{}
	scalars(v, key, depth, func(text, key string, at parsers.Span) {
		for _, m := range anyVariable.FindAllStringSubmatch(text, -1) {
			space := namespaced.FindStringSubmatch(m[1])
			id := m[0] + key
			switch {
			case seen[id]:
			case space == nil:
				d.withoutNamespace(m[0], m[1], text, key, at)
			case space[1] == "env" && inside[at]:
				d.problem(Variable, at, m[0], "`%s` is not resolved inside `variables`", m[0])
			case space[1] == "var" && d.kind == Contract && space[2] != "NOW" && !declared.Has(space[2]):
				d.problem(Variable, at, m[0], "`%s` is not declared in `variables`", m[0])
			case space[1] == "soda" && !contains([]string{"NOW", "DATA_TIMESTAMP", "PAGINATION"}, space[2]):
				d.problem(Variable, at, m[0], "Soda gives no value for `%s`", m[0])
			case !contains([]string{"env", "var", "soda"}, space[1]):
				d.problem(Variable, at, m[0], "Soda knows no variables `%s.`, only env., var. and soda.", space[1])
			}
			seen[id] = true
		}
	})
}

func (d *document) withoutNamespace(whole, name, text, key string, at parsers.Span) {
	f := d.problem(Variable, at, whole, "Soda 4 leaves `%s` as it stands", whole)
	f.Values = map[string]string{"preprocessed": "envsubst"}
	if m := plainVariable.FindStringSubmatch(name); m != nil {
		fixed := "${env." + m[1] + "}"
		if d.root.Get("variables").Has(m[1]) {
			fixed = "${var." + m[1] + "}"
		}
		f.Message += "; write `" + fixed + "`"
		d.swap(f, at, whole, fixed)
	}
	if secretKey.MatchString(key) {
		f.Values["credential"] = key
		f.Message = "Soda 4 sends `" + whole + "` itself as the " + key
		if f.Fix != nil {
			f.Message += "; write `" + f.Fix.Text + "`"
		}
	}
}

// swap gives a problem the fix that replaces a piece of a scalar.
func (d *document) swap(f *graph.ProblemFact, at parsers.Span, from, to string) {
	if at.Start.Byte < 0 || at.End.Byte > len(d.source.Raw) || at.Start.Byte > at.End.Byte {
		return
	}
	i := strings.Index(string(d.source.Raw[at.Start.Byte:at.End.Byte]), from)
	if i < 0 {
		return
	}
	i += at.Start.Byte
	f.Fix = &graph.ProblemFix{Title: "write `" + to + "`", Unsafe: true, Start: i, End: i + len(from), Text: to}
}

// declared remembers declared variables without a default: a command must pass them.
func (d *document) declared() {
	for _, p := range d.root.Get("variables").Entries() {
		if p.Value.Get("default") != nil && p.Value.Get("default").Kind != plain.Null {
			continue
		}
		f := d.problem(Variable, p.At, p.Key, "variable `%s` has no default, and no command passes it", p.Key)
		f.Values = map[string]string{"passed": p.Key}
	}
}

// variables3 remembers the variables of Soda 3 that are neither declared nor plausible names of the environment.
func (d *document) variables3(v *plain.Value, key string, depth int) {
	seen := map[string]bool{}
	scalars(v, key, depth, func(text, key string, at parsers.Span) {
		for _, m := range anyVariable.FindAllStringSubmatch(text, -1) {
			name := plainVariable.FindStringSubmatch(m[1])
			dotted := namespaced.FindStringSubmatch(m[1])
			switch {
			case seen[m[0]]:
			case dotted != nil && contains([]string{"env", "var"}, dotted[1]):
				f := d.problem(Variable, at, m[0], "`%s` is Soda 4's spelling, Soda 3 puts nothing there", m[0])
				if secretKey.MatchString(key) {
					f.Values = map[string]string{"credential": key}
				}
				d.swap(f, at, m[0], "${"+dotted[2]+"}")
			case name == nil || envName.MatchString(name[1]) || d.root.Get("variables").Has(name[1]):
			default:
				f := d.problem(Variable, at, m[0], "nothing gives `%s` a value: no `variables`, and no command passes it", m[0])
				f.Values = map[string]string{"passed": name[1]}
			}
			seen[m[0]] = true
		}
	})
}
