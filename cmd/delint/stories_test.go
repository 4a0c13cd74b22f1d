//go:build cgo

package main

import (
	"errors"
	"flag"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"delint": func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestStories runs the program as a person would: testdata/stories/*.txtar. Hostile names and files are made here, so that none is
// stored.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/stories",
		UpdateScripts:       flag.Lookup("update") != nil && flag.Lookup("update").Value.String() == "true",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			repository, err := filepath.Abs("../..")
			env.Vars = append(env.Vars, "REPOSITORY="+repository, "GIT_CONFIG_GLOBAL=/dev/null", "XDG_CACHE_HOME="+env.WorkDir+"/.cache")
			return err
		},
		Condition: func(condition string) (bool, error) {
			switch condition {
			case "tmpfs": // may mount a file system of its own
				return exec.Command("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", t.TempDir()).Run() == nil, nil
			case "unprivileged": // permissions mean something, here or for another user
				return os.Getuid() != 0 || exec.Command("setpriv", "--reuid=65534", "--clear-groups", "true").Run() == nil, nil
			}
			return false, errors.New("unknown condition " + condition)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "write": write, "fifo": fifo, "socket": socket, "unprivileged": unprivileged,
		},
	})
}

// exits CODE[,CODE]… PROGRAM ARG… runs a program that must end with one of the exit codes; stdout and stderr look at what it said.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG…")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if !slices.Contains(strings.Split(args[0], ","), strconv.Itoa(code)) {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// unprivileged CODE PROGRAM ARG… is exits as a user for whom permissions mean something.
func unprivileged(ts *testscript.TestScript, neg bool, args []string) {
	if os.Getuid() == 0 {
		for dir := ts.Getenv("WORK"); dir != "/"; dir = filepath.Dir(dir) {
			if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o55 != 0o55 {
				ts.Check(os.Chmod(dir, info.Mode().Perm()|0o55))
			}
		}
		bin, err := exec.LookPath(args[1])
		if err != nil {
			for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
				if _, err := os.Stat(filepath.Join(dir, args[1])); err == nil {
					bin = filepath.Join(dir, args[1])
					break
				}
			}
		}
		for dir := filepath.Dir(bin); dir != "/" && dir != "."; dir = filepath.Dir(dir) {
			if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o11 != 0o11 {
				ts.Check(os.Chmod(dir, info.Mode().Perm()|0o55))
			}
		}
		args = append([]string{args[0], "setpriv", "--reuid=65534", "--clear-groups", bin}, args[2:]...)
	}
	exits(ts, neg, args)
}

// write FILE TEXT [COUNT TEXT]… writes the texts, each after its count repeated; names and texts are Go strings without quotes.
func write(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args)%2 == 1 {
		ts.Fatalf("usage: write FILE TEXT [COUNT TEXT]…")
	}
	name := ts.MkAbs(unquote(ts, args[0]))
	text := unquote(ts, args[1])
	for i := 2; i < len(args); i += 2 {
		n, err := strconv.Atoi(args[i])
		ts.Check(err)
		text += strings.Repeat(unquote(ts, args[i+1]), n)
	}
	ts.Check(os.MkdirAll(filepath.Dir(name), 0o755))
	ts.Check(os.WriteFile(name, []byte(text), 0o644))
}

func unquote(ts *testscript.TestScript, s string) string {
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(s, `"`, `\"`) + `"`)
	ts.Check(err)
	return text
}

func fifo(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(syscall.Mkfifo(ts.MkAbs(args[0]), 0o644))
}

func socket(ts *testscript.TestScript, _ bool, args []string) {
	name := filepath.Join(os.TempDir(), "delint-"+strconv.Itoa(os.Getpid())+".sock") // a socket's name must be short
	listener, err := net.Listen("unix", name)
	ts.Check(err)
	ts.Check(os.Rename(name, ts.MkAbs(args[0])))
	ts.Defer(func() { listener.Close() })
}
