"""The outcome of one regiocheck as a page of its own and a table, for who asks it on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from balans.files import write_atomically
from balans.indicators.catalogue import load_indicators
from balans.pages.data import overview_data
from balans.pages.h4.regiocheck.check import figure, find_check, run
from balans.pages.h4.regiocheck.outcome_map import result_map
from balans.pages.h4.regiocheck.tables import table
from balans.pages.parts.output import Chart, Table
from balans.paths import Project
from balans.regiocheck import words
from balans.regiocheck.money import MoneyResult
from balans.regiocheck.municipalities import load_keys

STYLE = """body{font:17px/1.6 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;font-size:.85rem}td,th{padding:.3rem .6rem;border-bottom:1px solid #ddd;text-align:left}
.tabel{overflow-x:auto}figure{margin:2rem 0}img{max-width:100%}figcaption,.bron{font-size:.85rem;color:#555}"""


@dataclass(frozen=True)
class Report:
    """What was written: the sentences, the page and the table."""

    text: str
    page: Path
    table: Path


def write_report(project: Project, asked: str, folder: Path) -> Report:
    """Run a check and write ``NAME.html`` and ``NAME.csv``.

    Args:
        project: where the tables are; they must have been made.
        asked: id of an example in ``definitions/policies.yml``, or the path of a YAML file.
        folder: where to write.

    Raises:
        RequestError: the check has no answer; nothing is written.
    """
    is_file = asked.endswith((".yml", ".yaml"))
    check = find_check("" if is_file else asked, asked if is_file else None)
    data = overview_data(project, None)
    result = run(data, check)
    rule = words.rule(check, load_keys(project), load_indicators(project))
    found = words.money_sentences(result) if isinstance(result, MoneyResult) else words.norm_sentences(result)
    outputs: list[Chart | Table] = [
        figure(data, result),
        result_map(data, result),
        table(data, result),
    ]
    sentences = [rule, *([check.note] if check.note else []), *found, words.source_sentence(check)]
    name = re.sub(r"[^a-z0-9]+", "-", (Path(asked).stem if is_file else asked).lower()).strip("-") or "regiocheck"
    report = Report("\n".join([check.name, "", *sentences]), folder / f"{name}.html", folder / f"{name}.csv")
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(report.page, _page(check.name, sentences, outputs))
    write_atomically(report.table, outputs[-1].data.to_csv(index=False, float_format="%.10g", lineterminator="\n"))
    return report


def _page(title: str, sentences: list[str], outputs: list[Chart | Table]) -> str:
    body = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    shown = "\n".join(_shown(output) for output in outputs)
    return (
        f'<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}\n{shown}\n</main>\n</body>\n"
        "</html>\n"
    )


def _shown(output: Chart | Table) -> str:
    source = f'<p class="bron">{escape(output.source)}</p>'
    if isinstance(output, Table):
        return output.html + source
    svg = re.sub(
        r"^.*?<svg", '<svg aria-hidden="true" style="max-width:100%;height:auto"', output.svg(), flags=re.DOTALL
    )
    return f'<figure role="img" aria-label="{escape(output.alt, quote=True)}">{svg}</figure>{source}'
