"""`kawal quality`: samples of follow-ups, drawn so that anyone can repeat the draw, and the reviewers' verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_day, show_instant
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import EVENTS, label
from kawal.domain.quality import QualityCount
from kawal.wording.quality_words import VERDICTS

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.quality import Redraw, ReviewMaterial, ReviewResult
    from kawal.domain.quality import Candidate
    from kawal.store.quality import Draw, Grounds, Item

_COUNTS = ("drawn", "reviewed", "answers", "partly", "does_not", "waiting", "erased", "disputed")


def list_draws(operator: Operator, *, draw_number: int | None) -> None:
    """List the draws, or the follow-ups that one of them drew."""
    if draw_number is not None:
        _list_items(operator, draw_number)
        return

    async def work(complaints: Readings) -> list[Draw]:
        from kawal.desks.quality import Quality

        await operator.check_named(complaints)
        return await Quality(complaints).record.draws(operator.instansi())

    draws = operator.with_record(work)
    if operator.json:
        operator.write_json([made.model_dump(mode="json") for made in draws])
    elif draws:
        columns = ("draw", "instansi", "opd", "first_day", "last_day", "drawn", "candidates", "seed", "drawn_at")
        write_table(columns, (_draw_row(operator, made) for made in draws), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def _list_items(operator: Operator, number: int) -> None:
    async def work(complaints: Readings) -> list[Item]:
        from kawal.desks.quality import Quality

        reader = None if operator.acting() is None else await operator.actor(complaints)
        return await Quality(complaints).items(number, reader)

    items = operator.with_record(work)
    if operator.json:
        operator.write_json([item.model_dump(mode="json") for item in items])
        return
    write_table(
        ("draw_place", "tracking_id", "seq", "opd", "verdicts"),
        (_item_row(operator, item) for item in items),
        operator.lang,
    )


def _write_reviews(operator: Operator, reading: ReviewMaterial) -> None:
    if reading.item.hidden:
        operator.note(operator.say("reviews_hidden", count=reading.item.hidden))
    for review in reading.reviews:
        operator.write(f"\n{_review(operator, review)}\n{review.grounds or operator.say('erased_item')}")


def result(operator: Operator, *, draw_number: int) -> None:
    """Count a draw's verdicts, by who gave the follow-ups."""

    async def work(complaints: Readings) -> dict[str, QualityCount]:
        from kawal.desks.quality import Quality

        return await Quality(complaints).result(draw_number)

    counted = operator.with_record(work)
    total = sum(counted.values(), QualityCount())
    if operator.json:
        lines = {opd: count.model_dump() for opd, count in counted.items()}
        operator.write_json({"draw": draw_number, **total.model_dump(), "opds": lines})
        return
    rows = [*counted.items(), (operator.say("total_line"), total)]
    write_table(
        ("opd", *_COUNTS),
        ([opd, *(str(getattr(count, name)) for name in _COUNTS)] for opd, count in rows),
        operator.lang,
    )


def redraw(operator: Operator, *, draw_number: int, with_candidates: bool) -> int:
    """Repeat the draw with today's record; the exit code is 1 where the result differs."""

    async def work(complaints: Readings) -> tuple[Redraw, list[tuple[str, Candidate]]]:
        from kawal.desks.quality import Quality

        quality = Quality(complaints)
        listed = await quality.candidates(draw_number) if with_candidates else []
        return await quality.redraw(draw_number), listed

    again, listed = operator.with_record(work)
    if operator.json:
        operator.write_json(
            {
                "draw": again.made.model_dump(mode="json"),
                "candidates": again.candidates,
                "population_digest": again.population_digest,
                "agrees": again.agrees,
                "gone": [one._asdict() for one in again.gone],
                "come": [one._asdict() for one in again.come],
                "recorded": again.recorded,
                "changed": again.changed,
            }
            | ({"lots": [{"lot": text, **one._asdict()} for text, one in listed]} if with_candidates else {})
        )
        return int(not again.whole)
    if listed:
        rows = ([text, one.tracking_id, str(one.seq)] for text, one in listed)
        write_table(("lot", "tracking_id", "seq"), rows, operator.lang)
    (operator.note if listed else operator.write)(_redrawn(operator, again))
    if not again.recorded:
        operator.note(operator.say("draw_unrecorded", number=draw_number))
    if again.changed:
        operator.note(operator.say("reviews_changed", places=", ".join(map(str, again.changed))))
    return int(not again.whole)


def _draw_row(operator: Operator, made: Draw) -> list[str]:
    return [
        str(made.id),
        made.instansi,
        made.opd or operator.say("all_opds"),
        show_day(made.from_day, operator.lang),
        show_day(made.to_day, operator.lang),
        str(min(made.size, made.candidates)),
        str(made.candidates),
        made.seed,
        show_instant(made.drawn_at, operator.lang),
    ]


def _item_row(operator: Operator, item: Item) -> list[str]:
    said = [label(VERDICTS, str(one.verdict), operator.lang) for one in item.reviews]
    if item.hidden:
        said.append(operator.say("reviews_count", count=item.hidden))
    if item.erased:
        said.append(operator.say("erased_item"))
    return [str(item.place), item.tracking_id, str(item.seq), item.opd, ", ".join(said) or "–"]


def _review(operator: Operator, one: Grounds) -> str:
    verdict = label(VERDICTS, str(one.verdict), operator.lang)
    return f"{show_instant(one.reviewed_at, operator.lang)}, {one.name or one.reviewer}: {verdict}"


def _redrawn(operator: Operator, again: Redraw) -> str:
    if again.agrees:
        return operator.say("draw_agrees", candidates=again.candidates)
    return operator.say(
        "draw_differs",
        number=again.made.id,
        then=again.made.candidates,
        now=again.candidates,
        gone=", ".join(f"{one.tracking_id}/{one.seq}" for one in again.gone) or "–",
        come=", ".join(f"{one.tracking_id}/{one.seq}" for one in again.come) or "–",
    )


def _tell_drawn(operator: Operator, made: Draw) -> None:
    drawn = min(made.size, made.candidates)
    operator.write(operator.say("draw_made", number=made.id, drawn=drawn, candidates=made.candidates, seed=made.seed))
    kind, _, size = made.seed_source.partition(":")
    if kind == "head":
        operator.note(operator.say("draw_from_head", size=size))
    if made.candidates < made.size:
        operator.note(operator.say("draw_few", candidates=made.candidates))


def _tell_reading(operator: Operator, reading: ReviewMaterial) -> None:
    operator.write(f"{reading.item.tracking_id}: {reading.title}\n\n{reading.text}")
    for step in reading.steps:
        what = label(EVENTS, str(step.kind), operator.lang)
        who = f", {step.opd}" if step.opd else ""
        operator.write(f"\n[{step.seq}] {show_instant(step.at, operator.lang)}, {what}{who}\n{step.text}")
    _write_reviews(operator, reading)


def _tell_reviewed(operator: Operator, done: ReviewResult) -> None:
    shown = label(VERDICTS, str(done.verdict), operator.lang)
    operator.write(operator.say("review_taken", number=done.draw, place=done.place, verdict=shown))


_NUMBER = Field("draw_number", default=REQUIRED, kind=int)
_PLACED = frozenset({"draw", "place"})

SPECS = (
    *desk_specs(
        "quality",
        {
            "draw": Form(_tell_drawn, typed=OptionLayout({"first_day": "--from", "last_day": "--to"})),
            "read": Form(_tell_reading, typed=OptionLayout(places=_PLACED)),
            "review": Form(_tell_reviewed, typed=OptionLayout(places=_PLACED)),
        },
    ),
    Spec("list", list_draws, [Field("draw_number", kind=int)]),
    Spec("result", result, [_NUMBER]),
    Spec("redraw", redraw, [_NUMBER, Field("with_candidates", "--candidates", bool, default=False)]),
)
