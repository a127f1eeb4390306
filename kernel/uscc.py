"""Unified social credit codes (统一社会信用代码, GB 32100-2015): checked by python-stdnum, refused with a sentence."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from kernel.errors import DomainError


def check(text: str) -> str:
    """The code as 18 capital characters; full-width characters and spaces are mended silently."""
    code = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    try:
        return uscc.validate(code)
    except InvalidLength:
        raise _refused(_("统一社会信用代码应为 18 位，您填写了 %(n)s 位。") % {"n": len(code)}) from None
    except InvalidChecksum:
        raise _refused(_("统一社会信用代码的校验位不对，可能有一位写错了。")) from None
    except ValidationError:
        raise _refused(_("统一社会信用代码含有不允许的字符。")) from None


def _refused(sentence: object) -> DomainError:
    return DomainError(
        "uscc.invalid", sentence, _("请对照营业执照逐位核对（不使用字母 I、O、S、V、Z）。"), field="uscc"
    )
