package lineage

import (
	"encoding/json"
	"io"
)

// JSON writes the document for other programs. Within a version fields are added, never changed.
func JSON(w io.Writer, d *Document, _ Style) error {
	out, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(safeJSON(out), '\n'))
	return err
}
