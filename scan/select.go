package scan

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"delint/rules"
	rulesd "delint/rules.d"
	"delint/rules/query"
)

// allRules is the built-in rules and those of the repository's own rules.d.
func (r *run) allRules() ([]*rules.Rule, error) {
	dir := r.config.RulesDir
	if dir == "" {
		dir = "rules.d"
	}
	root, err := os.OpenRoot(r.root)
	if err != nil {
		return nil, pathError(r.root, err)
	}
	defer root.Close()
	sub, err := root.OpenRoot(filepath.FromSlash(dir))
	if err != nil {
		if r.config.RulesDir != "" {
			return nil, fmt.Errorf("%s: rules-dir: %w", r.config.File, pathError(dir, err))
		}
		return Rules(), nil
	}
	defer sub.Close()
	own, err := query.Load(sub.FS(), dir)
	if err != nil {
		return nil, err
	}
	all := Rules()
	for _, rule := range own {
		if i := slices.IndexFunc(all, func(b *rules.Rule) bool { return b.Name == rule.Name }); i < 0 {
			all = append(all, rule)
		} else if all[i].Source != rule.Source { // delint's own repository holds the built-in ones
			return nil, fmt.Errorf("%s: a built-in rule is named %s", path.Join(dir, rule.Name+".toml"), rule.Name)
		}
	}
	slices.SortFunc(all, func(a, b *rules.Rule) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// builtin reads the declarative rules that ship with delint. A fault in one is a fault of the build: a test loads them too.
var builtin = sync.OnceValue(func() []*rules.Rule {
	loaded, err := query.Load(rulesd.Files, "rules.d")
	if err != nil {
		panic(err)
	}
	return loaded
})

// Rules is every built-in rule, by name.
func Rules() []*rules.Rule {
	all := append(rules.All(), builtin()...)
	slices.SortFunc(all, func(a, b *rules.Rule) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// selectRules is the rules of this run: those that are on by default or named, less those ignored.
func (r *run) selectRules() ([]*rules.Rule, error) {
	all, err := r.allRules()
	if err != nil {
		return nil, err
	}
	for _, list := range [][]string{r.config.Select, r.config.Ignore} {
		for _, name := range list {
			if !slices.ContainsFunc(all, func(rule *rules.Rule) bool { return rule.Select([]string{name}) }) {
				hint := ""
				if near := rules.Nearest(name, namesOf(all)); near != "" {
					hint = fmt.Sprintf("; did you mean %q?", near)
				}
				return nil, fmt.Errorf("no rule and no standard is named %q%s", name, hint)
			}
		}
	}
	for name := range r.config.Severities {
		if !slices.ContainsFunc(all, func(rule *rules.Rule) bool { return rule.Name == name }) {
			hint := ""
			if near := rules.Nearest(name, namesOf(all)); near != "" {
				hint = fmt.Sprintf("; did you mean %q?", near)
			}
			return nil, fmt.Errorf("%s: severities: no rule is named %q%s", r.config.File, name, hint)
		}
	}
	r.everyRule = all
	var out []*rules.Rule
	for _, rule := range all {
		if len(r.config.Select) > 0 && !rule.Select(r.config.Select) || len(r.config.Select) == 0 && rule.Disabled {
			continue
		}
		if rule.Select(r.config.Ignore) || r.config.Severities[rule.Name] == rules.Off && r.hasSeverity(rule.Name) {
			continue
		}
		out = append(out, rule)
	}
	r.selected = map[string]bool{}
	for _, rule := range out {
		r.selected[rule.Name] = true
	}
	return out, nil
}

func (r *run) hasSeverity(name string) bool { _, ok := r.config.Severities[name]; return ok }

func namesOf(all []*rules.Rule) []string {
	var names []string
	for _, rule := range all {
		names = append(names, rule.Name, rule.Standard)
	}
	return names
}

func (r *run) selects(rule *rules.Rule) bool { return r.selected[rule.Name] }

func (r *run) known(name string) bool {
	return slices.ContainsFunc(r.everyRule, func(rule *rules.Rule) bool { return rule.Name == name })
}

func (r *run) names() []string {
	var names []string
	for _, rule := range r.everyRule {
		names = append(names, rule.Name)
	}
	return names
}

func (r *run) ranAll(names []string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return !r.selected[n] })
}
