"""`kawal demo FILE`: a recorded year behind the pages, with a clock that can be moved, until Ctrl-C."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kawal.base.shutdown import until_stopped
from kawal.cli.terminal import interrupts
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.scenario_file import rows_of

if TYPE_CHECKING:
    from kawal.base.settings import Settings
    from kawal.demo.demo import Demo
    from kawal.domain.scenario import ScenarioRow


def demo(operator: Operator, *, rerun_file: str, demo_home: str | None, demo_anew: bool) -> None:
    """Run the demo until SIGINT or SIGTERM; raises SystemUnavailable, also for a folder that holds something else."""
    from kawal.base.logging import configure_logging
    from kawal.demo.home import clear_home, default_home, forget_installation

    rows = rows_of(rerun_file)
    home = default_home() if demo_home is None else Path(demo_home).expanduser().absolute()
    forget_installation(os.environ)
    settings = operator.settings().model_copy(update={"home": home})
    goes_on = clear_home(home, anew=demo_anew)
    configure_logging(level=30)
    operator.note(operator.say("demo_goes_on" if goes_on else "demo_begins", home=home))
    interrupts.run(until_stopped(_serve(operator, settings, rows, goes_on=goes_on)))
    operator.note(operator.say("demo_stopped"))


async def _serve(operator: Operator, settings: Settings, rows: Sequence[ScenarioRow], *, goes_on: bool) -> None:
    from kawal.demo.run import running_demo
    from kawal.demo.starting_point import KEPRI_2022, done_before
    from kawal.demo_api import serve_demo
    from kawal.web.server import browser_url, listen_as_set

    bound = listen_as_set(settings)
    to_play = 0 if goes_on else len(list(done_before(rows, KEPRI_2022)))
    async with AsyncExitStack() as stack:
        with _progress(operator, to_play) as tick:
            made = await stack.enter_async_context(running_demo(settings, bound, rows, KEPRI_2022, tick))
        _greet(operator, made, browser_url(await stack.enter_async_context(serve_demo(made, bound))))
        try:
            await asyncio.Event().wait()
        finally:
            operator.note(operator.say("stopping"))


@contextmanager
def _progress(operator: Operator, steps: int) -> Iterator[Callable[[], None]]:
    """Show how far the year was played, where it is; yield what counts a step."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(operator.say("rerun_progress"), total=steps, visible=steps > 0)
        yield lambda: bar.advance(task)


def _greet(operator: Operator, made: Demo, url: str) -> None:
    now = show_instant(made.complaints.now(), operator.lang)
    operator.write(operator.say("demo_ready", url=f"{url}/masuk", now=now))


SPECS = (
    Spec(
        "demo",
        demo,
        [
            Field("rerun_file", default=REQUIRED),
            Field("demo_home", "--home"),
            Field("demo_anew", "--anew", bool, default=False),
        ],
        common=(),
    ),
)
