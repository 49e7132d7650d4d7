"""What a seeded library is made of: words in two languages that agree, and a few real files that show them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from media_pipeline import storage
from media_pipeline.ingest import THUMBNAIL_SIDES
from media_pipeline.inspection import inspect
from media_pipeline.kept import KeptFile
from providers.sandbox.work.making import make
from providers.sandbox.work.order import Order

SIDE = 768
SHAPES = ((SIDE, SIDE), (960, 640), (640, 960), (1024, 576))
FILM_SECONDS = 3
# (English, Russian): the same thing in both, so that a picture fits either.
SUBJECTS = (
    ("a pine forest in the mist", "сосновый лес в тумане"),
    ("a harbour with sailing boats", "гавань с парусниками"),
    ("a lighthouse on a cliff", "маяк на скале"),
    ("a poppy field", "маковое поле"),
    ("a city skyline in the rain", "город под дождём"),
    ("desert dunes", "дюны в пустыне"),
    ("aurora over a frozen lake", "северное сияние над замёрзшим озером"),
    ("snowy mountains above a valley", "снежные горы над долиной"),
    ("a portrait of a woman with freckles", "портрет женщины с веснушками"),
    ("a portrait of an old fisherman", "портрет старого рыбака"),
    ("a planet with rings among stars", "планета с кольцами среди звёзд"),
    ("cherry blossom by a river", "цветущая вишня у реки"),
    ("abstract shapes of paper", "абстрактные формы из бумаги"),
    ("an autumn birch grove", "осенняя берёзовая роща"),
    ("a quiet sea with a lone sail", "тихое море с одиноким парусом"),
    ("a meadow with wild flowers", "луг с полевыми цветами"),
)
MOMENTS = (
    ("at dawn", "на рассвете"),
    ("at noon", "в полдень"),
    ("at sunset, golden light", "на закате, золотой свет"),
    ("at night under a full moon", "ночью под полной луной"),
    ("in the blue hour", "в синий час"),
    ("after a thunderstorm", "после грозы"),
    ("in early spring", "ранней весной"),
    ("in the first snow", "в первый снег"),
)
STYLES = (
    ("film photograph, 35 mm", "плёночная фотография, 35 мм"),
    ("watercolour on rough paper", "акварель на шероховатой бумаге"),
    ("oil painting, thick strokes", "масло, густые мазки"),
    ("pencil drawing", "рисунок карандашом"),
    ("pastel, soft edges", "пастель, мягкие края"),
    ("poster, flat colours", "плакат, плоские цвета"),
    ("cinematic, shallow depth of field", "кинематографично, малая глубина резкости"),
)
DETAILS = (
    ("long shadows", "длинные тени"),
    ("a flock of birds", "стая птиц"),
    ("muted colours", "приглушённые цвета"),
    ("vivid colours", "яркие цвета"),
    ("seen from above", "вид сверху"),
    ("reflections in the water", "отражения в воде"),
    ("a single figure far away", "одинокая фигура вдали"),
    ("heavy clouds", "тяжёлые облака"),
    ("light haze", "лёгкая дымка"),
    ("high detail", "высокая детализация"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A stored file and the number of the subject it shows."""

    subject: int
    kind: Literal["image", "video"]
    kept: KeptFile


def prompt(random: Random, subject: int) -> str:
    """A line about the subject, in one language or the other."""
    language = random.randrange(2)
    parts = [SUBJECTS[subject], random.choice(MOMENTS), random.choice(STYLES), *random.sample(DETAILS, 2)]
    words = [pair[language] for pair in parts]
    return f"{words[0][:1].upper()}{words[0][1:]} {', '.join(words[1:])}"


def draw(name: str, count: int) -> Iterator[Sample]:
    """So many files, stored under names that begin with `name`; every sixth a film."""
    for number in range(count):
        kind: Literal["image", "video"] = "video" if number % 6 == 5 else "image"  # noqa: PLR2004
        subject = number % len(SUBJECTS)
        width, height = (640, 384) if kind == "video" else SHAPES[number % len(SHAPES)]
        words = f"{SUBJECTS[subject][0]} {MOMENTS[number % len(MOMENTS)][0]}"
        order = Order(
            task=f"text-to-{kind}", kind=kind, prompt=words, seed=number, width=width, height=height,
            format="webp", quality=82, seconds=FILM_SECONDS, fps=16,
        )  # fmt: skip
        yield Sample(subject, kind, _store(f"{name}-{number}", make(order, 0)))


def _store(name: str, content: bytes) -> KeptFile:
    """As a provider's file is kept, without the provider."""
    thumbnails = {str(side): storage.thumbnail_key(name, side) for side in THUMBNAIL_SIDES}
    with storage.parts() as new_part:
        part: Path = new_part()
        part.write_bytes(content)
        small = {side: new_part() for side in THUMBNAIL_SIDES}
        seen = inspect(part, thumbnails=small)
        for side, path in small.items():
            storage.place(path, thumbnails[str(side)])
        key = storage.original_key(name, seen.extension)
        storage.place(part, key)
    return KeptFile(
        key=key,
        sha256=hashlib.sha256(content).hexdigest(),
        content_type=seen.content_type,
        size_bytes=len(content),
        width=seen.width,
        height=seen.height,
        thumbnails=thumbnails,
        duration_seconds=seen.duration_seconds,
    )


def of_kind(samples: Sequence[Sample], kind: str) -> list[Sample]:
    return [sample for sample in samples if sample.kind == kind]
