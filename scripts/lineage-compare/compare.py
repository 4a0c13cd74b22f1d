#!/usr/bin/env python3
"""Compare delint's column lineage with sqlglot's, statement by statement.

    python scripts/lineage-compare/compare.py DIALECT FOLDER... [--limit N] [--show N]

needs sqlglot and Go. Every .sql file below the folders that is one query, or one CREATE or INSERT with a query, is taken: a
dbt model after its ref() and source() calls became names and config() nothing (other templates: the file is left out), a
SQLMesh model without its MODEL block. No schemas are given to either side. For each output column that delint calls exact and
sqlglot can trace, the sets of source (table, column) pairs must be equal. Printed: the differences, then the counts.
"""
import argparse
import collections
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

import sqlglot
from sqlglot import exp
from sqlglot.lineage import lineage

import logging

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

REF = re.compile(r"\{\{-?\s*ref\(\s*['\"]([\w.-]+)['\"]\s*\)\s*-?\}\}")
SOURCE = re.compile(r"\{\{-?\s*source\(\s*['\"]([\w.-]+)['\"]\s*,\s*['\"]([\w.-]+)['\"]\s*\)\s*-?\}\}")
CONFIG = re.compile(r"\{\{-?\s*config\(.*?\)\s*-?\}\}", re.S)
MODEL = re.compile(r"^\s*(?:--[^\n]*\n|/\*.*?\*/|\s)*MODEL\s*\(.*?\n\s*\)\s*;", re.S | re.I)


class Slow(Exception):
    pass


def alarm(*_):
    raise Slow()


def plain(text):
    """The statement without templates; None where some remain."""
    text = CONFIG.sub("", text)
    text = REF.sub(lambda m: m[1].replace("-", "_").replace(".", "_"), text)
    text = SOURCE.sub(lambda m: f"{m[1]}.{m[2]}".replace("-", "_"), text)
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    text = MODEL.sub("", text)
    if "{{" in text or "{%" in text or re.search(r"@\w+\s*\(|@\{|^\s*(MODEL|AUDIT)\s*\(", text, re.I | re.M):
        return None
    return text


def query_of(tree):
    if isinstance(tree, (exp.Create, exp.Insert)):
        tree = tree.expression
    if isinstance(tree, exp.Subquery):
        tree = tree.unnest()
    return tree if isinstance(tree, exp.Query) else None


def table_name(table):
    return ".".join(p.name for p in table.parts).lower()


def leaves(node, out, seen):
    """Adds the (table, column) pairs below a node to out; False where one could not be traced."""
    if id(node) in seen:
        return True
    seen.add(id(node))
    if node.downstream:
        return all([leaves(d, out, seen) for d in node.downstream])
    if isinstance(node.source, exp.Table):
        column = node.name.split(".")[-1].strip('"`').lower()
        out.add((table_name(node.source), column))
        return True
    if isinstance(node.source, exp.Placeholder) or isinstance(node.expression, exp.Placeholder):
        return False
    return True  # a constant


def sqlglot_outputs(text, dialect):
    trees = [t for t in sqlglot.parse(text, dialect=dialect) if t is not None]
    if len(trees) != 1:
        return None
    query = query_of(trees[0])
    if query is None:
        return None
    for i, item in enumerate(query.selects):
        if not item.alias_or_name:  # lineage() refuses queries with unnamed items
            item.replace(exp.alias_(item.copy(), f"unnamed_{i}"))
    nodes = lineage(None, query, schema={}, dialect=dialect, trim_selects=False)
    out = {}
    for name, node in nodes.items():
        pairs = set()
        out[name.lower()] = pairs if leaves(node, pairs, set()) else None
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dialect")
    p.add_argument("folders", nargs="+")
    p.add_argument("--limit", type=int, default=0)
    p.add_argument("--errors", action="store_true")
    p.add_argument("--show", type=int, default=40)
    args = p.parse_args()
    counts = collections.Counter()
    shown = 0
    signal.signal(signal.SIGALRM, alarm)
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        files = sorted(x for f in args.folders for x in pathlib.Path(f).rglob("*.sql"))
        step = max(1, len(files) // args.limit) if args.limit else 1
        for path in files[::step]:
            counts["files"] += 1
            text = plain(path.read_text(errors="replace"))
            if text is None:
                counts["files with templates"] += 1
                continue
            name = f"{len(names):06}.sql"
            names[name] = path
            pathlib.Path(folder, name).write_text(text)
        root = pathlib.Path(__file__).resolve().parents[2]
        run = subprocess.run(["go", "run", "scripts/lineage-compare/outputs.go", folder, args.dialect], cwd=root, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stderr)
        for line in run.stdout.splitlines():
            mine = json.loads(line)
            text = pathlib.Path(folder, mine["file"]).read_text()
            try:
                signal.alarm(20)
                theirs = sqlglot_outputs(text, args.dialect)
            except Slow:
                counts["files too slow for sqlglot"] += 1
                continue
            except Exception as e:  # sqlglot raises many kinds
                counts["files that sqlglot fails on"] += 1
                if args.errors:
                    print(names[mine["file"]], type(e).__name__, str(e).splitlines()[0][:120])
                continue
            finally:
                signal.alarm(0)
            if theirs is None:
                counts["files without one query"] += 1
                continue
            counts["files compared"] += 1
            seen = set()
            for o in mine["outputs"]:
                counts["outputs"] += 1
                key = o["name"].lower()
                if not key or key in seen or key not in theirs:
                    counts["outputs without a name of sqlglot's"] += 1
                    continue
                seen.add(key)
                if not o["exact"]:
                    counts["outputs not exact"] += 1
                    continue
                counts["outputs exact"] += 1
                want = theirs[key]
                if want is None:
                    counts["outputs exact, sqlglot can't trace"] += 1
                    continue
                got = {(t.lower(), c.lower()) for t, c in o["sources"]}
                counts["outputs compared"] += 1
                if got == want:
                    counts["outputs equal"] += 1
                elif {t for t, _ in got} == {t for t, _ in want} and all(c == "*" or (t, c) in got for t, c in want):
                    counts["outputs equal but for a star that sqlglot leaves"] += 1
                else:
                    counts["outputs different"] += 1
                    if shown < args.show:
                        shown += 1
                        print(f"{names[mine['file']]} {o['name']}\n  delint  {sorted(got - want)}\n  sqlglot {sorted(want - got)}")
    for k, v in counts.items():
        print(f"{v:7} {k}")
    if counts["outputs compared"]:
        bad = counts["outputs different"]
        print(f"{100 * (1 - bad / counts['outputs compared']):.2f} % equal")


if __name__ == "__main__":
    main()
