//go:build cgo

package main

import (
	"context"
	"fmt"

	"delint/scan"
)

// mostRounds bounds how often fixes are applied: one that clashed with another is taken in the next round.
const mostRounds = 5

// fix applies the fixes, or prints what they would change; done says that nothing is left to report.
func (p *program) fix(ctx context.Context, o scan.Options, f *flags) (done bool, err error) {
	o.Fixing = true
	written, fixed := 0, 0
	for range mostRounds {
		result, err := scan.Run(ctx, o)
		if err != nil {
			return true, err
		}
		fixes := result.Fixes(f.unsafeFixes)
		if f.diff {
			return true, p.printDiff(fixes)
		}
		n, err := fixes.Write()
		written += n
		if err != nil {
			return true, failed{err}
		}
		fixed += len(fixes.Applied)
		if fixes.Clashing == 0 || n == 0 {
			if !f.quiet {
				p.fixed(fixed, written, fixes.Unsafe)
			}
			break
		}
	}
	return false, nil
}

func (p *program) printDiff(fixes *scan.Fixes) error {
	if _, err := fmt.Fprint(p.stdout, fixes.Diff()); err != nil {
		return failed{fmt.Errorf("standard output: %w", err)}
	}
	if len(fixes.Changes) > 0 {
		return exit{exitFindings}
	}
	return nil
}

// fixed says on standard error what was changed.
func (p *program) fixed(findings, files, unsafe int) {
	fmt.Fprintf(p.stderr, "delint: fixed %d findings, %d files written\n", findings, files)
	if unsafe > 0 {
		fmt.Fprintf(p.stderr, "delint: %d more can be fixed with --unsafe-fixes; look at --diff first\n", unsafe)
	}
}
