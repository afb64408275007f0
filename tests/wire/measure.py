"""Fetch the big synthetic table in a process of its own: ``python -m tests.wire.measure HOW FOLDER``.

It prints what it took.

HOW is ``ours`` (fetch what is used into the stored file), ``plain`` (``cbsodata.get_data``, written to a compressed
CSV), or ``selected`` (the same, told which columns).
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sys
import time
from pathlib import Path

import cbsodata
import numpy as np
import pandas as pd

from balans.paths import Project
from balans.sources.catalogue import Live, Part, Table, Topic
from balans.sources.fetch.client import Client, Manners
from balans.sources.fetch.progress import silent
from balans.sources.fetch.statline import fetch_statline

TOPICS = {"eerste": ("Eerste", "Eerste_1"), "tweede": ("Tweede", "Tweede_2")}


def ours(folder: Path) -> Path:
    """Fetch, resolve, and write the stored file; return where it is."""
    live = Live("statline", parts=(Part("99999NED"),), levels=("GM",), first_year=1901)
    topics = tuple(
        Topic(id=name, carried=(), unit="aantal", decimals=1, path=path, name=name)
        for name, (path, _) in TOPICS.items()
    )
    table = Table("99999NED", "synthetic", "synthetic", "none", "none", topics, live=live)
    fetched = fetch_statline(Project(folder), table, Client(Manners(pause=0.0)), silent)
    assert fetched.figures is not None
    return fetched.figures


def plain(folder: Path, select: list[str] | None) -> pd.DataFrame:
    """Fetch with the package's own get_data (codes come back as titles), and store what came."""
    cbsodata.options.use_https = False
    rows = cbsodata.get_data(
        "99999NED", catalog_url=os.environ["BALANS_CBS_URL"].removeprefix("http://"), proxies={}, select=select
    )
    frame = pd.DataFrame(rows)
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / "plain.csv.gz", index=False, compression={"method": "gzip", "compresslevel": 4})
    return frame


def digest_ours(figures: pd.Series) -> str:
    """Return a digest of the figures: topic by topic, area by area, year by year."""
    return hashlib.sha256(figures.to_numpy().tobytes()).hexdigest()


def digest_plain(rows: pd.DataFrame) -> str:
    """Return the same digest for the package's rows (titles sort like codes when their numbers are compared)."""
    area = rows["RegioS"].str.removeprefix("Gemeente ").astype(int)
    order = np.lexsort((rows["Perioden"], area))
    values = np.concatenate([rows[key].to_numpy(dtype=float)[order] for _, (_, key) in sorted(TOPICS.items())])
    return hashlib.sha256(values.tobytes()).hexdigest()


def main() -> None:
    """Measure and print."""
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    if sys.argv[1] == "ours":
        path = ours(Path(sys.argv[2]))
        seconds, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        values = pd.read_csv(path, usecols=["value"])["value"].astype(float)
        digest, rows = digest_ours(values), len(values) // len(TOPICS)
    else:
        select = ["RegioS", "Perioden", "Eerste_1", "Tweede_2"] if sys.argv[1] == "selected" else None
        frame = plain(Path(sys.argv[2]), select)
        seconds, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        digest, rows = digest_plain(frame), len(frame)
    print(json.dumps({"seconds": seconds, "rows": rows, "digest": digest, "base_mb": base, "peak_mb": peak}))


if __name__ == "__main__":
    main()
