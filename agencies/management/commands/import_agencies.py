"""Import a directory roster (XLSX or CSV)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from agencies.roster.faults import RosterFault
from agencies.selectors.rosters import default_region
from agencies.services.roster_import import RosterPreview, roster_import, roster_preview
from kernel.errors import DomainError
from kernel.models import Region
from kernel.wording import sentences

_SHOWN = 200


class Command(BaseCommand):
    help = "Import a roster of agencies: all good rows or nothing; run it again at will"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help="an .xlsx or .csv file")
        parser.add_argument("--preview", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--skip-faulty", action="store_true", help="leave faulty rows out instead of refusing the file"
        )
        parser.add_argument("--region", help="code of the region for agencies whose own is blank or unknown")

    def handle(self, *, file: Path, preview: bool, skip_faulty: bool, region: str | None, **options: Any) -> None:
        console = Console(file=self.stdout._out, highlight=False)  # type: ignore[attr-defined]
        place = self._region(region)
        try:
            with file.open("rb") as opened:
                with self._progress(console) as bar:
                    found = roster_preview(file=opened, name=file.name, region=place.code, actor=None, progress=bar)
                _report(console, found)
                if preview or (found.errors and not skip_faulty):
                    self._stop(found, preview)
                    return
                with self._progress(console) as bar:
                    roster_import(
                        file=opened,
                        name=file.name,
                        region=place.code,
                        skip_faulty=skip_faulty,
                        actor=None,
                        progress=bar,
                    )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except DomainError as error:
            raise CommandError(str(error)) from None
        console.print(_("已导入：新增 %(new)s 家，更新 %(changed)s 家，跳过 %(bad)s 行。") % {
            "new": len(found.new), "changed": len(found.changed), "bad": found.bad_rows
        })  # fmt: skip

    def _region(self, code: str | None) -> Region:
        region = Region.objects.filter(code=code).first() if code else default_region()
        if region is None:
            raise CommandError(_("请用 --region 指明区划代码（先运行 load_regions）。"))
        return region

    def _stop(self, found: RosterPreview, preview: bool) -> None:
        if found.refused:
            raise CommandError(str(sentences(found.refused.sentence, found.refused.remedy)))
        if not preview:
            raise CommandError(
                _("有 %(n)s 行不能导入，没有写入任何内容。改正后重来，或加 --skip-faulty 跳过这些行。")
                % {"n": found.bad_rows}
            )

    def _progress(self, console: Console) -> _Bar:
        return _Bar(console)


class _Bar:
    """The import's progress as a bar: a spinner while reading (the length is unknown), then agencies written."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, transient=True,
        )  # fmt: skip
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, stage: str, done: int) -> None:
        names = {"read": _("读取行"), "write": _("写入机构")}
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(names[stage], total=None)
        self._progress.update(self._tasks[stage], completed=done)


def _report(console: Console, found: RosterPreview) -> None:
    console.print(
        _(
            "读到 %(rows)s 行、%(agencies)s 家机构：新增 %(new)s，更新 %(changed)s，不变 %(same)s；不能导入 %(bad)s 行，提醒 %(warned)s 条。"
        )
        % {
            "rows": found.rows,
            "agencies": found.agencies,
            "new": len(found.new),
            "changed": len(found.changed),
            "same": len(found.unchanged),
            "bad": found.bad_rows,
            "warned": len(found.warnings),
        }
    )
    if not found.faults:
        return
    table = Table()
    for heading in (_("行"), _("列"), _("内容"), _("问题"), _("怎么办")):
        table.add_column(heading, overflow="fold")  # Chinese has no spaces to break at
    for entry in found.faults[:_SHOWN]:
        table.add_row(*(_plain(text) for text in _cells(entry)))
    console.print(table)
    if len(found.faults) > _SHOWN:
        console.print(_("另有 %(n)s 条问题没有列出。") % {"n": len(found.faults) - _SHOWN})


def _cells(entry: RosterFault) -> tuple[str, ...]:
    mark = "" if entry.blocks else _("提醒：")
    return (str(entry.row or ""), entry.column, entry.value, mark + entry.sentence, entry.remedy)


def _plain(text: str) -> str:
    """A cell's text is not markup."""
    return text.replace("[", r"\[")
