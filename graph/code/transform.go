package code

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
)

// Transform is a function that carries logic which a test should look at.
type Transform struct {
	*graph.Function
	// Why is what makes it one: declared (a pipeline unit), frame-typed, frame-operating, business.
	Why string
	// Weight is how much there is to test; the parts sum to it.
	Weight, Operations, Branches, Queries, Other int
}

// What makes a function a transform.
const (
	Declared       = "declared"
	FrameTyped     = "frame-typed"
	FrameOperating = "frame-operating"
	Business       = "business"
)

// Transforms is every transform of the repository, in path order: section 5.1 of the Python catalogue. Business functions are
// among them only where the repository has tests.
func Transforms(c *graph.Code) []Transform {
	var out []Transform
	tests := len(c.Tests)+len(c.Weak) > 0
	for _, m := range c.Modules {
		if m.Role != graph.RoleSource || m.Tests {
			continue
		}
		for _, f := range m.Functions[1:] {
			why := class(f)
			if why == "" || why == Business && !tests || exempt(f) || inTest(f) {
				continue
			}
			out = append(out, weigh(f, why))
		}
	}
	return out
}

// inTest reports whether a function is a test or stands in one.
func inTest(f *graph.Function) bool {
	for ; f != nil; f = f.Outer {
		if f.Test {
			return true
		}
	}
	return false
}

func class(f *graph.Function) string {
	switch l := f.Logic; {
	case f.FunctionFact.Composes || f.Kind == "dagster-component":
		return ""
	case f.Kind != "" && f.Kind != "dagster-io-manager":
		return Declared
	case l.FrameTyped:
		return FrameTyped
	case f.Module.Frames && l.Rooted >= 2:
		return FrameOperating
	case f.Class == nil && len(f.Params) > 0 && f.Value && (businessPath.MatchString("/"+f.Module.Path) || businessName.MatchString(f.Name)):
		return Business
	}
	return ""
}

var (
	businessPath = regexp.MustCompile(`/(?:transform|transforms|transformations|features|business|domain|rules|enrich[^/]*|clean[^/]*|silver|gold|marts)(?:/|\.py$)`)
	businessName = regexp.MustCompile(`(?:^|\.)(?:transform_|clean_|normali[sz]e_|parse_|enrich_|dedup|aggregate_|map_|validate_|calculate_|compute_|convert_|derive_|extract_|merge_|filter_)[^.]*$`)
)

// exempt reports whether a unit test would have nothing to look at.
func exempt(f *graph.Function) bool {
	l := f.Logic
	switch {
	case f.Stub, f.Delegates, f.Property && f.Single:
		return true
	case decorated(f, "abstractmethod"), decorated(f, "overload"), decorated(f, "observable_source_asset"):
		return true
	case f.Class != nil && slices.ContainsFunc(f.Class.External, func(b string) bool { return b == "Protocol" || strings.HasSuffix(b, ".Protocol") }):
		return true
	}
	return l.External && l.Operations == 0 && l.Rooted == 0 && l.Queries == 0 && l.Compute == l.Texts && l.Branches <= 2
}

func weigh(f *graph.Function, why string) Transform {
	l := f.Logic
	t := Transform{Function: f, Why: why, Branches: l.Branches, Queries: l.Queries, Other: l.Compute + l.Keys, Operations: l.Strong}
	if l.FrameTyped {
		t.Operations = l.Operations
	} else if why == FrameOperating {
		t.Operations = l.Rooted
	}
	if l.Operations+l.Rooted+l.Queries == 0 {
		t.Other -= l.Texts // messages, URLs and arguments of what does the work
	}
	t.Weight = t.Operations + t.Branches + t.Queries + t.Other
	return t
}

// Nearest is the collected test module that is closest to a function: one of its project or of a folder around that imports
// its module, else one of its project and of its name; with what that module takes from it. Empty if there is none.
func Nearest(g *graph.Graph, f *graph.Function) (file string, imports []string) {
	want := "test_" + f.Module.Path[strings.LastIndexByte(f.Module.Path, '/')+1:]
	home := project(g, f.Module.Path)
	seen := map[*graph.Module]bool{}
	for _, t := range slices.Concat(g.Code.Tests, g.Code.Weak) {
		m := t.Module
		if seen[m] {
			continue
		}
		seen[m] = true
		if slices.Contains(m.Imported, f.Module) && strings.HasPrefix(home, project(g, m.Path)) {
			for _, x := range m.Imports {
				if x.Name != "" && slices.ContainsFunc(f.Module.Functions, func(g *graph.Function) bool { return g.Name == x.Name }) {
					imports = append(imports, x.Name)
				}
			}
			return m.Path, imports
		}
		if strings.HasSuffix("/"+m.Path, "/"+want) && project(g, m.Path) == home {
			file = m.Path
		}
	}
	return file, nil
}

// project is the folder of the Python project that a file belongs to, with a slash at its end; empty if that is the repository.
func project(g *graph.Graph, file string) string {
	for d := path.Dir(file); d != "."; d = path.Dir(d) {
		for _, name := range [...]string{"pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"} {
			if g.HasPath(d + "/" + name) {
				return d + "/"
			}
		}
	}
	return ""
}

// WeakTest is a test that calls a function but asserts nothing; nil if there is none.
func WeakTest(c *graph.Code, f *graph.Function) *graph.Function {
	for _, t := range c.Weak {
		if slices.ContainsFunc(t.Calls, func(e graph.Edge) bool { return e.To == f }) {
			return t
		}
	}
	return nil
}
