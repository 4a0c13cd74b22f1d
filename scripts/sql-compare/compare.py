#!/usr/bin/env python3
"""Compare what delint, sqlglot and sqlfluff make of the same SQL files: one table, run by hand, never in CI.

usage: scripts/sql-compare/compare.py --relations PROGRAM [--whole] [--sqlfluff N] [--diffs FILE] LIST

LIST has a line a file: path, tab, dialect in sqlglot's spelling (empty for unknown), tab, a word that groups files ("real",
"fixture"). PROGRAM is made by
    go build -o DIR/relations ./scripts/sql-compare/relations
and sqlglot and sqlfluff come from the Python that runs this (a virtual environment with both).

Every statement that delint splits off is handed to sqlglot with the templates replaced by names. Where sqlglot gives one
tree that is more than a passed-through command, the sets of relations read and written must be equal. sqlfluff is timed on
a sample of N files of each dialect, because it takes about a second for one. `delint parse --stats` gives delint's own speed.

What is made equal first, because the two mean the same by it:
- the sign of a temporary table (#t) and of a macro or variable (@t, :t, ${t}) is dropped; files and stages are "path";
- the table of CREATE TRIGGER, GRANT, COMMENT, a foreign key, an index; a procedure that EXEC calls: neither's relation;
- T-SQL's UPDATE a … FROM t AS a writes t (sqlglot: writes a and reads t); FROM clauses of DELETE likewise;
- the target of COPY … TO a file is read, of LOAD DATA and of ClickHouse's view TO a table written; a format's name is no table;
- a name that is the alias of a relation of the query, or a field path below one, is no table.
Statements that hold IDENTIFIER(…), whose argument sqlglot drops, are passed over.
"""

import argparse
import collections
import json
import logging
import multiprocessing
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

Names = list[str]
DIALECTS = {d.value for d in sqlglot.Dialects}
NO_TABLES = (
    exp.Reference, exp.ForeignKey, exp.Grant, exp.Revoke, exp.Describe, exp.Show, exp.Use, exp.Comment, exp.Analyze, exp.Uncache,
    exp.Lock, exp.Refresh, exp.FileFormatProperty, exp.AlterRename, exp.LockingProperty, exp.UsingProperty, exp.WithSystemVersioningProperty, exp.UniqueColumnConstraint,
)
FAILURES = (sqlglot.errors.SqlglotError, TimeoutError, RecursionError, ValueError, AttributeError, KeyError, TypeError, IndexError)


def dotted(table: exp.Table) -> str | None:
    """The table's name; None for a function that stands as a table."""
    if isinstance(table.this, (exp.Func, exp.Anonymous)) and not isinstance(table.this, exp.Identifier):
        return None
    return ".".join(p.name for p in table.parts).lower()


def below(node: exp.Expression, kind: str) -> Any:
    return node.args.get(kind + "_") or node.args.get(kind)


def is_cte(table: exp.Table, name: str) -> bool:
    chain: list[exp.Expression] = []
    node: exp.Expression | None = table
    while node is not None:
        ctes = below(node, "with")
        for cte in ctes.expressions if ctes is not None else []:
            if cte.alias.lower() != name:
                continue
            if any(cte is x for x in chain):  # its own body
                if ctes.args.get("recursive") or cte.find(exp.SetOperation):
                    return True
                continue
            inside = [i for i, x in enumerate(ctes.expressions) if any(x is y for y in chain)]
            if inside and ctes.expressions.index(cte) > inside[0] and not ctes.args.get("recursive"):
                continue
            return True
        chain.append(node)
        node = node.parent
    return False


def aliases(node: exp.Expression) -> dict[str, exp.Expression]:
    """The relations of a query's FROM and JOIN clauses by their names in it."""
    start = below(node, "from")
    found: list[exp.Expression] = [start.this] if start is not None else []
    found += [j.this for j in node.args.get("joins") or []] + list(node.args.get("laterals") or [])
    for t in list(found):
        found += [j.this for j in t.args.get("joins") or []] + list(t.args.get("laterals") or [])
    return {(t.alias or (t.name if isinstance(t, exp.Table) else "")).lower(): t for t in found}


def written(tree: exp.Expression) -> tuple[list[exp.Table], set[int]]:
    """The targets, and the tables that are not read."""
    out: list[exp.Table] = []
    skip: set[int] = set()

    def target(node: exp.Expression | None, scope: exp.Expression | None = None) -> None:
        if isinstance(node, exp.Schema):
            node = node.this
        if not isinstance(node, exp.Table):
            return
        skip.add(id(node))
        real = aliases(scope).get(node.name.lower()) if scope is not None and len(node.parts) == 1 else None
        if isinstance(real, exp.Table):
            skip.add(id(real))
            node = real
        out.append(node)

    def leave(node: exp.Expression | None) -> None:
        skip.update(id(t) for t in (node.find_all(exp.Table) if node is not None else []))

    for n in tree.walk():
        if isinstance(n, (exp.Insert, exp.Merge, exp.LoadData)):
            target(n.this)
        elif isinstance(n, exp.Into):
            if isinstance(n.this, exp.Table) and isinstance(n.this.this, (exp.Parameter, exp.SessionParameter, exp.Placeholder)):
                leave(n)
            else:
                target(n.this)
        elif isinstance(n, exp.Copy):
            if n.args.get("kind"):
                target(n.this)
            for p in n.args.get("params") or []:
                leave(p)
        elif isinstance(n, exp.Cache):
            leave(n.this)
        elif isinstance(n, exp.ToTableProperty):
            target(n.this)
        elif isinstance(n, (exp.Update, exp.Delete)):
            target(n.this, n)
        elif isinstance(n, exp.Create):
            kind = (n.args.get("kind") or "").upper()
            if kind in ("TABLE", "VIEW"):
                target(n.this)
            elif kind in ("TRIGGER", "STAGE", "SCHEMA", "DATABASE"):
                leave(n)
            else:
                leave(n.this)
        elif isinstance(n, exp.Drop):
            kind = str(n.args.get("kind") or "").upper()
            for t in n.find_all(exp.Table):
                if "TABLE" in kind or "VIEW" in kind:
                    target(t)
                else:
                    skip.add(id(t))
        elif isinstance(n, exp.Alter):
            if (n.args.get("kind") or "").upper() in ("TABLE", "VIEW"):
                target(n.this)
            else:
                leave(n)
        elif isinstance(n, exp.TruncateTable):
            for t in n.expressions:
                if n.args.get("is_database"):
                    leave(t)
                else:
                    target(t)
        elif isinstance(n, NO_TABLES):
            leave(n)
        elif type(n).__name__.startswith("Execute"):
            leave(n.this)
    return out, skip


def plain(name: str) -> str:
    if (name.startswith("@") and any(c in name for c in "/%~")) or name.startswith("s3://"):
        return "path"
    return name if "/" in name else name.replace("${", "").replace("}", "").replace("@", "").lstrip("#:")


def analyse(text: str, dialect: str) -> tuple[Names, Names] | None:
    trees = [t for t in sqlglot.parse(text, read=dialect) if t is not None]
    if len(trees) != 1 or trees[0].find(exp.Command):
        return None
    tree = trees[0]
    if isinstance(tree, exp.Delete) and tree.args.get("tables") or re.search(r"(?i)\bidentifier\s*\(", text):
        return None
    targets, skip = written(tree)
    reads: Names = []
    for t in tree.find_all(exp.Table):
        name = None if id(t) in skip else dotted(t)
        if name is None:
            continue
        if isinstance(t.this, exp.Literal) or (t.this.args.get("quoted") and name and "/" in name):
            reads.append("path")
            continue
        if len(t.parts) == 1 and is_cte(t, name):
            continue
        if len(t.parts) > 1 and not t.parts[0].args.get("quoted"):
            seen: set[str] = set()
            up = t.parent
            while up is not None:
                if isinstance(up, exp.Select):
                    seen |= {k for k, v in aliases(up).items() if v is not t}
                up = up.parent
            if t.parts[0].name.lower() in seen:
                continue
        reads.append(name)
    return [plain(r) for r in reads], [plain(dotted(t) or "func") for t in targets]


def alarm(*_: object) -> None:
    raise TimeoutError


def compare(line: str) -> tuple[str, dict[str, Any], Any, float]:
    row = json.loads(line)
    signal.signal(signal.SIGALRM, alarm)
    signal.alarm(10)
    start = time.perf_counter()
    try:
        theirs = analyse(row["Text"], row["Dialect"]) if row["Dialect"] in DIALECTS else None
    except FAILURES:
        return "refused", row, None, time.perf_counter() - start
    finally:
        signal.alarm(0)
    took = time.perf_counter() - start
    if theirs is None:
        return "passed over", row, None, took
    ours = [plain(x) for x in row["Reads"] or []], [plain(x) for x in row["Writes"] or []]
    if row["Kind"] == "copy":
        ours, theirs = (([x for x in names if x not in ("path", "stdin") and "/" not in x] for names in pair) for pair in (ours, theirs))
    a, b = (tuple(sorted(set(names)) for names in pair) for pair in (theirs, ours))
    return ("equal" if a == b else "different"), row, (a, b), took


def whole_file(entry: tuple[str, str]) -> tuple[str, bool, float]:
    """Whether sqlglot parses a file as it is, and how long it takes."""
    path, dialect = entry
    signal.signal(signal.SIGALRM, alarm)
    signal.alarm(60)
    start = time.perf_counter()
    try:
        sqlglot.parse(Path(path).read_text("utf8", "replace"), read=dialect if dialect in DIALECTS else "")
    except FAILURES:
        return dialect, False, time.perf_counter() - start
    finally:
        signal.alarm(0)
    return dialect, True, time.perf_counter() - start


FLUFF = {"": "ansi", "spark": "sparksql", "presto": "trino", "singlestore": "mysql", "drill": "ansi"}


def fluff_file(entry: tuple[str, str]) -> tuple[str, bool, float]:
    """Whether sqlfluff parses a file without an unparsable part."""
    from sqlfluff.core import FluffConfig, Linter

    path, dialect = entry
    signal.signal(signal.SIGALRM, alarm)
    signal.alarm(60)
    start = time.perf_counter()
    try:
        text = Path(path).read_text("utf8", "replace")
        config = FluffConfig(overrides={"dialect": FLUFF.get(dialect, dialect), "templater": "jinja" if "{{" in text or "{%" in text else "raw"})
        done = Linter(config=config).parse_string(text)
        good = not done.violations
    except Exception:  # noqa: BLE001  a failure of any kind is what is counted
        good = False
    finally:
        signal.alarm(0)
    return dialect, good, time.perf_counter() - start


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("list")
    p.add_argument("--relations", required=True)
    p.add_argument("--sqlfluff", type=int, default=0, metavar="N")
    p.add_argument("--whole", action="store_true", help="also time sqlglot on whole files as they are")
    p.add_argument("--diffs")
    args = p.parse_args()
    logging.disable(logging.CRITICAL)
    entries = [line.split("\t") for line in Path(args.list).read_text().splitlines()]
    group = {e[0]: e[2] if len(e) > 2 else "" for e in entries}
    by: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    differences = []
    rows = subprocess.run([args.relations], stdin=open(args.list), capture_output=True, check=True).stdout.decode().splitlines()
    with multiprocessing.Pool() as pool:
        for kind, row, sets, _ in pool.imap(compare, rows, chunksize=64):
            for key in (f"{group[row['File']]}/{row['Dialect'] or 'unknown'}", group[row["File"]] + "/ALL", "ALL"):
                by[key][kind] += 1
            if kind == "different":
                differences.append((row, sets))
    print(f"{'statements':24} {'compared':>9} {'equal':>9} {'%':>7}  sqlglot refuses, passes over")
    for key, c in sorted(by.items()):
        n = c["equal"] + c["different"]
        print(f"{key:24} {n:9} {c['equal']:9} {100 * c['equal'] / max(1, n):7.2f}  {c['refused']}, {c['passed over']}")
    if args.diffs:
        with open(args.diffs, "w", encoding="utf8") as out:
            for row, ((ar, aw), (br, bw)) in differences:
                out.write(
                    f"{row['File']}:{row['Line']} [{row['Dialect']}] {row['Kind']}\n"
                    f"  missing reads {sorted(set(ar) - set(br))} extra reads {sorted(set(br) - set(ar))}"
                    f" missing writes {sorted(set(aw) - set(bw))} extra writes {sorted(set(bw) - set(aw))}\n"
                    f"  {' '.join(row['Text'].split())[:400]}\n"
                )
    jobs: list[tuple[str, Any, list[tuple[str, str]]]] = []
    files = [(e[0], e[1]) for e in entries]
    if args.whole:
        jobs.append(("sqlglot", whole_file, files))
    if args.sqlfluff:
        random.seed(0)
        sample: list[tuple[str, str]] = []
        for d in sorted({f[1] for f in files}):
            mine = [f for f in files if f[1] == d]
            sample += random.sample(mine, min(args.sqlfluff, len(mine)))
        jobs.append(("sqlfluff", fluff_file, sample))
        if args.whole:
            jobs.append(("sqlglot, same sample", whole_file, sample))
    for name, work, which in jobs:
        result: dict[str, list[float]] = collections.defaultdict(lambda: [0, 0, 0.0, 0])
        with multiprocessing.Pool() as pool:
            for (path, _), (dialect, good, took) in zip(which, pool.imap(work, which, chunksize=8)):
                for key in (dialect or "unknown", "ALL"):
                    r = result[key]
                    r[0] += 1
                    r[1] += not good
                    r[2] += took
                    r[3] += Path(path).stat().st_size
        print(f"\n{name:24} {'files':>7} {'failed':>7} {'seconds':>9} {'MB/s':>7}")
        for key, (n, bad, took, size) in sorted(result.items()):
            print(f"{key:24} {n:7} {bad:7} {took:9.1f} {size / 1e6 / max(took, 1e-9):7.3f}")


if __name__ == "__main__":
    sys.exit(main())
