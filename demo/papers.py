"""Small, valid files for the replay: what a firm would scan and hand in."""

from __future__ import annotations

import io

from kernel.models import Attachment, User
from kernel.services.attachments import attachment_store


def pdf(title: str) -> bytes:
    """A one-page PDF that says ``title`` (as UTF-16 text, so any reader opens it)."""
    text = title.encode("utf-16-be").hex().upper()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        None,
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        b"/FontDescriptor 7 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 90>>",
    ]
    stream = f"BT /F1 16 Tf 60 760 Td <{text}> Tj ET".encode()
    objects[3] = b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj%s endobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))
    return out.getvalue()


def hand_in(*, title: str, subject: str, purpose: str, actor: User | None) -> Attachment:
    """A paper of that title, stored as any upload is."""
    return attachment_store(
        file=io.BytesIO(pdf(title)), name=f"{title}.pdf", subject=subject, purpose=purpose, actor=actor
    )
