"""The Sphinx extension of the book: figures in prose, and outputs of notebooks in chapters."""

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
from balans.paths import Project, find_project
from balans.publish.figures_in_prose import FigureTable
from balans.publish.outputs import find_output, output_nodes
from balans.tables import read_table

LOG = logging.getLogger(__name__)
_TABLES: dict[Path, FigureTable] = {}


def figure_table(project: Project) -> FigureTable:
    """Return the figures of ``data/processed``, read once per build."""
    if project.root not in _TABLES:
        columns = ["region_id", "indicator", "year", "value"]
        rows = read_table(project.processed, "indicators", columns=columns)
        values = rows.set_index(columns[:3])["value"].sort_index()
        _TABLES[project.root] = FigureTable(values, load_indicators(project))
    return _TABLES[project.root]


class FigureRole(SphinxRole):
    """``{cijfer}`region indicator year``` becomes the figure, in Dutch; an unknown key fails the build."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text of the figure."""
        project = find_project(Path(self.env.srcdir))
        self.env.note_dependency(str(project.processed / "indicators.parquet"))
        try:
            return [nodes.Text(self.answer(figure_table(project)))], []
        except BalansError as error:
            LOG.warning("%s", error, location=self.get_location(), type="balans", subtype=self.name)
            return [nodes.problematic(self.rawtext, self.rawtext)], []

    def answer(self, table: FigureTable) -> str:
        """Return what the role asks for."""
        return table.text(self.text)


class LatestYearRole(FigureRole):
    """``{peiljaar}`region indicator``` becomes the latest year that there is."""

    def answer(self, table: FigureTable) -> str:
        """Return the latest year of the indicator."""
        return table.year_text(self.text)


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
    app.add_directive("uitvoer", OutputDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
