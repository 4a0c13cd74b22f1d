package governance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

var (
	// admin knows roles that are there to manage things.
	admin = regexp.MustCompile(`(?i)^(?:\w*[-_])?(?:admins?|owners?|dba|sysadmin|accountadmin|securityadmin|useradmin|orgadmin|rdsadmin|superuser)$|^(?:postgres|root|dbo|sa|rds_superuser|sysadmin|service_role|supabase_\w+)$|admin$`)
	// reader knows roles of people who look at reports.
	reader = regexp.MustCompile(`(?i)(?:^|[-_])(?:bi|reporters?|reporting|analysts?|looker|tableau|metabase|superset|power_?bi|dashboards?)(?:$|[-_])`)
)

// grant is a GRANT in its parts, in lower case.
type grant struct {
	privileges, on, to []string
	option             bool
}

// readGrant reads the words of a statement; to is nil where it grants nothing on anything.
func readGrant(w []string) (g grant) {
	start := slices.Index(w, "grant")
	if start < 0 || start > 0 && (w[0] != "alter" || !slices.Contains(w[:start], "default")) {
		return g
	}
	rest := w[start+1:]
	on := slices.Index(rest, "on")
	if on < 0 {
		return g
	}
	to := slices.Index(rest[on:], "to")
	if to < 0 {
		return g
	}
	g.privileges, g.on, rest = rest[:on], rest[on+1:on+to], rest[on+to+1:]
	for i, x := range rest {
		if x == "with" || x == "revoke" || x == "copy" || x == "granted" || x == ";" {
			g.option = i+1 < len(rest) && x == "with" && rest[i+1] == "grant"
			rest = rest[:i]
			break
		}
	}
	for _, x := range rest {
		if x != "role" && x != "user" && x != "group" && x != "database" && x != "," && x != "@" && x != "%" && x != "localhost" && x != "identified" {
			g.to = append(g.to, x)
		}
	}
	return g
}

// problem is what is too broad; problems of one group are one kind of grant to one role.
type problem struct{ group, message string }

var everyone = []string{"public", "allusers", "allauthenticatedusers", "account users", "specialgroup:allauthenticatedusers"}

// problems says what is too broad.
func (g grant) problems() []problem {
	if len(g.to) == 0 || len(g.on) == 0 {
		return nil
	}
	who := strings.Join(g.to, ", ")
	object := strings.Join(g.on, " ")
	if slices.Contains(g.to, "share") || placeholder.MatchString(object+" "+who) || !slices.ContainsFunc(g.to, func(r string) bool { return !variable.MatchString(r) }) {
		return nil
	}
	managed := !slices.ContainsFunc(g.to, func(r string) bool { return !admin.MatchString(r) })
	own := !slices.ContainsFunc(g.to, func(r string) bool { return !g.belongsTo(r) })
	var out []problem
	all := slices.Contains(g.privileges, "all")
	public := slices.ContainsFunc(g.to, func(r string) bool { return slices.Contains(everyone, r) })
	add := func(kind, message string) { out = append(out, problem{kind + " " + who, message}) }
	switch {
	case public && !g.byDefault():
		add("everyone", fmt.Sprintf("`%s` on %s is granted to everyone (`%s`)", strings.Join(g.privileges, " "), object, who))
	case all && !managed && !own:
		add("all", fmt.Sprintf("everything on %s is granted to `%s`", object, who))
	case slices.Contains(g.privileges, "ownership") && !managed && !own && !g.single():
		add("ownership", fmt.Sprintf("ownership of %s is granted to `%s`", object, who))
	case slices.ContainsFunc(g.privileges, func(p string) bool { return broadRole.MatchString(p) }) && !managed:
		add("broad", fmt.Sprintf("`%s` on %s is granted to `%s`", strings.Join(g.privileges, " "), object, who))
	case slices.Contains(g.privileges, "select") && slices.ContainsFunc(g.to, reader.MatchString) && g.ingests():
		add("raw", fmt.Sprintf("`%s` may read %s, a layer of raw data", who, object))
	}
	if g.option && !managed {
		add("option", fmt.Sprintf("`%s` may grant on what it is given on %s", who, object))
	}
	return out
}

// placeholder knows a name that a person still has to fill in: <role>.
var placeholder = regexp.MustCompile(`<\w+>`)

// variable knows a role that only a run names: {{ role }}, $role, identifier($role).
var variable = regexp.MustCompile(`^(?:\{\{.*\}\}|[$:&@%]\S*|identifier|\$\{.*\})$`)

// belongsTo reports whether an object is a role's own: an application and its database, or an environment and its databases, share
// a name.
func (g grant) belongsTo(role string) bool {
	role = strings.TrimSuffix(strings.TrimSuffix(role, "_role"), "_user")
	for _, p := range strings.Split(strings.TrimSuffix(g.on[len(g.on)-1], ".*"), ".") {
		if p = strings.Trim(p, "`\""); p == role || len(role) > 2 && strings.HasPrefix(p, role+"_") {
			return true
		}
	}
	return false
}

// single reports whether one table, view or the like is meant: whoever rebuilds it has to own it.
func (g grant) single() bool {
	return !slices.ContainsFunc(g.on, func(w string) bool {
		return slices.Contains([]string{"all", "future", "schema", "schemas", "database", "databases", "warehouse", "account", "role", "*.*"}, w) || strings.HasSuffix(w, ".*")
	})
}

// broadRole knows BigQuery's roles that may do everything.
var broadRole = regexp.MustCompile(`^roles/(?:owner|editor|bigquery\.(?:admin|dataowner))$`)

// byDefault reports whether PostgreSQL grants this to everyone anyway.
func (g grant) byDefault() bool {
	for _, p := range g.privileges {
		switch {
		case p == "," || p == "connect" || p == "temporary" || p == "temp" || p == "execute":
		case p == "usage" && slices.ContainsFunc(g.on, func(o string) bool {
			return o == "language" || o == "type" || o == "domain" || o == "function" || o == "procedure"
		}):
		default:
			return false
		}
	}
	return true
}

// ingests reports whether what is granted lies in a schema of raw data.
func (g grant) ingests() bool {
	name := g.on[len(g.on)-1]
	if i := slices.Index(g.on, "schema"); i >= 0 && i+1 < len(g.on) {
		parts, _ := graph.SplitName(g.on[i+1])
		return graph.WordLayer(parts[len(parts)-1]) == graph.Ingestion
	}
	if slices.Contains(g.on, "database") || slices.Contains(g.on, "warehouse") {
		return false
	}
	parts, _ := graph.SplitName(name)
	return len(parts) > 1 && graph.WordLayer(parts[len(parts)-2]) == graph.Ingestion
}

// leaves is the words of a statement as its tree has them, without comments, in lower case and without quotes. Templates stay.
func leaves(n parsers.Node) []string {
	first := n.FirstNamed()
	if !first.Is(sql.GrantClause, sql.AlterClause) && !strings.EqualFold(first.Text(), "grant") {
		return nil
	}
	if t := strings.ToLower(strings.TrimSpace(n.Text())); strings.HasPrefix(t, "revoke") || strings.HasPrefix(t, "deny") {
		return nil
	}
	text := n.Text()
	for c := range n.Descendants() {
		if c.Is(sql.Comment, sql.TemplateComment) {
			text = strings.Replace(text, c.Text(), " ", 1)
		}
	}
	return words(text)
}

var word = regexp.MustCompile("\\{\\{.*?\\}\\}|`[^`]*`(?:\\.`[^`]*`)*|\"[^\"]*\"(?:\\.(?:\"[^\"]*\"|\\w+))*|'[^']*'|[^\\s,;()@]+|[,;@]")

// words splits the text of a grant.
func words(text string) []string {
	out := word.FindAllString(strings.ToLower(text), -1)
	for i, w := range out {
		out[i] = strings.Trim(w, "`\"'")
	}
	return out
}
