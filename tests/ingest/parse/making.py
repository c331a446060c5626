"""Small files made for a single purpose: PDFs from page content, and Word files from XML."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType=
"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml" Type=
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""


def line(x: float, y: float, text: str, size: float = 10, font: str = "F1") -> str:
    """Give the operators that set one line of text."""
    shown = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({shown}) Tj ET"


def rule(x1: float, y1: float, x2: float, y2: float) -> str:
    """Give the operators that draw a line."""
    return f"{x1} {y1} m {x2} {y2} l S"


def pdf(
    pages: Sequence[str], catalog: str = "", page: str = "", more: Sequence[bytes] = ()
) -> bytes:
    """Make a PDF with these page contents; F1 is Helvetica, F2 Helvetica-Bold."""
    count = len(pages)
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(count))
    fonts = b"<< /Font << /F1 3 0 R /F2 4 0 R >> >>"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        fonts,
    ]
    for number, content in enumerate(pages):
        packed = zlib.compress(content.encode("cp1252"))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 5 0 R {page}"
            f" /Contents {7 + 2 * number} 0 R >>".encode()
        )
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        objects.append(head + packed + b"\nendstream")
    return assembled([*objects, *more])


def assembled(objects: Sequence[bytes]) -> bytes:
    """Give each object its number, from 1, and put the cross-reference table after them."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    table += "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF"
    return data + (table + trailer).encode()


def docx(body: str, more: dict[str, bytes] | None = None) -> bytes:
    """Make a Word file with this body; `more` adds or replaces parts."""
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": CONTENT_TYPES.encode(),
        "_rels/.rels": RELATIONS.encode(),
        "word/document.xml": document.encode(),
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**parts, **(more or {})}.items():
            package.writestr(name, content)
    return packed.getvalue()


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """Give a Word paragraph."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """Give a Word table; a field that begins with `<` is taken as XML."""
    made = ""
    for row in rows:
        fields = (field if field.startswith("<") else paragraph(field) for field in row)
        made += "<w:tr>" + "".join(f"<w:tc>{field}</w:tc>" for field in fields) + "</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"
