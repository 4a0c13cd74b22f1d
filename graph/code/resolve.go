package code

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
)

// maxHops is how many re-exports through packages are followed.
const maxHops = 5

// find is the modules and folders that a dotted name may mean in a module: every file whose path ends in the name, the
// nearest to the module first; only the nearest are returned. A name of one part must stand where Python would look: beside
// the module or a folder above it, in a src or a project folder, or at the top of a package.
func (l *linker) find(from *graph.Module, parts []string) (mods []*graph.Module, dirs []string) {
	last := parts[len(parts)-1]
	best := -1
	consider := func(p []string) bool {
		if len(p) < len(parts) || !slices.Equal(p[len(p)-len(parts):], parts) {
			return false
		}
		root := p[:len(p)-len(parts)]
		if len(parts) == 1 && from.Role != graph.RoleTest && !l.searched(from, root) {
			return false
		}
		score := 1000*common(p, l.info[from].parts) + 100 - min(99, len(root))
		if score > best {
			best, mods, dirs = score, nil, nil
		}
		return score == best
	}
	for _, m := range l.byLast[last] {
		if m != from && consider(l.info[m].parts) {
			mods = append(mods, m)
		}
	}
	for _, d := range l.dirs[last] {
		if p := strings.Split(d, "/"); l.code.ByPath[d+"/__init__.py"] == nil && consider(p) {
			dirs = append(dirs, d)
		}
	}
	return mods, dirs
}

// common is how many folders two names share from the root.
func common(a, b []string) int {
	n := 0
	for n < len(a)-1 && n < len(b)-1 && a[n] == b[n] {
		n++
	}
	return n
}

// searched reports whether a folder may be on the search path of a module.
func (l *linker) searched(from *graph.Module, root []string) bool {
	dir := strings.Join(root, "/")
	if dir == "" || strings.HasPrefix(from.Path, dir+"/") {
		return true
	}
	switch root[len(root)-1] {
	case "src", "lib", "dags", "plugins", "include", "python", "app":
		return true
	}
	for _, name := range [...]string{"pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"} {
		if l.g.HasPath(dir + "/" + name) {
			return true
		}
	}
	return false
}

// importValue is what an import binds.
func (l *linker) importValue(m *graph.Module, x graph.ImportFact, hops int) []value {
	dots := len(x.Module) - len(strings.TrimLeft(x.Module, "."))
	name := x.Module[dots:]
	var bases []value
	switch {
	case dots > 0:
		dir := l.info[m].dir
		for range dots - 1 {
			if dir == "" {
				return nil
			}
			if dir = path.Dir(dir); dir == "." {
				dir = ""
			}
		}
		bases = l.folder(dir)
		if name != "" {
			for _, part := range strings.Split(name, ".") {
				bases = l.attributes(bases, part, hops+1)
			}
		}
	case x.Name == "" && x.Local != "" && strings.HasPrefix(x.Module, x.Local+"."): // import a.b binds a
		bases = l.first(m, strings.Split(name, "."))
	default:
		parts := strings.Split(name, ".")
		mods, dirs := l.find(m, parts)
		for _, found := range mods {
			bases = append(bases, value{kind: vModule, mod: found})
		}
		for _, d := range dirs {
			bases = append(bases, value{kind: vFolder, dir: d})
		}
	}
	if len(bases) == 0 && dots == 0 {
		if x.Name == "" {
			return []value{{kind: vExternal, dir: name}}
		}
		return []value{{kind: vExternal, dir: name + "." + x.Name}}
	}
	if x.Name == "" {
		return bases
	}
	return l.attributes(bases, x.Name, hops+1)
}

// first is the outermost package of a dotted import.
func (l *linker) first(m *graph.Module, parts []string) []value {
	mods, dirs := l.find(m, parts)
	for _, found := range mods {
		p := l.info[found].parts
		dirs = append(dirs, strings.Join(p[:len(p)-len(parts)+1], "/"))
	}
	for i, d := range dirs {
		if strings.Count(d, "/") >= len(parts)-1 && i < len(dirs)-len(mods) {
			p := strings.Split(d, "/")
			dirs[i] = strings.Join(p[:len(p)-len(parts)+1], "/")
		}
	}
	var out []value
	for _, d := range dirs {
		out = append(out, l.folder(d)...)
	}
	return out
}

// folder is a package: its __init__ or, without one, the folder itself.
func (l *linker) folder(dir string) []value {
	init := path.Join(dir, "__init__.py")
	if m := l.code.ByPath[init]; m != nil {
		return []value{{kind: vModule, mod: m}}
	}
	return []value{{kind: vFolder, dir: dir}}
}

// submodule is the module or folder of a name in a folder.
func (l *linker) submodule(dir, name string) []value {
	p := path.Join(dir, name)
	for _, file := range [...]string{p + ".py", p + "/__init__.py", p + ".ipynb"} {
		if m := l.code.ByPath[file]; m != nil {
			return []value{{kind: vModule, mod: m}}
		}
	}
	if slices.Contains(l.dirs[name], p) {
		return []value{{kind: vFolder, dir: p}}
	}
	return nil
}

// absolute is what a dotted path names, seen from a module: a module, or a member of one. A relative path keeps its dots.
func (l *linker) absolute(from *graph.Module, dotted string) []value {
	dots := len(dotted) - len(strings.TrimLeft(dotted, "."))
	if dots > 0 {
		i := strings.LastIndexByte(dotted, '.')
		return l.importValue(from, graph.ImportFact{Module: dotted[:max(i, dots)], Name: dotted[i+1:]}, 0)
	}
	parts := strings.Split(dotted, ".")
	for n := len(parts); n > 0; n-- {
		mods, _ := l.find(from, parts[:n])
		if n == 1 && len(mods) == 0 {
			if f := l.info[from]; f.parts[len(f.parts)-1] == parts[0] {
				mods = append(mods, from)
			}
		}
		if len(mods) == 0 {
			continue
		}
		var out []value
		for _, m := range mods {
			out = append(out, value{kind: vModule, mod: m})
		}
		for _, name := range parts[n:] {
			out = l.attributes(out, name, 0)
		}
		return out
	}
	return nil
}

// member is what a name means at the top of a module.
func (l *linker) member(m *graph.Module, name string, hops int) []value {
	if hops > maxHops {
		return nil
	}
	i := l.info[m]
	out := slices.Clone(i.names[name])
	for _, x := range i.imports["\x00"+name] {
		if len(out) == 0 || !x.Typing {
			out = append(out, l.importValue(m, x, hops+1)...)
		}
	}
	out = append(out, l.bound(m.Body(), name)...)
	if len(out) > 0 {
		return out
	}
	for _, star := range i.stars {
		for _, v := range l.importValue(m, graph.ImportFact{Module: star.Module}, hops+1) {
			if v.kind == vModule && v.mod != m {
				out = append(out, l.member(v.mod, name, hops+1)...)
			}
		}
	}
	if len(out) == 0 && i.pkg {
		return l.submodule(i.dir, name)
	}
	return out
}
