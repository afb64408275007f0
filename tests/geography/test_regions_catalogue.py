from pathlib import Path

import pytest
import yaml

from balans.errors import DefinitionError, UnknownKeyError
from balans.geography.divisions import LAST_YEAR, division
from balans.geography.regions import load_regions, resolve_region, slug
from balans.paths import Project


def test_the_catalogue_has_what_the_report_and_the_letter_name(project: Project) -> None:
    """Guards the 9 + 11 regions, their parents and the totals."""
    regions = load_regions(project)
    types = [region.type for region in regions.values()]
    assert (types.count("krimp"), types.count("anticipeer")) == (9, 11)
    assert len(regions["krimpregios"].members) == 47
    assert len(regions["krimpregios-2020"].members) == 40
    assert set(regions["noord-groningen"].members) == {"GM0003", "GM0010", "GM0024", "GM1651", "GM1663"}
    assert regions["de-marne"].parent == "noord-groningen"
    assert set(regions["nederland"].members) == set(division(project, LAST_YEAR)["gm_code"])
    assert resolve_region(project, "NL01") == regions["nederland"]


def test_zuid_limburg_is_its_corop_area(project: Project) -> None:
    """Guards the report's region: the three regions of Zuid-Limburg make up COROP area CR39."""
    ours, corop = load_regions(project)["zuid-limburg"], resolve_region(project, "CR39")
    assert len(ours.members) == 18
    assert corop.name == "Zuid-Limburg"


@pytest.mark.parametrize(
    ("text", "region_id", "count"),
    [
        ("noordoost-fryslan", "noordoost-fryslan", 6),
        ("Noordoost Fryslân", "noordoost-fryslan", 6),
        ("GM0363", "GM0363", 1),
        ("gm0363", "GM0363", 1),
        ("Amsterdam", "GM0363", 1),
        ("CR14", "CR14", 11),
        ("PV20", "PV20", 10),
        ("Achterhoek", "achterhoek", 8),
    ],
)
def test_a_region_is_found_by_what_people_type(project: Project, text: str, region_id: str, count: int) -> None:
    """Guards ids, codes and names; our own Achterhoek goes before the COROP area of that name."""
    region = resolve_region(project, text)
    assert (region.id, len(region.members)) == (region_id, count)


def test_a_municipality_of_the_past_has_its_last_division(project: Project) -> None:
    """Guards De Marne by its code: it ended on 1 January 2019."""
    assert resolve_region(project, "GM1663").division == 2018


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Bergen", r"GM0373 \(Bergen \(NH\.\)\), GM0893"),
        ("Utrecht", "can mean CR17"),
        ("Amsterdm", "Did you mean amsterdam"),
        ("GM9999", "no municipality GM9999"),
        ("CR77", "CR01 to CR40"),
        ("nergens.yml", "no region file"),
    ],
)
def test_what_is_not_a_region_says_what_is(project: Project, text: str, message: str) -> None:
    """Guards the message of every kind of mistake on the command line."""
    with pytest.raises(UnknownKeyError, match=message):
        resolve_region(project, text)


def test_slugs_are_ascii() -> None:
    """Guards ids in file names and addresses."""
    assert [slug(name) for name in ("Noordoost Fryslân", "'s-Gravenhage", "Krimpregio's")] == [
        "noordoost-fryslan",
        "s-gravenhage",
        "krimpregios",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda regions: regions["regions"].append(dict(regions["regions"][0])), "achterhoek occurs twice"),
        (lambda regions: regions["regions"][0]["members"].update(GM9999="X"), "GM9999 did not exist on 1 January 2015"),
        (lambda regions: regions["regions"][0].update(parent="nergens"), "parent nergens is not a region"),
        (lambda regions: regions["totals"][0]["regions"].append("nergens"), "consists of nergens"),
        (lambda regions: regions["regions"][0].pop("name"), "'name' is a required property"),
    ],
)
def test_a_wrong_definition_is_refused(project: Project, tmp_path: Path, change, message: str) -> None:
    """Guards an edit of regions.yml against the schema and against the divisions."""
    (tmp_path / "definitions").mkdir()
    for part in ("geography", "schemas"):
        (tmp_path / "definitions" / part).symlink_to(project.definitions / part)
    content = yaml.safe_load((project.definitions / "regions.yml").read_text(encoding="utf-8"))
    change(content)
    (tmp_path / "definitions" / "regions.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(DefinitionError, match=message):
        load_regions(Project(tmp_path))
