package governance

import (
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/pii"
	"delint/parsers"
	"delint/parsers/sql"
	"delint/rules"
)

// WeakPIIHash reports personal columns that are hashed without a salt, by a broken hash, or only encoded, and published under a
// name that says that they are masked. Keys for joins, buckets and comparisons are left alone.
var WeakPIIHash = rules.SQL(rules.Rule{
	Name:     "weak-pii-hash",
	Severity: rules.High,
	Class:    rules.Security,
	AtMost:   map[rules.Environment]rules.Severity{rules.Local: rules.Low},
	Topic:    "security/pii-handling",
	Sentence: "Implement data masking and anonymization for sensitive data (PII, PHI)",
	Tags:     []string{"external/cwe/cwe-916"},
}, func(pass *rules.Pass, f *sql.File) {
	if pass.Role == graph.RoleTest || pass.Role == graph.RoleVendored || pass.Role == graph.RoleGenerated || exported.MatchString(pass.File.Path) {
		return
	}
	for _, st := range f.Statements {
		table := soleTable(st)
		for n := range st.Node.Descendants() {
			var h hashed
			switch {
			case n.Is(sql.Call):
				h = hashCall(n)
			case n.Is(sql.TemplateCall) && strings.HasSuffix(n.Field(sql.Function).Text(), "surrogate_key"):
				h = surrogateKey(n)
			}
			if h.column == "" {
				continue
			}
			name := h.column[strings.LastIndexAny(h.column, ".:")+1:]
			if v := pii.Classify(table, []pii.Column{{Name: strings.Trim(name, "`\"")}})[0]; !v.Personal() {
				continue
			}
			out := outputName(n)
			if !masking(out, name, h.weakness == encoded) {
				continue
			}
			found := pass.Report(n, "`%s` publishes `%s` %s", out, name, h.weakness)
			found.Key = out
		}
	}
})

// exported knows models for advertising platforms, which ask for exactly an unsalted SHA-256.
var exported = regexp.MustCompile(`(?i)(?:^|[/_.-])(?:google_?ads|facebook|meta|tiktok|linkedin|pinterest|capi|conversions?_api|customer_match|audiences?|reverse_etl|hightouch|census|braze|klaviyo|exports?)(?:[/_.-])`)

const (
	unsalted = "as a hash without a salt, which anyone can undo by trying"
	broken   = "as a hash that is no mask: anyone can undo it by trying"
	encoded  = "encoded, which anyone can undo"
)

// hashed is a column that a call hashes or encodes; column is empty where it does more than that.
type hashed struct{ column, weakness string }

var weakness = map[string]string{
	"md5": broken, "md5_hex": broken, "md5_binary": broken, "md5_number_lower64": broken, "md5_number_upper64": broken, "sha": broken, "sha1": broken,
	"sha1_hex": broken, "sha1_binary": broken, "crc32": broken, "farm_fingerprint": broken, "fnv_hash": broken, "xxhash64": broken, "murmur_hash": broken,
	"hash": broken, "checksum": broken, "binary_checksum": broken, "ora_hash": broken, "cityhash64": broken, "siphash64": broken,
	"sha2": unsalted, "sha224": unsalted, "sha256": unsalted, "sha384": unsalted, "sha512": unsalted, "sha2_hex": unsalted, "sha2_binary": unsalted,
	"hashbytes": unsalted, "digest": unsalted, "standard_hash": unsalted,
	"to_base64": encoded, "base64": encoded, "base64_encode": encoded, "hex": encoded, "to_hex": encoded, "hex_encode": encoded, "reverse": encoded, "rot13": encoded,
}

// hashCall reads a call of a hash or an encoding whose only operand is one column.
func hashCall(call parsers.Node) hashed {
	w := weakness[strings.ToLower(call.Field(sql.Function).Text())]
	if w == "" {
		return hashed{}
	}
	column := ""
	for n := range call.Field(sql.Arguments).Descendants() {
		switch n.Kind() {
		case sql.Name, sql.DoubleQuoted:
			p := n.Parent()
			if n.FieldID() == sql.Function || p.Is(sql.Type, sql.Cast) || p.Is(sql.TemplatedName) || typeWord.MatchString(n.Text()) {
				continue
			}
			if column != "" && column != n.Text() {
				return hashed{} // the hash of several columns, or a salt
			}
			column = n.Text()
		case sql.TemplatedName: // Snowflake: profile:email
			if column != "" || n.Child(sql.Template, sql.Macro, sql.Parameter) != (parsers.Node{}) {
				return hashed{}
			}
			column = n.Text()
		case sql.Macro, sql.Parameter, sql.Template, sql.Subquery, sql.Case:
			return hashed{}
		case sql.String:
			in := n.Parent()
			if added := hasOperator(in, "|") || hasOperator(in, "+") || combines.MatchString(in.Parent().Parent().Field(sql.Function).Text()); added && len(n.Text()) > 4 {
				return hashed{} // salted with a literal: not by this rule
			}
		case sql.Call:
			if inner := strings.ToLower(n.Field(sql.Function).Text()); weakness[inner] != "" || strings.Contains(inner, "hmac") || strings.Contains(inner, "crypt") {
				return hashed{} // the inner call is the one
			}
		}
	}
	return hashed{column, w}
}

var typeWord = regexp.MustCompile(`(?i)^(?:text|string|varchar|n?char|bytes|bytea|binary|varbinary|int|bigint|utf8|as|distinct)$`)

// surrogateKey reads dbt_utils.generate_surrogate_key(['email']): MD5 of one column.
func surrogateKey(call parsers.Node) hashed {
	column := ""
	for n := range call.Descendants() {
		if n.Is(sql.TemplateString) {
			if column != "" {
				return hashed{}
			}
			column = strings.Trim(n.Text(), `'"`)
		}
	}
	return hashed{column, broken}
}

// outputName is the name under which a SELECT or an UPDATE publishes what it computes of n; empty where that is no plain value.
func outputName(n parsers.Node) string {
	for p := n.Parent(); !p.IsNil(); p = p.Parent() {
		switch {
		case p.Is(sql.Subquery, sql.WhereClause, sql.OnClause, sql.Case):
			return ""
		case p.Is(sql.Item) && hasOperator(p, "|") || p.Is(sql.Call) && combines.MatchString(p.Field(sql.Function).Text()):
			return "" // something is added to it
		case p.Is(sql.Call) && aggregate.MatchString(p.Field(sql.Function).Text()):
			return ""
		case p.Is(sql.Item) && !p.Parent().Is(sql.SetClause):
			if hasOperator(p, "=<>!") {
				return "" // a comparison
			}
			last := parsers.Node{}
			for c := range p.NamedChildren() {
				if !c.Is(sql.Comment, sql.TemplateComment) {
					last = c
				}
			}
			if last.Is(sql.Alias) {
				last = last.Field(sql.NameField)
			}
			selected := p.Parent().Is(sql.SelectClause)
			if last.Is(sql.Name, sql.DoubleQuoted) && !last.Contains(n) && (selected || !castCall.MatchString(p.Parent().Parent().Field(sql.Function).Text())) {
				return strings.Trim(last.Text(), "`\"")
			}
			if selected {
				return ""
			}
		case p.Is(sql.Item) && p.Parent().Is(sql.SetClause):
			if first := p.FirstNamed(); first.Is(sql.Name, sql.DoubleQuoted) {
				return strings.Trim(first.Text(), "`\"")
			}
			return ""
		}
	}
	return ""
}

// hasOperator reports whether an operator made of the given letters stands in an item.
func hasOperator(item parsers.Node, letters string) bool {
	for c := range item.NamedChildren() {
		if c.Is(sql.Operator) && strings.Trim(c.Text(), letters) == "" {
			return true
		}
	}
	return false
}

var castCall = regexp.MustCompile(`(?i)^(?:\w+_)?cast$`)

// combines knows calls that add something to a hash, or key it.
var combines = regexp.MustCompile(`(?i)^(?:concat|concat_ws|hmac\w*|\w*crypt\w*)$`)

var aggregate = regexp.MustCompile(`(?i)^(?:count|approx_count_distinct|count_if|countif|mod|abs|hll\w*)$`)

var (
	maskWords = []string{"hash", "hashed", "mask", "masked", "anon", "anonymized", "anonymised", "anonymous", "pseudonym", "pseudonymized", "pseudonymised", "redacted",
		"obfuscated", "encrypted", "protected", "tokenized", "scrambled", "hidden", "md", "sha", "deidentified"}
	keyWords = []string{"key", "sk", "pk", "id", "uid", "uuid", "bucket", "partition", "diff", "checksum", "sample", "row", "surrogate", "join", "shard", "group", "num", "number"}
)

// masking reports whether the name of an output says that the column is masked, or is the column's own. A key is no mask.
func masking(out, column string, strictly bool) bool {
	words := pii.Tokens(out)
	if out == "" || slices.ContainsFunc(keyWords, func(k string) bool { return slices.Contains(words, k) && !slices.Contains(pii.Tokens(column), k) }) {
		return false
	}
	if slices.ContainsFunc(maskWords, func(w string) bool { return slices.Contains(words, w) }) {
		return true
	}
	return !strictly && strings.EqualFold(out, column)
}

// soleTable is the name of the table that a statement reads or changes, where it is one.
func soleTable(st *sql.Statement) string {
	name := ""
	for _, r := range st.Reads {
		if name != "" {
			return ""
		}
		name = r.Name()
	}
	if name == "" && len(st.Writes) == 1 {
		name = st.Writes[0].Target.Name()
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}
