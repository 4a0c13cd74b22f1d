package scan

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	gitignore "github.com/sabhiram/go-gitignore"
)

// ignores holds the ignore files of one name (.gitignore, .delintignore), by folder.
type ignores struct {
	name  string
	files map[string]*gitignore.GitIgnore
}

func newIgnores(name string) *ignores {
	return &ignores{name: name, files: map[string]*gitignore.GitIgnore{}}
}

func (g *ignores) empty() bool { return len(g.files) == 0 }

// read loads the ignore file of a folder, given relative to the root; that there is none is fine.
func (g *ignores) read(root, dir string) error {
	name := filepath.Join(root, filepath.FromSlash(dir), g.name)
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	g.files[dir] = gitignore.CompileIgnoreLines(strings.Split(string(text), "\n")...)
	return nil
}

// match reports whether a path is ignored by the files of the folders above it; of several that have an opinion the deepest
// decides, as in git.
func (g *ignores) match(p string, dir bool) bool {
	if len(g.files) == 0 {
		return false
	}
	for d := path.Dir(p); ; d = path.Dir(d) {
		if d == "." {
			d = ""
		}
		if file := g.files[d]; file != nil {
			rel := strings.TrimPrefix(strings.TrimPrefix(p, d), "/")
			if dir {
				rel += "/"
			}
			if ignored, pattern := file.MatchesPathHow(rel); pattern != nil {
				return ignored
			}
		}
		if d == "" {
			return false
		}
	}
}

// matchTree is match for a path whose folders were not asked before.
func (g *ignores) matchTree(p string) bool {
	for i, c := range p {
		if c == '/' && g.match(p[:i], true) {
			return true
		}
	}
	return g.match(p, false)
}
