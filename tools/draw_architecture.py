"""``make architecture``: draw the rooms of the code and the imports between them into ``docs/architecture.md``.

The picture is text (Mermaid), so a change of the structure shows in a review; a test holds it against the code.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn by make architecture -->", "<!-- end of the drawing -->"
# Everything may use these, so arrows to them would hide the others.
BELOW_ALL = 2


def layers() -> list[list[str]]:
    """Return the rooms by floor, the roof first, as the import contract in ``pyproject.toml`` names them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    return [[room.strip() for room in floor.replace(":", "|").split("|")] for floor in contract["layers"]]


def drawing() -> str:
    """Return the picture as Mermaid: a box for each room, an arrow where one imports another."""
    graph, floors = grimp.build_graph("balans", cache_dir=None), layers()
    rooms = [room for floor in floors for room in floor]
    lines = ["```mermaid", "flowchart TD"]
    for number, floor in enumerate(floors):
        lines.append(f'  subgraph floor{number}[" "]')
        lines += [f"    {_name(room)}" for room in floor]
        lines.append("  end")
    below = {room for floor in floors[-BELOW_ALL:] for room in floor}
    for one in rooms:
        used = [other for other in rooms if other not in below and other != one and _imports(graph, one, other)]
        lines += [f"  {_name(one)} --> {_name(other)}" for other in used]
    return "\n".join([*lines, "```"])


def _imports(graph: grimp.ImportGraph, one: str, other: str) -> bool:
    return graph.direct_import_exists(importer=one, imported=other, as_packages=True)


def _name(room: str) -> str:
    return room.removeprefix("balans.")


def with_drawing(text: str) -> str:
    """Return the page with the picture of today between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{drawing()}\n{END}{after}"


def main() -> int:
    """Draw; with ``--check`` only say whether the drawing is that of today."""
    text = PAGE.read_text(encoding="utf-8")
    drawn = with_drawing(text)
    if "--check" in sys.argv[1:]:
        return int(drawn != text)
    PAGE.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
