package sqlfiles

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// noteAppends adds a Note of kind "append" to every fact whose statement adds the rows of a query to a table that nothing in
// the file empties, merges, replaces or asks first: run again, it adds them again.
func noteAppends(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleMigration || graph.Provisions(f.Path) || f.Mentions("'connector'") { // Flink: a stream, read once
		return
	}
	statements := sql.Of(f).Statements
	var guarded map[string]bool
	for i := range facts.Datasets {
		d := &facts.Datasets[i]
		if d.Tool != "sql" || d.Mode != string(sql.WriteAppend) || d.Transient != "" || d.Span.Path != f.Path {
			continue
		}
		for _, s := range statements {
			if w := appended(f, s, d.Span); w != nil {
				if guarded == nil {
					guarded = guards(statements)
				}
				if name := strings.ToLower(w.Target.Name()); !guarded[name] && !guarded[path.Ext("."+name)] {
					d.Notes = append(d.Notes, graph.Note{Kind: "append", Text: w.Target.Name(), Span: f.Span(s.Start(), w.Target.Node.End())})
				}
			}
		}
	}
}

// appended is the write of an INSERT … SELECT at the span; nil for any other statement, and for one that reads a stream: what
// it took is gone when it runs again.
func appended(f *parsers.File, s *sql.Statement, at parsers.Span) *sql.Write {
	if s.Kind != sql.StatementInsert || s.Partial || len(s.Reads) == 0 || len(s.Columns) == 0 {
		return nil
	}
	for _, r := range s.Reads {
		if r.Kind == sql.RelationHole || strings.Contains(strings.ToLower(r.Name()), "stream") {
			return nil
		}
	}
	for _, w := range s.Writes {
		if w.Mode == sql.WriteAppend && w.Target != nil && !w.Temp && !strings.ContainsAny(w.Target.Name(), "@${:") && f.Span(w.Target.Node.Start(), w.Target.Node.End()) == at {
			return w
		}
	}
	return nil
}

// guards names, in lower case, the tables that a file does more with than append: it deletes from them, rebuilds, merges or
// reads them.
func guards(statements []*sql.Statement) map[string]bool {
	out := map[string]bool{}
	for _, s := range statements {
		for _, w := range s.Writes {
			if w.Target == nil || w.Mode == sql.WriteAppend || w.Mode == sql.WriteCreate && w.IfExists ||
				w.Mode == sql.WriteAlter && !dropsPartition(s) {
				continue
			}
			out[strings.ToLower(w.Target.Name())] = true
		}
		for _, r := range s.Reads {
			out[strings.ToLower(r.Name())] = true
		}
	}
	return out
}

var clearing = regexp.MustCompile(`(?i)^(?:delete(?:\s+(?:top\s*\(\w+\)\s*)?\w+)?\s+from|delete|truncate(?:\s+table)?|drop\s+table(?:\s+if\s+exists)?|create\s+or\s+replace\s+(?:\w+\s+)?table|merge\s+into|insert\s+overwrite(?:\s+table)?)\s+([\w.\x60"\[\]$-]+)`)

// noteClears lists the tables that SQL anywhere in the file empties, whatever the file's language: a task may delete in one
// file, or in a string, and append in another.
func noteClears(f *parsers.File, facts *graph.Facts) {
	end := 0
	for i := range parsers.Words(f.Text, "delete", "truncate", "drop", "create", "merge", "insert") {
		if i < end {
			continue
		}
		m := clearing.FindSubmatch(f.Text[i:])
		if m == nil {
			continue
		}
		end = i + len(m[0])
		name := strings.ToLower(strings.Trim(string(m[1]), "\"`[]."))
		name = strings.Trim(name[strings.LastIndexByte(name, '.')+1:], "\"`[]")
		if name != "" && !slices.Contains(facts.Clears, name) {
			facts.Clears = append(facts.Clears, name)
		}
	}
}

func dropsPartition(s *sql.Statement) bool {
	text := bytes.ToLower(s.Node.Tree().Text[s.Start():s.End()])
	for _, word := range []string{"partition", "rename", "swap", "exchange"} {
		if bytes.Contains(text, []byte(word)) {
			return true
		}
	}
	return false
}
