// Package notebook reads Jupyter notebooks: the code of their cells as one Python module whose places are those of the .ipynb.
package notebook

import (
	"fmt"
	"strings"

	"delint/parsers"
	"delint/parsers/json"
	"delint/parsers/python"
)

// Language is a notebook as a kind of file. Its tree is Python's.
var Language = &parsers.Language{Name: "notebook", Match: parsers.Extensions("ipynb"), Parse: Parse}

// NotJSON is the reason why a notebook is not analysed.
const NotJSON = "no valid JSON"

// Cell is one cell of a notebook.
type Cell struct {
	// Name is cell-N: N counts all cells of the notebook from 1.
	Name string
	Code bool // of Python that is in the tree; false for Markdown, raw text and cells of another language
	// From and To are the cell's range in File.Text; equal for a cell that is not in it.
	From, To int
	// StartLine and EndLine are the first and last line of its source in the .ipynb, from 1; 0 if it has none.
	StartLine, EndLine int
}

// contents is what Parse finds beside the tree.
type contents struct {
	cells []Cell
	texts []*parsers.Source
}

type contentsKey struct{}

// Cells is every cell in order; nil for a file that is no notebook.
func Cells(f *parsers.File) []Cell { return read(f).cells }

// CellAt is the cell on a line of the .ipynb; ok is false between cells.
func CellAt(f *parsers.File, line int) (cell Cell, ok bool) {
	for _, c := range Cells(f) {
		if c.StartLine <= line && line <= c.EndLine {
			return c, true
		}
	}
	return Cell{}, false
}

// Texts is what a notebook holds beside its code, for the secret scan: the source of its other cells and the text of every
// output, each with places in the .ipynb.
func Texts(f *parsers.File) []*parsers.Source { return read(f).texts }

func read(f *parsers.File) contents {
	return parsers.Memo(f, contentsKey{}, func() contents { return contents{} })
}

// Parse replaces f.Text by the Python of the notebook's cells and reads it into f.Tree. A notebook whose kernel is another
// language's has no tree.
func Parse(f *parsers.File) error {
	root, err := json.Parse(f.Raw)
	if err != nil {
		f.NotAnalysed = NotJSON
		return nil
	}
	r := &reader{f: f, python: isPython(root)}
	list := root.Get("cells")
	if list == nil { // nbformat 3
		for _, sheet := range root.Get("worksheets").Elements() {
			for _, cell := range sheet.Get("cells").Elements() {
				r.cell(cell)
			}
		}
	}
	for _, cell := range list.Elements() {
		r.cell(cell)
	}
	parsers.Memo(f, contentsKey{}, func() contents { return contents{r.cells, r.texts} })
	f.Source = f.Embedded(r.text, append(r.offsets, uint32(len(f.Raw))))
	if !r.python {
		return nil
	}
	return python.Parse(f)
}

// isPython reports whether a notebook's kernel is Python's; one that says nothing is.
func isPython(root *json.Node) bool {
	for _, path := range [][]string{{"metadata", "language_info", "name"}, {"metadata", "kernelspec", "language"}, {"metadata", "kernelspec", "name"}} {
		if name := strings.ToLower(root.At(path...).Value()); name != "" {
			return strings.Contains(name, "python") || strings.Contains(name, "pyspark") || path[1] == "kernelspec" && path[2] == "name"
		}
	}
	return true
}

type reader struct {
	f       *parsers.File
	python  bool
	text    []byte
	offsets []uint32
	cells   []Cell
	texts   []*parsers.Source
}

func (r *reader) cell(n *json.Node) {
	source := n.Get("source")
	if source == nil {
		source = n.Get("input")
	}
	text, offsets := joined(source)
	c := Cell{Name: fmt.Sprintf("cell-%d", len(r.cells)+1), From: len(r.text), To: len(r.text)}
	if first, last := source, source; source != nil {
		if items := source.Elements(); len(items) > 0 {
			first, last = items[0], items[len(items)-1]
		}
		c.StartLine, c.EndLine = r.f.Position(first.Start()).Line, r.f.Position(last.Start()).Line
	}
	if n.Get("cell_type").Value() == "code" && r.python && blankMagics(text) {
		c.Code = true
		r.text = append(r.text, text...)
		r.offsets = append(r.offsets, offsets...)
		if len(text) > 0 {
			r.text = append(r.text, '\n')
			r.offsets = append(r.offsets, offsets[len(offsets)-1])
		}
		c.To = len(r.text)
	} else if text, offsets := joined(source); len(text) > 0 {
		r.add(text, offsets)
	}
	r.cells = append(r.cells, c)
	for _, output := range n.Get("outputs").Elements() {
		r.strings(output, 0)
	}
}

// strings keeps every text of an output: streams, tracebacks, MIME data. Images in base64 are left out.
func (r *reader) strings(n *json.Node, depth int) {
	if n == nil || depth > 20 {
		return
	}
	switch n.Kind {
	case json.String:
		if text, offsets := joined(n); len(text) > 0 {
			r.add(text, offsets)
		}
	case json.Array:
		if text, offsets := joined(n); len(text) > 0 {
			r.add(text, offsets)
			return
		}
		for _, item := range n.Items {
			r.strings(item, depth+1)
		}
	case json.Object:
		for _, m := range n.Members {
			if !strings.HasPrefix(m.Key.Value(), "image/") {
				r.strings(m.Value, depth+1)
			}
		}
	}
}

func (r *reader) add(text []byte, offsets []uint32) {
	r.texts = append(r.texts, r.f.Embedded(text, append(offsets, offsets[len(offsets)-1]+1)))
}

// joined is the text of a string, or of a list of strings; empty for anything else.
func joined(n *json.Node) (text []byte, offsets []uint32) {
	if n == nil {
		return nil, nil
	}
	if n.Kind == json.String {
		text = n.Decode(&offsets)
		return text, offsets
	}
	for _, item := range n.Items {
		text = append(text, item.Decode(&offsets)...)
	}
	return text, offsets
}
