"""What every government website must say about itself; each line is shown when it is filled in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from kernel.ui.format import chinese, english


@register_setting(icon="site")
class SiteIdentity(BaseSiteSetting):
    """Sponsor, operator, identification and filing numbers (国办发〔2017〕47号 asks portals for them)."""

    sponsor = models.CharField(_("主办单位"), max_length=80, blank=True)
    sponsor_en = models.CharField(_("主办单位（英文）"), max_length=120, blank=True)
    operator = models.CharField(_("承办单位"), max_length=80, blank=True)
    operator_en = models.CharField(_("承办单位（英文）"), max_length=120, blank=True)
    identification = models.CharField(_("网站标识码"), max_length=20, blank=True)
    icp = models.CharField(_("ICP 备案号"), max_length=40, blank=True)
    police_record = models.CharField(_("公安备案号"), max_length=40, blank=True)
    hotline = models.CharField(_("服务热线"), max_length=40, blank=True)
    supervision_phone = models.CharField(_("监督电话"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    address_en = models.CharField(_("地址（英文）"), max_length=160, blank=True)
    opening_hours = models.CharField(_("办公时间"), max_length=80, blank=True)
    opening_hours_en = models.CharField(_("办公时间（英文）"), max_length=120, blank=True)

    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("sponsor", "sponsor_en", "operator", "operator_en")], _("主办信息")
        ),
        MultiFieldPanel([FieldPanel("identification"), FieldPanel("icp"), FieldPanel("police_record")], _("备案信息")),
        MultiFieldPanel(
            [
                FieldPanel("hotline"),
                FieldPanel("supervision_phone"),
                FieldPanel("address"),
                FieldPanel("address_en"),
                FieldPanel("opening_hours"),
                FieldPanel("opening_hours_en"),
            ],
            _("联系方式"),
        ),
    ]

    class Meta:
        verbose_name = _("网站信息")

    # What the foot of every page says, in its order.
    SHOWN = (
        "sponsor",
        "operator",
        "identification",
        "icp",
        "police_record",
        "hotline",
        "supervision_phone",
        "address",
        "opening_hours",
    )

    def lines(self, *names: str) -> list[tuple[str, str]]:
        """Label and value of these, or of all that the foot says, as far as they are filled in, in the reader's language."""
        return [
            (str(self._meta.get_field(name).verbose_name), self.said(name))
            for name in names or self.SHOWN
            if getattr(self, name)
        ]

    def said(self, name: str) -> str:
        """One of them for a page; Chinese, and marked, where the English has not been filled in."""
        own = getattr(self, f"{name}_en", "") if english() else ""
        text: str = own or getattr(self, name)
        return text if own or text.isascii() else chinese(text)
