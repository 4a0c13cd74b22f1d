package sql

import (
	"regexp"
	"strings"
)

// maskOf names what an expression does that makes the values of its columns unreadable, looking at its outermost operation only;
// empty if it does no such thing.
func maskOf(e *Expr) string {
	switch e.Kind {
	case ExprTemplate:
		return maskingMacro(e.Op)
	case ExprUnary:
		if e.Op == "not" || e.Op == "exists" {
			return e.Op
		}
	case ExprBinary:
		switch e.Op {
		case "=", "==", "<>", "!=", "<", ">", "<=", ">=", "<=>", "is", "is distinct from", "in", "between", "like", "ilike", "rlike", "regexp", "similar",
			"and", "or", "~", "~*", "!~", "!~*":
			return "comparison"
		case "[]":
			if c := e.Args[0]; len(e.Args) == 2 && c.Is(ExprCall, "split") && len(c.Args) == 2 && unquote(c.Args[1].Text()) == "@" && strings.Contains(e.Args[1].Text(), "1") {
				return "domain"
			}
		}
	case ExprCall:
		return maskingCall(e)
	}
	return ""
}

var (
	// maskingName is what functions and macros that mask are called.
	maskingName = regexp.MustCompile(`(?:^|[._])(?:mask|anonymi[sz]e|pseudonymi[sz]e|redact|tokeni[sz]e)(?:_|$)`)
	hashingName = regexp.MustCompile(`(?:^|[._])hash_(?:pii|email|phone|name)(?:_|$)`)
	strongHash  = regexp.MustCompile(`^(?:to_hex\.)?(?:sha2|sha2_hex|sha2_binary|sha224|sha256|sha384|sha512|digest|hashbytes|blake2b|blake3)$`)
	saltName    = regexp.MustCompile(`(?i)(?:^|_)(?:salt|pepper|secret|key)(?:_|$)`)
)

func maskingMacro(name string) string {
	if maskingName.MatchString(name) || hashingName.MatchString(name) {
		return name
	}
	return ""
}

func maskingCall(e *Expr) string {
	name := e.Op
	switch {
	case maskingName.MatchString(name), hashingName.MatchString(name), strings.HasPrefix(name, "anon."), strings.HasPrefix(name, "encrypt"),
		strings.HasSuffix(name, "_encrypt"), strings.HasPrefix(name, "aead.encrypt"), strings.HasPrefix(name, "aes_encrypt"), strings.HasPrefix(name, "pgp_sym_encrypt"),
		strings.HasPrefix(name, "hmac"), strings.HasPrefix(name, "deterministic_encrypt"):
		return name
	case strongHash.MatchString(name):
		for _, a := range e.Args {
			if salted(a) {
				return name
			}
		}
	case name == "count", name == "count_if", name == "countif", name == "count_distinct", strings.HasPrefix(name, "approx_count"), strings.HasPrefix(name, "uniq"),
		name == "sum", name == "avg", name == "mean", strings.HasPrefix(name, "stddev"), strings.HasPrefix(name, "var"), name == "corr",
		name == "approx_distinct", name == "logical_or", name == "logical_and", name == "bool_or", name == "bool_and",
		name == "starts_with", name == "startswith", name == "contains", name == "regexp_contains", name == "regexp_like", name == "isnull" && len(e.Args) == 1:
		if strings.HasPrefix(name, "var") && !aggregates[name] {
			return ""
		}
		return name
	case name == "year" && len(e.Args) == 1, name == "extract" && strings.Contains(strings.ToLower(e.Text()), "year from"):
		return "year"
	case name == "split_part" && len(e.Args) == 3 && unquote(e.Args[1].Text()) == "@" && e.Args[2].Text() == "2":
		return "domain"
	case name == "left" && len(e.Args) == 2 && short(e.Args[1]), (name == "substr" || name == "substring") && len(e.Args) == 3 && short(e.Args[2]):
		return "truncated"
	}
	return ""
}

// short reports whether a number of letters kept is at most three.
func short(e *Expr) bool { return e.Kind == ExprLiteral && len(e.Text()) == 1 && e.Text() <= "3" }

// salted reports whether something besides columns goes into a hash: a word of some length, a parameter, a template, a column called salt.
func salted(e *Expr) bool {
	if e.Kind == ExprCast || e.Kind == ExprNamed {
		return len(e.Args) > 0 && salted(e.Args[0])
	}
	if e.Kind == ExprCall && keepsValue[e.Op] {
		for _, a := range e.Args {
			if salted(a) {
				return true
			}
		}
		return false
	}
	if !e.Is(ExprBinary, "||", "+") && !e.Is(ExprCall, "concat", "concat_ws", "array_to_string") {
		return false
	}
	for _, a := range e.Args {
		switch {
		case a.Kind == ExprParameter, a.Kind == ExprTemplate, a.Is(ExprLiteral, "string") && len(a.Text()) >= 6, a.Kind == ExprColumn && saltName.MatchString(a.Name()), salted(a):
			return true
		}
	}
	return false
}
