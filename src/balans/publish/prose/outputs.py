"""Charts and tables from notebooks as parts of a page: image with alt text, source line, and the data to download."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from balans.pages.parts.badges import CLAIM_ADDRESS
from balans.pages.parts.output import METADATA_KEY

MIME_TYPES = ("image/svg+xml", "text/html")

LEDGER = "verantwoording/beweringen"


class OutputPlugin:
    """MyST-NB's renderer plugin: outputs that carry our metadata become a figure with everything it needs."""

    mime_priority_overrides: ClassVar[list[tuple[str, str, int | None]]] = []

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Return the nodes of one output, or None to leave it to MyST-NB."""
        described = data.output_metadata.get(METADATA_KEY)
        if inline or described is None or data.mime_type not in MIME_TYPES:
            return None
        environment = renderer.renderer.sphinx_env
        return output_nodes(environment, data.mime_type, data.string, described)


def output_nodes(
    environment: BuildEnvironment, mime_type: str, content: str, described: dict[str, str]
) -> list[nodes.Element]:
    """Return the figure for one output.

    Args:
        environment: Sphinx's build environment.
        mime_type: ``image/svg+xml`` or ``text/html``.
        content: the image or the table.
        described: name, alt, source and csv, as :func:`balans.pages.parts.output.describe` gives them.
    """
    name = described["name"]
    figure = nodes.figure("", classes=["uitvoer"], ids=[nodes.make_id(name)])
    if mime_type == "image/svg+xml":
        uri = _write(environment, f"{name}.svg", content)
        figure += nodes.image(uri=uri, alt=described["alt"], candidates={"*": uri})
    else:
        figure += nodes.raw("", link_claims(environment, content), format="html")
    figure += _caption(environment, described)
    return [figure]


def claim_address(environment: BuildEnvironment, claim_id: str) -> str | None:
    """Return the address of a claim's row in the ledger from the page being built; None if there is no ledger."""
    if LEDGER not in environment.found_docs:
        return None
    page = environment.app.builder.get_relative_uri(environment.docname, LEDGER)
    return f"{page}#{claim_id}"


def link_claims(environment: BuildEnvironment, html: str) -> str:
    """Return ``html`` with addresses such as ``bewering:R17`` turned into those of the ledger (or ``#R17``)."""
    pattern = re.compile(f'href="{CLAIM_ADDRESS}([^"]+)"')
    return pattern.sub(lambda found: f'href="{claim_address(environment, found[1]) or "#" + found[1]}"', html)


def _caption(environment: BuildEnvironment, described: dict[str, str]) -> nodes.caption:
    target = _write(environment, f"{described['name']}.csv", described["csv"])
    download = addnodes.download_reference("", "", reftarget=target, refdomain="", refexplicit=True, refwarn=False)
    label = f"Download de cijfers (csv): {described['name']}"
    download += nodes.inline("", "Download de cijfers (csv)", classes=["download-cijfers"])
    download["reftitle"] = label
    caption = nodes.caption("", f"{described['source']} ")
    caption += download
    return caption


def _write(environment: BuildEnvironment, name: str, content: str) -> str:
    """Write a file beside the build and return its address as Sphinx wants it: from the source folder, with a slash."""
    path = Path(environment.app.outdir).parent / "uitvoer" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return "/" + os.path.relpath(path.resolve(), environment.srcdir)


def find_output(notebook: Path, name: str) -> tuple[str, str, dict[str, str]]:
    """Return MIME type, content and description of the output called ``name`` in an executed notebook.

    Raises:
        KeyError: there is no such output; the message names those that there are.
    """
    outputs = _described_outputs(nbformat.read(notebook, as_version=4))
    if name not in outputs:
        raise KeyError(f"{notebook.name} has no output {name}. It has: {', '.join(sorted(outputs))}.")
    return outputs[name]


def _described_outputs(notebook: nbformat.NotebookNode) -> dict[str, tuple[str, str, dict[str, str]]]:
    found: dict[str, tuple[str, str, dict[str, str]]] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            described: dict[str, Any] | None = output.get("metadata", {}).get(METADATA_KEY)
            mime_type = next((kind for kind in MIME_TYPES if kind in output.get("data", {})), None)
            if described and mime_type:
                found[described["name"]] = (mime_type, output["data"][mime_type], dict(described))
    return found
