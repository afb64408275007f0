"""The command ``balans``: every verb of the Makefile."""

from __future__ import annotations

import hashlib
import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from balans.errors import BalansError
from balans.paths import Project, find_project
from balans.tables import OWN_FOLDER, read_package

app = typer.Typer(
    help="Nederland in balans: from open figures to the book.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()


class Engine(StrEnum):
    """How a notebook is run."""

    warm = "warm"
    kernel = "kernel"


class Scheduler(StrEnum):
    """How many notebooks run at once."""

    processes = "processes"
    serial = "serial"


EngineOption = Annotated[Engine, typer.Option(help="warm forks a kernel per page and is fast; kernel starts one.")]


@app.callback()
def main(verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every step.")] = False) -> None:
    """Nederland in balans: from open figures to the book."""
    project = find_project()
    log = project.site.parent / "balans.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [logging.FileHandler(log, mode="w", encoding="utf-8")]
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", handlers=handlers, force=True)


@app.command()
def process(force: Annotated[bool, typer.Option(help="Make the tables even if nothing changed.")] = False) -> None:
    """Make the tables of data/processed from data/raw and definitions/."""
    from balans.process import process as make_tables

    with _errors_for_people():
        written = make_tables(find_project(), force=force)
        console.print(f"data/processed: {_steps(written)}.")


@app.command()
def book(
    regions: Annotated[str, typer.Option(help="Only these regions, separated by spaces; default all 20.")] = "",
    engine: EngineOption = Engine.warm,
    scheduler: Annotated[Scheduler, typer.Option(help="How pages are run.")] = Scheduler.processes,
) -> None:
    """Make the book: tables, pages and website, as far as something changed."""
    _make_book(find_project(), regions.split(), engine, scheduler)


@app.command()
def why(
    name: Annotated[str, typer.Argument(help="A page (h1/prognoses, regios/achterhoek) or a table (indicators).")],
    engine: EngineOption = Engine.warm,
) -> None:
    """Say why a page or a table would be made anew, or that it would be kept."""
    from balans.publish.why import why as reasons

    with _errors_for_people():
        found = reasons(find_project(), name, engine.value)
    shown = "\n".join(f"  {reason}" for reason in found)
    text = f"{name} would be made anew:\n{shown}" if found else f"{name} would be kept: nothing that it uses changed."
    console.print(text, markup=False, highlight=False, soft_wrap=True)


region_app = typer.Typer(help="Make the page of one region, or list what there is.", no_args_is_help=True)
app.add_typer(region_app, name="region")


@region_app.command("make")
def region_make(
    name: Annotated[str, typer.Argument(help="A region_id, a CBS code (GM1680, CR39, PV31), a name, or a YAML file.")],
    engine: EngineOption = Engine.warm,
) -> None:
    """Make the page of one region and put it in the book; without a book, make one of this region only."""
    from balans.geography.former import what_became_of
    from balans.publish.book import remember_region

    project = find_project()
    with _errors_for_people():
        region_id = remember_region(project, name)
        if became := what_became_of(project, region_id):
            console.print(f"{became} The page shows what can be shown of the former area.", highlight=False)
    only = [] if (project.site / "index.html").is_file() else [region_id]
    _make_book(project, only, engine, Scheduler.processes)
    console.print(f"Page: {_shown(project, project.site / 'regios' / f'{region_id}.html')}")


@region_app.command("list")
def region_list() -> None:
    """List the regions, totals, provinces and COROP areas; every municipality can be asked for by code or name."""
    from balans.geography.catalogue import load_regions
    from balans.geography.divisions import area_names

    project = find_project()
    with _errors_for_people():
        own = {region.id: f"{region.name} ({region.type})" for region in load_regions(project).values()}
        areas = {code: label for code, label in area_names(project).items() if code[:2] in {"PV", "CR"}}
        for region_id, label in (own | areas).items():
            console.print(f"{region_id:26} {label}", highlight=False, markup=False)
        console.print("and every municipality, by its code (GM0363) or its name; or a YAML file: docs/add-a-region.md")


@app.command()
def regiocheck(
    check: Annotated[
        str, typer.Argument(help="An example of definitions/policies.yml, or a YAML file with your own check.")
    ] = "drempel-50000",
) -> None:
    """Check what an allocation key or a norm does to each region; writes a page and a table to _build/regiocheck."""
    from balans.process import process as make_tables
    from balans.publish.regiocheck_report import write_report

    project = find_project()
    with _errors_for_people():
        make_tables(project)
        report = write_report(project, check, project.site.parent / "regiocheck")
    console.print(report.text, markup=False, highlight=False, soft_wrap=True)
    console.print(f"Pagina: {_shown(project, report.page)}\nTabel: {_shown(project, report.table)}")


def _make_book(project: Project, regions: list[str], engine: Engine, scheduler: Scheduler) -> None:
    from balans.publish.book import make_book

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with _errors_for_people(), Progress(*columns, console=console) as bar:
        task = bar.add_task("Pages", total=None)
        report = make_book(
            project,
            regions=regions or None,
            engine=engine.value,
            scheduler=scheduler.value,
            start=lambda total: bar.update(task, total=total),
            progress=lambda page: bar.update(task, advance=1, description=f"Page: {page.title}"),
        )
        bar.update(task, description="Pages")
    tables = _steps(report.steps)
    console.print(f"Tables: {tables}; digest of their figures {_figures_digest(project)}.")
    console.print(f"Pages: {len(report.pages.executed)} executed, {len(report.pages.kept)} kept.")
    console.print(
        f"Site: {'built' if report.site_built else 'nothing changed'}: {_shown(project, project.site / 'index.html')}"
    )


def _steps(names: list[str]) -> str:
    return f"made anew: {', '.join(names)}" if names else "nothing changed"


def _figures_digest(project: Project) -> str:
    """Return 12 digits of a SHA-256 over every table but ``sources``, which tells dates and versions."""
    resources = (read_package(project.processed) or {"resources": []})["resources"]
    hashes = sorted(f"{one['path']} {one['hash']}" for one in resources if not one["path"].startswith("sources."))
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:12]


def _shown(project: Project, path: object) -> str:
    return str(path).removeprefix(f"{project.root}/")


@app.command()
def data(
    tables: Annotated[str, typer.Option(help="Only these tables, separated by spaces; default all.")] = "",
) -> None:
    """Bring data/raw up to date from the sources, by running notebooks/verantwoording/bronnen; needs a network."""
    from balans.publish.refreshing import run_refresh

    with _errors_for_people():
        last = run_refresh(find_project(), tables.split())
    console.print(last.text, markup=False, highlight=False)
    console.print("Now make the book from the new figures: make book")
    if last.failed:
        raise typer.Exit(1)


@app.command()
def status() -> None:
    """Say how old each stored table is, whether the source has a newer one, and which figures are provisional."""
    from balans.sources.fetch.status import status as table_status

    with _errors_for_people():
        rows = table_status(find_project())
    shown = rows[["table", "obtained", "age_days", "modified_at_source", "newer", "provisional", "remark"]]
    console.print(shown.fillna("").to_string(index=False), markup=False, highlight=False)


@app.command()
def verify(
    tables: Annotated[str, typer.Option(help="Only these tables, separated by spaces; default all.")] = "",
) -> None:
    """Compare the carried-over figures with the tables of the sources; needs a network."""
    from balans.sources.fetch.progress import bars
    from balans.sources.fetch.verify import verify_live

    with _errors_for_people(), bars() as progress:
        report = verify_live(find_project(), tables.split() or None, progress)
    console.print(report.describe(), markup=False, highlight=False)


@app.command()
def restore(
    table: Annotated[str, typer.Argument(help="Table id, as in data/raw.")],
    carried_over: Annotated[bool, typer.Option(help="Back to the figures that came with the project.")] = False,
) -> None:
    """Put the previous version of a table back in force."""
    from balans.sources.fetch.store import restore as put_back

    with _errors_for_people():
        entry = put_back(find_project(), table, carried_over=carried_over)
    console.print(f"data/raw/{entry.table}: back to the version of {entry.obtained}.")


@app.command()
def serve(port: Annotated[int, typer.Option(help="Port on this machine.")] = 8000) -> None:
    """Serve the built book on this machine."""
    project = find_project()
    if not (project.site / "index.html").is_file():
        raise SystemExit("There is no book yet. Make it first: make book")
    handler = partial(SimpleHTTPRequestHandler, directory=str(project.site))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        console.print(f"The book is at http://127.0.0.1:{server.server_port}/ (stop with Ctrl+C)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            console.print("Stopped.")


@app.command()
def clean() -> None:
    """Remove everything that is generated: tables, pages, cache and site. Regions of your own stay."""
    project = find_project()
    for folder in (project.cache, project.site.parent):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(project.processed / OWN_FOLDER, ignore_errors=True)
    for path in [*project.processed.glob("*"), *project.book.rglob("*.ipynb"), *project.book.rglob("*.mo")]:
        if path.name != "README.md":
            path.unlink()
    console.print("Removed the tables, the pages, the cache and the site.")


@contextmanager
def _errors_for_people() -> Iterator[None]:
    """Show what went wrong as one message, and end with status 1; a bug in the program keeps its traceback."""
    try:
        yield
    except BalansError as error:
        Console(stderr=True, soft_wrap=True).print(str(error), style="bold red", markup=False, highlight=False)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    app()
