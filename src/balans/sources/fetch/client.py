"""One polite connection to every source: it names itself, waits, tries again, and explains what went wrong."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

from balans.errors import DownloadError, SourceError, SourceSilentError, TableGoneError

MIRROR = "BALANS_CBS_URL"
PASSING_STATUS = {429, 500, 502, 503, 504}
WISHES = {429: "asks to slow down", 503: "is out of service"}
Result = TypeVar("Result")


class UnusableAnswerError(ValueError):
    """The answer came with status 200 but is not what was asked for; asking again may help."""


# The connection broke, took too long, or brought something else than a whole answer.
PASSING = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    json.JSONDecodeError,
    UnusableAnswerError,
)


@dataclass(frozen=True)
class Manners:
    """How patient the client is.

    Attributes:
        timeout: seconds to wait for a connection, and for each piece of an answer.
        attempts: how often one request is tried.
        first_wait: seconds before the second try; it doubles with every try, with jitter.
        longest_wait: seconds that one wait lasts at most, also when the source asks for more.
        pause: seconds between two requests.
        sleep: how to wait.
    """

    timeout: tuple[float, float] = (10.0, 60.0)
    attempts: int = 6
    first_wait: float = 1.0
    longest_wait: float = 120.0
    pause: float = 0.2
    sleep: Callable[[float], None] = time.sleep


def address(url: str) -> str:
    """Return where to ask for ``url``: there, or below the mirror that ``$BALANS_CBS_URL`` names.

    ``https://opendata.cbs.nl/x`` becomes ``MIRROR/opendata.cbs.nl/x``; an address of the mirror itself stays.
    """
    mirror = os.environ.get(MIRROR, "").rstrip("/")
    return url if not mirror or url.startswith(mirror) else f"{mirror}/{url.split('://', 1)[1]}"


class Client:
    """Asks, and asks again when that may help; ``silent`` remembers which services did not answer at all."""

    def __init__(self, manners: Manners | None = None) -> None:
        """Open a session; ``manners`` says how patient it is."""
        self.manners = manners or Manners()
        self.silent: dict[str, str] = {}
        self.session = requests.Session()
        self.session.trust_env = MIRROR not in os.environ
        name = (
            f"nederland-in-balans/{version('balans')} (publicatie op open data; python-requests/{requests.__version__})"
        )
        self.session.headers.update({"User-Agent": name, "Accept-Encoding": "gzip, deflate"})
        self._asked = False

    def get(self, url: str) -> bytes:
        """Return the body of one answer, after a pause, without trying again."""
        if self._asked:
            self.manners.sleep(self.manners.pause)
        self._asked = True
        response = self.session.get(url, timeout=self.manners.timeout)
        response.raise_for_status()
        return response.content

    def json(self, url: str, what: str) -> dict[str, Any]:
        """Return an answer in JSON, tried as often as manners allow; errors as in ``patiently``."""
        return self.patiently(lambda: json.loads(self.get(url)), what)

    def patiently(self, ask: Callable[[], Result], what: str) -> Result:
        """Return ``ask()``, tried as often as manners allow.

        Args:
            ask: one or more requests; what it raises decides whether a new try makes sense.
            what: what is asked for, to name it in a message.

        Raises:
            TableGoneError: the source answers 404.
            SourceError: every try failed, or trying again makes no sense.
        """
        retrying = Retrying(
            retry=retry_if_exception(may_pass),
            stop=stop_after_attempt(self.manners.attempts),
            wait=self._wait,
            sleep=self.manners.sleep,
            reraise=True,
        )
        try:
            return retrying(ask)
        except (requests.RequestException, json.JSONDecodeError, UnusableAnswerError) as error:
            raise explain(error, what, self.manners) from error

    @contextmanager
    def service(self, name: str, table: str) -> Iterator[None]:
        """Ask a service for a table, unless it did not answer before: then another long wait makes no sense.

        Raises:
            SourceSilentError: it did not answer, now or before.
        """
        if name in self.silent:
            raise SourceSilentError(f"Table {table}: not tried, because {name} did not answer for {self.silent[name]}.")
        try:
            yield
        except SourceSilentError:
            self.silent[name] = table
            raise

    def _wait(self, state: RetryCallState) -> float:
        """Seconds until the next try: what the source asks for, or longer every time."""
        manners = self.manners
        growing = (wait_exponential(manners.first_wait) + wait_random(0, manners.first_wait))(state)
        asked = _retry_after(state.outcome.exception() if state.outcome else None)
        return min(max(growing, asked), manners.longest_wait)


def may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed later."""
    response = _response(error)
    return isinstance(error, PASSING) if response is None else response.status_code in PASSING_STATUS


def explain(error: Exception, what: str, manners: Manners) -> SourceError:
    """Return the error as a message for people: what happened, that nothing changed, what to do."""
    response = _response(error)
    if response is not None and response.status_code == 404:
        return TableGoneError(
            f"{what}: {_host(response.url)} does not have it (404). The stored figures stay in force."
        )
    tries = f"after {manners.attempts} tries" if may_pass(error) else "and asking again makes no sense"
    silent = isinstance(error, (requests.ConnectionError, requests.Timeout)) and response is None
    return (SourceSilentError if silent else DownloadError)(
        f"{what}: {_cause(error, response, manners)}, {tries}. The stored figures stay in force; pages that did arrive "
        "are kept. Try again later: make data"
    )


def _cause(error: Exception, response: requests.Response | None, manners: Manners) -> str:
    if response is not None:
        wish = WISHES.get(response.status_code, "answered with an error")
        return f"{_host(response.url)} {wish} ({response.status_code})"
    if isinstance(error, UnusableAnswerError):
        return str(error)
    if isinstance(error, requests.Timeout):
        return f"no answer within {manners.timeout[1]:g} seconds"
    if isinstance(error, json.JSONDecodeError):
        return "the answer is not complete JSON (broken off, or a web page)"
    return "the source refuses the connection" if "refused" in str(error) else "the connection broke off"


def _response(error: BaseException | None) -> requests.Response | None:
    return error.response if isinstance(error, requests.HTTPError) else None


def _retry_after(error: BaseException | None) -> float:
    """Seconds that the source asks to wait (a number or a date), or 0."""
    response = _response(error)
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    if asked.isdigit():
        return float(asked)
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


def _host(url: str) -> str:
    """The host that was meant: of an address below the mirror the first part of the path."""
    parts = urlsplit(url)
    first = parts.path.split("/")[1] if parts.path.count("/") > 1 else ""
    return first if "." in first else parts.netloc
