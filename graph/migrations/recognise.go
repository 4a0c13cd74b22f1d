package migrations

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
)

var (
	flywayName   = regexp.MustCompile(`^([VvUuBb])(\d+(?:[._]\d+)*)__(.+)\.sql$`)
	repeatable   = regexp.MustCompile(`^[RrAa]__(.+)\.sql$`)
	pairName     = regexp.MustCompile(`^(\d+)[_-](.+?)(?:\.(\w+?))??(\.autocommit)?\.(up|down)\.sql$`)
	numberedName = regexp.MustCompile(`^(\d+(?:[._-]\d+)*)(?:[_.-]+(.*))?\.sql$`)
	folderName   = regexp.MustCompile(`^(\d+(?:-\d+)*)_(.+)$`)
	liquibase    = regexp.MustCompile(`(?i)^\s*--\s*liquibase\s+formatted\s+sql`)
	sqitchHeader = regexp.MustCompile(`(?im)^--\s*(deploy|revert|verify)\s+(?:[\w-]+:)?([\w./@-]+)\s+(?:to|from|on)\s+(\w+)\s*$`)
	migrationDir = regexp.MustCompile(`(?i)(?:^|[_-])(?:migrations?|migrate|evolutions|alembic)(?:$|[_-])`)
	undoName     = regexp.MustCompile(`(?i)(?:^|[._-])(?:down|undo|rollback|revert)(?:[._-]|$)`)
)

// several is the engine of a migration that runs on more than one.
const several = "several"

// recognise says which tool runs an SQL file as a migration, and which part of it runs forwards.
func recognise(f *parsers.File, role graph.Role) (*graph.MigrationFact, part, bool) {
	folder, name := path.Dir(f.Path), path.Base(f.Path)
	whole := part{end: len(f.Text)}
	m := &graph.MigrationFact{Series: folder}
	if p, ok := goose(f.Text); ok {
		m.Tool, m.HasDown = "goose", p.hasDown
		m.Version, m.Name = numbered(name)
		return m, p, true
	}
	if p, ok := dbmate(f.Text); ok {
		m.Tool, m.HasDown = "dbmate", p.hasDown
		m.Version, m.Name = numbered(name)
		return m, p, true
	}
	if liquibase.Match(f.Text) {
		m.Tool, m.Series = "liquibase", ""
		if !bytes.Contains(bytes.ToLower(f.Text), []byte("runintransaction:false")) {
			whole.wrapped = "Liquibase runs the changeset in one, without runInTransaction:false"
		}
		return m, whole, true
	}
	if s := sqitchHeader.FindSubmatch(f.Text[:min(len(f.Text), 400)]); s != nil && strings.EqualFold(lastFolder(folder), string(s[1])) {
		if strings.EqualFold(string(s[1]), "verify") {
			return nil, whole, false
		}
		m.Tool, m.Series, m.Name, m.Engine = "sqitch", "", string(s[2]), engineWords[strings.ToLower(string(s[3]))]
		m.Down = strings.EqualFold(string(s[1]), "revert")
		return m, whole, true
	}
	if s := flywayName.FindStringSubmatch(name); s != nil {
		m.Tool, m.Version, m.Name = "flyway", s[2], s[3]
		m.Down = strings.EqualFold(s[1], "u")
		return m, whole, true
	}
	folders := strings.Split(folder, "/")
	inMigrations := slices.ContainsFunc(folders, migrationDir.MatchString)
	if s := repeatable.FindStringSubmatch(name); s != nil && (inMigrations || role == graph.RoleMigration) {
		m.Tool, m.Name, m.Repeatable = "flyway", s[1], true
		return m, whole, true
	}
	if s := pairName.FindStringSubmatch(name); s != nil {
		m.Tool, m.Version, m.Name, m.Down = "golang-migrate", s[1], s[2], s[5] == "down"
		if e := engineWords[s[3]]; e != "" {
			m.Tool, m.Engine = "popx", e
			m.Series += "#" + e
		} else if s[3] != "" {
			m.Name += "." + s[3]
		}
		if len(s[1]) > 16 || s[4] != "" {
			m.Tool = "popx"
		}
		if m.Tool == "popx" && len(s[1]) >= 14 { // one migration is cut into a file a statement
			m.Unit = folder + "#" + s[1][:14]
		}
		if m.Tool == "popx" && m.Engine == "" {
			m.Engine = several // whichever has no file of its own
		}
		return m, whole, true
	}
	if !inMigrations && role != graph.RoleMigration || name == "structure.sql" || name == "schema.sql" {
		return nil, whole, false
	}
	if s := folderName.FindStringSubmatch(lastFolder(folder)); s != nil && (name == "migration.sql" || name == "up.sql" || name == "down.sql") {
		m.Tool, m.Version, m.Name, m.Series = "directory", s[1], s[2], path.Dir(folder)
		m.Down = name == "down.sql"
		if name == "migration.sql" {
			m.Tool = "prisma"
		}
		return m, whole, true
	}
	m.Tool = "plain"
	if m.Unit = folder; strings.HasPrefix(lastFolder(folder), "v") && strings.ContainsAny(lastFolder(folder), "0123456789") {
		m.Series = ""
		return m, whole, !undoName.MatchString(strings.TrimSuffix(name, ".sql"))
	}
	m.Unit = ""
	if m.Version, m.Name = numbered(name); m.Version != "" {
		m.Tool = "numbered"
	} else {
		m.Series = ""
	}
	m.Down = undoName.MatchString(strings.TrimSuffix(name, ".sql"))
	return m, whole, true
}

func lastFolder(folder string) string { return path.Base(folder) }

func numbered(name string) (version, rest string) {
	if s := numberedName.FindStringSubmatch(name); s != nil {
		return s[1], s[2]
	}
	return "", ""
}

// part is the range of a file's text that runs forwards, and what its tool says of transactions.
type part struct {
	start, end int
	hasDown    bool
	// wrapped says why the tool runs the part in one transaction; empty where it runs every statement alone, or that isn't known.
	wrapped string
	// several is wrapped for a part of more than one statement: PostgreSQL takes what arrives in one message as one transaction.
	several string
	// free says that the tool is known to run a lone statement outside a transaction.
	free bool
}

var (
	gooseUp   = regexp.MustCompile(`(?im)^--\s*\+goose\s+up\b.*$`)
	gooseDown = regexp.MustCompile(`(?im)^--\s*\+goose\s+down\b.*$`)
	gooseFree = regexp.MustCompile(`(?im)^--\s*\+goose\s+no\s+transaction\b`)
	mateUp    = regexp.MustCompile(`(?im)^--\s*migrate:up\b(.*)$`)
	mateDown  = regexp.MustCompile(`(?im)^--\s*migrate:down\b.*$`)
)

func goose(text []byte) (part, bool) {
	if !parsers.HasWord(text, "goose") {
		return part{}, false
	}
	up := gooseUp.FindIndex(text)
	if up == nil {
		return part{}, false
	}
	p := part{start: up[1], end: len(text), free: gooseFree.Match(text)}
	if !p.free {
		p.wrapped = "goose runs the file in one, without `-- +goose NO TRANSACTION`"
	}
	if down := gooseDown.FindIndex(text); down != nil {
		p.hasDown = true
		if down[0] > up[0] {
			p.end = down[0]
		}
	}
	return p, true
}

func dbmate(text []byte) (part, bool) {
	if !parsers.HasWord(text, "migrate") {
		return part{}, false
	}
	up := mateUp.FindSubmatchIndex(text)
	if up == nil {
		return part{}, false
	}
	p := part{start: up[1], end: len(text), free: bytes.Contains(text[up[2]:up[3]], []byte("transaction:false"))}
	if !p.free {
		p.wrapped = "dbmate runs the file in one, without `transaction:false`"
	}
	if down := mateDown.FindIndex(text); down != nil {
		p.hasDown = true
		if down[0] > up[0] {
			p.end = down[0]
		}
	}
	return p, true
}

// transactions completes the part with what the tools do by default.
func (p *part) transactions(tool string) {
	switch tool {
	case "prisma":
		p.several, p.free = "Prisma sends the file as one message, which PostgreSQL runs as one transaction", true
	case "golang-migrate":
		p.several, p.free = "golang-migrate sends the file as one message, which PostgreSQL runs as one transaction", true
	case "flyway":
		p.free = true // it finds out by itself which statements run in no transaction
	}
}
