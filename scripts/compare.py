#!/usr/bin/env python3
"""Run delint and its peers on one folder: how long each takes, in pairs, and which of their findings delint shares.

usage: scripts/compare.py [--delint PROGRAM] [--runs N] [--list] FOLDER

Peers are those of ruff, gitleaks and sqlfluff that are on PATH. Each timed pair runs delint and then the peer, so that a
slow moment of the machine hits both; the ratio is the median over the pairs. No text of a secret is read or printed.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

RUFF = ["ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--output-format", "json"]
Spans = dict[str, list[tuple[int, int]]]  # first and last lines, by path

LINES = {"empty-except": ["S110", "E722"], "missing-type-hints": ["ANN001", "ANN201", "ANN202"]}


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode == 2 and "delint" in os.path.basename(command[0]):
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return took


def output(command: list[str]) -> Any:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        sys.exit(f"{command[0]} printed nothing: {done.stderr.strip()[:500]}")
    return json.loads(done.stdout)


def relative(path: str, folder: str) -> str:
    return os.path.relpath(os.path.join(folder, path), folder).replace(os.sep, "/")


def delint_findings(delint: str, folder: str, rule: str) -> Spans:
    report = output([delint, "--root", folder, "--no-cache", "--no-defer", "--expand", "--fail-on", "none",
                     "--select", rule, "--format", "json", folder])
    spans = {}
    for finding in report["findings"]:
        places = [finding] + [r.get("span", r) for r in finding.get("related") or []]
        for place in places:
            path = place.get("path", finding["path"])
            spans.setdefault(path, []).append((place["start"]["line"], place["end"]["line"]))
        if rule == "missing-type-hints":  # one finding a function, whose parameters may stand on lines of their own
            unit = finding["unit"]
            spans[finding["path"]].append((unit["start_line"], unit["end_line"]))
    return spans


def share(name: str, theirs: list[tuple[str, int]], ours: Spans, listed: bool) -> None:
    missed = [(p, n) for p, n in theirs if not any(a <= n <= b for a, b in ours.get(p, []))]
    total = len(theirs)
    percent = 100 * (total - len(missed)) / total if total else 100
    print(f"{name:<34} {total:>6} {total - len(missed):>6} {percent:>6.1f} %")
    if listed:
        for path, line in missed:
            print(f"    {path}:{line}")


def compare_ruff(delint: str, folder: str, listed: bool) -> None:
    for rule, codes in LINES.items():
        ours = delint_findings(delint, folder, rule)
        for code in codes:
            found = output(RUFF + ["--select", code, folder])
            theirs = sorted({(relative(f["filename"], folder), f["location"]["row"]) for f in found
                             if not f["filename"].endswith(".ipynb")})
            share(f"ruff {code} in {rule}", theirs, ours, listed)


def compare_gitleaks(delint: str, folder: str, listed: bool) -> None:
    ours = delint_findings(delint, folder, "hardcoded-secret")
    with tempfile.TemporaryDirectory() as scratch:
        report = os.path.join(scratch, "report.json")
        subprocess.run(["gitleaks", "dir", folder, "--no-banner", "--redact", "--exit-code", "0", "--report-format", "json",
                        "--report-path", report], capture_output=True, check=False)
        found = json.load(open(report, encoding="utf-8"))
    theirs = sorted({(relative(f["File"], folder), f["StartLine"]) for f in found})
    share("gitleaks in hardcoded-secret", theirs, ours, listed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delint", default="delint", help="the program (default: the one on PATH)")
    parser.add_argument("--runs", type=int, default=5, help="timed pairs for each peer")
    parser.add_argument("--list", action="store_true", help="list what a peer reports and delint does not")
    parser.add_argument("folder")
    o = parser.parse_args()
    folder = os.path.realpath(o.folder)
    delint = shutil.which(o.delint)
    if delint is None:
        sys.exit(f"{o.delint} is not there; build it with: go build -o delint ./cmd/delint")
    everything = [delint, "--root", folder, "--no-cache", "--fail-on", "none", "--format", "json", folder]
    one = everything[:-1] + ["--select"]
    pairs = {"delint parse --stats": (everything, [delint, "parse", "--stats", folder])}
    if shutil.which("ruff"):
        pairs["ruff (S, ANN, E, F, B)"] = (everything, RUFF + ["--select", "S,ANN,E,F,B", folder])
        pairs["ruff (S110)"] = (one + ["empty-except", folder], RUFF + ["--select", "S110", folder])
    if shutil.which("gitleaks"):
        pairs["gitleaks"] = (one + ["hardcoded-secret", folder],
                             ["gitleaks", "dir", folder, "--no-banner", "--redact", "--exit-code", "0"])
    if shutil.which("sqlfluff"):
        pairs["sqlfluff (parse)"] = (everything, ["sqlfluff", "parse", "--dialect", "ansi", "--nofail", folder])
    print(f"{'pair':<44} {'delint':>9} {'peer':>9} {'ratio':>7}   ({o.runs} pairs, medians)")
    for name, (ours, theirs) in pairs.items():
        seconds(ours), seconds(theirs)  # warm the disk cache
        times = [(seconds(ours), seconds(theirs)) for _ in range(o.runs)]
        ratio = statistics.median(a / b for a, b in times)
        a, b = (statistics.median(column) for column in zip(*times))
        print(f"{name:<44} {a:>7.2f} s {b:>7.2f} s {ratio:>7.2f}")
    print(f"\n{'findings of':<34} {'theirs':>6} {'shared':>6}")
    if shutil.which("ruff"):
        compare_ruff(delint, folder, o.list)
    if shutil.which("gitleaks"):
        compare_gitleaks(delint, folder, o.list)


if __name__ == "__main__":
    main()
