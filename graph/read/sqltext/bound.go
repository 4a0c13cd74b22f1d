package sqltext

import (
	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// bound reads the statements of a parsed file.
func bound(f *parsers.File) []Statement {
	var out []Statement
	text := string(f.Text)
	for _, b := range sql.Of(f).Statements {
		var reads []Name
		for _, r := range b.Reads {
			if n, ok := boundName(r); ok {
				reads = append(reads, n)
			}
		}
		var st Statement
		if len(reads) == 1 || b.Kind == sql.StatementAlter || b.Kind == sql.StatementCreateTable { // whether it is simple, a rename, temporary
			if ts := tokenize(text[b.Start():b.End()]); len(ts) > 0 {
				st = statement(ts)
			}
			st.shift(b.Start())
		}
		st.Start, st.End, st.Reads = b.Start(), b.End(), reads
		st.Simple = st.Simple && len(reads) == 1
		if st.Mode != "rename" {
			st.write(b)
		}
		out = append(out, st)
	}
	return out
}

// shift moves the names of a statement to their places in the file.
func (st *Statement) shift(by int) {
	for _, n := range []*Name{&st.Target, &st.To} {
		n.Start, n.End = n.Start+by, n.End+by
	}
}

// write takes over what the statement writes, if that is a table or view.
func (st *Statement) write(b *sql.Statement) {
	st.Mode = ""
	for _, w := range b.Writes {
		switch w.Mode {
		case sql.WriteCreate, sql.WriteReplace, sql.WriteAppend, sql.WriteOverwrite, sql.WriteMerge, sql.WriteDrop:
		default:
			continue
		}
		if b.Kind == sql.StatementCreate || b.Kind == sql.StatementDrop && b.Object != "table" && b.Object != "view" || w.Target == nil {
			continue
		}
		if n, ok := boundName(w.Target); ok && (w.Target.Kind == sql.RelationTable || w.Target.Kind == sql.RelationMacro) {
			st.Mode, st.Target = string(w.Mode), n
			st.View = b.Kind == sql.StatementCreateView
			st.Temporary = st.Temporary || w.Temp
			return
		}
	}
}

// boundName is the name of a bound relation; one that only a run knows is a hole. ok is false for what is no dataset.
func boundName(r *sql.Relation) (n Name, ok bool) {
	n.Start, n.End = r.Node.Start(), r.Node.End()
	switch r.Kind {
	case sql.RelationTable, sql.RelationMacro:
		for _, p := range r.Parts {
			text := p.Text
			if p.Hole {
				if text = graph.Evaluate(p.Text, nil); text == p.Text {
					text = graph.Hole
				}
			}
			n.Parts, n.Quoted = append(n.Parts, text), append(n.Quoted, p.Quoted)
		}
		return n, len(n.Parts) > 0
	case sql.RelationRef, sql.RelationSource, sql.RelationHole, sql.RelationThis:
		n.Parts, n.Quoted = []string{graph.Hole}, []bool{false}
		return n, true
	}
	return n, false
}
