"""What editors put on the home page and into texts, in the order they like."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock


class SearchBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("标题"), required=False, max_length=60)
    heading_en = blocks.CharBlock(label=_("英文标题"), required=False, max_length=100)
    lead = blocks.CharBlock(label=_("导语"), required=False, max_length=160)
    lead_en = blocks.CharBlock(label=_("英文导语"), required=False, max_length=240)

    class Meta:
        label, icon, template = _("搜索框"), "search", "cms/blocks/search.html"


class LiveBlock(blocks.StaticBlock):
    """A block whose content is counted from rows when the page is shown."""

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        from cms import home

        context["live"] = getattr(home, self.meta.source)(context.get("request"))
        return context


class FiguresBlock(LiveBlock):
    class Meta:
        label, icon, template, source = _("运行数据"), "table", "cms/blocks/figures.html", "figures"


class CategoriesBlock(LiveBlock):
    class Meta:
        label, icon, template, source = _("服务类别"), "list-ul", "cms/blocks/categories.html", "categories"


class NewsBlock(LiveBlock):
    class Meta:
        label, icon, template, source = _("最新公告"), "doc-full", "cms/blocks/news.html", "news"


class RankingBlock(LiveBlock):
    class Meta:
        label, icon, template, source = _("最新信用排行"), "order", "cms/blocks/ranking.html", "ranking"


class GradesBlock(LiveBlock):
    class Meta:
        label, icon, template, source = _("信用等级表"), "table", "cms/blocks/grades.html", "grades"


class StepsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("标题"), max_length=60)
    heading_en = blocks.CharBlock(label=_("英文标题"), required=False, max_length=100)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("标题"), max_length=40)),
                ("title_en", blocks.CharBlock(label=_("英文标题"), required=False, max_length=60)),
                ("text", blocks.CharBlock(label=_("说明"), max_length=160)),
                ("text_en", blocks.CharBlock(label=_("英文说明"), required=False, max_length=240)),
            ],
            label=_("步骤"),
        ),
        label=_("步骤"),
    )

    class Meta:
        label, icon, template = _("办事步骤"), "list-ol", "cms/blocks/steps.html"


class TextBlock(blocks.RichTextBlock):
    class Meta:
        label, icon, template = _("正文"), "pilcrow", "cms/blocks/text.html"


HOME_BLOCKS: list[tuple[str, Any]] = [
    ("search", SearchBlock()),
    ("figures", FiguresBlock()),
    ("categories", CategoriesBlock()),
    ("news", NewsBlock()),
    ("ranking", RankingBlock()),
    ("steps", StepsBlock()),
    ("text", TextBlock()),
]
TEXT_BLOCKS: list[tuple[str, Any]] = [
    ("text", TextBlock()),
    ("grades", GradesBlock()),
    ("image", ImageBlock(label=_("图片"), template="cms/blocks/image.html")),
    ("steps", StepsBlock()),
]
