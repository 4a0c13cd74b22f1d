#!/usr/bin/env python3
"""Compare what delint reads of a SQLMesh project with what SQLMesh itself loads.

    python scripts/sqlmesh-compare/compare.py DELINT PROJECT...

needs `pip install "sqlmesh[bigquery]"` (whatever the projects import) and a built delint. Each project is copied, loaded with
sqlmesh.Context on an in-memory DuckDB (no warehouse is asked; the project's own gateways are left out, its dialect, variables
and naming are kept) and read with `delint graph --format json`. Compared: model names, kinds, edges between the project's
models, attached audits, grains, owners, descriptions, declared columns with types, time columns, column lineage where delint
says exact. Every difference is one line: PROJECT FIELD MODEL sqlmesh=… delint=…; the last lines are counts.
"""
import collections
import json
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

os.environ.update(MAX_FORK_WORKERS="1", SQLMESH__DISABLE_ANONYMIZED_ANALYTICS="1")
logging.disable(logging.CRITICAL)

import sqlglot.errors
from sqlglot import exp  # noqa: E402
from sqlglot.lineage import lineage  # noqa: E402
from sqlmesh import Context  # noqa: E402
from sqlmesh.core.config import Config, DuckDBConnectionConfig, GatewayConfig, load_config_from_paths  # noqa: E402

COUNTS = collections.Counter()


def short(fqn):
    """The last two parts of a name, in lower case and without quotes."""
    return ".".join(p.name.lower() for p in exp.to_table(fqn).parts[-2:])


def last(name):
    """The last two parts of a canonical name."""
    return ".".join(name.split(".")[-2:])


def differ(project, field, model, theirs, ours):
    COUNTS[field, "asked"] += 1
    if theirs != ours:
        COUNTS[field, "different"] += 1
        print(f"{project}\t{field}\t{model}\tsqlmesh={theirs!r}\tdelint={ours!r}")


def load(path):
    config = load_config_from_paths(Config, project_paths=[p for n in ("config.yaml", "config.yml", "config.py") if (p := path / n).exists()])
    names = [name for name in config.gateways if name] if isinstance(config.gateways, dict) else []
    config.gateways = {n: GatewayConfig(connection=DuckDBConnectionConfig()) for n in names} or {"": GatewayConfig(connection=DuckDBConnectionConfig())}
    config.before_all = config.after_all = None
    config.linter.enabled = False
    config.default_connection = None
    return Context(paths=[str(path)], config=config)


def type_of(t):
    return str(t).replace(" ", "").upper()


def compare(delint, path):
    project = path.name if len(path.parts) < 2 else f"{path.parent.name}/{path.name}"
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "project"
        shutil.copytree(path, copy, ignore=shutil.ignore_patterns(".git", ".cache", "node_modules"))
        (copy / "delint.toml").write_text("root = true\n")
        graph = json.loads(subprocess.run([delint, "graph", "--no-cache", "--format", "json", str(copy)], stdout=subprocess.PIPE, check=True).stdout)
        context = load(copy)
        one(project, context, graph)


def one(project, context, graph):
    ours = {}
    for d in graph["datasets"]:
        if d["tool"] == "sqlmesh" or any(p["tool"] == "sqlmesh" for p in d["producers"]):
            ours[".".join(d["parts"][-2:])] = d
    theirs = {short(fqn): m for fqn, m in context.models.items()}
    for name in sorted(set(theirs) | set(ours)):
        differ(project, "model", name, name in theirs, name in ours)
    edges = collections.defaultdict(set)
    for e in graph["edges"]:
        edges[".".join(e["to"].split(".")[-2:])].add(".".join(e["from"].split(".")[-2:]))
    checks = collections.defaultdict(set)
    for c in graph["checks"]:
        if c["framework"] == "sqlmesh-audit":
            for d in c["datasets"]:
                checks[".".join(d.split(".")[-2:])].add(c["name"])
    standalone = {a.name for a in context.standalone_audits.values()}
    sources = collections.defaultdict(set)
    for e in graph["column_edges"]:
        to, of = e["to"], e["from"]
        sources[last(to["dataset"]), to["column"].lower()].add((last(of["dataset"]), of["column"].lower()))
    for name, m in theirs.items():
        d = ours.get(name)
        if d is None:
            continue
        differ(project, "kind", name, m.kind.name.value, d["settings"].get("kind", "").replace("SCD_TYPE_2_BY_TIME", "SCD_TYPE_2_BY_TIME"))
        differ(project, "depends_on", name, sorted(short(x) for x in m.depends_on if short(x) in theirs and short(x) != name), sorted(x for x in edges[name] if x in theirs and x != name))
        differ(project, "audits", name, sorted({a for a, _ in [*m.audits, *(context.config.model_defaults.audits or [])]}), sorted(checks[name] - standalone))
        grain = [c.name.lower() for c in (m.grains[0].find_all(exp.Column, exp.Identifier) if m.grains else []) if isinstance(c, exp.Column)] or ([m.grains[0].name.lower()] if m.grains else [])
        grain = grain or [c.name.lower() for k in getattr(m.kind, "unique_key", []) or [] for c in k.find_all(exp.Column)]
        differ(project, "grain", name, grain, [g.lower() for g in d.get("grain", [])])
        differ(project, "owner", name, m.owner or "", d.get("owner", ""))
        differ(project, "description", name, " ".join((m.description or "").split()), " ".join(d.get("description", "").split()))
        time = m.time_column.column.name.lower() if m.time_column else ""
        differ(project, "time_column", name, time, d["settings"].get("time_column", "").lower())
        differ(project, "cron", name, str(m.cron), d["settings"].get("cron") or "@daily")
        declared = {c["name"].lower(): c for c in d["columns"]}
        for column, kind in (m.columns_to_types_ or {}).items():
            written = (declared.get(column.lower()) or {}).get("type", "")
            try:
                ours_type = exp.DataType.build(written, dialect=m.dialect, udt=True).sql(m.dialect)
            except sqlglot.errors.ParseError:
                ours_type = written
            differ(project, "column", f"{name}.{column}", type_of(kind.sql(m.dialect)), type_of(ours_type))
        for column, text in m.column_descriptions.items():
            differ(project, "column_description", f"{name}.{column}", text, (declared.get(column.lower()) or {}).get("description", ""))
        columns(project, context, name, m, d, sources)


def columns(project, context, name, m, d, sources):
    """Column lineage of the columns whose sources delint calls exact."""
    query = m.render_query() if m.is_sql else None
    if query is None:
        return
    for c in d["columns"]:
        if c.get("confidence") != "exact" or c["name"].lower() not in {x.lower() for x in query.named_selects}:
            continue
        try:
            node = lineage(exp.column(next(x for x in query.named_selects if x.lower() == c["name"].lower()), quoted=True), query.copy(), dialect=m.dialect)
        except Exception:
            COUNTS["lineage", "not traced by sqlglot"] += 1
            continue
        leaves = set()
        for n in node.walk():
            if isinstance(n.expression, exp.Table) and not n.downstream:
                leaves.add((".".join(p.name.lower() for p in n.expression.parts[-2:]), n.name.split(".")[-1].strip('"').lower()))
        differ(project, "lineage", f"{name}.{c['name']}", sorted(leaves), sorted(sources[name, c["name"].lower()]))


def main():
    delint, *paths = sys.argv[1:]
    for path in paths:
        try:
            compare(delint, pathlib.Path(path).resolve())
        except Exception as e:  # a project that SQLMesh refuses is reported, not compared
            COUNTS["project", "refused by sqlmesh"] += 1
            print(f"{path}\tREFUSED\t{type(e).__name__}: {' '.join(str(e).split())[:300]}")
        else:
            COUNTS["project", "compared"] += 1
    for (field, what), n in sorted(COUNTS.items()):
        print(f"# {field}\t{what}\t{n}")


main()
