package rules

// Fix is a change of files that ends a finding. It is applied only when asked for: a safe one by --fix, one that may change
// what the code does by --unsafe-fixes.
type Fix struct {
	// Title says what it does: "replace `= NULL` by IS NULL".
	Title  string `json:"title"`
	Unsafe bool   `json:"unsafe"`
	Edits  []Edit `json:"edits"`
	// Create is a new file; one that exists already is never touched.
	Create *NewFile `json:"create,omitempty"`
}

// Edit replaces the bytes [Start, End) of a file's raw content.
type Edit struct {
	Path  string `json:"path"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// NewFile is a file that a fix writes where there is none.
type NewFile struct {
	Path string `json:"path"`
	Text string `json:"text"`
}
