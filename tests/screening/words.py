"""What the people on the pictures ask for, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """pictures: six, each with its shape. The others are one sentence for each thing that is shown."""

    pictures: tuple[tuple[str, str], ...]
    waiting: str
    behind: str
    refused: str
    doubtful: str
    video: str
    edit: str
    expand: str
    film: str
    ways: tuple[str, str]
    collections: tuple[str, str]
    search: str


WORDS = {
    "en": Words(
        pictures=(
            ("Morning in a mountain forest, mist between the pines", "16:9"),
            ("Harbour at dusk, sailing boats, long reflections", "3:2"),
            ("Lighthouse on a cliff at night, stars", "4:5"),
            ("Poppy field in summer, watercolour", "1:1"),
            ("City skyline at sunset, rain, neon", "16:9"),
            ("Desert dunes under a full moon", "3:2"),
        ),
        waiting="Aurora over a quiet lake",
        behind="Snowy mountains above a valley, first light",
        refused="A crowd on a square",
        doubtful="A meadow with wild flowers after a thunderstorm",
        video="A quiet sea with a lone sail, pan left, golden hour",
        edit="the same in winter, under heavy snow",
        expand="more of the forest and of the valley below",
        film="From dawn to dusk",
        ways=("the mist lifts and the harbour appears", "night falls, the first stars come out"),
        collections=("Calendar", "For the client"),
        search="forest kind:image",
    ),
    "ru": Words(
        pictures=(
            ("Утро в горном лесу, туман между соснами", "16:9"),
            ("Гавань в сумерках, парусники, длинные отражения", "3:2"),
            ("Маяк на скале ночью, звёзды", "4:5"),
            ("Маковое поле летом, акварель", "1:1"),
            ("Город на закате, дождь, неон", "16:9"),
            ("Дюны в пустыне под полной луной", "3:2"),
        ),
        waiting="Северное сияние над тихим озером",
        behind="Снежные горы над долиной, первый свет",
        refused="Толпа на площади",
        doubtful="Луг с полевыми цветами после грозы",
        video="Тихое море с одиноким парусом, панорама влево, золотой час",
        edit="то же самое зимой, под глубоким снегом",
        expand="больше леса и долины внизу",
        film="От рассвета до заката",
        ways=("туман поднимается, и открывается гавань", "наступает ночь, появляются первые звёзды"),
        collections=("Календарь", "Для заказчика"),
        search="лес kind:image",
    ),
}
