"""What became of the claims: predictions by outcome, apart from what predicts nothing."""

from __future__ import annotations

from balans.claims.views import outcome_counts
from balans.pages.data import PageData
from balans.pages.parts.badges import badge
from balans.pages.parts.output import Table
from balans.pages.parts.tables import Html, html_rows
from balans.pages.verantwoording.beweringen.ledger import SOURCE
from balans.words.numbers import number
from balans.words.verdicts import BADGES, NO_FORECAST, PREDICTIONS

STATEMENTS = {
    "forecast": "Prognoses",
    "scenario": "Scenario's",
    "fact": "Feiten",
    "plan": "Plannen",
    "judgement": "Oordelen",
}


def outcomes(data: PageData) -> Table:
    """Return how many claims of each kind have which outcome; a fact, a plan or a judgement has none."""
    long = outcome_counts(data.table("claims"))
    wide = long.pivot(index="outcome", columns="statement", values="claims")
    wide = wide.reindex(index=[verdict for verdict in BADGES if verdict in wide.index], columns=list(STATEMENTS))
    wide = wide.fillna(0).astype(int)
    rows = [[Html(badge(str(verdict))), *map(number, row), number(row.sum())] for verdict, row in wide.iterrows()]
    predicted = wide[list(PREDICTIONS)].sum(axis="columns").drop(NO_FORECAST, errors="ignore")
    told = "; ".join(f"{BADGES[str(verdict)].word} {number(count)}" for verdict, count in predicted.items())
    caption = "Wat er van de voorspellingen kwam; wat niets voorspelt, staat apart"
    alt = f"{caption}. Van de {number(predicted.sum())} prognoses en scenario's: {told}."
    html = html_rows(["Kwam het uit?", *STATEMENTS.values(), "Alle"], rows, caption)
    return Table(html, "beweringen-uitkomsten", alt, SOURCE, long)
