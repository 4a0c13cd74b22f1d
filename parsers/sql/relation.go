package sql

import (
	"strings"

	"delint/parsers"
)

// RelationKind is how a relation is named.
type RelationKind string

// The kinds of relations.
const (
	RelationTable    RelationKind = "table"    // a name: Parts
	RelationRef      RelationKind = "ref"      // dbt's ref(…): Call
	RelationSource   RelationKind = "source"   // dbt's source(…): Call
	RelationThis     RelationKind = "this"     // dbt's this, SQLMesh's @this_model
	RelationMacro    RelationKind = "macro"    // a name that begins with a macro or variable: @x, @{schema}.t
	RelationPath     RelationKind = "path"     // a file or a stage: 's3://…', @stage/path
	RelationHole     RelationKind = "hole"     // known only when a template or a parameter is filled in
	RelationSubquery RelationKind = "subquery" // only in Query.Relations
	RelationFunction RelationKind = "function" // only in Query.Relations: UNNEST(…), FLATTEN(…), a field path
)

// Relation is one relation of a FROM clause, a JOIN, a USING, or an indirect template reference.
type Relation struct {
	Kind RelationKind
	// Parts are the dotted parts of a name, from the outermost: catalog, schema, table.
	Parts []Part
	// Call is the ref or source call; nil for other kinds.
	Call *TemplateCallSite
	// CTE is the common table expression that the name refers to; such a relation is not among the reads.
	CTE *CTE
	// Alias is the name given to it in the query, without quotes; empty for none.
	Alias string
	// Node is the place: the name, template, string, call or subquery.
	Node parsers.Node
	// Query is the query that reads it.
	Query *Query
	// Indirect says that the reference stands in a template's argument or tag, not where a relation stands.
	Indirect bool
}

// Part is one part of a dotted name.
type Part struct {
	Text   string // without quotes
	Quoted bool
	Hole   bool // holds a template, a macro or a parameter
}

// Name is the relation's dotted name without quotes; of a ref or source its arguments joined by dots.
func (r *Relation) Name() string {
	if r.Call != nil {
		var words []string
		for _, a := range r.Call.Arguments {
			if a.Name == "" {
				words = append(words, a.Value)
			}
		}
		return strings.Join(words, ".")
	}
	return joinParts(r.Parts)
}

func joinParts(parts []Part) string {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = p.Text
	}
	return strings.Join(words, ".")
}

// relations binds the relations of a FROM, JOIN, UPDATE or MERGE clause.
func (b *binder) relations(q *Query, clause parsers.Node) {
	join := clause.Child(JoinOperator)
	word := strings.ToLower(join.Text())
	pivot := clause.Is(FromClause) && isPivotStatement(clause)
	// What follows the first item of these is columns: LATERAL VIEW f(x) t AS a, b; ARRAY JOIN a, b; JOIN t USING a, b;
	// PIVOT t ON a, b.
	columns := strings.HasPrefix(word, "array") || strings.Contains(word, " array ")
	for c := range clause.Children() {
		switch c.Kind() {
		case FromItem:
			if columns {
				b.below(q, c)
				continue
			}
			b.fromItem(q, c)
			columns = strings.HasPrefix(word, "lateral") || pivot || hasSettings(c)
		case UsingClause:
			r := c.Child(FromItem)
			switch {
			case r.IsNil():
				b.below(q, c)
			case !join.IsNil():
				columns = true
			case pivot:
				b.below(q, c)
			case strings.EqualFold(r.FirstNamed().Text(), "sample"): // DuckDB
			default:
				b.fromItem(q, r)
			}
		default:
			b.below(q, c)
		}
	}
}

// isPivotStatement reports whether a clause is DuckDB's PIVOT t … or UNPIVOT t …, which the grammar takes for a FROM.
func isPivotStatement(clause parsers.Node) bool {
	word := strings.ToLower(string(clause.Tree().Text[clause.Start():min(clause.Start()+7, clause.End())]))
	return strings.HasPrefix(word, "pivot") || word == "unpivot"
}

// hasSettings reports whether an item ends in ClickHouse's SETTINGS a = 1, b = 2: the next items are settings too.
func hasSettings(item parsers.Node) bool {
	for c := range item.Children() {
		if c.Is(Name) && strings.EqualFold(c.Text(), "settings") && c.NextSibling().NextSibling().Text() == "=" {
			return true
		}
	}
	return false
}

// fromItem binds one item of a FROM: its head is the relation, a name after it the alias.
func (b *binder) fromItem(q *Query, n parsers.Node) {
	var tokens []parsers.Node
	for c := range n.NamedChildren() {
		if !c.Is(Comment, TemplateComment, TemplateTag) {
			tokens = append(tokens, c)
		}
	}
	for len(tokens) > 1 && isPrefix(tokens[0], tokens[1]) {
		if strings.EqualFold(tokens[0].Text(), "unpivot") && tokens[1].Is(Name) && q.alias(splitParts(tokens[1].Text())[0].Text) {
			return // Redshift: FROM t, UNPIVOT t.object AS value AT name
		}
		tokens = tokens[1:]
	}
	if len(tokens) == 0 {
		return
	}
	head, rest := tokens[0], tokens[1:]
	if !b.targets[head.Index()] {
		b.relation(q, head, aliasOf(rest))
	}
	b.rest(q, rest)
}

// rest binds what follows a relation's head: PIVOT (…), AT (…); several relations where branches of a template stand side by side.
func (b *binder) rest(q *Query, tokens []parsers.Node) {
	for i, t := range tokens {
		switch {
		case t.Is(Subquery):
			b.subquery(q, t)
		case t.Is(Template, TemplatedName) && i == 0:
			if r := templateRelation(t); r != nil && r.Kind != RelationHole && !b.targets[t.Index()] {
				b.relation(q, t, "")
			}
		default:
			b.below(q, t)
		}
	}
}

// isPrefix reports whether a word stands before the relation it is about: LATERAL f(x), ONLY t, TABLE t.
func isPrefix(word, next parsers.Node) bool {
	if word.Is(Keyword) {
		return true
	}
	if !word.Is(Name) || !next.Is(Name, DoubleQuoted, Template, TemplatedName, Call, Parameter, Macro) {
		return false
	}
	switch strings.ToLower(word.Text()) {
	case "only", "table", "stream", "final":
		return true
	}
	return false
}

// aliasOf finds the alias among the tokens after a relation's head.
func aliasOf(rest []parsers.Node) string {
	for i, t := range rest {
		switch t.Kind() {
		case Alias:
			return unquote(t.Field(NameField).Text())
		case Name:
			if i == 0 && !notAlias[strings.ToLower(t.Text())] && (len(rest) == 1 || rest[1].Text() != "=") {
				return unquote(t.Text())
			}
		case DoubleQuoted:
			if i == 0 {
				return unquote(t.Text())
			}
		case Call:
			if f := t.Field(Function); i == 0 && f.Is(Name) && !notAlias[strings.ToLower(f.Text())] {
				return unquote(f.Text())
			}
		}
	}
	return ""
}

// notAlias are words that may follow a relation and are no alias.
var notAlias = map[string]bool{
	"at": true, "before": true, "sample": true, "version": true, "timestamp": true, "match_recognize": true, "changes": true,
	"final": true, "partition": true, "use": true, "force": true, "ignore": true, "option": true, "order": true, "with": true,
	"window": true, "limit": true, "offset": true, "fetch": true, "pivot": true, "unpivot": true, "set": true,
	"values": true, "qualify": true, "start": true, "connect": true, "settings": true, "format": true, "prewhere": true,
}

// relation binds the head of a FROM item.
func (b *binder) relation(q *Query, head parsers.Node, alias string) {
	r := &Relation{Node: head, Alias: alias, Query: q}
	switch head.Kind() {
	case Name, DoubleQuoted:
		b.named(q, r)
	case Template, TemplatedName:
		if t := templateRelation(head); t != nil {
			t.Node, t.Alias, t.Query = head, alias, q
			r = t
			if r.Call == nil {
				r.CTE = q.cte(head.Text())
			}
		}
	case Macro:
		r.Kind = RelationMacro
		r.Parts = splitParts(head.Text())
		r.CTE = q.cte(head.Text())
		if strings.EqualFold(head.Text(), "@this_model") {
			r.Kind, r.Parts = RelationThis, nil
		}
	case Parameter:
		r.Kind = RelationHole
		r.CTE = q.cte(head.Text())
		if b.statement.Kind == StatementCopy { // psql: COPY t FROM :file
			r.Kind = RelationPath
		}
	case String:
		r.Kind = RelationPath
	case Subquery:
		r.Kind = RelationSubquery
		b.subquery(q, head)
	case Group:
		b.joined(q, head)
		return
	case Array: // [my table] of T-SQL
		r.Kind = RelationTable
		r.Parts = []Part{{Text: strings.Trim(head.Text(), "[]"), Quoted: true}}
	case Call:
		if !b.called(q, head, r) {
			return
		}
	default:
		b.below(q, head)
		return
	}
	if alias == "" && len(r.Parts) > 0 {
		alias = r.Parts[len(r.Parts)-1].Text
	}
	if alias != "" {
		q.aliases[strings.ToLower(alias)] = r
	}
	q.Relations = append(q.Relations, r)
	if r.CTE == nil && r.Kind != RelationSubquery && r.Kind != RelationFunction {
		b.read(r)
	}
}

func (b *binder) read(r *Relation) {
	b.statement.Reads = append(b.statement.Reads, r)
	if r.Kind == RelationHole || len(r.Parts) > 0 && r.Parts[len(r.Parts)-1].Hole && r.Kind == RelationTable {
		b.statement.Partial = true
	}
}

// named decides what a name means: a CTE, a field path of a relation already in scope, a stage, or a table.
func (b *binder) named(q *Query, r *Relation) {
	text := r.Node.Text()
	r.Kind = RelationTable
	r.Parts = splitParts(text)
	if last := &r.Parts[len(r.Parts)-1]; !last.Quoted {
		last.Text = withoutVersion(last.Text)
	}
	switch {
	case strings.HasPrefix(text, "@") || b.statement.Kind == StatementCopy && isStream(text):
		r.Kind = RelationPath
	case len(r.Parts) == 2 && r.Parts[1].Quoted && isFileFormat(r.Parts[0].Text): // Spark: json.`path`
		r.Kind = RelationPath
	case len(r.Parts) == 1:
		r.CTE = q.cte(r.Parts[0].Text)
	case !strings.HasPrefix(text, "`") && q.alias(r.Parts[0].Text):
		r.Kind = RelationFunction // t.items
	}
}

// withoutVersion drops what asks Delta for an older state of a table: t@v12, t@20240101000000000.
func withoutVersion(name string) string {
	i := strings.LastIndexByte(name, '@')
	if i <= 0 {
		return name
	}
	digits := strings.TrimPrefix(strings.ToLower(name[i+1:]), "v")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return name
	}
	return name[:i]
}

// called binds a call that stands as a relation. False if nothing remains to be filed.
func (b *binder) called(q *Query, call parsers.Node, r *Relation) bool {
	f := call.Field(Function)
	arguments := call.Field(Arguments)
	switch name := strings.ToLower(f.Text()); {
	case name == "stream" && arguments.Is(Group): // Databricks: STREAM(t)
		if t := arguments.Child(Item).FirstNamed(); t.Is(Name, DoubleQuoted, Template, TemplatedName, Parameter) && t.NextSibling().IsNil() {
			b.relation(q, t, "")
			return false
		}
	case isStageOption(arguments): // Snowflake: @stage (FILE_FORMAT => …)
		r.Node = f
		b.named(q, r)
		r.Kind = RelationPath
		return true
	case name == "identifier" || name == "table":
		if item := arguments.Child(Item); !item.IsNil() {
			first := item.FirstNamed()
			if first.Is(String) && first.NextSibling().IsNil() {
				r.Kind = RelationTable
				r.Parts = splitParts(unquote(first.Text()))
				return true
			}
			if name == "identifier" {
				r.Kind = RelationHole
				return true
			}
		}
	case isTableHint(arguments) || strings.HasPrefix(name, "@") && f.Is(Name):
		r.Node = f
		b.named(q, r)
		return true
	}
	r.Kind = RelationFunction
	b.tableArguments(q, call)
	if arguments.Is(Subquery) {
		b.subquery(q, arguments)
	} else {
		b.below(q, arguments)
	}
	return true
}

// isStageOption reports whether a bracket holds the options of a Snowflake stage.
func isStageOption(group parsers.Node) bool {
	switch first := group.Child(Item).FirstNamed(); strings.ToLower(first.Text()) {
	case "file_format", "pattern":
		return first.NextSibling().Text() == "=>"
	}
	return false
}

// isTableHint reports whether a bracket after a table is T-SQL's old spelling of a lock hint: t (NOLOCK).
func isTableHint(group parsers.Node) bool {
	item := group.Child(Item)
	switch first := item.FirstNamed(); strings.ToLower(first.Text()) {
	case "nolock", "readuncommitted", "updlock", "holdlock", "tablock":
		return true
	}
	return false
}

// joined binds FROM (a JOIN b ON …): inside a bracket that opens no query, joins are plain words.
func (b *binder) joined(q *Query, group parsers.Node) {
	for item := range group.Children() {
		if !item.Is(Item) {
			b.below(q, item)
			continue
		}
		var run []parsers.Node
		flush := func() {
			if len(run) > 0 && !b.targets[run[0].Index()] {
				for len(run) > 1 && isPrefix(run[0], run[1]) {
					run = run[1:]
				}
				b.relation(q, run[0], aliasOf(run[1:]))
			}
			run = nil
		}
		open := true
		for c := range item.NamedChildren() {
			switch {
			case c.Is(Comment, TemplateComment, TemplateTag):
			case c.Is(Keyword) && strings.EqualFold(c.Text(), "join"):
				flush()
				open = true
			case c.Is(Keyword) && (strings.EqualFold(c.Text(), "on") || strings.EqualFold(c.Text(), "using")):
				flush()
				open = false
			case open && !isJoinWord(c):
				run = append(run, c)
			case !open:
				if c.Is(Subquery) {
					b.subquery(q, c)
				} else {
					b.below(q, c)
				}
			}
		}
		flush()
	}
}

func isJoinWord(n parsers.Node) bool {
	if !n.Is(Name) {
		return false
	}
	switch strings.ToLower(n.Text()) {
	case "left", "right", "full", "inner", "outer", "cross", "natural", "semi", "anti":
		return true
	}
	return false
}

// isStream reports whether COPY reads from or writes to its client: STDIN, STDOUT, PROGRAM.
func isStream(name string) bool {
	switch strings.ToLower(name) {
	case "stdin", "stdout", "program":
		return true
	}
	return false
}

func isFileFormat(word string) bool {
	switch strings.ToLower(word) {
	case "json", "csv", "text", "parquet", "orc", "avro", "delta", "binaryfile":
		return true
	}
	return false
}
