package code

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
)

// executes is the calls that run a selection of Dagster's assets or ops.
var executes = set("materialize materialize_to_memory execute_in_process execute_job execute_run_in_graph")

// dynamicImports is the names by which a test loads modules or starts programs.
var dynamicImports = []string{"import_module", "run_module", "run_path", "reload", "__import__", "spec_from_file_location", "subprocess", "Popen",
	"check_call", "check_output", "SourceFileLoader", "load_module", "iter_modules", "walk_packages", "entry_points", "load_setuptools_entrypoints"}

func (l *linker) evidence(reached map[*graph.Function]int) *evidence {
	e := &evidence{loose: map[string]bool{}, reads: map[string]bool{}, classes: map[*graph.Class]bool{}, modules: map[*graph.Module]bool{},
		imports: map[*graph.Module]bool{}, assets: map[*graph.Module]bool{}, dagFiles: map[*graph.Module]bool{},
		registered: map[*graph.Function]bool{}, missing: map[string]bool{}, plugins: map[string]bool{}, loaded: map[string]bool{}}
	named, stood := map[*graph.Class]bool{}, map[*graph.Module]bool{}
	for f := range reached {
		u := l.edges[f]
		if u == nil {
			continue
		}
		for _, n := range u.loose {
			e.loose[n] = true
		}
		for _, n := range u.reads {
			e.reads[n] = true
		}
		for _, c := range u.classes {
			if named[c] {
				continue
			}
			named[c] = true
			for _, a := range ancestry(c) {
				e.classes[a] = true
			}
			for _, s := range l.descent(c) {
				e.classes[s] = true
			}
		}
		for _, v := range u.dynamic {
			switch v.kind {
			case vModule:
				e.modules[v.mod] = true
			case vClass, vInstance:
				e.classes[v.class] = true
				e.modules[v.class.Module] = true
			}
		}
		if !stood[f.Module] {
			stood[f.Module] = true
			for _, m := range f.Module.Imported {
				e.imports[m] = true
			}
			for _, name := range l.info[f.Module].missing {
				e.missing[name] = true
			}
		}
		l.starts(f, e)
	}
	// What a module imports runs with it, its registries too.
	seen := map[*graph.Module]bool{}
	var queue []*graph.Module
	for _, m := range l.code.Modules {
		if e.imports[m] || e.modules[m] {
			seen[m] = true
			queue = append(queue, m)
		}
	}
	for i := 0; i < len(queue); i++ {
		l.registry(queue[i], e)
		e.loaded[queue[i].Path] = true
		if top := l.top(queue[i]); top != "" {
			e.loaded[top] = true
		}
		for _, m := range queue[i].Imported {
			if !seen[m] {
				seen[m] = true
				queue = append(queue, m)
			}
		}
	}
	return e
}

// loadsDefinitions is Dagster's calls that load the assets of a folder.
var loadsDefinitions = set("load_from_defs_folder load_assets_from_package_module load_assets_from_package_name load_definitions_from_package_module load_defs")

// top is the outermost package that a module stands in; empty if it is in none.
func (l *linker) top(m *graph.Module) string {
	out := ""
	for d := path.Dir(m.Path); d != "." && l.code.ByPath[path.Join(d, "__init__.py")] != nil; d = path.Dir(d) {
		out = d
	}
	return out
}

// plugins marks the modules that a package loads by itself: those below its top folder that nothing imports by name.
func (l *linker) plugins(loader *graph.Module, e *evidence) {
	top := path.Dir(loader.Path)
	if t := l.top(loader); t != "" {
		top = t
	}
	if top == "." || e.plugins[top] {
		return
	}
	e.plugins[top] = true
	imported := map[*graph.Module]bool{}
	for _, m := range l.code.Modules {
		for _, i := range m.Imported {
			imported[i] = imported[i] || l.code.ByPath[path.Join(path.Dir(m.Path), "__init__.py")] != m
		}
	}
	for _, m := range l.code.Modules {
		if strings.HasPrefix(m.Path, top+"/") && !imported[m] {
			e.modules[m] = true
		}
	}
}

// starts looks at how one function runs what it doesn't call by name.
func (l *linker) starts(f *graph.Function, e *evidence) {
	runs, loads := false, false
	for _, p := range f.FunctionFact.Uses {
		name := strings.TrimSuffix(p, "()")
		name = name[strings.LastIndexByte(name, '.')+1:]
		e.framework(p)
		runs = runs || executes[name]
		loads = loads || slices.ContainsFunc(dynamicImports, func(d string) bool { return strings.Contains(p, d) })
		e.dagbag = e.dagbag || name == "DagBag" || name == "get_dag" || name == "get_task"
		e.tasks = e.tasks || name == "run_task" || name == "create_dagrun" || name == "test" && strings.HasSuffix(p, "()") && strings.Contains(p, "dag")
	}
	for _, text := range f.Mentions {
		if isFolder(text) && l.g.HasPath(strings.Trim(text, "./")+"/") {
			e.folders = append(e.folders, strings.Trim(text, "./")+"/")
		}
	}
	if loads && f.Module.Role == graph.RoleSource && slices.ContainsFunc(f.FunctionFact.Uses, loadsModules) {
		l.plugins(f.Module, e)
	}
	if runs && !slices.ContainsFunc(f.Calls, func(c graph.Edge) bool { return strings.HasPrefix(c.To.Kind, "dagster-") }) {
		l.executed(f.Module, e)
	}
	if !loads && !slices.ContainsFunc(f.Module.Body().FunctionFact.Uses, func(p string) bool {
		return slices.ContainsFunc(dynamicImports, func(d string) bool { return strings.Contains(p, d) })
	}) {
		return
	}
	for _, text := range f.Mentions {
		if strings.HasSuffix(text, ".py") {
			for _, m := range l.byLast[strings.TrimSuffix(path.Base(text), ".py")] {
				if strings.HasSuffix("/"+m.Path, "/"+strings.TrimLeft(text, "./")) {
					e.modules[m] = true
				}
			}
			continue
		}
		for _, v := range l.absolute(f.Module, text) {
			if v.kind == vModule {
				e.modules[v.mod] = true
			}
		}
	}
}

// loadsModules reports whether a path loads modules whose names only a run knows.
func loadsModules(p string) bool {
	name := strings.TrimSuffix(p, "()")
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "import_module", "__import__", "entry_points", "iter_modules", "walk_packages", "spec_from_file_location", "load_setuptools_entrypoints":
		return strings.HasSuffix(p, "()")
	}
	return false
}
