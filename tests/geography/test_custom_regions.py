from pathlib import Path

import pytest

from balans.errors import BalansError, DefinitionError, UnknownKeyError
from balans.geography.regions import resolve_region
from balans.paths import Project


def write(folder: Path, text: str) -> str:
    path = folder / "mijn-regio.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_names_and_codes_make_a_region(project: Project, tmp_path: Path) -> None:
    """Guards the ordinary case: names, codes, accents and what CBS puts in brackets."""
    text = (
        'name: Mijn Régio\ndivision: 2024\nmembers: [GM0363, diemen, Súdwest Fryslân, Bergen (NH.), "\'s-Gravenhage"]\n'
    )
    region = resolve_region(project, write(tmp_path, text))
    assert (region.id, region.type, region.division, region.province) == ("mijn-regio", "custom", 2024, "")
    assert set(region.members) == {"GM0363", "GM0384", "GM1900", "GM0373", "GM0518"}


WRONG = {
    "unknown code": ("name: X\ndivision: 2024\nmembers: [GM9999]\n", UnknownKeyError, "code GM9999"),
    "other division": ("name: X\ndivision: 2024\nmembers: [De Marne]\n", UnknownKeyError, "did from 2003 to 2018"),
    "code of other division": ("name: X\ndivision: 2024\nmembers: [GM1663]\n", UnknownKeyError, "De Marne .GM1663."),
    "empty list": ("name: X\ndivision: 2024\nmembers: []\n", DefinitionError, "list of members is empty"),
    "duplicate": ("name: X\ndivision: 2024\nmembers: [Diemen, GM0384]\n", DefinitionError, "Diemen .* listed twice"),
    "unknown division": ("name: X\ndivision: 1990\nmembers: [Diemen]\n", UnknownKeyError, "no division of 1990"),
    "misspelling": ("name: X\ndivision: 2024\nmembers: [Amsterdm]\n", UnknownKeyError, "Did you mean Amsterdam?"),
    "ambiguous": ("name: X\ndivision: 2024\nmembers: [Bergen]\n", UnknownKeyError, "GM0373 .* or GM0893"),
    "no division": ("name: X\nmembers: [Diemen]\n", DefinitionError, "'division' is a required property"),
    "not YAML": ("name: [\n", DefinitionError, "not valid YAML"),
    "taken": ("name: Achterhoek\ndivision: 2024\nmembers: [Diemen]\n", DefinitionError, "is taken"),
    "parent": ("name: X\ndivision: 2024\nparent: nergens\nmembers: [Diemen]\n", UnknownKeyError, "parent “nergens”"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_says_what_is_wrong(project: Project, tmp_path: Path, case: str) -> None:
    """Guards each mistake of a region file: the kind of error, the file's name and the way out."""
    text, kind, message = WRONG[case]
    with pytest.raises(kind, match=message) as caught:
        resolve_region(project, write(tmp_path, text))
    assert "mijn-regio.yml" in str(caught.value)


def test_every_mistake_has_its_own_message(project: Project, tmp_path: Path) -> None:
    """Guards against one message for all: as many different messages as mistakes."""
    messages = set()
    for text, _, _ in WRONG.values():
        with pytest.raises(BalansError) as caught:
            resolve_region(project, write(tmp_path, text))
        messages.add(str(caught.value))
    assert len(messages) == len(WRONG)
