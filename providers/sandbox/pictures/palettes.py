"""The light of each hour as colours: several variants each, of which the seed chooses. Data only."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Hour:
    """`sky`: share of the way down to the horizon, colour. Land goes from far (in the haze) over mid to near."""

    sky: tuple[tuple[float, str], ...]
    sun: str
    glow: str
    haze: str
    far: str
    mid: str
    near: str
    water: str
    cloud: str
    shade: str
    is_dark: bool = False
    sun_height: tuple[float, float] = (0.45, 0.8)  # share of the way from the top to the horizon


DAWN = (
    Hour(
        sky=((0, "#35477d"), (0.35, "#7d7fb5"), (0.68, "#eaa7a4"), (0.9, "#ffd8ab"), (1, "#fff0d2")),
        sun="#fff6df", glow="#ffc58a", haze="#f6c9ab", far="#bb93aa", mid="#665a88", near="#1b1d3c",
        water="#7d7fae", cloud="#ffe3cf", shade="#b58aa8", sun_height=(0.62, 0.86),
    ),
    Hour(
        sky=((0, "#7fa9ba"), (0.4, "#b5cfcb"), (0.75, "#f0dfbd"), (1, "#fdeecb")),
        sun="#fffbe6", glow="#ffe2a0", haze="#e9e5cf", far="#a3bdb7", mid="#4f7d7b", near="#0f2c2c",
        water="#8fb3b3", cloud="#fff6e2", shade="#a9c0bd", sun_height=(0.55, 0.8),
    ),
    Hour(
        sky=((0, "#5b6ea8"), (0.45, "#b3a3cb"), (0.8, "#f7c6c4"), (1, "#ffe6cc")),
        sun="#fffaf0", glow="#ffd0b0", haze="#f2d2cf", far="#b7a9c9", mid="#6d719f", near="#20294d",
        water="#9aa0c8", cloud="#fff0ea", shade="#c3aac4", sun_height=(0.6, 0.85),
    ),
)  # fmt: skip

DAY = (
    Hour(
        sky=((0, "#2b78b8"), (0.5, "#79bbe0"), (1, "#dcf0f2")),
        sun="#fffdf0", glow="#fff0c0", haze="#d3e8ec", far="#94bccb", mid="#4c8a84", near="#17432f",
        water="#3f8fb0", cloud="#ffffff", shade="#b9d2de", sun_height=(0.2, 0.45),
    ),
    Hour(
        sky=((0, "#3f93b8"), (0.55, "#9fd3d6"), (1, "#f3f4e0")),
        sun="#fffef5", glow="#fff2c8", haze="#e6efdf", far="#a8ccc4", mid="#5f9a7d", near="#1d4a35",
        water="#4aa0a8", cloud="#fffdf5", shade="#bcd8d2", sun_height=(0.2, 0.45),
    ),
)  # fmt: skip

SUNSET = (
    Hour(
        sky=((0, "#2c2257"), (0.34, "#7f3674"), (0.64, "#e2596c"), (0.87, "#ff9c58"), (1, "#ffd680")),
        sun="#fff3c4", glow="#ff8f4c", haze="#f48f6a", far="#ab4c70", mid="#582a61", near="#150e2c",
        water="#7a3566", cloud="#ffb27a", shade="#8e3f74", sun_height=(0.6, 0.9),
    ),
    Hour(
        sky=((0, "#16365f"), (0.38, "#4f7d96"), (0.7, "#e9b27a"), (0.9, "#f98f4e"), (1, "#ffc36b")),
        sun="#fff0c2", glow="#ff9d55", haze="#f3b683", far="#97788a", mid="#40506d", near="#0c1a2c",
        water="#41607c", cloud="#ffc896", shade="#7f7c90", sun_height=(0.62, 0.9),
    ),
    Hour(
        sky=((0, "#3d1034"), (0.4, "#a5283f"), (0.75, "#ea6a1d"), (1, "#ffc35a")),
        sun="#fff1b8", glow="#ff9a3c", haze="#f28b3a", far="#b2413a", mid="#66203c", near="#1c0a1f",
        water="#7c2440", cloud="#ffa559", shade="#952e45", sun_height=(0.55, 0.85),
    ),
)  # fmt: skip

DUSK = (
    Hour(
        sky=((0, "#1b2050"), (0.4, "#4d4486"), (0.7, "#a86da2"), (0.9, "#f0a6a4"), (1, "#ffd2b4")),
        sun="#ffe9d8", glow="#ffb0a0", haze="#d79bb0", far="#8d6ba0", mid="#463f78", near="#10112e",
        water="#554a8a", cloud="#e9a9b4", shade="#6b5595", sun_height=(0.75, 0.97), is_dark=True,
    ),
    Hour(
        sky=((0, "#102542"), (0.5, "#2f5d78"), (0.82, "#89a8a3"), (1, "#f4d6a8")),
        sun="#fff1d6", glow="#ffd9a0", haze="#93b0ab", far="#55808d", mid="#244b60", near="#081723",
        water="#2c5870", cloud="#b9c4bb", shade="#3f6b80", sun_height=(0.75, 0.97), is_dark=True,
    ),
)  # fmt: skip

NIGHT = (
    Hour(
        sky=((0, "#040818"), (0.4, "#0c1a3c"), (0.75, "#1d3a6a"), (1, "#3f6896")),
        sun="#f6f3e2", glow="#9dc0ff", haze="#3c5f8c", far="#2b4a76", mid="#14284a", near="#040a16",
        water="#152c52", cloud="#35527f", shade="#13254a", sun_height=(0.18, 0.5), is_dark=True,
    ),
    Hour(
        sky=((0, "#0a0620"), (0.42, "#221148"), (0.78, "#4a2c7c"), (1, "#8563ad")),
        sun="#fbf2ea", glow="#c8a8ff", haze="#6b4f98", far="#4c357f", mid="#251a50", near="#090618",
        water="#2c1d5c", cloud="#57408c", shade="#20123f", sun_height=(0.18, 0.5), is_dark=True,
    ),
    Hour(
        sky=((0, "#020e16"), (0.45, "#06283a"), (0.8, "#0f5060"), (1, "#3a8a86")),
        sun="#f2f8ee", glow="#8fe0d0", haze="#2d7377", far="#1d5963", mid="#0b3340", near="#020d12",
        water="#0b3644", cloud="#2b6870", shade="#0a2a38", sun_height=(0.18, 0.5), is_dark=True,
    ),
)  # fmt: skip

OVERCAST = (
    Hour(
        sky=((0, "#5d6d78"), (0.5, "#93a2a8"), (1, "#d3d9d6")),
        sun="#f4f5f0", glow="#e6e9e4", haze="#cdd5d4", far="#9dadb1", mid="#5b7076", near="#18262b",
        water="#748990", cloud="#e3e7e5", shade="#7f8f97", sun_height=(0.3, 0.55),
    ),
)  # fmt: skip

HOURS = {"dawn": DAWN, "day": DAY, "sunset": SUNSET, "dusk": DUSK, "night": NIGHT, "overcast": OVERCAST}
