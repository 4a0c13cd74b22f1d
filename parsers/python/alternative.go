package python

import (
	"slices"
	"strings"

	"delint/parsers"
)

// leaves reports whether a block ends its function or loop on some path: what follows it is then the alternative.
func leaves(block parsers.Node) bool {
	for n := range block.DescendantsSkipping(FunctionDefinition, Lambda) {
		if n.Is(ReturnStatement, BreakStatement) {
			return true
		}
	}
	statements := Statements(block)
	return len(statements) > 0 && statements[len(statements)-1].Is(ContinueStatement)
}

// HasAlternative reports whether what follows the try is what is done instead: the try leaves on success, or has an else,
// or sets a name that keeps what it was before. It says so of the code's shape only; it is meant for narrow handlers.
func (h Handler) HasAlternative(f *parsers.File) bool {
	statement := h.statement()
	if leaves(h.Tried) && follows(statement) || !statement.Child(ElseClause).IsNil() {
		return true
	}
	return h.keepsValue(f)
}

// keepsValue reports whether the tried code sets a name that had a value before the try: that value is the alternative.
func (h Handler) keepsValue(f *parsers.File) bool {
	for n := range h.Tried.DescendantsSkipping(FunctionDefinition, ClassDefinition, Lambda) {
		if !n.Is(Assignment) {
			continue
		}
		left := n.Field(Left)
		for left.Is(PatternList, TuplePattern) {
			left = left.FirstNamed()
		}
		if left.Is(Identifier) && boundBefore(f, left, h.statement().Start()) {
			return true
		}
	}
	return false
}

// follows reports whether code stands after a statement, in its block or after the loop or branch around it.
func follows(n parsers.Node) bool {
	for ; !n.IsNil() && !n.Is(FunctionDefinition, Module); n = n.Parent() {
		for s := n.NextSibling(); !s.IsNil(); s = s.NextSibling() {
			if n.Parent().Is(Block, Module) && !s.Is(Comment) {
				return true
			}
		}
		if n.Is(ForStatement, WhileStatement) {
			return true // the next round
		}
	}
	return false
}

func boundBefore(f *parsers.File, id parsers.Node, at int) bool {
	for _, b := range Imports(f).Lookup(id) {
		if b.Node.Start() < at {
			return true
		}
	}
	return false
}

// ExpectedAbsence reports whether the handler only says that what was to be removed, looked up or waited for was not
// there: a fixed list of narrow idioms.
func (h Handler) ExpectedAbsence(f *parsers.File) bool {
	statements := Statements(h.Tried)
	switch {
	case h.catchesOnly(f, "builtins.StopIteration", "builtins.StopAsyncIteration", "builtins.GeneratorExit", "queue.Empty"):
		return true
	case h.catchesOnly(f, "builtins.FileNotFoundError"):
		return !slices.ContainsFunc(statements, func(s parsers.Node) bool { return !removes(s) })
	case h.catchesOnly(f, "builtins.FileExistsError"):
		return creates(h.Tried)
	case h.catchesOnly(f, "builtins.KeyError"):
		return len(statements) == 1 && h.looksUp(f, statements[0])
	case h.catchesOnly(f, "builtins.NameError"):
		return strings.Contains(h.Tried.Text(), "get_ipython()")
	case h.catchesOnly(f, "asyncio.TimeoutError", "asyncio.exceptions.TimeoutError", "builtins.TimeoutError"):
		return !h.statement().Ancestor(ForStatement, WhileStatement).IsNil() && strings.Contains(h.Tried.Text(), "wait_for(")
	case h.catchesOnly(f, "asyncio.CancelledError", "asyncio.exceptions.CancelledError"):
		// await of a task that was cancelled a line before
		return len(statements) == 1 && statements[0].FirstNamed().Is(Await)
	}
	return false
}

// creates reports whether a block makes a file, a folder or a link: what was to be made is there already.
func creates(block parsers.Node) bool {
	for n := range block.Descendants() {
		if n.Is(Call) {
			switch lastName(n.Field(Function)) {
			case "mkdir", "makedirs", "symlink", "symlink_to", "link", "link_to", "hardlink_to", "touch", "mknod", "mkfifo":
				return true
			}
		}
	}
	return false
}

// removes reports whether a statement is one call that removes a file or folder.
func removes(s parsers.Node) bool {
	call := s.FirstNamed()
	if call.Is(Await) {
		call = call.FirstNamed()
	}
	if !s.Is(ExpressionStatement) || !call.Is(Call) {
		return false
	}
	switch lastName(call.Field(Function)) {
	case "unlink", "remove", "rmtree", "rmdir", "removedirs":
		return true
	}
	return false
}

// looksUp reports whether a statement is one look-up by key for which the function has an alternative: code after the try,
// or a value that the name had before.
func (h Handler) looksUp(f *parsers.File, s parsers.Node) bool {
	e := s.FirstNamed()
	switch {
	case s.Is(DeleteStatement):
		return e.Is(Subscript)
	case s.Is(ExpressionStatement) && e.Is(Assignment):
		left := e.Field(Left)
		return lookup(e.Field(Right)) && left.Is(Identifier) && boundBefore(f, left, h.statement().Start())
	}
	return false
}

func lookup(e parsers.Node) bool {
	for e.Is(Subscript, Attribute) {
		if e.Is(Subscript) && e.Field(Value).Is(Identifier, Attribute) {
			return true
		}
		if e.Is(Subscript) {
			e = e.Field(Value)
		} else {
			e = e.Field(Object)
		}
	}
	return false
}
