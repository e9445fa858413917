"""How somebody works on a page: with pointer or finger, or by the keyboard alone."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from playwright.async_api import FilePayload, Locator, expect

from tests.system.pages.visits import Visit

MOST_STOPS = 250
"""So many times Tab is pressed before something counts as out of the keyboard's reach."""

_PLACE = "(list, value) => [...list.options].findIndex((one) => one.value === value)"
"""Where a choice stands in a list of them, from 0."""


class Hands(Protocol):
    """What can be done to the controls of a visit's page."""

    @property
    def visit(self) -> Visit: ...

    async def press(self, control: Locator) -> None: ...

    async def write(self, field: Locator, text: str) -> None: ...

    async def choose(self, field: Locator, value: str) -> None: ...

    async def tick(self, box: Locator) -> None: ...

    async def attach(self, field: Locator, file: FilePayload) -> None: ...


class ByPointer(NamedTuple):
    """With a mouse or a finger."""

    visit: Visit

    async def press(self, control: Locator) -> None:
        await control.click()

    async def write(self, field: Locator, text: str) -> None:
        await field.fill(text)

    async def choose(self, field: Locator, value: str) -> None:
        await field.select_option(value)

    async def tick(self, box: Locator) -> None:
        await box.check()

    async def attach(self, field: Locator, file: FilePayload) -> None:
        await field.set_input_files(file)


class ByKeys(NamedTuple):
    """With nothing but keys: whatever is used is reached with Tab from where the focus was."""

    visit: Visit

    async def press(self, control: Locator) -> None:
        await self._use(control, "Enter")

    async def write(self, field: Locator, text: str) -> None:
        await self._reach(field)
        await self.visit.page.keyboard.type(text)

    async def choose(self, field: Locator, value: str) -> None:
        await self._reach(field)
        for key in ["Home", *["ArrowDown"] * await field.evaluate(_PLACE, value)]:
            await self.visit.page.keyboard.press(key)
        await expect(field).to_have_value(value)

    async def tick(self, box: Locator) -> None:
        await self._use(box, "Space")
        await expect(box).to_be_checked()

    async def attach(self, field: Locator, file: FilePayload) -> None:
        async with self.visit.page.expect_file_chooser() as opened:
            await self._use(field, "Space")
        await (await opened.value).set_files(file)

    async def _use(self, control: Locator, key: str) -> None:
        await self._reach(control)
        await self.visit.page.keyboard.press(key)

    async def _reach(self, control: Locator) -> None:
        await expect(control).to_be_visible()
        for _ in range(MOST_STOPS):
            if await control.evaluate("one => one === document.activeElement"):
                return
            await self.visit.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {control}")
