package rules

// Fix is a change of files that ends a finding. It is applied only when asked for: a safe one by --fix, one that may change
// what the code does by --unsafe-fixes.
type Fix struct {
	// Title says what it does: "replace `= NULL` by IS NULL".
	Title  string
	Unsafe bool
	Edits  []Edit
	// Create is a new file; one that exists already is never touched.
	Create *NewFile
}

// Edit replaces the bytes [Start, End) of a file's raw content.
type Edit struct {
	Path       string
	Start, End int
	Text       string
}

// NewFile is a file that a fix writes where there is none.
type NewFile struct {
	Path string
	Text string
}
