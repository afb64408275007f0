"""The house style gives the same picture on every machine."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib import font_manager

from balans.pages.parts import style


def test_pictures_do_not_depend_on_the_fonts_of_the_machine() -> None:
    """Guards equal bytes: a system that has DejaVu Sans in another version drew other outlines."""
    style.apply_style()
    assert font_manager.findfont("DejaVu Sans").startswith(mpl.get_data_path())
