package security

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
)

// credentialURI reads scheme://user:password@host around an offset of "://". ok is false where there is no password.
func credentialURI(text []byte, at int) (user, password, host string, secret Span, ok bool) {
	if at == 0 || !isSchemeByte(text[at-1]) {
		return "", "", "", Span{}, false
	}
	from := at + len("://")
	window := text[from:min(len(text), from+512)]
	if i := bytes.IndexAny(window, " \t\r\n\"'`<>\\"); i >= 0 {
		window = window[:i]
	}
	authority := window
	if i := bytes.IndexAny(authority, "/?#"); i >= 0 {
		authority = authority[:i]
	}
	sign := bytes.LastIndexByte(authority, '@')
	if sign < 0 {
		// A password may hold a slash or a question mark that was not escaped.
		sign = bytes.IndexByte(window, '@')
		colon := bytes.IndexByte(authority, ':')
		if sign < 0 || colon < 0 || colon+1 < len(authority) && isPort(authority[colon+1:]) || sign > 200 {
			return "", "", "", Span{}, false
		}
	}
	colon := bytes.IndexByte(window[:sign], ':')
	if colon < 0 {
		return "", "", "", Span{}, false
	}
	rest := window[sign+1:]
	if i := bytes.IndexAny(rest, "/?#:,;)]}"); i >= 0 {
		rest = rest[:i]
	}
	user, password, host = string(window[:colon]), string(window[colon+1:sign]), string(rest)
	if p, err := url.PathUnescape(password); err == nil {
		password = p
	}
	return user, password, host, Span{from + colon + 1, from + sign}, true
}

func isPort(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func isSchemeByte(b byte) bool { return isWord(b) && b != '_' || b == '+' || b == '.' || b == '-' }

// unknownHost stands for a host that the text does not name: it counts as a remote one.
const unknownHost = "remote.corp"

// localHost reports hosts that only the machine itself, or the containers beside it, reach.
func localHost(host string) bool {
	switch strings.ToLower(host) {
	case "localhost", "127.0.0.1", "0.0.0.0", "::1", "[::1]", "db", "postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "redis",
		"rabbitmq", "minio", "database", "host.docker.internal", "clickhouse", "metastore", "warehouse":
		return true
	}
	return host == "" || !strings.Contains(host, ".")
}

// parameter matches password=… inside a list of parameters: ODBC, ADO, libpq, JDBC.
var parameter = regexp.MustCompile(`(?i)\A(?:password|passwd|pwd)\s?=\s?('{1,2}[^'\n]{1,200}'{1,2}|[^\s;&"'<>\\,)]{1,200})`)

// companionParameter matches the other parameters that prove that a list connects to something.
var companionParameter = regexp.MustCompile(`(?i)(?:server|data source|host|hostname|driver|initial catalog|dbname|uid|user id|userid|endpoint|addr|address|database|user|username)\s?=\s?[^\s;&]`)

// hostParameter and userParameter match where a list of parameters connects to, and as whom.
var (
	hostParameter = regexp.MustCompile(`(?i)(?:server|data source|host|hostname|addr|address|://)\s?=?\s?(?:tcp:)?([\w.-]+)`)
	userParameter = regexp.MustCompile(`(?i)(?:uid|user|user id|userid|username|login)\s?=\s?([^\s;,&"']+)`)
)

// credentialParameter reads a password among the parameters of a connection string, at the offset of its name.
func credentialParameter(text []byte, at int) (user, password, host string, secret Span, ok bool) {
	m := parameter.FindSubmatchIndex(text[at:min(len(text), at+256)])
	if m == nil || at == 0 {
		return "", "", "", Span{}, false
	}
	lineStart := bytes.LastIndexByte(text[max(0, at-400):at], '\n') + max(0, at-400) + 1
	before := text[min(lineStart, at):at]
	end := at + m[1]
	tail := text[end:min(len(text), end+200)]
	if i := bytes.IndexByte(tail, '\n'); i >= 0 {
		tail = tail[:i]
	}
	value := string(text[at+m[2] : at+m[3]])
	separator := text[at-1]
	switch {
	case separator == ';', separator == '&', separator == '?':
	case separator == '"' || separator == '\'':
		if len(tail) == 0 || tail[0] != ';' {
			return "", "", "", Span{}, false
		}
	case separator == ' ' && companionParameter.Match(before): // libpq
	default:
		return "", "", "", Span{}, false
	}
	if separator != '?' && separator != '&' && !companionParameter.Match(before) && !companionParameter.Match(tail) {
		return "", "", "", Span{}, false
	}
	if !bytes.Contains(before, []byte("://")) && (separator == '?' || separator == '&') && !bytes.Contains(before, []byte("jdbc:")) {
		return "", "", "", Span{}, false
	}
	host = unknownHost
	for _, side := range [...][]byte{before, tail} {
		if h := hostParameter.FindSubmatch(side); h != nil {
			host = string(h[1])
		}
		if u := userParameter.FindSubmatch(side); u != nil {
			user = string(u[1])
		}
	}
	start := at + m[2]
	if bare := strings.TrimLeft(value, "'"); bare != value { // doubled inside a literal of SQL
		start += len(value) - len(bare)
		value = strings.TrimRight(bare, "'")
	}
	return user, value, host, Span{start, start + len(value)}, true
}

// jaas matches the password of a SASL login module.
var jaas = regexp.MustCompile(`(?i)\A(?:plain|scram)loginmodule\s+required(?:[^;\n]|\\\n|\n){0,200}?password\s*=\s*\\?["']([^"'\\\n]{1,200})\\?["']`)

// oracleThin matches user/password@ of Oracle's JDBC URLs.
var oracleThin = regexp.MustCompile(`\A(?i:jdbc:oracle:thin:)([\w$#.-]{1,40})/([^@/\s"']{1,100})@(?://)?([\w.-]*)`)
