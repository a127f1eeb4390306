"""Translation catalogues, without the gettext programs: collect, update, check, compile.

Msgids are Chinese; every app has one English catalogue, ``<app>/locale/en/LC_MESSAGES/django.po``. The compiled
``.mo`` beside it is made at start and never committed. ``kernel/locale/zh_Hans`` is kept by hand: it says a few
sentences of libraries (errors of form fields) better than they do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.utils.translation.reloader import translation_file_changed

LANGUAGE = "en"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED_FOLDERS = {"migrations", "locale", "static", "__pycache__", "node_modules"}
# A fixed date: a catalogue changes when its texts change, not when somebody runs the command.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FULL_STOPS = ("。", "！", "？")


@dataclass(frozen=True)
class Room:
    """A package of ours with texts."""

    name: str
    folder: Path

    @property
    def po(self) -> Path:
        return self.folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


@dataclass(frozen=True)
class Fault:
    """One text that an English reader would miss or misread."""

    room: str
    text: str
    reason: str


def rooms(names: Iterable[str] = ()) -> list[Room]:
    """Our own apps and the settings package, in alphabetical order; all, or the named ones."""
    base = Path(settings.BASE_DIR)
    found = {config.label: Path(config.path) for config in apps.get_app_configs()}
    ours = {name: path for name, path in found.items() if path.parent == base} | {"config": base / "config"}
    wanted = set(names)
    if unknown := wanted - set(ours):
        raise ValueError(f"no such app: {', '.join(sorted(unknown))}")
    return [Room(name, path) for name, path in sorted(ours.items()) if not wanted or name in wanted]


def collect(room: Room) -> Catalog:
    """All texts of a room's Python files and Jinja2 templates, without translations."""
    catalog = _catalogue(room)
    for path in _files(room, ".py"):
        for line, message, _comments, context in _of_python(path):
            catalog.add(message, locations=[(_shown(path), line)], context=context)
    for path in _files(room, ".html", ".txt", ".xml"):
        if "jinja2" in path.relative_to(room.folder).parts:
            for line, message, context in _of_template(path):
                catalog.add(message, locations=[(_shown(path), line)], context=context)
    return catalog


def read(room: Room) -> Catalog:
    """The room's catalogue as it stands; empty when there is none."""
    return _parse(room.po) if room.po.exists() else _catalogue(room)


def update(room: Room, others: Iterable[Catalog] = ()) -> tuple[Catalog, bool]:
    """Bring the catalogue to the state of the sources and write it if it changed.

    Translations are kept, texts that are gone are dropped, a text another room has already translated alike is
    taken over. Answers the catalogue and whether the file changed.
    """
    fresh, old = collect(room), read(room)
    for message in _texts(fresh):
        for source in (old, *others):
            known = source.get(message.id, message.context)
            if known is not None and known.pluralizable == message.pluralizable and _filled(known):
                message.string, message.flags = known.string, message.flags | (known.flags & {"fuzzy"})
                break
    written = BytesIO()
    write_po(written, fresh, width=110, sort_output=False, sort_by_file=True, include_lineno=False)
    text = written.getvalue()
    if not len(fresh) and not room.po.exists():
        return fresh, False
    if room.po.exists() and room.po.read_bytes() == text:
        return fresh, False
    _replace(room.po, text)
    return fresh, True


def check(room: Room) -> list[Fault]:
    """What is wrong with a room's English: missing, doubtful, copied, with other placeholders, or not extracted."""
    wanted, have = collect(room), read(room)
    faults = []
    for message in _texts(wanted):
        known = have.get(message.id, message.context)
        reason = "not in the catalogue; run messages" if known is None else _reason(known)
        if reason:
            faults.append(Fault(room.name, _first(message.id), reason))
    for message in _texts(have):
        if wanted.get(message.id, message.context) is None:
            faults.append(Fault(room.name, _first(message.id), "no longer used; run messages"))
    return faults


def conflicts(all_rooms: Iterable[Room]) -> list[Fault]:
    """One Chinese text with two English ones: Django shows that of the app listed first, whichever page it is on."""
    seen: dict[tuple[str | None, str], tuple[str, str]] = {}
    faults = []
    for room in all_rooms:
        for message in _texts(read(room)):
            english = _first(message.string)
            key = (message.context, _first(message.id))
            where, other = seen.setdefault(key, (room.name, english))
            if english and other and english != other:
                faults.append(Fault(room.name, key[1], f"{english!r} here, {other!r} in {where}"))
    return faults


def compile_catalogues(all_rooms: Iterable[Room] | None = None) -> int:
    """Write the ``.mo`` files that are missing or older than their ``.po``; answers how many."""
    made = 0
    for room in rooms() if all_rooms is None else all_rooms:
        for source in sorted(room.folder.glob("locale/*/LC_MESSAGES/django.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
                continue
            written = BytesIO()
            write_mo(written, _parse(source))
            _replace(target, written.getvalue())
            translation_file_changed(None, target)  # a process that has read the old texts forgets them
            made += 1
    return made


def _parse(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain="django", ignore_obsolete=True)


def _reason(message: Message) -> str | None:
    if not _filled(message):
        return "no English"
    if message.fuzzy:
        return "marked fuzzy"
    originals = message.id if message.pluralizable else (message.id,)
    texts = message.string if message.pluralizable else (message.string,)
    if any(text == original and _CHINESE.search(text) for text, original in zip(texts, originals, strict=True)):
        return "still Chinese"
    wanted = _placeholders(originals[-1])
    # English may say "one day" without the number, but no form may use a name the page does not give.
    if _placeholders(texts[-1]) != wanted or not _placeholders(texts[0]) <= wanted:
        return f"placeholders differ: {sorted(wanted)} in Chinese"
    if originals[0].endswith(_FULL_STOPS) and any(text != text.strip() for text in texts):
        return "a sentence begins or ends in a blank; the place that joins two puts it (wording.sentences, gap)"
    return None


def _catalogue(room: Room) -> Catalog:
    return Catalog(
        locale=LANGUAGE,
        domain="django",
        project="chengxuan",
        version="1",
        header_comment=f"# English texts of {room.name}. Made by `./run manage messages`; fill in msgstr by hand.",
        creation_date=EPOCH,
        revision_date=EPOCH,
        fuzzy=False,
    )


def _of_python(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    with path.open("rb") as file:
        yield from extract("python", file, keywords=KEYWORDS, options={"encoding": "utf-8"})


def _of_template(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    environment = engines["jinja2"].env
    for line, function, message in environment.extract_translations(path.read_text("utf-8")):
        parts = [message] if isinstance(message, str) else list(message)
        context = parts.pop(0) if function in ("pgettext", "npgettext") else None
        texts = tuple(part for part in parts[: 2 if function in ("ngettext", "npgettext") else 1] if part)
        if texts:
            yield line, texts if len(texts) > 1 else texts[0], context


def _files(room: Room, *suffixes: str) -> Iterator[Path]:
    for folder, subfolders, names in os.walk(room.folder):
        subfolders[:] = sorted(set(subfolders) - SKIPPED_FOLDERS)
        for name in sorted(names):
            if name.endswith(suffixes):
                yield Path(folder) / name


def _shown(path: Path) -> str:
    return path.relative_to(settings.BASE_DIR).as_posix()


def _texts(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _filled(message: Message) -> bool:
    texts = message.string if message.pluralizable else (message.string,)
    return bool(texts) and all(texts)


def _first(texts: str | tuple[str, ...]) -> str:
    return texts if isinstance(texts, str) else texts[0]


def _placeholders(text: str) -> set[str]:
    return {named or f"{{{braced}}}" for named, braced in _PLACEHOLDER.findall(text)}


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
