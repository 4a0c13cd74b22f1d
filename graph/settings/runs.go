package settings

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
)

// invocation is one run of a checker that CI or pre-commit starts.
type invocation struct {
	folder string   // that it runs in; "" is the root
	args   []string // after the checker's name
	// files and exclude are pre-commit's patterns; nil takes every file.
	files, exclude []*regexp.Regexp
}

// takes reports whether the run looks at a path, as far as pre-commit's patterns and the paths of its arguments say.
func (i invocation) takes(g *graph.Graph, p string) bool {
	for _, re := range i.files {
		if !re.MatchString(p) {
			return false
		}
	}
	for _, re := range i.exclude {
		if re.MatchString(p) {
			return false
		}
	}
	if _, ok := within(i.folder, p); !ok {
		return false
	}
	named := false
	for _, a := range i.args {
		if strings.HasPrefix(a, "-") || a == "check" {
			continue
		}
		target := path.Join(i.folder, a)
		if a == "." || target == p {
			return true
		}
		if g.HasPath(target) || g.HasPath(target+"/") {
			named = true
			if _, ok := within(target, p); ok {
				return true
			}
		} else if strings.ContainsAny(a, "$*") {
			named = true // paths that only the shell knows
		}
	}
	return !named
}

// maxSteps is how deep make, tox, nox and scripts may call each other.
const maxSteps = 5

// runs collects every run of a checker, by its name.
type runs struct {
	g     *graph.Graph
	found map[string][]invocation
	seen  map[string]bool // targets, environments and scripts that were read
}

func newRuns(g *graph.Graph) *runs { return &runs{g, map[string][]invocation{}, map[string]bool{}} }

// once reports whether a target, environment or script is met for the first time.
func (r *runs) once(parts ...string) bool {
	key := strings.Join(parts, "\x00")
	met := r.seen[key]
	r.seen[key] = true
	return !met
}

func findRuns(g *graph.Graph) map[string][]invocation {
	r := newRuns(g)
	for _, f := range g.Files {
		for _, s := range f.Settings {
			if s.Tool == ci {
				for _, line := range s.Value {
					r.line(line, s.Key, maxSteps)
				}
			}
		}
	}
	r.hooks()
	return r.found
}

func (r *runs) hooks() {
	for _, name := range []string{".pre-commit-config.yaml", ".pre-commit-config.yml"} {
		facts := r.g.File(name)
		if facts == nil {
			continue
		}
		var files, exclude []*regexp.Regexp
		for _, s := range facts.Settings {
			switch {
			case s.Tool != preCommit:
			case s.Key == present && len(s.Value) == 2:
				files, exclude = patterns(nil, s.Value[0]), patterns(nil, s.Value[1])
			case s.Key == "hook" && len(s.Value) == 3:
				hook := newRuns(r.g)
				hook.line(s.Value[2], "", maxSteps)
				for tool, list := range hook.found {
					for _, i := range list {
						i.files, i.exclude = patterns(files, s.Value[0]), patterns(exclude, s.Value[1])
						r.found[tool] = append(r.found[tool], i)
					}
				}
			}
		}
	}
}

// patterns adds a regular expression to a list; one that Go can't read matches everything that is excluded and nothing
// that is taken, by taking part in neither: it stays out.
func patterns(list []*regexp.Regexp, expr string) []*regexp.Regexp {
	expr = strings.TrimSpace(expr)
	if expr == "" {
		return list
	}
	if strings.HasPrefix(expr, "(?x)") {
		expr = strings.Join(strings.Fields(verboseComment.ReplaceAllString(expr[4:], "")), "")
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		re = regexp.MustCompile("")
	}
	return append(slices.Clone(list), re)
}

var verboseComment = regexp.MustCompile(`(?m)\s#.*$`)

// line reads one line of shell.
func (r *runs) line(line, folder string, depth int) {
	if depth == 0 || ignoresFailure.MatchString(line) {
		return
	}
	for _, simple := range separators.Split(line, -1) {
		words := strings.Fields(strings.NewReplacer(`"`, "", "'", "", "(", " ", ")", " ").Replace(simple))
		if len(words) == 2 && words[0] == "cd" {
			folder = strings.TrimPrefix(path.Join("/", folder, words[1]), "/")
			continue
		}
		r.command(words, folder, depth)
	}
}

var (
	separators     = regexp.MustCompile(`&&|\|\||[;|]`)
	ignoresFailure = regexp.MustCompile(`\|\|\s*(?:true|:|exit 0|echo\b)|--exit-zero|--version`)
)

// nothingRuns is the commands whose arguments only name a checker.
var nothingRuns = []string{
	"install", "add", "echo", "sync", "remove", "uninstall", "cache", "rm", "mkdir", "cat", "grep", "apt-get", "apt", "brew", "cp",
	"mv", "which", "pip-compile", "export", "git", "curl", "upgrade", "#",
}

// command reads one simple command, with "uv run", "poetry run", "python -m" and the like before the checker's name.
func (r *runs) command(words []string, folder string, depth int) {
	for i, w := range words {
		name := path.Base(w)
		rest := words[i+1:]
		switch name {
		case ruff:
			if slices.Contains([]string{"format", "rule", "config", "version", "clean", "server", "linter"}, first(rest)) {
				return
			}
			r.add(ruff, folder, rest)
			return
		case mypy, "dmypy":
			r.add(mypy, folder, rest)
			return
		case pyright, "basedpyright":
			r.add(pyright, folder, rest)
			return
		case deptry:
			r.add(deptry, folder, rest)
			return
		case makeTool:
			r.make(rest, folder, depth)
			return
		case tox, nox:
			r.environments(name, rest, folder, depth)
			return
		}
		if (strings.HasSuffix(name, ".sh") || strings.HasSuffix(name, ".bash")) && r.script(path.Join(folder, w), folder, depth) {
			return
		}
		if slices.Contains(nothingRuns, name) {
			return
		}
	}
}

func (r *runs) add(tool, folder string, args []string) {
	r.found[tool] = append(r.found[tool], invocation{folder: folder, args: args})
}

func (r *runs) script(p, folder string, depth int) bool {
	lines := values(r.g.File(p), script)[present]
	if len(lines) > 0 && r.once(script, folder, p) {
		for _, line := range lines {
			r.line(line, folder, depth-1)
		}
	}
	return len(lines) > 0
}

// make reads "make [-C folder] target…"; without a target make takes the first, which is then unknown.
func (r *runs) make(args []string, folder string, depth int) {
	for i := 0; i < len(args); i++ {
		if args[i] == "-C" && i+1 < len(args) {
			folder = path.Join(folder, args[i+1])
			i++
		} else if !strings.HasPrefix(args[i], "-") && !strings.Contains(args[i], "=") {
			r.target(args[i], folder, depth-1)
		}
	}
}

func (r *runs) target(name, folder string, depth int) {
	if depth <= 0 || !r.once(makeTool, folder, name) {
		return
	}
	for _, file := range []string{"Makefile", "makefile", "GNUmakefile"} {
		for _, line := range values(r.g.File(path.Join(folder, file)), makeTool)[name] {
			if need, ok := strings.CutPrefix(line, "needs "); ok {
				r.target(need, folder, depth-1)
			} else {
				r.line(strings.NewReplacer("$(MAKE)", "make", "${MAKE}", "make").Replace(line), folder, depth-1)
			}
		}
	}
}

// environments reads "tox -e a,b" and "nox -s a b"; without a name, tox runs its list and nox every session.
func (r *runs) environments(tool string, args []string, folder string, depth int) {
	file := map[string]string{tox: "tox.ini", nox: "noxfile.py"}[tool]
	all := values(r.g.File(path.Join(folder, file)), tool)
	var names []string
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "-e", "-s", "--session", "--sessions", "-p", "run", "r":
		default:
			if !strings.HasPrefix(args[i], "-") {
				names = append(names, strings.Split(args[i], ",")...)
			}
		}
	}
	if len(names) == 0 && tool == tox {
		names = all[present]
	} else if len(names) == 0 {
		names = sorted(all)
	}
	for _, name := range names {
		if !r.once(tool, folder, name) {
			continue
		}
		lines := all[name]
		if lines == nil && tool == tox {
			lines = all[defaultEnv]
		}
		for _, line := range lines {
			if strings.HasPrefix(line, "-") && tool == tox {
				continue // its failure is ignored
			}
			r.line(line, folder, depth-1)
		}
	}
}

func first(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
