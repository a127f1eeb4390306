"""Pictures of a shop, made safe and small: decoded, turned upright, cut to shape and written anew, so that nothing of
the uploaded file survives but its pixels (no EXIF, no place, no script, no second picture behind the first)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kernel.errors import DomainError

# What is decoded at all; SVG is not, it can carry scripts.
FORMATS = ("JPEG", "PNG", "WEBP")
ACCEPT = ".jpg,.jpeg,.png,.webp,image/jpeg,image/png,image/webp"
MAX_PIXELS = 50_000_000


@dataclass(frozen=True)
class Shape:
    """Pixels: what is kept at most, what is asked at least. ``cut``: the sides are cut off to fit; else the picture is
    set on a transparent ground."""

    width: int
    height: int
    least: tuple[int, int]
    cut: bool


SHAPES = {
    "banner": Shape(1600, 400, (800, 200), cut=True),
    "mark": Shape(256, 256, (96, 96), cut=False),
}
EXTENSION = ".webp"


def redrawn(file: IO[bytes], kind: str) -> bytes:
    """The picture as WebP in the shape of ``kind``. DomainError ``picture.*`` at the field ``kind``."""
    shape = SHAPES[kind]
    try:
        with Image.open(file, formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise _refused(kind, "pixels", _("图片的像素太多。"), _("请缩小到 5000 万像素以内再上传。"))
            picture = _upright(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise _refused(kind, "kind", _("打不开这张图片。"), _("请上传 JPG、PNG 或 WebP 图片。")) from None
    if picture.width < shape.least[0] or picture.height < shape.least[1]:
        small = {"w": shape.least[0], "h": shape.least[1]}
        raise _refused(kind, "small", _("图片太小，放大会模糊。"), _("请上传至少 %(w)s×%(h)s 像素的图片。") % small)
    out = io.BytesIO()
    _fitted(picture, shape).save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def _upright(opened: Image.Image) -> Image.Image:
    """The first frame, turned as the camera noted, in plain colours; only the pixels go on."""
    turned: Any = ImageOps.exif_transpose(opened)
    plain = turned.convert("RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def _fitted(picture: Image.Image, shape: Shape) -> Image.Image:
    if shape.cut:
        # No larger than it came: the largest area of the wanted proportion that fits into it.
        share = min(picture.width / shape.width, picture.height / shape.height, 1)
        return ImageOps.fit(picture, (round(shape.width * share), round(shape.height * share)))
    side = min(max(picture.size), shape.width)
    inside = ImageOps.contain(picture.convert("RGBA"), (side, side))
    ground = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    ground.paste(inside, ((side - inside.width) // 2, (side - inside.height) // 2))
    return ground


def _refused(kind: str, code: str, sentence: Any, remedy: Any) -> DomainError:
    return DomainError(f"picture.{code}", sentence, remedy, field=kind)
