"""Imported once by the server that pages are forked from: loading these costs more than making a page."""

import geopandas  # noqa: F401
import IPython.core.interactiveshell  # noqa: F401
import matplotlib.figure  # noqa: F401
import pandas  # noqa: F401
import papermill  # noqa: F401
import pyarrow.parquet  # noqa: F401
import seaborn  # noqa: F401

import balans.pages.data  # noqa: F401
