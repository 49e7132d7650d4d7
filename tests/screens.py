"""Takes the pictures under docs/screens of a system of its own, with real generations of the sandbox."""

import io
import os
import sys
import tempfile
import threading
from itertools import product
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from config.local import ports
from config.local.site import ROOT, Site
from config.local.system import System
from tests.browser import launch_options
from tests.system import RunningSystem
from tests.visitor import PASSWORD, Visitor

FOLDER = ROOT / "docs/screens"
LANGUAGES = {"en": "en-US", "ru": "ru-RU"}
WIDTHS = {1440: 900, 390: 844}
PROMPTS = {
    "en": (
        ("Morning in a mountain forest, mist between the pines", "16:9"),
        ("Harbour at dusk, sailing boats, long reflections", "3:2"),
        ("Lighthouse on a cliff at night, stars", "4:5"),
        ("Poppy field in summer, watercolour", "1:1"),
        ("City skyline at sunset, rain, neon", "16:9"),
        ("Desert dunes under a full moon", "3:2"),
    ),
    "ru": (
        ("Утро в горном лесу, туман между соснами", "16:9"),
        ("Гавань в сумерках, парусники, длинные отражения", "3:2"),
        ("Маяк на скале ночью, звёзды", "4:5"),
        ("Маковое поле летом, акварель", "1:1"),
        ("Город на закате, дождь, неон", "16:9"),
        ("Дюны в пустыне под полной луной", "3:2"),
    ),
}
WAITING = {"en": "Aurora over a quiet lake", "ru": "Северное сияние над тихим озером"}
REFUSED = {"en": "A crowd on a square", "ru": "Толпа на площади"}


def say(topic: str, message: str) -> None:
    print(f"{topic:<11} {message}", file=sys.stderr, flush=True)


def fill(system: RunningSystem, language: str) -> tuple[Visitor, list[str]]:
    """A person with six pictures, one refusal and one at work."""
    person = Visitor(system, "north", given_credits=1240)
    done = [person.ask(prompt, aspect_ratio=aspect, seed=7) for prompt, aspect in PROMPTS[language][:3]]
    for generation in done:
        person.wait_for(generation, "completed", seconds=120)
    misbehave(system, REFUSED[language], "refuse")
    misbehave(system, WAITING[language], "slow", "600")
    refused = person.ask(REFUSED[language])
    person.wait_for(refused, "failed", seconds=120)
    more = [person.ask(prompt, aspect_ratio=aspect, seed=7) for prompt, aspect in PROMPTS[language][3:]]
    for generation in more:
        person.wait_for(generation, "completed", seconds=120)
    waiting = person.ask(WAITING[language], aspect_ratio="16:9")
    person.wait_for(waiting, "running", seconds=60)
    return person, [*done, *more]


def misbehave(system: RunningSystem, prompt: str, fault: str, value: str = "") -> None:
    """Has the sandbox treat one prompt so, without a word of it in the prompt."""
    body = {"match": prompt, "fault": fault, "value": value, "times": 1}
    requests.post(f"{system.sandbox_url}/control/faults", json=body, timeout=10).raise_for_status()


def shoot(  # noqa: PLR0917
    browser: Browser, person: Visitor, result: str, language: str, theme: Any, width: int
) -> None:
    """Both pages in one theme, language and width."""
    viewport: Any = {"width": width, "height": WIDTHS[width]}
    context = browser.new_context(viewport=viewport, locale=LANGUAGES[language], color_scheme=theme)
    page = context.new_page()
    page.goto(f"{person.system.url}/accounts/login/")
    page.fill("input[name=login]", person.email)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#composer")
    for name, path in (("create", "/"), ("result", f"/result/{result}/")):
        page.goto(f"{person.system.url}{path}")
        page.wait_for_load_state("networkidle")
        save(page.screenshot(), FOLDER / f"{name}-{theme}-{language}-{width}.webp")
        say("screens", f"{name} {theme} {language} {width}")
    context.close()


def save(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").save(path, quality=82, method=6)


def sheet(person: Visitor, generations: list[str]) -> None:
    """Six real results side by side, for the README."""
    side, gap = 400, 12
    canvas = Image.new("RGB", (3 * side + 2 * gap, 2 * 280 + gap), "#0b0c0f")
    for number, generation in enumerate(generations):
        link = person.get(generation)["output_urls"][0]
        answer = requests.get(link, headers={"Authorization": f"Bearer {person.key}"}, timeout=30)
        with Image.open(io.BytesIO(answer.content)) as image:
            tile = cover(image.convert("RGB"), side, 280)
        canvas.paste(tile, ((number % 3) * (side + gap), (number // 3) * (280 + gap)))
    canvas.save(FOLDER / "six-results.webp", quality=84, method=6)


def cover(image: Image.Image, width: int, height: int) -> Image.Image:
    scale = max(width / image.width, height / image.height)
    resized = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    left, top = (resized.width - width) // 2, (resized.height - height) // 2
    return resized.crop((left, top, left + width, top + height))


def main() -> int:
    options = launch_options()
    if options is None:
        say("screens", "no Chromium; bin/setup-browser fetches one")
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(data_dir=Path(folder), port=ports.choose(), given=dict(os.environ), is_throwaway=False)
        system = System(site, say)
        watcher = threading.Thread(target=system.watch)
        try:
            system.start()
            watcher.start()
            people = {language: fill(RunningSystem(system), language) for language in LANGUAGES}
            sheet(*people["en"])
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(**options)
                for language, theme, width in product(LANGUAGES, ("dark", "light"), WIDTHS):
                    person, generations = people[language]
                    shoot(browser, person, generations[0], language, theme, width)
                browser.close()
        finally:
            system.stopping.set()
            if watcher.is_alive():
                watcher.join()
            system.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
