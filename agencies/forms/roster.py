"""Uploading a roster."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from agencies.selectors.rosters import default_region
from kernel.models import Region


class RosterForm(forms.Form):
    file = forms.FileField(
        label=_("名录文件"),
        max_length=200,
        allow_empty_file=True,  # the reader says it in the same words as for a file of blank rows
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("XLSX 或 CSV，不超过 20 MB、2 万行。先预览，确认后才写入。"),
    )
    region = forms.ModelChoiceField(
        label=_("默认区域"),
        queryset=Region.objects.none(),
        help_text=_("“所属区域”空着或认不出的机构登记在这里。"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["region"].queryset = Region.objects.order_by("code")  # type: ignore[attr-defined]
        self.fields["region"].initial = default_region()

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > settings.ATTACHMENT_MAX_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB，请删去图片和多余的工作表后再上传。"), code="roster.too_big")
        return file


class ConfirmForm(forms.Form):
    """The import after its preview; with faulty rows only when the person says that they stay out."""

    skip = forms.BooleanField(label=_("我已看过问题清单，跳过有问题的行，导入其余各行"))

    def __init__(self, *args: object, faulty: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not faulty:
            del self.fields["skip"]
