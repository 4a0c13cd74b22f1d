package scan

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"delint/parsers"
	"delint/parsers/all"
	"delint/parsers/sql"
)

// ParseCount is what parsing the files of one language gave.
type ParseCount struct {
	Files, Bytes, Unread, FilesWithErrors, ErrorNodes int
	Statements, StatementsWithErrors                  int
	Seconds                                           float64 // summed over threads
	// Opaque and Tokens are those of sql.Opaque; 0 for other languages.
	Opaque, Tokens int
}

// ParseCounts is what parsing the files of several paths gave.
type ParseCounts struct {
	Languages map[string]ParseCount
	// Dialects holds the SQL files by the dialect that their own text gives; "" for those that leave a doubt.
	Dialects map[string]ParseCount
}

// ParseStats parses every file below the paths. Only the parsing is timed.
func ParseStats(ctx context.Context, paths []string, jobs int) (*ParseCounts, error) {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	stats := &ParseCounts{map[string]ParseCount{}, map[string]ParseCount{}}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, pathError(p, err)
		}
		dir, files := p, []string{filepath.Base(p)}
		if info.IsDir() {
			l, err := list(ctx, p)
			if err != nil {
				return nil, err
			}
			files = l.paths
		} else {
			dir = filepath.Dir(p)
		}
		if err := parseAll(ctx, dir, files, jobs, stats); err != nil {
			return nil, err
		}
	}
	return stats, nil
}

func parseAll(ctx context.Context, dir string, paths []string, jobs int, stats *ParseCounts) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return pathError(dir, err)
	}
	defer root.Close()
	var next atomic.Int64
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range jobs {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(paths) {
					return
				}
				language := all.ByPath(paths[i])
				if language == nil || language.Parse == nil || skipByPath(paths[i]) != "" || isOwn(paths[i]) {
					continue
				}
				count, dialect := parseOne(root, paths[i], language)
				mu.Lock()
				stats.Languages[language.Name] = stats.Languages[language.Name].plus(count)
				if language == sql.Language {
					stats.Dialects[dialect] = stats.Dialects[dialect].plus(count)
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}

// parseOne parses a file; the dialect is that of an SQL file.
func parseOne(root *os.Root, p string, language *parsers.Language) (c ParseCount, dialect string) {
	f, err := read(root, p, parsers.DefaultLimits)
	if err != nil || f == nil {
		return c, ""
	}
	c = ParseCount{Files: 1, Bytes: len(f.Text)}
	if f.NotAnalysed != "" {
		c.Unread = 1
		return c, ""
	}
	start := time.Now()
	err = language.Parse(f)
	c.Seconds = time.Since(start).Seconds()
	if err != nil || f.Tree == nil {
		c.Unread = 1
		return c, ""
	}
	defer f.Tree.Release()
	if c.ErrorNodes = f.Tree.Errors(); c.ErrorNodes > 0 {
		c.FilesWithErrors = 1
	}
	if language.Statements != nil {
		c.Statements, c.StatementsWithErrors = language.Statements(f)
	}
	if language == sql.Language {
		c.Opaque, c.Tokens = sql.Opaque(f.Tree)
		dialect, _ = sql.DialectOf(f)
	}
	return c, dialect
}

func (a ParseCount) plus(b ParseCount) ParseCount {
	return ParseCount{
		a.Files + b.Files, a.Bytes + b.Bytes, a.Unread + b.Unread, a.FilesWithErrors + b.FilesWithErrors, a.ErrorNodes + b.ErrorNodes,
		a.Statements + b.Statements, a.StatementsWithErrors + b.StatementsWithErrors, a.Seconds + b.Seconds,
		a.Opaque + b.Opaque, a.Tokens + b.Tokens,
	}
}

// Dump writes the tree of one file: a line a named node with its field, kind, place and, for leaves, its text.
func Dump(w io.Writer, name string) error {
	abs, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Dir(abs))
	if err != nil {
		return pathError(name, err)
	}
	defer root.Close()
	f, err := read(root, filepath.Base(abs), parsers.DefaultLimits)
	if err != nil {
		return fmt.Errorf("%q is not analysed: %w", name, err)
	}
	if f == nil {
		return fmt.Errorf("%q: no such file", name)
	}
	if f.Language == nil || f.Language.Parse == nil {
		return fmt.Errorf("%q: delint has no parser for files of this name", name)
	}
	if f.NotAnalysed == "" {
		err = f.Language.Parse(f)
	}
	if err != nil {
		return fmt.Errorf("%q: %w", name, err)
	}
	if f.NotAnalysed != "" {
		return fmt.Errorf("%q is not analysed: %s", name, f.NotAnalysed)
	}
	out := bufio.NewWriter(w)
	if f.Tree != nil {
		dump(out, f)
	}
	return out.Flush()
}

func dump(w *bufio.Writer, f *parsers.File) {
	shown := hiddenIn(f)
	depth := map[int]int{}
	for i := range f.Tree.Len() {
		n := f.Tree.At(i)
		d := 0
		if p := n.Parent(); !p.IsNil() {
			d = depth[p.Index()] + 1
		}
		depth[i] = d
		if !n.Named() && !n.Missing() {
			continue
		}
		w.WriteString(strings.Repeat("  ", d))
		if field := f.Tree.Grammar.FieldName(n.FieldID()); field != "" {
			w.WriteString(field + ": ")
		}
		if n.Missing() {
			w.WriteString("MISSING ")
		}
		s := f.Span(n.Start(), n.End())
		fmt.Fprintf(w, "%s %d:%d-%d:%d", n.KindName(), s.Start.Line, s.Start.Column, s.End.Line, s.End.Column)
		if n.FirstNamed().IsNil() && n.End()-n.Start() <= 80 {
			w.WriteString(" " + strconv.Quote(shown(n.Text(), f.Offset(n.Start()), f.Offset(n.End()))))
		}
		w.WriteByte('\n')
	}
}
