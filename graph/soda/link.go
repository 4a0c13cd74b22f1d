package soda

import (
	"path"
	"strconv"
	"strings"

	"delint/graph"
)

// link completes the checks whose validity may be configured in another file.
func link(g *graph.Graph) {
	configured := map[string]bool{}
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool == "soda-configurations" {
				for _, c := range p.Lists["columns"] {
					configured[c] = true
				}
			}
		}
	}
	for _, f := range g.Files {
		for i := range f.Checks {
			if c := f.Checks[i]; c.Framework == "soda" && c.Pending {
				if configured[c.Settings["configured"]] {
					c.NeverFails = ""
				}
				c.Pending = false
				g.AddCheck(&c)
			}
		}
	}
}

// Files is the facts of every file of one kind of Soda.
func Files(g *graph.Graph, kinds ...Kind) []*graph.ProjectFact {
	var out []*graph.ProjectFact
	for _, f := range g.Files {
		for i := range f.Projects {
			if p := &f.Projects[i]; p.Tool == "soda-file" && (len(kinds) == 0 || contains(kindNames(kinds), p.Name)) {
				out = append(out, p)
			}
		}
	}
	return out
}

func kindNames(kinds []Kind) []string {
	var out []string
	for _, k := range kinds {
		out = append(out, string(k))
	}
	return out
}

// Installed is the Soda that a repository pins: its major version and, of a release that is pinned exactly, its minor one; -1
// for what is not said. several says that it installs both 3 and 4.
func Installed(g *graph.Graph) (major, minor int, several bool) {
	major, minor = -1, -1
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool != "soda-package" {
				continue
			}
			m, err := strconv.Atoi(p.Values["major"])
			if err != nil || p.Values["operator"] == "<" || p.Values["operator"] == "<=" || m < 3 || m > 4 {
				continue
			}
			several = several || major >= 0 && major != m
			major = max(major, m)
			if n, err := strconv.Atoi(p.Values["minor"]); err == nil && p.Values["operator"] == "==" && m == 4 {
				minor = n
			}
		}
	}
	return major, minor, several
}

// Reaches reports whether a command runs a file; unknown says that it runs files of which nothing is known.
func Reaches(c *graph.CommandFact, file string) (reached, unknown bool) {
	if c.Tool != "soda" || c.Name == "variables" || c.Name == "contract test" || c.Name == "contract publish" {
		return false, false
	}
	for _, arg := range c.Files {
		if strings.Trim(strings.ReplaceAll(arg, graph.Hole, ""), "./*_-") == "" && (strings.Contains(arg, graph.Hole) || arg == "." || arg == "./") {
			unknown = true
			continue
		}
		if matches(arg, file) {
			return true, unknown
		}
	}
	return false, unknown || len(c.Files) == 0
}

// matches compares an argument with a path of the repository. Where a command runs is not known, and containers have folders
// of their own: the end of the path decides.
func matches(arg, file string) bool {
	arg = path.Clean(strings.TrimPrefix(arg, "file://"))
	for strings.HasPrefix(arg, "../") {
		arg = arg[3:]
	}
	segments := strings.Split(strings.Trim(arg, "/"), "/")
	last := segments[len(segments)-1]
	if ext := path.Ext(last); ext != ".yml" && ext != ".yaml" {
		// A folder, or a name that is partly a hole: what stands in it is reached.
		for strings.Contains(last, graph.Hole) || strings.ContainsAny(last, "*?") {
			if segments = segments[:len(segments)-1]; len(segments) == 0 {
				return true
			}
			last = segments[len(segments)-1]
		}
		return strings.Contains("/"+file, "/"+last+"/")
	}
	if strings.Contains(last, graph.Hole) || strings.ContainsAny(last, "*?") {
		if !likeSegment(last, path.Base(file)) {
			return false
		}
		return len(segments) < 2 || folderAlike(segments[len(segments)-2], path.Base(path.Dir(file)))
	}
	return last == path.Base(file) && (len(segments) < 2 || folderAlike(segments[len(segments)-2], path.Base(path.Dir(file))))
}

func likeSegment(pattern, name string) bool {
	pattern = strings.NewReplacer(graph.Hole, "%", "*", "%", "?", "_").Replace(pattern)
	return graph.Like(pattern, name)
}

func folderAlike(pattern, name string) bool {
	return pattern == name || strings.ContainsAny(pattern, "*?") || strings.Contains(pattern, graph.Hole) || name == "." || pattern == "work" || pattern == "app"
}
