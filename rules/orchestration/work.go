package orchestration

import (
	"regexp"
	"strings"

	"delint/graph"
)

// work is something that takes long or depends on another system.
type work struct {
	Name string // as messages name it: requests.get
	Kind string // network, cloud (a client that tries again by itself), metadata, query, command, wait, read
	In   *graph.Function
}

var works = []struct {
	kind string
	expr *regexp.Regexp
}{
	{"network", regexp.MustCompile(`^(?:requests|httpx)\.(?:api\.)?(?:get|post|put|patch|delete|head|options|request|stream)\(?\)?$`)},
	{"network", regexp.MustCompile(`^requests\.[Ss]ession\(\)\.(?:get|post|put|patch|delete|head|request)$`)},
	{"network", regexp.MustCompile(`^urllib\.request\.(?:urlopen|urlretrieve)$`)},
	{"cloud", regexp.MustCompile(`^boto3\.(?:session\.Session\(\)\.)?(?:client|resource)\(\)\.\w+`)},
	{"cloud", regexp.MustCompile(`^google\.cloud\.(?:bigquery|storage|secretmanager|pubsub)\w*\.\w*Client\(\)\.(?:query|get_\w+|list_\w+|load_\w+|bucket\(\)\.\w+|access_secret_version|insert_\w+|create_\w+)`)},
	{"metadata", regexp.MustCompile(`^airflow\.(?:models|models\.variable|sdk)\.Variable\.get$`)},
	{"metadata", regexp.MustCompile(`^airflow\.(?:hooks\.base|hooks\.base_hook|sdk|sdk\.bases\.hook)\.BaseHook\.get_connections?$`)},
	{"metadata", regexp.MustCompile(`^airflow\.(?:models|models\.connection|sdk)\.Connection\.get\w*$`)},
	{"metadata", regexp.MustCompile(`^airflow\.(?:settings\.Session|utils\.session\.create_session)$`)},
	{"query", regexp.MustCompile(`^airflow\.(?:\w+\.)+\w*Hook\(\)\.(?:get_\w+|run|run_\w+|read_\w+|list_\w+|download\w*|upload\w*|exists|insert_\w+|bulk_\w+|load_\w+|execute\w*|query\w*|copy_\w+|check_\w+|create_\w+|delete\w*)$`)},
	{"query", regexp.MustCompile(`^(?:psycopg2?|pymysql|snowflake\.connector|pyodbc|cx_Oracle|oracledb|redshift_connector|pymongo)\.(?:connect|MongoClient)$`)},
	{"query", regexp.MustCompile(`^(?:pandas|polars)\.read_(?:sql\w*|gbq|database\w*)$`)},
	{"read", regexp.MustCompile(`^(?:pandas|polars)\.read_\w+$`)},
	{"command", regexp.MustCompile(`^(?:subprocess\.(?:run|call|check_call|check_output|Popen)|os\.(?:system|popen))$`)},
	{"wait", regexp.MustCompile(`^time\.sleep$`)},
}

// workOf says which work a call is; false if it is none.
func workOf(target string) (work, bool) {
	for _, w := range works {
		if w.expr.MatchString(target) {
			return work{Name: shortName(target), Kind: w.kind}, true
		}
	}
	return work{}, false
}

// shortName is the last two parts of a path.
func shortName(target string) string {
	parts := strings.Split(target, ".")
	return strings.Join(parts[max(0, len(parts)-2):], ".")
}

// worksIn looks for work in a function and in what it surely calls, at most depth calls away.
func worksIn(fn *graph.Function, depth int, seen map[*graph.Function]bool) (work, bool) {
	if fn == nil || seen[fn] {
		return work{}, false
	}
	seen[fn] = true
	for _, use := range fn.Uses {
		if !strings.HasSuffix(use, "()") {
			continue
		}
		if w, ok := workOf(strings.TrimSuffix(resolve(fn, use, 3), "()")); ok {
			w.In = fn
			return w, true
		}
	}
	if depth == 0 {
		return work{}, false
	}
	for _, e := range fn.Calls {
		if e.Confidence == graph.Partial || !plain(e.To) || !calls(fn, e.To) {
			continue // a task is handed on, not called
		}
		if w, ok := worksIn(e.To, depth-1, seen); ok {
			return w, true
		}
	}
	return work{}, false
}

// resolve writes a path of a function with the imports and the variables of its module put in.
func resolve(fn *graph.Function, use string, depth int) string {
	first, rest, dotted := strings.Cut(use, ".")
	name := strings.TrimRight(first, "()[]")
	tail := first[len(name):]
	if dotted {
		tail += "." + rest
	}
	for f := fn; f != nil; f = f.Outer {
		for _, b := range f.Binds {
			if b.Name == name && b.Value != "" && depth > 0 && !strings.HasPrefix(b.Value, name) {
				return resolve(fn, b.Value+tail, depth-1)
			}
		}
	}
	for _, i := range fn.Module.Imports {
		if i.Local != name || i.Typing {
			continue
		}
		switch {
		case i.Name != "":
			return i.Module + "." + i.Name + tail
		case strings.HasPrefix(i.Module, i.Local+"."):
			return i.Local + tail
		default:
			return i.Module + tail
		}
	}
	return use
}

// calls reports whether a function calls another one, and does not only hand it on.
func calls(fn, other *graph.Function) bool {
	name := other.Name[strings.LastIndexByte(other.Name, '.')+1:]
	for _, use := range fn.Uses {
		if before, ok := strings.CutSuffix(use, name+"()"); ok && (before == "" || strings.HasSuffix(before, ".")) {
			return true
		}
	}
	return name == "__init__"
}

// plain reports whether no decorator may put off what a function does.
func plain(fn *graph.Function) bool {
	for _, d := range fn.Decorators {
		switch d.Path[strings.LastIndexByte(d.Path, '.')+1:] {
		case "staticmethod", "classmethod", "cache", "lru_cache", "cached", "retry", "wraps", "property":
		default:
			return false
		}
	}
	return true
}
