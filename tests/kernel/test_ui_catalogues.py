from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from kernel.ui import catalogues
from kernel.ui.catalogues import Room


@pytest.fixture
def room(tmp_path: Path, settings) -> Room:
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "shop"
    (folder / "jinja2" / "shop").mkdir(parents=True)
    (folder / "models.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy\n"
        'title = _("店铺")\n'
        'left = ngettext("%(n)s 天", "%(n)s 天", 2)\n'
        'state = pgettext_lazy("订单", "关闭")\n',
        "utf-8",
    )
    (folder / "jinja2" / "shop" / "page.html").write_text(
        '{{ _("提交审核") }}{% trans n=3 %}\n  还剩 {{ n }} 个\n  工作日{% endtrans %}{{ pgettext("印章", "样本") }}',
        "utf-8",
    )
    return Room("shop", folder)


def fill(room: Room, **texts: str) -> None:
    content = room.po.read_text("utf-8")
    for msgid, english in texts.items():
        content = content.replace(f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{english}"')
    room.po.write_text(content, "utf-8")


def reasons(room: Room) -> dict[str, str]:
    return {fault.text: fault.reason for fault in catalogues.check(room)}


def test_texts_of_python_and_templates_are_found(room: Room) -> None:
    catalogues.update(room)
    found = {(message.context, message.id) for message in catalogues.read(room) if message.id}
    assert found == {
        (None, "店铺"),
        (None, ("%(n)s 天", "%(n)s 天")),
        ("订单", "关闭"),
        (None, "提交审核"),
        (None, "还剩 %(n)s 个 工作日"),
        ("印章", "样本"),
    }


def test_an_update_keeps_translations_and_drops_what_is_gone(room: Room) -> None:
    catalogues.update(room)
    fill(room, 店铺="Shop", 提交审核="Submit for review")
    (room.folder / "models.py").write_text('from x import gettext as _\n_("店铺"), _("新的")\n', "utf-8")
    _catalog, changed = catalogues.update(room)
    assert changed
    assert catalogues.read(room).get("店铺").string == "Shop"
    assert "关闭" not in room.po.read_text("utf-8")
    assert catalogues.update(room)[1] is False, "an update without a reason rewrites nothing"


def test_a_text_another_room_translated_is_taken_over(room: Room, tmp_path: Path) -> None:
    other = Room("other", tmp_path / "other")
    other.folder.mkdir()
    (other.folder / "views.py").write_text('_("店铺")', "utf-8")
    catalogues.update(other)
    fill(other, 店铺="Shop")
    catalogues.update(room, [catalogues.read(other)])
    assert catalogues.read(room).get("店铺").string == "Shop"


def test_every_fault_is_named(room: Room) -> None:
    catalogues.update(room)
    assert set(reasons(room).values()) == {"no English"}
    fill(room, 店铺="Shop", 提交审核="提交审核")
    text = room.po.read_text("utf-8").replace('msgstr "Shop"', 'msgstr "Shop"', 1)
    text = text.replace(
        'msgid "还剩 %(n)s 个 工作日"\nmsgstr ""', 'msgid "还剩 %(n)s 个 工作日"\nmsgstr "%(days)s left"'
    )
    room.po.write_text(text, "utf-8")
    found = reasons(room)
    assert "店铺" not in found
    assert found["提交审核"] == "still Chinese"
    assert found["还剩 %(n)s 个 工作日"].startswith("placeholders differ")
    (room.folder / "views.py").write_text('_("刚写的")', "utf-8")
    assert reasons(room)["刚写的"] == "not in the catalogue; run messages"


def test_a_doubtful_translation_is_a_fault(room: Room) -> None:
    catalogues.update(room)
    fill(room, 店铺="Shop")
    text = room.po.read_text("utf-8").replace('msgid "店铺"', '#, fuzzy\nmsgid "店铺"')
    room.po.write_text(text, "utf-8")
    assert reasons(room)["店铺"] == "marked fuzzy"


def test_english_may_leave_the_number_out_of_one_but_invent_nothing(room: Room) -> None:
    catalogues.update(room)
    text = room.po.read_text("utf-8")
    room.po.write_text(
        text.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "one day"\nmsgstr[1] "%(n)s days"'), "utf-8"
    )
    assert "%(n)s 天" not in reasons(room)
    room.po.write_text(
        text.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "%(m)s day"\nmsgstr[1] "%(n)s days"'), "utf-8"
    )
    assert "%(n)s 天" in reasons(room)


def test_compiling_writes_only_what_is_out_of_date(room: Room) -> None:
    catalogues.update(room)
    fill(room, 店铺="Shop")
    assert catalogues.compile_catalogues([room]) == 1
    assert catalogues.compile_catalogues([room]) == 0
    import gettext

    with room.po.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("店铺") == "Shop"


def test_every_text_of_the_product_has_its_english(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("messages", "--check")
    except CommandError as error:
        pytest.fail(f"{error}\n{capsys.readouterr().out}")


@pytest.mark.parametrize("english", ["It is over. ", " It is over."])
def test_an_english_sentence_carries_no_blank_at_its_ends(room: Room, english: str) -> None:
    (room.folder / "views.py").write_text('_("结束了。"), _("编号：")', "utf-8")
    catalogues.update(room)
    fill(room, **{"结束了。": english, "编号：": "No. "})
    assert "blank" in reasons(room)["结束了。"] and "编号：" not in reasons(room)
    fill_again = room.po.read_text("utf-8").replace(english, english.strip())
    room.po.write_text(fill_again, "utf-8")
    assert "结束了。" not in reasons(room)
