"""What the page of projections says in sentences; every number comes from the tables."""

from __future__ import annotations

import math

import pandas as pd

from balans.pages.data import PageData
from balans.pages.h1.prognoses.choice import Choice
from balans.pages.h1.prognoses.scores import NO_CHANGE, board, chosen, origins_of, per_cent, score, weighted
from balans.pages.parts.outlook import OFFICIAL, past
from balans.pages.parts.output import Prose
from balans.pages.parts.select import series
from balans.pages.parts.subjects import PUBLISHED, Subject
from balans.words.areas import KRIMPREGIOS, NEDERLAND
from balans.words.numbers import number

BOOM = (2015, 2025)

NATURAL, DOMESTIC, FOREIGN = "natuurlijke_aanwas", "binnenlands_migratiesaldo", "buitenlands_migratiesaldo"


def lead(data: PageData, choice: Choice) -> Prose:
    """Return the first lines: what the page is, how good the projections were, and what they are not."""
    return Prose(
        "Een prognose is hier niets meer dan een doorgetrokken lijn: wat gebeurt er als alles doorgaat zoals het ging? "
        f"Deze pagina laat zien hoe vaak dat klopte. {_people(data, choice)} Elke methode is daarvoor losgelaten op de "
        "cijfers die er toen waren, en naast de uitkomst gelegd.\n\n"
        f"Dit is **niet** de officiële prognose. Dat is {OFFICIAL}, die wel rekent met geboorte, sterfte, verhuizingen "
        "en woningbouw. Wie plannen maakt, gebruikt die."
    )


def _people(data: PageData, choice: Choice) -> str:
    own = chosen(board(data, choice), choice)
    found, still = (score(own, "inwoners", choice.horizon, column) for column in ("mape", "mape_no_change"))
    if math.isnan(found):
        return f"Voor inwoners is {choice.horizon} jaar vooruit nog niet te toetsen."
    record = data.table("publication_record")
    then = record[
        (record["level"] == choice.level) & (record["horizon"] == choice.horizon) & (record["indicator"] == "inwoners")
    ]
    return (
        f"Voor het aantal inwoners van {choice.areas} zat {choice.method_words} er na {choice.horizon} jaar gemiddeld "
        f"{per_cent(found)} naast; wie had gezegd dat er niets verandert, {per_cent(still)}. Dat is met kennis van "
        "nu: wie telkens de methode koos die tot dan toe de beste was, "
        f"zat er {per_cent(weighted(then, 'mape'))} naast."
    )


def limits(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> Prose:
    """Return what does not hold, as a list."""
    points = [
        _housing(data, choice, subjects["woz_waarde"]),
        _migration(data),
        _households(data, choice),
        _not_better(data, choice, subjects),
        _kinks(data, choice, subjects),
        _hindsight(data, choice),
        "De cijfers achter een oude prognose zijn die van nu: latere correcties van het CBS zitten er al in. Wie toen "
        "rekende, had soms andere.",
    ]
    return Prose("\n".join(f"- {point}" for point in points if point))


def _housing(data: PageData, choice: Choice, subject: Subject) -> str:
    rows = board(data, choice)
    best = rows[rows["published"] & (rows["indicator"] == subject.id)]
    own = origins_of(data, best).dropna(subset="coverage_80")
    country = past(data, NEDERLAND, subject)
    if own.empty or not set(BOOM) <= set(country.index):
        return ""
    rise = 100 * (country[BOOM[1]] / country[BOOM[0]] - 1)
    last = own[own["horizon"] == own["horizon"].max()]
    return (
        f"**De banden van de WOZ-waarde zijn te smal.** Van de uitkomsten voor {choice.areas} viel "
        f"{per_cent(100 * weighted(own, 'coverage_80'), 0)} binnen de band die 80% zou moeten bevatten, en "
        f"{last['horizon'].iloc[0]} jaar vooruit {per_cent(100 * weighted(last, 'coverage_80'), 0)}. De stijging van "
        f"{BOOM[0]} tot {BOOM[1]}, in Nederland {per_cent(rise, 0)}, was veel sterker dan de jaren ervoor deden "
        "verwachten. De banden van nu kennen die stijging wel en zijn daarom breder; of dat genoeg is, moet blijken."
    )


def _migration(data: PageData) -> str:
    """What the growth of the krimp regions came from since 2015, summed over the years with all three figures."""
    parts = {key: series(data, KRIMPREGIOS, key) for key in (NATURAL, DOMESTIC, FOREIGN)}
    known = pd.DataFrame(parts).dropna()
    sums = known[known.index >= BOOM[0]].sum()
    return (
        f"**De richting hangt aan de migratie.** In de krimpregio's was van {BOOM[0]} tot en met {known.index[-1]} de "
        f"natuurlijke aanwas {number(sums[NATURAL], signed=True)}, het saldo van verhuizingen binnen Nederland "
        f"{number(sums[DOMESTIC], signed=True)} en dat met het buitenland {number(sums[FOREIGN], signed=True)}. De "
        "methoden laten de groei van die jaren doorgaan en weten niet of zij blijft."
    )


def _households(data: PageData, choice: Choice) -> str:
    rows = board(data, choice)
    longest = rows[rows["published"]].groupby("indicator")["horizon"].max()
    measured = rows[rows["published"]].dropna(subset="coverage_80").groupby("indicator")["horizon"].max()
    if "huishoudens" not in longest:
        return ""
    return (
        f"**Lang vooruit is weinig getoetst.** Huishoudens zijn maar tot {longest['huishoudens']} jaar vooruit te "
        f"toetsen, omdat er van weinig jaren cijfers zijn; het inkomen tot {longest['besteedbaar_inkomen']} jaar, het "
        f"aantal inwoners tot {longest['inwoners']}. De band is voor inwoners tot {measured['inwoners']} jaar vooruit "
        "nagemeten. Wat verder ligt, is een indicatie. Prognoses vanaf opeenvolgende jaren overlappen bovendien, zodat "
        "vier toetsen minder zeggen dan vier losse proeven."
    )


def _not_better(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> str:
    rows = board(data, choice)
    best = rows[rows["published"] & (rows["horizon"] == choice.horizon) & (rows["model"] == NO_CHANGE)]
    names = [subjects[indicator].title for indicator in subjects if indicator in set(best["indicator"])]
    if not names:
        return ""
    return (
        f"**Soms wint stilstand.** {choice.horizon} jaar vooruit won ‘geen verandering’ van alle methoden bij: "
        f"{'; '.join(names)}. Dan staat het laatste cijfer er, en niet meer dan dat."
    )


def _kinks(data: PageData, choice: Choice, subjects: dict[str, Subject]) -> str:
    rows = board(data, choice)
    best = rows[rows["published"]].sort_values("horizon")
    changes = {indicator: _switches(own["model"]) for indicator, own in best.groupby("indicator")}
    bent = [f"{subjects[key].title} ({changes[key]})" for key in subjects if changes.get(key)]
    if not bent:
        return ""
    return (
        "**Knikken zijn van de rekenregel, niet van de werkelijkheid.** Per aantal jaren vooruit is de beste methode "
        f"gekozen; waar de winnaar wisselt, knikt de lijn. Zo vaak gebeurt dat: {', '.join(bent)}."
    )


def _switches(models: pd.Series) -> int:
    return int((models != models.shift()).iloc[1:].sum())


def _hindsight(data: PageData, choice: Choice) -> str:
    record = data.table("publication_record")
    rows = record[(record["level"] == choice.level) & (record["indicator"] == "inwoners")]
    other = rows[rows["model"] != NO_CHANGE]
    if rows.empty:
        return ""
    words = f", voor het eerst vanaf {other['origin_year'].min()}" if len(other) else ""
    return (
        "**De methoden zijn achteraf gekozen.** De instellingen zijn vastgesteld toen de toetsen bekend waren, ook die "
        "vanaf 2015. De tabel ‘met kennis van nu en met die van toen’ is strenger: daar telt alleen wat toen al bekend "
        f"was. Voor inwoners koos die regel bij {len(other)} van de {len(rows)} prognoses iets anders dan "
        f"‘geen verandering’{words}. De echte proef zijn de jaren die nog komen."
    )


def method_list(choice: Choice, descriptions: dict[str, str]) -> Prose:
    """Return the methods with what each does; ``descriptions`` by method id."""
    return Prose("\n".join(f"- **{choice.title(method)}.** {text}" for method, text in descriptions.items()))


def choice_words(choice: Choice) -> Prose:
    """Return which method, level, horizon and year the page shows, and that these can be changed."""
    method = "de gepubliceerde methode" if choice.method == PUBLISHED else choice.title(choice.method)
    return Prose(
        f"*Deze pagina toont {method}, voor {choice.areas}, {choice.horizon} jaar vooruit, met {choice.origin} als "
        "voorbeeldjaar. De parameters `methode`, `niveau`, `horizon` en `peiljaar` van het notebook "
        "`h1/prognoses` veranderen dat.*"
    )
