"""The roster desk: upload, preview with every fault, import."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.forms.roster import ConfirmForm, RosterForm
from agencies.roster.sample import FOLDER
from agencies.selectors.rosters import past_imports
from agencies.services.roster_import import IMPORTERS, RosterPreview, roster_import, roster_preview
from agencies.services.roster_upload import Upload, upload_drop, upload_find, upload_keep
from kernel import access, export
from kernel.forms import attempt

FAULTS_A_PAGE = 100
_NAMED = 30  # agencies of each kind that the preview names


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    access.require_role(request.user, *IMPORTERS)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, region = form.cleaned_data["file"], form.cleaned_data["region"]
        kept = upload_keep(chunks=file.chunks(), name=file.name, actor=request.user)
        return redirect("agencies:roster_preview", key=kept.key, region=region.code)
    return render(request, "agencies/roster.html", {"form": form, "past": past_imports()})


@login_required
def preview(request: HttpRequest, key: str, region: str) -> HttpResponseBase:
    kept = _kept(request, key)
    found = _read(request, kept, region)
    if kind := request.GET.get("export"):
        return _faults_file(kind, found)
    return _preview(request, kept, region, found, ConfirmForm(faulty=bool(found.errors)))


@login_required
@require_POST
def confirm(request: HttpRequest, key: str, region: str) -> HttpResponse:
    kept = _kept(request, key)
    form = ConfirmForm(request.POST, faulty=request.POST.get("faulty") == "1")
    if form.is_valid():
        with kept.path.open("rb") as file:
            done = attempt(
                form,
                roster_import,
                file=file,
                name=kept.name,
                region=region,
                skip_faulty=form.cleaned_data.get("skip", False),
                actor=request.user,
            )
    if not form.is_valid():
        return _preview(request, kept, region, _read(request, kept, region), form)
    upload_drop(upload=kept)
    text = _("已导入：新增 %(new)s 家，更新 %(changed)s 家，跳过 %(bad)s 行。")
    messages.success(request, text % {"new": len(done.new), "changed": len(done.changed), "bad": done.bad_rows})
    return redirect("agencies:roster")


@login_required
def sample(request: HttpRequest, kind: str) -> FileResponse:
    """The sample roster, also a template for one's own."""
    access.require_role(request.user, *IMPORTERS)
    if kind not in ("xlsx", "csv"):
        raise Http404
    name = _("名录样例.%(kind)s") % {"kind": kind}
    return FileResponse((FOLDER / f"roster-sample.{kind}").open("rb"), as_attachment=True, filename=name)


def _kept(request: HttpRequest, key: str) -> Upload:
    access.require_role(request.user, *IMPORTERS)
    kept = upload_find(key=key, actor=request.user)
    if kept is None:
        raise Http404
    return kept


def _read(request: HttpRequest, kept: Upload, region: str) -> RosterPreview:
    with kept.path.open("rb") as file:
        return roster_preview(file=file, name=kept.name, region=region, actor=request.user)


def _preview(request: HttpRequest, kept: Upload, region: str, found: RosterPreview, form: ConfirmForm) -> HttpResponse:
    context: dict[str, Any] = {
        "upload": kept,
        "region": region,
        "found": found,
        "form": form,
        "faults": Paginator(found.faults, FAULTS_A_PAGE).get_page(request.GET.get("page")),
        "new": found.new[:_NAMED],
        "changed": found.changed[:_NAMED],
    }
    return render(request, "agencies/roster_preview.html", context)


def _faults_file(kind: str, found: RosterPreview) -> HttpResponseBase:
    if kind not in export.KINDS:
        raise Http404
    heads = [_("行"), _("列"), _("内容"), _("性质"), _("问题"), _("怎么办")]
    rows = (
        [f.row, f.column, f.value, _("不能导入") if f.blocks else _("提醒"), f.sentence, f.remedy] for f in found.faults
    )
    return export.table(kind, _("名录问题清单"), heads, rows)
