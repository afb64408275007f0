"""The Sphinx extension of the book: figures and verdicts in prose, and outputs of notebooks in chapters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from balans.errors import BalansError
from balans.indicators.catalogue import load_indicators
from balans.pages.parts.badges import shape, slug
from balans.paths import Project, find_project
from balans.publish.prose.claims import ClaimTable
from balans.publish.prose.figures import FigureTable
from balans.publish.prose.outputs import claim_address, find_output, output_nodes
from balans.tables import read_table
from balans.words.verdicts import BADGES

LOG = logging.getLogger(__name__)

_TABLES: dict[Path, FigureTable] = {}

_CLAIMS: dict[Path, ClaimTable] = {}


def figure_table(project: Project) -> FigureTable:
    """Return the figures of ``data/processed``, read once per build."""
    if project.root not in _TABLES:
        columns = ["region_id", "indicator", "year", "value"]
        rows = read_table(project.processed, "indicators", columns=columns)
        values = rows.set_index(columns[:3])["value"].sort_index()
        _TABLES[project.root] = FigureTable(values, load_indicators(project))
    return _TABLES[project.root]


def claim_table(project: Project) -> ClaimTable:
    """Return the claims of ``data/processed``, read once per build."""
    if project.root not in _CLAIMS:
        _CLAIMS[project.root] = ClaimTable(read_table(project.processed, "claims").set_index("claim_id", drop=False))
    return _CLAIMS[project.root]


class TableRole(SphinxRole):
    """A role that looks something up in a table of ``data/processed``; an unknown key fails the build."""

    table = ""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return what was asked for."""
        project = find_project(Path(self.env.srcdir))
        self.env.note_dependency(str(project.processed / f"{self.table}.parquet"))
        try:
            return [self.answer(project)], []
        except BalansError as error:
            LOG.warning("%s", error, location=self.get_location(), type="balans", subtype=self.name)
            return [nodes.problematic(self.rawtext, self.rawtext)], []

    def answer(self, project: Project) -> nodes.Node:
        """Return the node that stands where the role stood."""
        raise NotImplementedError


class FigureRole(TableRole):
    """``{cijfer}`region indicator year``` becomes the figure, in Dutch."""

    table = "indicators"

    def answer(self, project: Project) -> nodes.Node:
        """Return the text of the figure."""
        return nodes.Text(figure_table(project).text(self.text))


class LatestYearRole(TableRole):
    """``{peiljaar}`region indicator``` becomes the latest year that there is."""

    table = "indicators"

    def answer(self, project: Project) -> nodes.Node:
        """Return the latest year of the indicator."""
        return nodes.Text(figure_table(project).year_text(self.text))


class ClaimFigureRole(TableRole):
    """``{claimcijfer}`R17 latest``` becomes a number of the ledger, in Dutch."""

    table = "claims"

    def answer(self, project: Project) -> nodes.Node:
        """Return the text of the number."""
        return nodes.Text(claim_table(project).text(self.text))


class ClaimCountRole(TableRole):
    """``{claimtelling}`figures/reproduced``` becomes how many claims were decided so."""

    table = "claims"

    def answer(self, project: Project) -> nodes.Node:
        """Return the text of the count."""
        return nodes.Text(claim_table(project).count(self.text))


class VerdictRole(TableRole):
    """``{bewering}`R17``` becomes the verdict on a claim, linked to its row in the ledger if this edition has one."""

    table = "claims"

    def answer(self, project: Project) -> nodes.Node:
        """Return the badge: shape and word, and which claim it is about."""
        claim_id = self.text.strip()
        verdict, claim = claim_table(project).verdict(claim_id), claim_table(project).claim(claim_id)
        classes = ["oordeel", f"oordeel-{slug(verdict)}"]
        address = claim_address(self.env, claim_id)
        content = [
            nodes.raw("", shape(verdict), format="html"),
            nodes.inline("", BADGES[verdict].word),
            nodes.inline("", f" (bewering {claim_id})", classes=["sr-only"]),
        ]
        if address is None:
            return nodes.inline("", "", *content, classes=classes)
        title = f"{claim_id}: {claim['claim']}"
        return nodes.reference("", "", *content, refuri=address, internal=True, reftitle=title, classes=classes)


class RegionRole(SphinxRole):
    """``{regio}`oost-groningen``` becomes the region's name, linked to its page if this edition has one."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the name, as a link where there is a page."""
        regions = read_table(find_project(Path(self.env.srcdir)).processed, "regions").set_index("region_id")["name"]
        if self.text not in regions.index:
            LOG.warning(
                "there is no region %s", self.text, location=self.get_location(), type="balans", subtype="regio"
            )
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        page, name = f"regios/{self.text}", str(regions[self.text])
        if page not in self.env.found_docs:
            return [nodes.Text(name)], []
        target = addnodes.pending_xref("", refdomain="std", reftype="doc", reftarget=f"/{page}", refexplicit=True)
        target += nodes.inline("", name)
        self.set_source_info(target)
        return [target], []


class OutputDirective(SphinxDirective):
    """``{uitvoer} notebook name``: an output of an executed notebook of the book, in another page."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return the figure; an unknown name fails the build."""
        page, name = self.arguments
        notebook = Path(self.env.srcdir) / f"{page}.ipynb"
        self.env.note_dependency(str(notebook))
        try:
            return list(output_nodes(self.env, *find_output(notebook, name)))
        except (OSError, KeyError) as error:
            LOG.warning("%s", error, location=self.get_location(), type="balans", subtype="uitvoer")
            return []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the roles and the directive."""
    app.add_role("cijfer", FigureRole())
    app.add_role("peiljaar", LatestYearRole())
    app.add_role("regio", RegionRole())
    app.add_role("bewering", VerdictRole())
    app.add_role("claimcijfer", ClaimFigureRole())
    app.add_role("claimtelling", ClaimCountRole())
    app.add_directive("uitvoer", OutputDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
