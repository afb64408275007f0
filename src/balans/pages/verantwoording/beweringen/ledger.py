"""The ledger of claims: every claim with what was claimed, what the figures say, both verdicts and the sum."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from balans.claims.views import claims_of, definitions_of, verdict_counts, verdict_of
from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.badges import badge, outcome_badge, slug
from balans.pages.parts.output import Chart, Prose, Table
from balans.pages.parts.select import records
from balans.pages.parts.tables import Html, folded, html_rows
from balans.words.numbers import NO_VALUE, number, with_unit
from balans.words.verdicts import BADGES

CHAPTERS = {
    "voorwoord": "Voorwoord",
    "h1": "Hoofdstuk 1",
    "h2": "Hoofdstuk 2",
    "h3": "Hoofdstuk 3",
    "brief": "Brief van 2018",
}

DECIDED = {
    "figures": "cijfers van buiten het rapport",
    "arithmetic": "een som binnen het rapport",
    "text": "een document",
    "none": "nog niets",
}

UNITS_IN_NUMBER = {"%", "euro", "kwalitatief"}

SOURCE = "Bron: bij elke bewering staan de tabellen; bewerking Nederland in balans."


def summary(data: PageData) -> Prose:
    """Return how many claims there are and what decided them."""
    claims = data.table("claims")
    decided = claims["decided_by"].value_counts()
    parts = ", ".join(f"{number(decided.get(key, 0))} door {words}" for key, words in DECIDED.items() if key != "none")
    return Prose(
        f"Van de {number(len(claims))} beweringen zijn er beslist: {parts}. De andere {number(decided.get('none', 0))} "
        "zijn niet te toetsen of het is er te vroeg voor; bij elke staat waarom."
    )


def counts(data: PageData) -> Table:
    """Return how many claims have which verdict, by what decided it, with a total per verdict."""
    long = verdict_counts(data.table("claims"))
    wide = long.pivot(index="verdict", columns="decided_by", values="claims").reindex(list(BADGES)).dropna(how="all")
    wide = wide.reindex(columns=list(DECIDED)).fillna(0).astype(int)
    rows = [
        [
            Html(f'<a href="?oordeel={slug(str(verdict))}#kiezen">{badge(str(verdict))}</a>'),
            number(row.sum()),
            *map(number, row),
        ]
        for verdict, row in wide.iterrows()
    ]
    columns = ["Oordeel", "Alle", *(f"Beslist door {words}" for words in DECIDED.values())]
    caption = "Hoe de beweringen uitvallen, en wat het oordeel gaf"
    alt = caption + ": " + "; ".join(f"{BADGES[str(v)].word} {number(row.sum())}" for v, row in wide.iterrows()) + "."
    html = html_rows(columns, rows, caption)
    return Table(html, "beweringen-oordelen", alt, SOURCE, long)


def verdict_chart(data: PageData) -> Chart:
    """Return the verdicts as bars: decided by figures from outside the report, and decided otherwise or not yet."""
    wide = verdict_counts(data.table("claims")).pivot(index="verdict", columns="decided_by", values="claims")
    wide = wide.reindex(list(BADGES)[::-1]).dropna(how="all").reindex(columns=list(DECIDED)).fillna(0).astype(int)
    by_figures, otherwise = wide["figures"], wide.drop(columns="figures").sum(axis="columns")
    words = [f"{BADGES[str(verdict)].word} {BADGES[str(verdict)].shape}" for verdict in wide.index]
    figure, (axes,) = style.new_figure(3.6)
    axes.barh(words, by_figures, color=style.ANTICIPEER, label="getoetst aan cijfers van buiten het rapport")
    axes.barh(words, otherwise, left=by_figures, color=style.OTHER, label="som of document, of nog niet te toetsen")
    for position, total in enumerate(by_figures + otherwise):
        axes.annotate(
            number(total), (total, position), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9
        )
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.08)
    style.dutch_axis(axes, "x")
    axes.set_xlabel("Aantal beweringen")
    axes.legend(loc="lower right", frameon=False, fontsize=9)
    finding = (
        f"Van de {number(by_figures.sum())} beweringen die aan cijfers zijn getoetst, kloppen er "
        f"{number(by_figures['reproduced'])}; van de voorspellingen kwamen er {number(by_figures['came true'])} uit en "
        f"{number(by_figures['did not come true'])} niet"
    )
    style.set_finding(figure, finding)
    listed = "; ".join(f"{BADGES[str(v)].word} {number(row.sum())}" for v, row in wide.iterrows())
    alt = f"Staafdiagram van de oordelen over alle beweringen. {finding}. {listed}."
    return Chart(figure, "beweringen-verdeling", alt, SOURCE, wide.reset_index())


def _chosen_link(verdict: str) -> Html:
    """A verdict that leads to the claims that have it."""
    return Html(f'<a href="?oordeel={slug(verdict)}#kiezen">{badge(verdict)}</a>')


def filters(data: PageData) -> Table:
    """Return the form with which a reader chooses claims; a script shows it, without it every claim is there."""
    claims = data.table("claims")
    verdicts = claims.apply(verdict_of, axis="columns").value_counts()
    choices = {
        ("hoofdstuk", "Hoofdstuk"): [(key, title, (claims["chapter"] == key).sum()) for key, title in CHAPTERS.items()],
        ("oordeel", "Oordeel"): [
            (slug(verdict), f"{known.shape} {known.word}", verdicts[verdict])
            for verdict, known in BADGES.items()
            if verdict in verdicts
        ],
        ("beslist", "Beslist door"): [
            (key, words, (claims["decided_by"] == key).sum()) for key, words in DECIDED.items()
        ],
    }
    fields = "\n".join(_select(name, label, options) for (name, label), options in choices.items())
    html = (
        '<form class="bewering-filter" id="kiezen" hidden aria-label="Beweringen kiezen">\n'
        f'{fields}\n<button type="reset">Toon alles</button>\n'
        '<p class="bewering-aantal" role="status"></p>\n</form>'
    )
    alt = "Keuzelijsten voor hoofdstuk, oordeel en waardoor een bewering is beslist."
    everything = claims.drop(columns=["readings"])
    return Table(html, "beweringen-alle", alt, SOURCE, everything)


def _select(name: str, label: str, options: list[tuple[str, str, Any]]) -> str:
    listed = "".join(
        f'<option value="{escape(value)}">{escape(text)} ({number(count)})</option>' for value, text, count in options
    )
    return f'<label>{label} <select name="{name}"><option value="">alle</option>{listed}</select></label>'


def chapter(data: PageData, chapter_id: str) -> Table:
    """Return the claims of one chapter, each an item that a reader can link to and unfold.

    Args:
        data: with the tables ``claims`` and ``claim_alternatives``.
        chapter_id: ``voorwoord``, ``h1``, ``h2``, ``h3`` or ``brief``.
    """
    claims = claims_of(data.table("claims"), chapter_id)
    items = "\n".join(_item(claim, data.table("claim_alternatives")) for _, claim in claims.iterrows())
    title = CHAPTERS[chapter_id]
    html = (
        f'<ul class="beweringen" aria-label="Beweringen: {title}">\n{items}\n</ul>\n'
        '<p class="beweringen-geen" hidden>Geen bewering past bij deze keuze.</p>'
    )
    alt = f"{number(len(claims))} beweringen uit: {title}, elk met twee oordelen, de som en de bron."
    return Table(html, f"beweringen-{chapter_id}", alt, SOURCE, claims.drop(columns=["shape"]))


def _item(claim: pd.Series, alternatives: pd.DataFrame) -> str:
    claim_id, verdict = escape(str(claim["claim_id"])), verdict_of(claim)
    marks = f'data-hoofdstuk="{claim["chapter"]}" data-oordeel="{slug(verdict)}" data-beslist="{claim["decided_by"]}"'
    return (
        f'<li class="bewering" id="{claim_id}" tabindex="-1" {marks}>\n'
        f'<p class="bewering-zin"><a class="bewering-nummer" href="#{claim_id}" '
        f'aria-label="Verwijzing naar bewering {claim_id}">{claim_id}</a> {escape(claim["claim"])}</p>\n'
        f"<dl>{_facts(claim)}</dl>\n"
        f'<p class="bewering-uitleg">{escape(claim["explanation"])}</p>\n'
        f"{_sums(claim)}"
        f"{folded(f'Definitie, marge en bron van {claim_id}', _details(claim, alternatives))}\n</li>"
    )


def _facts(claim: pd.Series) -> str:
    pairs = [
        ("Beweerd", escape(_with_year(str(claim["claimed_text"]), claim["claimed_year"]))),
        ("Nagerekend", escape(_with_year(_value(claim, "rebuilt"), claim["rebuilt_year"]))),
        ("Sindsdien", escape(_with_year(_value(claim, "latest"), claim["latest_year"]))),
        ("Klopte het?", badge(str(claim["base_verdict"]))),
        ("Kwam het uit?", outcome_badge(claim)),
    ]
    return "".join(f"<div><dt>{term}</dt><dd>{shown}</dd></div>" for term, shown in pairs)


def _value(claim: pd.Series, column: str) -> str:
    value, unit = float(claim[column]), str(claim["unit"])
    text = with_unit(value, unit, int(claim["decimals"]))
    return text if text == NO_VALUE or unit in UNITS_IN_NUMBER else f"{text} {unit}"


def _with_year(text: str, year: Any) -> str:
    return text if pd.isna(year) or text == NO_VALUE else f"{text} ({year})"


def _sums(claim: pd.Series) -> str:
    sums = {"De som": claim["calculation"], "De som sindsdien": claim["calculation_latest"]}
    # A single figure that was read is no sum; it stands among the figures read.
    shown = [f"{label}: <span>{escape(text)}</span>" for label, text in sums.items() if " = " in text]
    return f'<p class="bewering-som">{"<br>".join(shown)}</p>\n' if shown else ""


def _details(claim: pd.Series, alternatives: pd.DataFrame) -> str:
    pairs = {
        "Definitie die beslist": claim["definition"],
        "Klopte het?": claim["base_reason"],
        "Kwam het uit?": claim["outcome_reason"],
        "Beslist door": DECIDED[str(claim["decided_by"])],
        "Gelezen cijfers": claim["readings"],
        "Bron": claim["source"],
    }
    listed = "".join(f"<dt>{term}</dt><dd>{escape(str(text))}</dd>" for term, text in pairs.items() if text)
    return f'<dl class="bewering-details">{listed}</dl>\n{_alternatives(claim, alternatives)}'


def _alternatives(claim: pd.Series, alternatives: pd.DataFrame) -> str:
    others = definitions_of(alternatives, str(claim["claim_id"]))
    if others.empty:
        return ""
    rows = [
        [
            ("Beslist: " if row["position"] == 0 else "") + row["definition"],
            NO_VALUE if pd.isna(row["year"]) else str(row["year"]),
            with_unit(row["value"], str(claim["unit"]), _finer(claim)),
            number(row["difference"], _finer(claim), signed=True),
        ]
        for row in records(others)
    ]
    columns = ["Definitie", "Jaar", "Uitkomst", "Verschil met de bewering"]
    return html_rows(columns, rows, f"Andere definities en jaren bij {claim['claim_id']}: getoond, niet gekozen")


def _finer(claim: pd.Series) -> int:
    """One decimal more than the claim has, where that shows anything."""
    small = abs(float(claim["claimed"])) < 1000
    return int(claim["decimals"]) + (1 if small else 0)


def contradictions(data: PageData) -> Table:
    """Return the claims that cannot all be true, with why."""
    table = data.table("claim_contradictions")
    rows = [
        [
            Html(" ".join(f'<a href="#{claim}">{claim}</a>' for claim in row["claims"].split())),
            row["explanation"],
        ]
        for row in records(table)
    ]
    caption = "Beweringen die niet alle waar kunnen zijn"
    html = html_rows(["Beweringen", "Waarom"], rows, caption)
    alt = f"{caption}: {number(len(table))} tegenspraken, elk met de beweringen en de uitleg."
    return Table(html, "beweringen-tegenspraken", alt, SOURCE, table)


def verdict_legend() -> Table:
    """Return every verdict with its shape and what it means."""
    meanings = {
        "reproduced": "nagerekend binnen de marge die de woorden van de bewering toelaten",
        "deviates": "nagerekend, en de uitkomst ligt buiten die marge",
        "internally inconsistent": "strijdig met andere getallen in hetzelfde stuk",
        "came true": "een voorspelling die binnen de marge is uitgekomen",
        "did not come true": "een voorspelling die niet binnen de marge is uitgekomen",
        "too early": "het cijfer van het jaar waarover de voorspelling gaat, is er nog niet",
        "not checkable": "er is geen open cijfer of stuk waaraan de bewering te toetsen is",
        "no forecast": "de bewering gaat over wat was, een plan of een mening; er valt niets uit te komen",
    }
    rows = [[Html(badge(verdict)), meaning] for verdict, meaning in meanings.items()]
    caption = "De oordelen en wat ze betekenen"
    columns = ["Oordeel", "Betekenis"]
    plain = pd.DataFrame([{"verdict": v, "word": BADGES[v].word, "meaning": m} for v, m in meanings.items()])
    html = html_rows(columns, rows, caption)
    return Table(html, "oordelen-uitleg", f"{caption}, met de vorm die bij elk woord hoort.", SOURCE, plain)
