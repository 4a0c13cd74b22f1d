package models

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers/sql"
	"delint/rules"
)

// DestructiveDDLInPipeline reports scripts that drop or empty a table and fill it again in another statement, and those that
// give up the way back: no retention, DROP … CASCADE of a schema.
var DestructiveDDLInPipeline = rules.SQL(rules.Rule{
	Name:     "destructive-ddl-in-pipeline",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	AtMost:   map[rules.Environment]rules.Severity{rules.Local: rules.Low},
	Topic:    "architecture/lakehouse",
	Sentence: "Implement version control for data using lakeFS for reproducibility and rollback",
}, func(pass *rules.Pass, f *sql.File) {
	if !judged(pass.Role) || pass.Role == graph.RoleMigration || graph.Provisions(pass.File.Path) || byHand(pass.File.Path) || isTemplate.Match(pass.File.Text) {
		return
	}
	r := rebuilds{pass: pass, f: f}
	for i, s := range f.Statements {
		r.transaction(s)
		r.rebuilt(i, s)
		r.schema(s)
		r.retention(s)
	}
})

// isTemplate knows files of macros: what they hold is run by others, on tables that only a run knows.
var isTemplate = regexp.MustCompile(`\{%-?\s*(?:macro|materialization)\s`)

type rebuilds struct {
	pass *rules.Pass
	f    *sql.File
	open bool // inside a transaction
}

var (
	begins = regexp.MustCompile(`(?i)^\s*(?:begin(?:\s+(?:tran|transaction|work))?|start\s+transaction)\s*;?\s*$`)
	ends   = regexp.MustCompile(`(?i)^\s*(?:commit|rollback|end)\b`)
)

func text(s *sql.Statement) []byte { return s.Node.Tree().Text[s.Start():s.End()] }

func (r *rebuilds) transaction(s *sql.Statement) {
	if s.Kind != sql.StatementOther {
		return
	}
	if t := text(s); ends.Match(t) {
		r.open = false
	} else if begins.Match(t) {
		r.open = true
	}
}

// rebuilt reports a statement that drops or empties a table which a later one fills from a query.
func (r *rebuilds) rebuilt(i int, s *sql.Statement) {
	for _, w := range s.Writes {
		if w.Target == nil || w.Temp || w.Target.Kind != sql.RelationTable || scratch.MatchString(w.Target.Name()) {
			continue
		}
		what := ""
		switch {
		case w.Mode == sql.WriteDrop && s.Object == "table":
			what = "dropped"
		case w.Mode == sql.WriteReplace && s.Kind == sql.StatementCreateTable && len(s.Columns) == 0 && w.Columns.Kind() != 0:
			what = "replaced by an empty one"
		case w.Mode == sql.WriteTruncate:
			what = "emptied"
		default:
			continue
		}
		name := strings.ToLower(w.Target.Name())
		if r.made(name, i) {
			continue // a table of the script's own
		}
		filler := r.filler(name, i)
		if filler == nil || !strings.Contains(name, ".") && (r.readLater(name, filler) || r.clearsWorkspace()) {
			continue
		}
		found := r.pass.Report(s.Node, "`%s` is %s here and filled again in another statement: a failure between leaves it so", w.Target.Name(), what)
		found.Key = name
		found.Places = append(found.Places, rules.Place{Span: r.pass.File.Span(filler.Start(), min(filler.End(), filler.Start()+60)), Message: "filled again"})
		if what == "emptied" {
			found.Severity = rules.Medium
		}
		if r.open {
			found.Severity = rules.Low
		}
	}
}

// scratch knows names of tables that nobody but the pipeline reads.
var scratch = regexp.MustCompile(`(?i)(?:^|[._#])(?:te?mp|temporary|stg|stage|staging|scratch|work|wrk|backup|bak|old|new|swap|tests?)(?:$|[._\d])|^#`)

// made reports whether an earlier statement builds the table.
func (r *rebuilds) made(name string, before int) bool {
	for _, s := range r.f.Statements[:before] {
		for _, w := range s.Writes {
			if (w.Mode == sql.WriteCreate || w.Mode == sql.WriteReplace) && w.Target != nil && strings.ToLower(w.Target.Name()) == name {
				return true
			}
		}
	}
	return false
}

// readLater reports whether the script itself reads a table after it has filled it: a step on its way, not what it is for.
func (r *rebuilds) readLater(name string, filler *sql.Statement) bool {
	for _, s := range r.f.Statements {
		if s.Start() <= filler.Start() {
			continue
		}
		for _, read := range s.Reads {
			if strings.ToLower(read.Name()) == name {
				return true
			}
		}
	}
	return false
}

// clearsWorkspace reports whether the script drops many tables that it names without a schema: those it works on itself.
func (r *rebuilds) clearsWorkspace() bool {
	drops := 0
	for _, s := range r.f.Statements {
		for _, w := range s.Writes {
			if w.Mode == sql.WriteDrop && w.Target != nil && !strings.Contains(w.Target.Name(), ".") {
				drops++
			}
		}
	}
	return drops > 3
}

// filler is the next statement that fills the table from a query; nil where there is none, and where another one renames or
// swaps: then the table is built aside.
func (r *rebuilds) filler(name string, after int) (found *sql.Statement) {
	for _, s := range r.f.Statements[after+1:] {
		if s.Kind == sql.StatementAlter && swaps.Match(text(s)) {
			return nil
		}
		if s.Kind != sql.StatementInsert && s.Kind != sql.StatementCreateTable || len(s.Reads) == 0 || found != nil || !s.Node.Child(sql.ValuesClause).IsNil() {
			continue
		}
		for _, w := range s.Writes {
			if w.Target != nil && !w.Temp && strings.ToLower(w.Target.Name()) == name {
				found = s
			}
		}
	}
	return found
}

var swaps = regexp.MustCompile(`(?i)\b(?:rename|swap|exchange)\b`)

var schemaDrop = regexp.MustCompile(`(?is)^drop\s+(?:schema|database)\s+(?:if\s+exists\s+)?([\w."\x60-]+)[^;]*\bcascade\b`)

func (r *rebuilds) schema(s *sql.Statement) {
	if s.Kind != sql.StatementDrop {
		return
	}
	m := schemaDrop.FindSubmatch(text(s))
	if m == nil || scratch.Match(m[1]) {
		return
	}
	f := r.pass.Report(s.Node, "`%s` is dropped with everything in it", m[1])
	f.Key = string(m[1])
	if regexp.MustCompile(`(?i)\bcreate\s+(?:schema|database)\s+(?:if\s+not\s+exists\s+)?` + regexp.QuoteMeta(string(m[1])) + `\b`).Match(r.pass.File.Text) {
		f.Severity = rules.Low // a script that sets the schema up from nothing
	}
}

var (
	vacuumNow   = regexp.MustCompile(`(?is)^vacuum\b.*\bretain\s+0\s+hours`)
	checkOff    = regexp.MustCompile(`(?is)^set\s+spark\.databricks\.delta\.retentiondurationcheck\.enabled\s*=\s*false`)
	noRetention = regexp.MustCompile(`(?is)^alter\s+(?:table|schema|database)\s+([\w."\x60-]+)\s+set\s+\(?\s*data_retention(?:_time_in_days)?\s*=\s*0\b`)
)

func (r *rebuilds) retention(s *sql.Statement) {
	t := text(s)
	if m := noRetention.FindSubmatch(t); m != nil {
		r.pass.Report(s.Node, "`%s` keeps no history to go back to", m[1]).Key = string(m[1])
		return
	}
	if vacuumNow.Match(t) || checkOff.Match(t) {
		r.pass.Report(s.Node, "`%s` removes every version to go back to", oneLine(string(t))).Key = "retention"
	}
}
