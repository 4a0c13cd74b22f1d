package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"delint/parsers"
	"delint/parsers/all"
)

// vendored are folders whose content others wrote: left out, the secret scan included.
var vendored = map[string]bool{
	"node_modules": true, "vendor": true, ".venv": true, "venv": true, "site-packages": true, "dbt_packages": true,
	"dbt_modules": true, "__pycache__": true, ".terraform": true, ".tox": true, ".nox": true, "bower_components": true,
}

// ownFolders are what delint itself writes: never scanned.
var ownFolders = map[string]bool{".opencode": true, ".delint": true}

// skipByPath says why a path is left out before it is opened; empty if it is not.
func skipByPath(p string) string {
	for part := range strings.SplitSeq(path.Dir(p), "/") {
		if vendored[part] || strings.HasSuffix(part, ".dist-info") || strings.HasSuffix(part, ".egg-info") {
			return "vendored"
		}
	}
	base := path.Base(p)
	if strings.HasSuffix(base, ".min.js") || strings.HasSuffix(base, ".min.css") || strings.HasSuffix(base, ".map") {
		return "minified"
	}
	return ""
}

// isOwn reports whether delint wrote the path.
func isOwn(p string) bool {
	for part := range strings.SplitSeq(p, "/") {
		if ownFolders[part] {
			return true
		}
	}
	return false
}

// skip is a path that read leaves out.
type skip struct {
	reason string
	failed bool
}

func (s *skip) Error() string { return s.reason }

// read opens one file below the root without following a link out of it and without waiting for a FIFO. What it leaves out
// comes back as a *skip.
func read(root *os.Root, p string, limits parsers.Limits) (*parsers.File, error) {
	name := filepath.FromSlash(p)
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil // listed by git, deleted in the work tree
	case err != nil:
		return nil, &skip{"unreadable", true}
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, &skip{"symbolic link", false}
	case info.IsDir():
		return nil, &skip{"submodule", false}
	case !info.Mode().IsRegular():
		return nil, &skip{"not a regular file", false}
	}
	most := int64(limits.SecretBytes)
	if most > 0 && info.Size() > most {
		return nil, &skip{fmt.Sprintf("larger than %s", bytesText(limits.SecretBytes)), true}
	}
	file, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, &skip{"unreadable", true}
	}
	defer file.Close()
	raw, err := io.ReadAll(file)
	if err != nil {
		return nil, &skip{"unreadable", true}
	}
	return decode(p, raw, limits)
}

// decode makes a file of its content.
func decode(p string, raw []byte, limits parsers.Limits) (*parsers.File, error) {
	if bytes.HasPrefix(raw, []byte("version https://git-lfs.github.com/spec/v1")) {
		return nil, &skip{"Git LFS pointer", false}
	}
	source, reason := parsers.Decode(p, raw)
	if reason != "" {
		return nil, &skip{reason, false}
	}
	f := &parsers.File{Source: source, Language: all.ByPath(p), Limits: limits}
	if f.Language != nil && limits.ParseBytes > 0 && len(raw) > limits.ParseBytes {
		f.NotAnalysed = fmt.Sprintf("larger than %s", bytesText(limits.ParseBytes))
	}
	return f, nil
}

// bytesText is a limit as a person writes it.
func bytesText(n int) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
