package migrations

import (
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
)

var (
	composeImage = regexp.MustCompile(`(?m)^\s*image:\s*["']?(?:[\w.-]+/)*(postgres|postgis|timescaledb|mysql|mariadb)(?:[:@"'\s]|$)`)
	prismaEngine = regexp.MustCompile(`(?m)^\s*provider\s*=\s*"(postgresql|postgres|mysql|sqlite|sqlserver|cockroachdb)"`)
	alembicURL   = regexp.MustCompile(`(?m)^\s*sqlalchemy\.url\s*=\s*(postgresql|postgres|mysql|mariadb|sqlite|snowflake|bigquery|redshift)`)
	drivers      = regexp.MustCompile(`(?m)\b(psycopg(?:2|3)?(?:-binary)?|asyncpg|mysqlclient|pymysql|PyMySQL|mysql-connector-python|aiomysql)\b`)
	goDrivers    = regexp.MustCompile(`(?m)^\s*(?:require\s+)?(github\.com/(?:lib/pq|jackc/pgx(?:/v\d)?|go-sql-driver/mysql|mattn/go-sqlite3)|modernc\.org/sqlite)\s+v[^\n]*$`)
	jvmDrivers   = regexp.MustCompile(`(?:org\.postgresql|mysql-connector-j(?:ava)?|mariadb-java-client|com\.h2database)`)
	jsDrivers    = regexp.MustCompile(`(?m)^\s*"(pg|postgres|postgres-js|mysql|mysql2|better-sqlite3)"\s*:`)
	supabase     = regexp.MustCompile(`(?m)^project_id\s*=`)
)

// engines files the databases that a configuration names, for the migrations below its folder.
func engines(f *parsers.File, facts *graph.Facts) {
	if len(f.Raw) > 1<<20 || facts.Role == graph.RoleTest {
		return
	}
	name := path.Base(f.Path)
	var found []string
	add := func(e string) {
		if e != "" {
			found = append(found, e)
		}
	}
	all := func(expr *regexp.Regexp, engine func(string) string) {
		for _, m := range expr.FindAllSubmatch(f.Raw, -1) {
			add(engine(string(m[len(m)-1])))
		}
	}
	word := func(s string) string { return engineWords[strings.ToLower(s)] }
	driver := func(s string) string {
		s = strings.ToLower(s)
		switch {
		case strings.HasSuffix(s, "sqlite3"), strings.HasSuffix(s, "/sqlite"), strings.Contains(s, "h2database"):
			return "" // what tests run on
		case strings.Contains(s, "mysql"), strings.Contains(s, "mariadb"):
			return "mysql"
		}
		return "postgres"
	}
	switch {
	case strings.HasPrefix(name, "docker-compose") || strings.HasPrefix(name, "compose."):
		all(composeImage, func(s string) string {
			if s == "postgis" || s == "timescaledb" {
				return "postgres"
			}
			return word(s)
		})
	case strings.HasSuffix(name, ".prisma"):
		all(prismaEngine, word)
	case name == "alembic.ini":
		all(alembicURL, word)
	case name == "pyproject.toml", strings.HasPrefix(name, "requirements") && strings.HasSuffix(name, ".txt"):
		all(drivers, driver)
	case name == "go.mod":
		for _, m := range goDrivers.FindAllSubmatch(f.Raw, -1) {
			if !strings.Contains(string(m[0]), "// indirect") {
				add(driver(string(m[1])))
			}
		}
	case name == "pom.xml", strings.HasPrefix(name, "build.gradle"):
		all(jvmDrivers, driver)
	case name == "package.json":
		all(jsDrivers, driver)
	case name == "config.toml" && path.Base(path.Dir(f.Path)) == "supabase" && supabase.Match(f.Raw):
		add("postgres")
	}
	if len(found) > 0 {
		facts.Settings = append(facts.Settings, graph.SettingFact{Tool: graph.EngineTool, Key: graph.EngineKey, Value: found, Span: f.RawSpan(0, 0)})
	}
}
