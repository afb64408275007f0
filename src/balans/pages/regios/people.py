"""The people of a region: how many, why that changed, and how old."""

from __future__ import annotations

import pandas as pd

from balans.pages.data import PageData
from balans.pages.parts import style
from balans.pages.parts.output import Chart
from balans.pages.parts.select import compared_with, latest_common_year, name, series, source_line, value
from balans.pages.regios.compared import BASE_YEAR, _compare_sentence, _draw_lines, _long, _since
from balans.words.areas import NEDERLAND
from balans.words.numbers import number, with_unit

COMPONENTS = {
    "natuurlijke_aanwas": ("Natuurlijke aanwas", style.NATURAL),
    "binnenlands_migratiesaldo": ("Verhuizingen binnen Nederland", style.DOMESTIC),
    "buitenlands_migratiesaldo": ("Buitenlandse migratie", style.FOREIGN),
}

AGE_GROUPS = {
    "aandeel_0_20": "0–20 jaar",
    "aandeel_20_45": "20–45",
    "aandeel_45_65": "45–65",
    "aandeel_65_80": "65–80",
    "aandeel_80_plus": "80+",
}


def population(data: PageData, region_id: str) -> Chart:
    """Return inhabitants since 2012 as an index (2015 = 100), beside the type of region and the Netherlands."""
    areas = [region_id, *compared_with(data, region_id)]
    lines = {area: _since(series(data, area, "inwoners"), 2012) for area in areas}
    indexed = {area: 100 * line / line.loc[BASE_YEAR] for area, line in lines.items() if BASE_YEAR in line.index}
    own = lines[region_id]
    finding = _change_finding(name(data, region_id), own)
    figure, (axes,) = style.new_figure(4.0)
    _draw_lines(data, axes, indexed, region_id)
    style.set_unit(axes, f"Inwoners op 1 januari ({BASE_YEAR} = 100)")
    style.dutch_axis(axes)
    style.set_finding(figure, finding)
    table = _long(data, lines, "inwoners")
    alt = f"Lijngrafiek. {finding}. {_compare_sentence(data, indexed, 'index')}"
    return Chart(
        figure,
        f"{region_id}-inwoners",
        alt,
        source_line(data, ["inwoners"], areas, own.index),
        table,
    )


def _change_finding(area: str, line: pd.Series) -> str:
    change = line.iloc[-1] - line.loc[BASE_YEAR]
    share = with_unit(100 * change / line.loc[BASE_YEAR], "%", 1, signed=True)
    words = "meer" if change >= 0 else "minder"
    return f"{area}: {number(abs(change))} inwoners {words} in {line.index[-1]} dan in {BASE_YEAR} ({share})"


def growth(data: PageData, region_id: str) -> Chart:
    """Return growth per year split into natural increase, domestic and foreign migration, with the total as a dot."""
    parts = pd.DataFrame({key: series(data, region_id, key) for key in COMPONENTS}).dropna()
    total = parts.sum(axis=1)
    figure, (axes,) = style.new_figure(4.2)
    above, below = pd.Series(0.0, parts.index), pd.Series(0.0, parts.index)
    for key, (label, colour) in COMPONENTS.items():
        bottom = above.where(parts[key] >= 0, below)
        axes.bar(parts.index, parts[key], bottom=bottom, color=colour, label=label, width=0.72)
        above, below = above + parts[key].clip(lower=0), below + parts[key].clip(upper=0)
    axes.plot(total.index, total, "o", color=style.NETHERLANDS, markersize=6, label="Samen")
    axes.axhline(0, color="#555555", linewidth=1)
    style.set_unit(axes, "Personen per jaar")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=4, frameon=False, fontsize=9)
    style.dutch_axis(axes)
    style.year_axis(axes)
    finding = _growth_finding(name(data, region_id), parts)
    style.set_finding(figure, finding)
    table = parts.assign(samen=total).reset_index()
    return Chart(
        figure,
        f"{region_id}-groei",
        f"Gestapelde staven per jaar. {finding}. {_sum_sentence(parts)}",
        source_line(data, COMPONENTS, [region_id], parts.index),
        table,
    )


def _growth_finding(area: str, parts: pd.DataFrame) -> str:
    period = f"{parts.index[0]}–{parts.index[-1]}"
    sums = parts.sum()
    largest_loss = str(sums.idxmin())
    if sums[largest_loss] >= 0:
        return f"{area}, {period}: alle drie de bronnen van groei zijn over de periode samen positief"
    label = COMPONENTS[largest_loss][0].lower()
    balance = "groei" if sums.sum() > 0 else "krimp"
    return (
        f"{area}, {period}: per saldo {balance} van {number(abs(sums.sum()))}; het grootste verlies komt door {label}"
    )


def _sum_sentence(parts: pd.DataFrame) -> str:
    sums = [f"{COMPONENTS[str(key)][0].lower()} {number(total, signed=True)}" for key, total in parts.sum().items()]
    return f"Over de hele periode: {'; '.join(sums)} personen."


def age_structure(data: PageData, region_id: str) -> Chart | None:
    """Return five age groups as shares in the latest year, beside the type of region and the Netherlands."""
    areas = [region_id, *compared_with(data, region_id)]
    year = latest_common_year(data, areas, "aandeel_80_plus")
    if year is None:
        return None
    shares = pd.DataFrame({key: [value(data, area, key, year) for area in areas] for key in AGE_GROUPS}, index=areas)
    figure, (axes,) = style.new_figure(1.3 + 0.55 * len(areas))
    left = pd.Series(0.0, index=areas)
    for (key, label), colour in zip(AGE_GROUPS.items(), style.AGES, strict=True):
        axes.barh(areas, shares[key], left=left, color=colour, label=label, height=0.68)
        _write_in_bars(axes, areas, left, shares[key], dark=colour in style.AGES[3:])
        left += shares[key]
    axes.set_yticks(range(len(areas)), [name(data, area) for area in areas])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    style.dutch_axis(axes, "x", suffix="%")
    axes.grid(visible=False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=5, frameon=False, fontsize=9)
    finding = _age_finding(data, region_id, year)
    style.set_finding(figure, finding)
    rows = "; ".join(
        f"{name(data, area)}: "
        + ", ".join(f"{AGE_GROUPS[key]} {number(float(shares[key][area]), 1)}%" for key in AGE_GROUPS)
        for area in areas
    )
    return Chart(
        figure,
        f"{region_id}-leeftijd",
        f"Gestapelde balken met vijf leeftijdsgroepen. {finding}. {rows}.",
        source_line(data, AGE_GROUPS, areas, [year]),
        shares.rename_axis("region_id").reset_index().assign(year=year),
    )


def _write_in_bars(axes: object, areas: list[str], left: pd.Series, widths: pd.Series, *, dark: bool) -> None:
    for position, area in enumerate(areas):
        if widths[area] >= 3.5:
            axes.text(  # type: ignore[attr-defined]
                left[area] + widths[area] / 2,
                position,
                f"{number(widths[area])}%",
                ha="center",
                va="center",
                fontsize=9,
                color="white" if dark else "#222222",
            )


def _age_finding(data: PageData, region_id: str, year: int) -> str:
    own = value(data, region_id, "aandeel_65_plus", year)
    country = value(data, NEDERLAND, "aandeel_65_plus", year)
    old = value(data, region_id, "aandeel_80_plus", year)
    return (
        f"{name(data, region_id)}: {number(own, 1)}% is 65 jaar of ouder en {number(old, 1)}% 80 of ouder in {year}; "
        f"in Nederland is {number(country, 1)}% 65-plus"
    )
