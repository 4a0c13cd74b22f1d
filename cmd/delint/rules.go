//go:build cgo

package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"delint/rules"
	"delint/scan"

	"github.com/spf13/cobra"
)

func (p *program) rulesCommand() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use:   "rules [NAME]",
		Short: "List the rules, or show one rule's page",
		Args:  cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return p.showRule(args[0], all)
			}
			return p.listRules()
		},
	}
	c.Flags().BoolVar(&all, "all", false, "show the traps of a page too: what looks like the problem and is none")
	return c
}

func ruleNames() []string {
	var names []string
	for _, r := range scan.Rules() {
		names = append(names, r.Name)
	}
	return names
}

func (p *program) showRule(name string, all bool) error {
	for _, r := range scan.Rules() {
		if r.Name == name {
			_, err := fmt.Fprint(p.stdout, r.Page.Shown(all))
			return err
		}
	}
	if near := rules.Nearest(name, ruleNames()); near != "" {
		return fmt.Errorf("no rule is named %q; did you mean %q?", name, near)
	}
	return fmt.Errorf("no rule is named %q; `delint rules` lists them", name)
}

func (p *program) listRules() error {
	list := scan.Rules()
	slices.SortStableFunc(list, func(a, b *rules.Rule) int { return strings.Compare(a.Standard, b.Standard) })
	w := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	standard := ""
	for _, r := range list {
		if r.Standard != standard {
			if standard != "" {
				fmt.Fprintln(w)
			}
			standard = r.Standard
			fmt.Fprintf(w, "%s\n", standard)
		}
		off := ""
		if r.Disabled {
			off = " (off by default)"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s%s\n", r.Name, r.Severity, r.Page.Summary, off)
	}
	return w.Flush()
}
