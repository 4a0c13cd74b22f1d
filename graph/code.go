package graph

import "delint/parsers"

// Role is what a file is for. It is decided from the path and the head of the file, before any rule.
type Role string

// The roles.
const (
	RoleSource    Role = "source"
	RoleTest      Role = "test"
	RoleGenerated Role = "generated"
	RoleMigration Role = "migration"
	RoleVendored  Role = "vendored"
	RoleNotebook  Role = "notebook"
	RoleStub      Role = "stub"
	RoleConfig    Role = "config"
)

// ModuleFact is what one Python file defines, imports and uses. graph/code fills and links it.
//
// Expressions are kept as paths: names joined by dots, "()" after what is called, "[]" after what is subscripted, "?" for a
// beginning that is no name, "*" for an attribute that only a run knows, "!a.b" for importlib.import_module("a.b").
type ModuleFact struct {
	// Functions is every function in the order of the text; the first is the body of the module, named "".
	Functions []FunctionFact
	Classes   []ClassFact
	Imports   []ImportFact
	Frames    bool // imports a library of data frames
	// Handed holds the dotted paths of functions of other modules that are given to an orchestrator.
	Handed []string
	// Held holds the paths that the statements of the module and its classes put away: in a dict, list, tuple or set, as an
	// argument, under a key.
	Held []string
	// Generates says that the module makes tests at run time: globals()[…] = f, load_tests.
	Generates bool
}

// FunctionFact is one function or method.
type FunctionFact struct {
	Name  string       // qualified inside the module: Class.method, outer.inner
	Span  parsers.Span // from "def" to the end of its line
	End   int          // its last line
	Class string       // the class whose method it is; empty for a plain function
	Outer string       // the function around it; empty if there is none
	// Unit is the kind of pipeline unit that it is; empty if none.
	Unit       string
	Composes   bool // the unit only arranges other units
	Delegates  bool // another tool does the work
	Params     []ParamFact
	Returns    string   // the annotation as written
	Results    []string // paths of what it returns or yields
	Decorators []DecoratorFact
	Binds      []BindFact
	Uses       []string   // paths that it calls or reads
	Mentions   []string   // in tests: dotted names and .py paths in strings, "fixture:NAME" of getfixturevalue
	Patches    []string   // in tests: what it replaces: a dotted path, or "=" and a path of names
	Doctest    []string   // paths called in the examples of its docstring
	Asserts    bool       // holds an assertion of its own
	Idle       []IdleFact // in tests: comparisons whose result nobody looks at
	Logic      LogicFact
	Property   bool
	// Unexplained is what makes it need a word on what it does, where it has none: "a cognitive complexity of 12"; UnexplainedQuery
	// says that it is only a long SQL text.
	Unexplained      string
	UnexplainedQuery bool
	// Stub says that there is nothing to run: only "...", pass, a docstring or NotImplementedError.
	Stub   bool
	Single bool // is one return of one expression
	Value  bool // returns or yields a value on some path
}

// LogicFact counts what there is to test in one function: section 5.2 of the Python catalogue.
type LogicFact struct {
	Branches   int
	Operations int // methods of the wide list on frames of known kind
	Strong     int // methods of the strong list on frames of known kind
	Rooted     int // methods of the strong list on frames or what comes from a parameter
	Queries    int // clauses of SQL strings
	Compute    int
	Keys       int
	FrameTyped bool // a parameter or the result is annotated with a frame type
	External   bool // hands work to an external system
	Loops      int
	Texts      int // of Compute, the texts put together right where a call is given them
}

// IdleFact is an expression that says yes or no and stands alone as a statement: an assert was meant.
type IdleFact struct {
	Span parsers.Span
	Text string // as written, cut to 40 characters
	// Compares says that it is a comparison, not a call.
	Compares bool
}

// ParamFact is one parameter.
type ParamFact struct {
	Name    string
	Type    string // the annotation as written
	Default bool
}

// DecoratorFact is one decorator: its path and its arguments.
type DecoratorFact struct {
	Path     string // without the call
	Called   bool
	Args     []string // positional: text in quotes for a string, else the path
	Keywords []KeywordFact
}

// KeywordFact is one keyword argument.
type KeywordFact struct{ Name, Value string }

// BindFact gives a name its value.
type BindFact struct {
	Name  string   // x, self.x
	Type  string   // the annotation
	Value string   // the path of the value; empty if it has none
	Refs  []string // the paths that stand in the value
}

// ClassFact is one class.
type ClassFact struct {
	Name       string
	Bases      []string // paths
	Span       parsers.Span
	Decorators []DecoratorFact
	Binds      []BindFact
	Uses       []string
	Patches    []string
	Doctest    []string
}

// ImportFact is one imported name.
type ImportFact struct {
	Local    string // the name that it binds; "*" for a star import
	Module   string // as written, with its leading dots
	Name     string // what is taken from the module; empty for "import a.b"
	Function string // the function that it stands in; empty at module level
	Typing   bool   // under "if TYPE_CHECKING:"
}

// Code is the linked Python of the repository: its functions, what they call, and the tests that reach them.
type Code struct {
	Modules []*Module
	// Tests is every collected test that asserts something or may do so; Weak are those that don't.
	Tests []*Function
	Weak  []*Function
	// Units counts the pipeline units.
	Units int
	// Unread says why tests may exist that could not be read; empty if all could.
	Unread string

	ByPath map[string]*Module
}

// Module is one Python file.
type Module struct {
	*ModuleFact
	Path      string
	Role      Role
	Functions []*Function // [0] is the body
	Classes   []*Class
	// Tests says that tests are collected from it.
	Tests bool
	// Imported is every module of the repository that it imports.
	Imported []*Module
}

// Body is the module's own statements.
func (m *Module) Body() *Function { return m.Functions[0] }

// Function is one function with its place in the call graph.
type Function struct {
	*FunctionFact
	Module *Module
	Class  *Class
	Outer  *Function
	Calls  []Edge
	// Kind is the kind of pipeline unit that it is, where another module makes it one too; empty if none.
	Kind string
	// Test says that it is a collected test.
	Test bool
	// Unasserted says that it is a collected test in which nothing asserts: not itself, its fixtures or what it calls.
	Unasserted bool
	// Depth is how far it is from the nearest test that asserts: 1 is called by the test itself, 0 not reached.
	Depth int
	// ReachedBy is one of the nearest tests.
	ReachedBy *Function
	// Maybe says why it can't be known whether a test reaches it; empty if it can.
	Maybe string
	// Path is how far it is from the nearest pipeline unit: 1 is a unit, 0 not reached.
	Path int
}

// Edge is one use of a function by another.
type Edge struct {
	To         *Function
	Confidence Confidence
}

// Class is one class with its place among the classes of the repository.
type Class struct {
	*ClassFact
	Module  *Module
	Methods map[string]*Function
	Bases   []*Class
	Subs    []*Class
	// External is the bases that are not classes of the repository, object excepted.
	External []string
}

// Function finds a function by its qualified name; nil if there is none.
func (c *Code) Function(path, name string) *Function {
	if c == nil || c.ByPath[path] == nil {
		return nil
	}
	for _, f := range c.ByPath[path].Functions {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// maxPath is how many calls away from a pipeline unit code still is on its path.
const maxPath = 6

// OnPath reports whether the code of a unit (a function, a class, the module itself) runs in a pipeline: it is a pipeline
// unit or at most six calls away from one. In a repository without any unit what is public is on the path; what
// is not Python always is.
func (c *Code) OnPath(path, unit string) bool {
	if c == nil || c.ByPath[path] == nil {
		return true
	}
	m := c.ByPath[path]
	if c.Units == 0 {
		return m.Role != RoleTest && !private(unit)
	}
	for _, f := range m.Functions {
		if f.Path == 0 || f.Path > maxPath+1 {
			continue
		}
		if f.Name == unit || f.Class != nil && f.Class.Name == unit || !m.has(unit) {
			return true
		}
	}
	return false
}

// has reports whether a function or class of the module has that name; what has none is the module itself.
func (m *Module) has(unit string) bool {
	for _, f := range m.Functions[1:] {
		if f.Name == unit {
			return true
		}
	}
	for _, c := range m.Classes {
		if c.Name == unit {
			return true
		}
	}
	return false
}

func private(unit string) bool {
	for i := range len(unit) {
		if unit[i] == '_' && (i == 0 || unit[i-1] == '.') && (i+1 == len(unit) || unit[i+1] != '_') {
			return true
		}
	}
	return false
}
