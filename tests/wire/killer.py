"""Kill a refresh at random moments, again and again, and look at what is left: run as a program by its test.

Arguments: the project's folder, how often, and the addresses of two servers with different figures. A process is forked
for each refresh from one that has loaded everything, so that most of its life is the refresh itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from balans.paths import Project
from balans.sources.catalogue import load_catalogue
from balans.sources.fetch.client import Manners
from balans.sources.fetch.refresh import refresh
from balans.sources.figures import read_table
from balans.sources.manifest import leftovers, read_manifest, verify_raw

TABLE = "83625NED"


def one_refresh(project: Project, url: str) -> int:
    """Start a refresh in a process of its own; return its id."""
    child = os.fork()
    if child == 0:
        os.environ["BALANS_CBS_URL"] = url
        try:
            refresh(project, [TABLE], manners=Manners(pause=0.0, attempts=2, first_wait=0.01)).raise_if_failed()
        except BaseException as error:  # the child must end here, whatever happens, and say what it was
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return child


def state(project: Project) -> str:
    """Return the digest of the figures that are stored, after checking every byte.

    In a process of its own: reading starts threads, and a process with threads cannot safely be forked again.
    """
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            verify_raw(project.raw)
            rows = read_table(project.raw, load_catalogue(project).table(TABLE))
            text = rows.sort_values(["region", "year"]).to_csv(index=False)
            os.write(send, hashlib.sha256(text.encode()).hexdigest()[:12].encode())
        except BaseException as error:  # reported to the test as a broken state
            os.write(send, repr(error).encode()[:4000])
        os._exit(0)
    os.close(send)
    os.waitpid(child, 0)
    with os.fdopen(receive) as answer:
        return answer.read()


def main() -> None:
    """Print as JSON what was found after every kill."""
    project, times, urls = Project(Path(sys.argv[1])), int(sys.argv[2]), sys.argv[3:]
    whole = [state(project)]
    longest = 0.0
    for url in urls:
        start = time.monotonic()
        assert os.waitpid(one_refresh(project, url), 0)[1] == 0
        longest = max(longest, time.monotonic() - start)
        whole.append(state(project))
    chance, rounds = random.Random(2015), []
    for number in range(times):
        child = one_refresh(project, urls[number % 2])
        time.sleep(chance.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        ended = os.waitpid(child, 0)[1]
        garbage = len(leftovers(project.raw, read_manifest(project.raw)))
        rounds.append({"killed": os.WIFSIGNALED(ended), "state": state(project), "garbage": garbage})
    assert os.waitpid(one_refresh(project, urls[0]), 0)[1] == 0
    print(
        json.dumps(
            {
                "whole": whole,
                "rounds": rounds,
                "after": state(project),
                "garbage": [str(p) for p in leftovers(project.raw, read_manifest(project.raw))],
            }
        )
    )


if __name__ == "__main__":
    main()
