package scan

import (
	"reflect"
	"slices"

	"delint/graph"
	"delint/rules"
)

// hideFacts hides the secrets of a file in everything that its facts say: they are cached, linked and shown.
func hideFacts(facts *graph.Facts, secrets []string) {
	if facts != nil && len(secrets) > 0 {
		hideIn(reflect.ValueOf(facts), secrets)
	}
}

// hideFindings hides the secrets of a file in what is said of it: findings are cached, and their keys go into fingerprints.
// A fix that would write a secret is none.
func hideFindings(findings []*rules.Finding, secrets []string) {
	if len(secrets) == 0 {
		return
	}
	for _, f := range findings {
		for _, s := range []*string{&f.Message, &f.Evidence, &f.Unit.Name, &f.Key, &f.Dataset, &f.Collapse} {
			*s = hidden(*s, secrets)
		}
		for i := range f.Places {
			f.Places[i].Message = hidden(f.Places[i].Message, secrets)
		}
		if f.Fix != nil && writes(f.Fix, secrets) {
			f.Fix = nil
		}
	}
}

// writes reports whether a fix names or writes a secret.
func writes(fix *rules.Fix, secrets []string) bool {
	texts := []string{fix.Title}
	for _, e := range fix.Edits {
		texts = append(texts, e.Text)
	}
	if fix.Create != nil {
		texts = append(texts, fix.Create.Text)
	}
	return slices.ContainsFunc(texts, func(t string) bool { return hidden(t, secrets) != t })
}

// hideIn hides secrets in every string below a value of plain data.
func hideIn(v reflect.Value, secrets []string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			hideIn(v.Elem(), secrets)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				hideIn(v.Field(i), secrets)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			hideIn(v.Index(i), secrets)
		}
	case reflect.Map:
		hideInMap(v, secrets)
	case reflect.String:
		if s := hidden(v.String(), secrets); s != v.String() && v.CanSet() {
			v.SetString(s)
		}
	}
}

// hideInMap hides secrets in keys and values; values of a map can't be changed in place.
func hideInMap(v reflect.Value, secrets []string) {
	for _, key := range v.MapKeys() {
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(v.MapIndex(key))
		hideIn(value, secrets)
		if key.Kind() == reflect.String {
			if s := hidden(key.String(), secrets); s != key.String() {
				v.SetMapIndex(key, reflect.Value{})
				key = reflect.ValueOf(s).Convert(key.Type())
			}
		}
		v.SetMapIndex(key, value)
	}
}

func hidden(s string, secrets []string) string {
	for _, secret := range secrets {
		s = hide(s, secret)
	}
	return s
}
