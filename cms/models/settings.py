"""What every government website must say about itself; each line is shown when it is filled in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="site")
class SiteIdentity(BaseSiteSetting):
    """Sponsor, operator, identification and filing numbers (国办发〔2017〕47号 asks portals for them)."""

    site_name = models.CharField(_("站点名称"), max_length=40, blank=True)
    sponsor = models.CharField(_("主办单位"), max_length=80, blank=True)
    operator = models.CharField(_("承办单位"), max_length=80, blank=True)
    identification = models.CharField(_("网站标识码"), max_length=20, blank=True)
    icp = models.CharField(_("ICP 备案号"), max_length=40, blank=True)
    police_record = models.CharField(_("公安备案号"), max_length=40, blank=True)
    hotline = models.CharField(_("服务热线"), max_length=40, blank=True)
    supervision_phone = models.CharField(_("监督电话"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    opening_hours = models.CharField(_("办公时间"), max_length=80, blank=True)

    panels = [
        MultiFieldPanel([FieldPanel("site_name"), FieldPanel("sponsor"), FieldPanel("operator")], _("主办信息")),
        MultiFieldPanel([FieldPanel("identification"), FieldPanel("icp"), FieldPanel("police_record")], _("备案信息")),
        MultiFieldPanel(
            [
                FieldPanel("hotline"),
                FieldPanel("supervision_phone"),
                FieldPanel("address"),
                FieldPanel("opening_hours"),
            ],
            _("联系方式"),
        ),
    ]

    class Meta:
        verbose_name = _("网站信息")
