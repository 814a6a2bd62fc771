"""Builds the frozen text pools anew: the one place that uses faker.

A rebuild changes what every run writes, so it is an act of its own:
``python -m etp_kit.simulator.writers.texts.rebuild``. It shows in review as a change of
``pools.json`` and of the golden fingerprints.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from ...core import SECRET_PREFIX
from ...safe import write_whole
from . import PATH

SEED = 20_261_123
LOCALES = (
    "en_US", "de_DE", "fr_FR", "es_ES", "pl_PL", "tr_TR", "el_GR", "ru_RU", "uk_UA", "zh_CN", "zh_TW",
    "ja_JP", "ko_KR", "ar_AA", "fa_IR", "he_IL", "hi_IN", "bn_BD", "th_TH", "ka_GE", "hy_AM", "vi_VN",
)  # fmt: skip
EMOJI = (
    "🚀", "✅", "❌", "🔥", "📦", "🧪", "👩‍💻",
    "👨🏽‍🔧", "🏳️‍🌈", "🇩🇪", "🇯🇵", "❤️", "🤷🏿‍♀️", "🧑‍🚀",
    "💾", "🛠️", "🕰️", "🐧", "🪟", "☁️",
)  # fmt: skip
#: Where programs of the field keep their files; what follows is made up.
ROOTS = ("/var/lib/waagent", "/opt/microsoft", "/usr/lib/python3/dist-packages", "/var/log/azure", "/srv/app", "/home/azureuser")
SIGNED_FIRST = ("sv", "st", "se", "sr", "sp", "sip", "spr", "sig", "SV", "Sig")


def build() -> dict[str, list[Any]]:
    """The pools as they stand in the file; needs faker (``pip install etp-kit[texts]``)."""
    from faker import Faker  # noqa: PLC0415 - only here, only on demand

    speakers = []
    for number, locale in enumerate(LOCALES):
        speaker = Faker(locale)
        speaker.seed_instance(SEED + number)
        speakers.append(speaker)
    english = speakers[0]
    return {
        "short": [_short(speakers[n % len(speakers)], n) for n in range(1760)],
        "paragraphs": [_clean(speakers[n % len(speakers)].text(200 + 33 * n)) for n in range(66)],
        "traces": [_trace(english, n) for n in range(96)],
        "json": [_json(english, n) for n in range(128)],
        "urls": [_clean(f"{english.uri()}?page={n}&q={english.word()}") for n in range(64)],
        "paths": [_path(english, n) for n in range(64)],
        "emoji": [" ".join(english.random_choices(EMOJI, 1 + n % 12)) for n in range(64)],
        "hosts": [english.hostname() for _ in range(128)],
        "users": [english.user_name() for _ in range(128)],
        "packages": [f"{english.word()}-{english.word()}" for _ in range(128)],
        "signed": [_signed(english, n) for n in range(128)],
    }


def rebuild(path: str = PATH) -> str:
    """Write the pools (whole or not at all); gives the path."""
    text = json.dumps(build(), indent=1, ensure_ascii=False) + "\n"
    write_whole(path, text)
    return path


def _clean(text: str) -> str:
    return " ".join(text.split())


def _short(speaker: Any, number: int) -> str:
    kinds = (
        lambda: speaker.sentence(nb_words=6),
        lambda: f"{speaker.name()} ({speaker.user_name()})",
        lambda: f"{speaker.city()}: {speaker.sentence(nb_words=3)}",
        lambda: speaker.catch_phrase() if hasattr(speaker, "catch_phrase") else speaker.sentence(nb_words=4),
    )
    try:
        text = kinds[number // len(LOCALES) % len(kinds)]()
    except (AttributeError, NotImplementedError):
        text = speaker.sentence(nb_words=5)
    return _clean(text)[:120].strip()


def _trace(speaker: Any, number: int) -> str:
    depth = 2 + number % 14
    error = f"{speaker.word().title()}Error"
    said = speaker.sentence(nb_words=6)
    calls = [
        (speaker.word(), _below(speaker, number, 3, ""), speaker.random_int(1, 2000)) for _ in range(depth)
    ]
    style = number % 4
    if style == 0:
        lines = [
            f'  File "{path}.py", line {line}, in {call}\n    {call}({speaker.word()})' for call, path, line in calls
        ]
        return "\n".join(["Traceback (most recent call last):", *lines, f"{error}: {said}"])
    if style == 1:
        lines = [f"\tat com.{call}.{speaker.word().title()}.run({call.title()}.java:{line})" for call, _, line in calls]
        return "\n".join([f"java.lang.{error}: {said}", *lines, "\t... 12 more"])
    if style == 2:
        lines = [f"main.{call}(0xc000{line:06x})\n\t{path}.go:{line} +0x{line:x}" for call, path, line in calls]
        return "\n".join([f"panic: {said}", "", "goroutine 1 [running]:", *lines, "exit status 2"])
    lines = [
        f"   at {call.title()}.{speaker.word().title()}() in C:{path.replace('/', chr(92))}.cs:line {line}"
        for call, path, line in calls
    ]
    return "\r\n".join([f"System.{error}: {said}", *lines])


def _json(speaker: Any, number: int) -> str:
    value: Any = {
        "elapsed": speaker.random_int(0, 90_000),
        "message": speaker.sentence(nb_words=5),
        "ok": number % 2 == 0,
        "host": speaker.hostname(),
        "path": f"C:\\{speaker.word()}\\{speaker.word()}",
        "tags": [speaker.word() for _ in range(number % 7)],
        "nested": {"code": None, "quote": 'he said "no"', "пример": "例"},
    }
    if number % 3 == 0:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if number % 3 == 1:
        return json.dumps(value, ensure_ascii=True)
    return json.dumps(value, ensure_ascii=False, indent=2)


#: Words that would read as the name of a real root below another one.
_OTHERWISE = {"work": "job"}


def _below(speaker: Any, number: int, depth: int, extension: str) -> str:
    """A made-up path of so many names below one of the roots."""
    names = str(speaker.file_path(depth=depth, extension=extension)).split("/")
    return ROOTS[number % len(ROOTS)] + "/".join(_OTHERWISE.get(name, name) for name in names)


def _path(speaker: Any, number: int) -> str:
    depth = 4 + number
    path = _below(speaker, number, depth, "log")
    return str(path.replace("/", "\\") if number % 4 == 3 else path)[:2400]


def _signed(speaker: Any, number: int) -> tuple[str, str, str]:
    """A signed URL in a sentence:
    its whole query goes, once it begins with a parameter of a SAS token.
    """
    secret = f"{SECRET_PREFIX}{speaker.password(length=34, special_chars=False)}%3D"
    first = SIGNED_FIRST[number % len(SIGNED_FIRST)]
    values = {
        "sv": "2022-11-02", "st": "2026-11-23T19%3A35%3A16Z", "se": "2026-11-24T19%3A35%3A16Z",
        "sr": "b", "sp": "r", "sip": "168.1.5.60-168.1.5.70", "spr": "https", "sig": secret,
    }  # fmt: skip
    order = [first, *(name for name in ("sv", "se", "sr", "sp", "sig") if name != first.lower())]
    query = "&".join(f"{name}={values[name.lower()]}" for name in order)
    base = f"https://{speaker.domain_word()}.blob.example/{speaker.word()}/{speaker.file_name(extension='zip')}"
    before, after = speaker.sentence(nb_words=3), speaker.sentence(nb_words=3)
    shapes = (
        (f"{base}?", ""),
        (f"{before} {base}?", f" {after}"),
        (f"fileUris: [{base}?", f"\n{after}"),
        (f"Downloading {base}?", f"\t({number} bytes)"),
    )
    head, tail = shapes[number % len(shapes)]
    return f"{head}{query}{tail}", f"{head}<redacted>{tail}", secret


if __name__ == "__main__":
    try:
        print(rebuild())
    except ImportError:
        sys.exit("etp_kit.simulator.writers.texts.rebuild: faker is not installed; expected `pip install etp-kit[texts]`")
