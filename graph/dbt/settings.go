package dbt

import (
	"slices"
	"strings"

	"delint/graph/read/plain"
)

// Settings holds the merged configuration of one resource under flat keys. After Link, DatasetFact.Settings of a dbt model,
// seed, snapshot or source holds, where something says so:
//
//	materialized          view, table, incremental, ephemeral, materialized_view, snapshot, seed, or a project's own; never empty for models
//	incremental_strategy  append, merge, delete+insert, insert_overwrite, microbatch …
//	unique_key            one column, or several with a comma between
//	on_schema_change      ignore, append_new_columns, sync_all_columns, fail
//	event_time, batch_size, begin, lookback      of microbatch models
//	partition_by          the column; partition_by.field, partition_by.data_type … where it is a mapping
//	cluster_by            columns with commas between
//	enabled, alias, schema, database, access, group, tags (with commas), grants.*, docs.*, persist_docs.*, pre_hook, post_hook
//	meta.*                nested keys joined by dots
//	contract.enforced     true
//	strategy, updated_at, check_cols             of snapshots
//	loaded_at_field, freshness.*, source_description     of sources (the last is what the source itself says)
//	is_incremental        true: the body asks is_incremental()
//	reads_this            true: the body reads {{ this }}
//	own_macro             true: the body calls a macro that is none of dbt's own, so that a filter may stand elsewhere
//	calls                 those macros, with commas between
//	unit_tests            the names of its unit tests, with commas between
//	described             the path of the properties file that has an entry for it
//	latest_version, version, deprecation_date    of versioned models
//	project               the name of the dbt project
//	language              python, of a model in Python
//
// plus every other key that a configuration sets, as it is written. An expression that is no literal has its text in braces:
// "{{ var('x') }}".
type Settings = map[string]string

// settingName is the setting under the name that every adapter's own word for it has here.
func settingName(key string) string {
	switch key {
	case "dataset":
		return "schema"
	case "project", "catalog":
		return "database"
	}
	return strings.ReplaceAll(key, "-", "_")
}

// flatten writes a mapping of configuration under flat keys.
func flatten(v *plain.Value, to Settings) {
	for _, p := range v.Entries() {
		flattenKey(settingName(strings.TrimPrefix(p.Key, "+")), p.Value, to)
	}
}

func flattenKey(key string, v *plain.Value, to Settings) {
	if v == nil {
		return
	}
	switch v.Kind {
	case plain.Scalar:
		to[key] = v.Text
	case plain.Null:
		to[key] = ""
	case plain.Sequence:
		to[key] = listText(v)
	case plain.Mapping:
		for _, p := range v.Pairs {
			flattenKey(key+"."+p.Key, p.Value, to)
		}
		if field := v.String("field"); field != "" && key == "partition_by" {
			to[key] = field
		}
	}
}

func listText(v *plain.Value) string {
	var out []string
	for _, item := range v.Items {
		switch item.Kind {
		case plain.Scalar:
			out = append(out, item.Text)
		case plain.Mapping:
			var pairs []string
			for _, p := range item.Pairs {
				pairs = append(pairs, p.Key+": "+p.Value.Text)
			}
			out = append(out, "{"+strings.Join(pairs, "; ")+"}")
		}
	}
	return strings.Join(out, ",")
}

// merge lays a nearer configuration over a farther one as dbt does: tags and hooks are added, the entries of meta, docs,
// quoting and column_types replaced one by one, grants added where the key has a plus, everything else replaced whole.
func merge(to, from Settings) {
	roots := map[string]bool{}
	for k := range from {
		roots[root(k)] = true
	}
	for k := range to {
		if r := root(k); roots[r] && !added(k) {
			delete(to, k)
		}
	}
	for k, v := range from {
		if !added(k) || to[k] == "" {
			to[k] = v
			continue
		}
		list := strings.Split(to[k], ",")
		for _, x := range strings.Split(v, ",") {
			if !slices.Contains(list, x) && x != "" {
				list = append(list, x)
			}
		}
		to[k] = strings.Join(list, ",")
	}
}

func added(key string) bool {
	return key == "tags" || key == "pre_hook" || key == "post_hook" || key == "packages"
}

// root is the part of a flat key that one setting replaces as a whole.
func root(key string) string {
	head, rest, ok := strings.Cut(key, ".")
	switch head {
	case "meta", "docs", "quoting", "column_types", "grants":
		if ok {
			next, _, _ := strings.Cut(rest, ".")
			return head + "." + next
		}
	}
	return head
}
