"""Taking in files: known types only, told by their content, under a size limit, stored under a random name.

Copying takes as long as the file is big, and a transaction holds SQLite's only writer: ``attachment_taken`` copies first
and opens the transaction then, in which ``attachment_register`` makes the row; what is refused there leaves no file.
``attachment_store`` does both in the caller's, for files that the program itself writes and for a form's own uploads."""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import DomainError
from kernel.models import Attachment, User

# extension → (content type, how the file begins). Office files are zip archives and are looked into.
KINDS = {
    "pdf": ("application/pdf", b"%PDF-"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "webp": ("image/webp", b"RIFF"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    "zip": ("application/zip", b"PK\x03\x04"),
}
# What people hand in as papers; pictures of shops are drawn by the program itself, as WebP.
PAPERS = frozenset(KINDS) - {"webp"}
MAX_UNPACKED_BYTES = 500 * 1024 * 1024
MAX_MEMBERS = 2000


@dataclass(frozen=True)
class Kept:
    """A file that is checked and stored, and has no row yet."""

    name: str
    content_type: str
    size: int
    sha256: str
    path: str


def attachment_store(*, file: IO[bytes], name: str, subject: str, purpose: str, actor: User | None) -> Attachment:
    """Check, copy and register a file. The caller's transaction decides whether the row stays; a file whose
    row is rolled back stays behind, unreachable, until ``stray_files_sweep``. DomainError ``attachment.*`` names what to do."""
    return attachment_register(kept=_keep(file, name, PAPERS), subject=subject, purpose=purpose, actor=actor)


def attachment_register(*, kept: Kept, subject: str, purpose: str, actor: User | None) -> Attachment:
    """The row of a kept file, in the caller's transaction."""
    return Attachment.objects.create(
        subject=subject,
        purpose=purpose,
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        path=kept.path,
        uploaded_by=actor,
        uploaded_at=clock.now(),
    )


@contextmanager
def attachment_taken(*, file: IO[bytes], name: str, kinds: Collection[str] = PAPERS) -> Iterator[Kept]:
    """Check and copy a file (``kinds`` are keys of ``KINDS``), then the transaction of its row and of all that goes with
    it. When that is refused the file goes as well; one that a killed program leaves goes with ``stray_files_sweep``.
    DomainError ``attachment.*`` names what to do."""
    kept = _keep(file, name, kinds)
    with transaction.atomic():
        try:
            yield kept
        except BaseException:
            (Path(settings.ATTACHMENT_ROOT) / kept.path).unlink(missing_ok=True)
            raise


def _keep(file: IO[bytes], name: str, kinds: Collection[str]) -> Kept:
    extension = _extension(name, kinds)
    head = file.read(16)
    _check_kind(extension, head)
    path = f"{secrets.token_hex(2)}/{secrets.token_hex(24)}"
    target = Path(settings.ATTACHMENT_ROOT) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with target.open("xb") as copy:
            chunk = head
            while chunk:
                size += len(chunk)
                if size > settings.ATTACHMENT_MAX_BYTES:
                    raise _too_big()
                digest.update(chunk)
                copy.write(chunk)
                chunk = file.read(64 * 1024)
        if head.startswith(b"PK"):
            _check_archive(target, extension)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Kept(_clean(name), KINDS[extension][0], size, digest.hexdigest(), path)


def attachment_path(attachment: Attachment) -> Path:
    return Path(settings.ATTACHMENT_ROOT) / attachment.path


def _extension(name: str, kinds: Collection[str]) -> str:
    extension = os.path.splitext(name)[1].lstrip(".").lower()
    extension = {"jpeg": "jpg"}.get(extension, extension)
    if extension not in kinds:
        raise DomainError(
            "attachment.kind",
            _("不能接收这种类型的文件。"),
            _("请上传 PDF、JPG、PNG、DOCX、XLSX 或 ZIP 文件；旧版 .doc、.xls、.wps、.et 请先另存为 .docx 或 .xlsx。"),
        )
    return extension


def _check_kind(extension: str, head: bytes) -> None:
    if not head:
        raise DomainError("attachment.empty", _("文件是空的。"), _("请检查文件能否打开，然后重新上传。"))
    if not head.startswith(KINDS[extension][1]) or (extension == "webp" and head[8:12] != b"WEBP"):
        raise DomainError(
            "attachment.mismatch",
            _("文件内容与扩展名不符。"),
            _("请用原来的程序打开文件，另存为正确的格式后重新上传。"),
        )


def _check_archive(path: Path, extension: str) -> None:
    damaged = DomainError("attachment.damaged", _("压缩文件已损坏或过大。"), _("请重新压缩或另存后上传。"))
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise damaged from None
    if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED_BYTES:
        raise damaged
    inside = {"docx": "word/", "xlsx": "xl/"}.get(extension)
    if inside and not any(m.filename.startswith(inside) for m in members):
        _check_kind(extension, b"?")


def _too_big() -> DomainError:
    return DomainError(
        "attachment.too_big",
        _("文件超过 %(n)s MB。") % {"n": settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)},
        _("请压缩扫描件的分辨率，或拆成几个文件上传。"),
    )


def _clean(name: str) -> str:
    """Only the last part of the name, without what could steer a terminal or turn text around."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*')
    stem, extension = os.path.splitext(kept)
    return (stem[:120] or "file") + extension[:10]
