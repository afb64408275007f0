"""A fixed set of small faults, each put into the code on its own, to see whether the tests that should notice do.

    python -m tools.fixed_mutants            # all of tests/mutants/mutants.yml
    python -m tools.fixed_mutants tasks      # those with "tasks" in their name

No file is changed. A child process per fault, forked after everything is loaded, gets the changed function or constant,
runs the named tests, and ends. A fault is *noticed* only if one of them failed on an assertion, on an
error that should have been raised and was not, or on one of the project's own messages: a test that falls over by
accident proves nothing about behaviour.
"""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
import yaml

from balans.code import is_module

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "mutants" / "mutants.yml"
PACKAGE = "balans"
# Imported before the forks: with these comes all that the code and the tests use.
PRELOADED = ("balans.publish.book", "balans.liveability.build", "hypothesis")
NOTICED, MISSED, BROKEN = "noticed", "MISSED", "BROKEN"
CODES = {NOTICED: 10, MISSED: 11, BROKEN: 12}


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        name: unique; says what is wrong with it.
        module: the module that it is in.
        function: the function or method (``Class.method``) that it is in; empty for a constant of the module.
        original: a piece of source, once in the function.
        mutated: what stands there instead.
        tests: the tests that must notice, as pytest names them, relative to ``tests/``.
        issue: whether it is one of the faults that went unnoticed before there was this list.
    """

    name: str
    module: str
    original: str
    mutated: str
    tests: tuple[str, ...]
    function: str = ""
    issue: bool = False

    @property
    def path(self) -> Path:
        """The file of the module."""
        place = ROOT / "src" / Path(*self.module.split("."))
        return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")

    def source(self) -> str:
        """Return the whole module with the fault in it.

        Raises:
            ValueError: the original is not exactly once where it should be; the message says which fault.
        """
        text = self.path.read_text(encoding="utf-8")
        first, last = _lines_of(text, self.function) if self.function else (0, len(text.splitlines()))
        lines = text.splitlines(keepends=True)
        part = "".join(lines[first:last])
        if part.count(self.original) != 1:
            raise ValueError(
                f"{self.name}: {self.original!r} stands {part.count(self.original)} times in "
                f"{self.module} {self.function}, not once. The code has changed; bring tests/mutants/mutants.yml along."
            )
        return "".join([*lines[:first], part.replace(self.original, self.mutated), *lines[last:]])


def load_mutants() -> list[Mutant]:
    """Return the faults of ``tests/mutants/mutants.yml``, in order."""
    entries: list[dict[str, Any]] = yaml.safe_load(LIST.read_text(encoding="utf-8"))["mutants"]
    return [Mutant(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]


def _lines_of(text: str, function: str) -> tuple[int, int]:
    """Return where a function or method begins and ends, as places in the list of lines."""
    body: list[Any] = [ast.parse(text)]
    for name in function.split("."):
        body = [node for parent in body for node in parent.body if getattr(node, "name", None) == name]
    if len(body) != 1:
        raise ValueError(f"There are {len(body)} functions {function}, not one.")
    return body[0].lineno - 1, body[0].end_lineno


def put_in_place(mutant: Mutant) -> None:
    """Change this process: the code of one function, or the value of a constant wherever it was imported.

    The function keeps its identity, so that whoever imported it by name has the fault too.
    """
    module = importlib.import_module(mutant.module)
    changed = ModuleType(mutant.module)
    exec(compile(mutant.source(), mutant.path, "exec", dont_inherit=True), vars(changed))
    if mutant.function:
        _function(module, mutant.function).__code__ = _function(changed, mutant.function).__code__
        return
    names = [name for name in vars(changed) if name.isupper() and vars(changed)[name] != vars(module).get(name)]
    for other in [one for name, one in sys.modules.items() if name.split(".")[0] == PACKAGE]:
        for name in names:
            if vars(other).get(name) is vars(module)[name] and other is not module:
                setattr(other, name, vars(changed)[name])
    for name in names:
        setattr(module, name, vars(changed)[name])


def _function(module: ModuleType, name: str) -> FunctionType:
    found: Any = module
    for part in name.split("."):
        found = vars(found)[part]
    found = found.fget if isinstance(found, property) else inspect.unwrap(found)
    assert isinstance(found, FunctionType), f"{name} is no function"
    return found


class _Witness:
    """Remembers how the tests ended: on an assertion, or by falling over."""

    def __init__(self) -> None:
        self.assertions, self.accidents, self.passed = 0, 0, 0

    @pytest.hookimpl
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is None:
            self.passed += call.when == "call"
        elif call.when == "call" and _speaks(call.excinfo.type):
            self.assertions += 1
        else:
            self.accidents += 1


def _speaks(error: type[BaseException]) -> bool:
    """Whether an error says something about behaviour: an assertion, or the project's own message for people."""
    own = any(base.__name__ == "BalansError" for base in error.__mro__)
    return own or issubclass(error, AssertionError | pytest.fail.Exception)


def preload() -> None:
    """Import what the children need, so that each begins with it."""
    for name in (*PRELOADED, *sorted({one.module for one in load_mutants()})):
        importlib.import_module(name)
    is_module(PACKAGE)  # reads the graph of imports, which the checks on stale tables ask for
    gc.freeze()  # so that children share the memory of what is loaded


def outcome(tests: Sequence[str], mutant: Mutant | None = None) -> tuple[str, str]:
    """Run tests in a child with a fault in place (or none); return what came of it, and what pytest said."""
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            _run_as_child(tests, mutant, said.fileno())
        _, status = os.waitpid(child, 0)
        said.seek(0)
        shown = said.read().decode(errors="replace")
    by_code = {code: word for word, code in CODES.items()}
    return by_code.get(os.waitstatus_to_exitcode(status), BROKEN), shown


def _run_as_child(tests: Sequence[str], mutant: Mutant | None, said: int) -> None:
    code = CODES[BROKEN]
    try:
        os.dup2(said, 1)
        os.dup2(said, 2)
        if mutant is not None:
            put_in_place(mutant)
        # Coverage, benchmarks and the like cost half a second per child, and none of the tests needs them.
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        witness = _Witness()
        # hypothesis is loaded before the forks, so pytest cannot rewrite its assertions; it has none of ours.
        options = ["-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
        ended = pytest.main([*options, *(str(ROOT / "tests" / test) for test in tests)], plugins=[witness])
        if witness.assertions and not witness.accidents:
            code = CODES[NOTICED]
        elif ended == pytest.ExitCode.OK and witness.passed:
            code = CODES[MISSED]
    except BaseException:  # a forked child must never return into the parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def results(mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, str, str]]:
    """Yield each fault with what came of it and what pytest said."""
    for mutant in mutants:
        yield mutant, *outcome(mutant.tests, mutant)


def main(wanted: Sequence[str]) -> int:
    """Run the faults whose name contains one of ``wanted`` (or all); return how many were not noticed."""
    mutants = [one for one in load_mutants() if not wanted or any(part in one.name for part in wanted)]
    preload()
    without, shown = outcome(sorted({test for one in mutants for test in one.tests}))
    if without != MISSED:
        print(shown, "\nThe tests do not pass without a fault either.", file=sys.stderr)
        return 1
    missed = 0
    for mutant, word, shown in results(mutants):
        missed += word != NOTICED
        print(f"{word:8} {mutant.name}", flush=True)
        if word != NOTICED:
            print(shown[-3000:])
    print(f"{len(mutants) - missed} of {len(mutants)} faults noticed")
    return missed


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
