#!/usr/bin/env python3
"""Makes the sample documents again: `python3 make.py`, in this directory.

Needs Pillow and the DejaVu fonts (Debian: python3-pil, fonts-dejavu-core). All content is invented.
The output is the same on every run with the same versions of both.
"""

import io
import random
import zipfile
import zlib
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).resolve().parent
FONTS = Path("/usr/share/fonts/truetype/dejavu")
A4_AT_150_DPI = (1240, 1754)

CONTRACT = [
    """
    # Example Power Cooperative
    Windmill Lane 1, Sampletown

    To the household at
    12 Orchard Street
    Sampletown

    Sampletown, 3 February 2025

    ## Your electricity contract, number EX-2025-0417

    Dear customer,

    thank you for choosing electricity from the Example Power Cooperative.
    Supply to your flat begins on 1 March 2025. Your meter has the number
    0815-4711; please read it on that day and tell us the figure.

    Tariff: Green Household 12
    Base price: 9.50 per month
    Energy price: 0.31 per kilowatt hour
    Expected use: 2,400 kilowatt hours per year
    Monthly payment: 72.00, due on the first working day

    The prices hold until 28 February 2026. We announce a change at least
    six weeks before it takes effect, and you may then end the contract.
    """,
    """
    ## Terms of the electricity contract

    1. Term and notice
    The contract runs for twelve months. Afterwards it goes on without an
    end date, and either side may end it with one month's notice.

    2. Moving house
    If you move, tell us the new address and the meter reading of the day
    you hand over the keys. We supply the new flat on the same terms.

    3. Yearly bill
    We read the meter every February and send a bill in March. What you
    paid too much is paid back; what is missing is due within two weeks.

    4. Outages
    Faults in the grid are repaired by the grid operator. Report them by
    telephone at any hour; the number stands on your meter cupboard.

    Example Power Cooperative
    """,
]

INVOICE = """
# Sampletown Housing Association
Rent office, Market Square 5, Sampletown

To the tenants of flat 7
12 Orchard Street, Sampletown

## Rent invoice for May 2025

Invoice number: R-2025-05-007
Date: 25 April 2025
Payment due: 3 May 2025

Rent for flat 7, 68 square metres          612.00
Advance payment for heating                 85.00
Water and waste collection                  46.50
Garage space 3                              40.00

Total rent to be paid                      783.50

Please transfer the rent with the invoice number as reference.
The yearly statement of heating costs follows in September.
"""

TAX_LETTER = """
# Tax Office Sampletown
Department 4, Income tax

To the household at
12 Orchard Street, Sampletown

Tax number: 00/123/45678
Date: 14 July 2025

## Income tax assessment for 2024

Dear taxpayer,

your tax return for the year 2024 has been examined.
The income tax is set at 4,218.00.
Already paid through wage tax: 4,530.00

You will get a refund of 312.00 within four weeks.

If you disagree with this assessment, you may object
in writing within one month of receiving this letter.

Keep this letter with your tax papers.
"""

STATEMENT_ROWS = [
    ("Date", "Description", "Amount", "Balance"),
    ("01.04.2025", "Opening balance", "", "2,140.18"),
    ("02.04.2025", "Standing order: rent flat 7", "-783.50", "1,356.68"),
    ("04.04.2025", "Direct debit: electricity", "-72.00", "1,284.68"),
    ("11.04.2025", "Card payment: grocery shop", "-64.35", "1,220.33"),
    ("15.04.2025", "Transfer to savings account", "-200.00", "1,020.33"),
    ("28.04.2025", "Salary April", "2,310.00", "3,330.33"),
    ("30.04.2025", "Account fee", "-3.90", "3,326.43"),
]

NOTES = """Notes on our insurance policies
===============================

Household contents insurance
  Policy HC-778-2023, insured sum 45,000, deductible 150.
  Covers fire, burglary, tap water and storm. Bicycles are included up to 1,000.
  Ends on 31 December unless renewed; notice has to arrive by 30 September.

Personal liability insurance
  Policy PL-112-2021, whole family, up to 10 million. Premium 58.40 a year.
  Lost keys of the rented flat are covered, damage to the landlord's kitchen too.

Car insurance
  Policy CI-904-2024, third party and partial cover, no-claims class 8.
  Report a claim within one week, with photos and the other driver's policy number.

To do
  - compare the premium of the car insurance in October
  - tell the insurer about the new bicycle
  - café "Zur Mühle": ask whether their umbrella really broke our window
"""


def lines_of(text):
    return [line.strip() if line.startswith("    ") else line for line in text.strip().split("\n")]


# PDF with a text layer, written by hand: two pages, the fonts that every reader has.


def text_pdf(pages):
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", None]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold /Encoding /WinAnsiEncoding >>")
    kids = []
    for page in pages:
        content = page_content(lines_of(page))
        packed = zlib.compress(content.encode("cp1252")).decode("latin-1")
        objects.append(f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n{packed}\nendstream")
        stream = len(objects)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /R 3 0 R /B 4 0 R >> >> /Contents {stream} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return pdf_file(objects)


def page_content(lines):
    commands, y = [], 770
    for line in lines:
        font, size = ("B", 17) if line.startswith("# ") else ("B", 13) if line.startswith("## ") else ("R", 11.5)
        words = line.lstrip("# ").replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        commands.append(f"BT /{font} {size} Tf 72 {y} Td ({words}) Tj ET")
        y -= size * 1.45
    return "\n".join(commands)


def pdf_file(objects):
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for offset in offsets:
        out += f"{offset:010} 00000 n \n".encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


# Pictures of letters.


def drawn_letter(text, font="DejaVuSerif", mono=False):
    sheet = Image.new("L", A4_AT_150_DPI, 255)
    pen = ImageDraw.Draw(sheet)
    y = 130
    for line in lines_of(text):
        size = 40 if line.startswith("# ") else 32 if line.startswith("## ") else 25
        bold = "-Bold" if line.startswith("#") else ""
        family = "DejaVuSansMono" if mono and not bold else font
        pen.text((130, y), line.lstrip("# "), font=ImageFont.truetype(str(FONTS / f"{family}{bold}.ttf"), size), fill=25)
        y += round(size * 1.6)
    return sheet


def speckled(picture, strength, seed):
    noise = random.Random(seed)
    spread = bytes(noise.randrange(256) for _ in range(picture.width * picture.height))
    return Image.blend(picture, Image.frombytes("L", picture.size, spread), strength)


def jpeg(picture, quality):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def scanned_pdf(picture):
    """A page that is nothing but a picture, as scanners make it."""
    data = jpeg(picture, 45).decode("latin-1")
    content = "q 595 0 0 842 0 0 cm /Scan Do Q"
    return pdf_file([
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
        "/Resources << /XObject << /Scan 4 0 R >> >> /Contents 5 0 R >>",
        f"<< /Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /ColorSpace /DeviceGray "
        f"/BitsPerComponent 8 /Filter /DCTDecode /Length {len(data)} >>\nstream\n{data}\nendstream",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
    ])


def photographed(picture):
    """The letter on a table: turned a little, unevenly lit, slightly out of focus."""
    table = Image.new("L", (1400, 1900), 120)
    table.paste(picture, ((1400 - picture.width) // 2, (1900 - picture.height) // 2))
    turned = table.rotate(1.4, Image.Resampling.BICUBIC, fillcolor=120)
    light = Image.linear_gradient("L").resize(turned.size).point(lambda v: 205 + v // 6)
    shaded = Image.composite(turned, Image.new("L", turned.size, 40), light)
    soft = shaded.filter(ImageFilter.GaussianBlur(0.7))
    return Image.merge("RGB", [soft.point(lambda v, k=k: round(v * k)) for k in (1.0, 0.97, 0.9)])


# A Word document, from its parts.


def docx(title, paragraphs, rows):
    def paragraph(text, bold=False):
        style = "<w:rPr><w:b/></w:rPr>" if bold else ""
        return f'<w:p><w:r>{style}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'

    def row(cells):
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="999999"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    body = paragraph(title, bold=True) + "".join(map(paragraph, paragraphs))
    body += f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{borders}</w:tblBorders></w:tblPr>'
    body += "".join(map(row, rows)) + "</w:tbl>" + paragraph("The bank pays no interest on this account.")
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
    return out.getvalue()


def main():
    files = {
        "letter_electricity_contract.pdf": text_pdf(CONTRACT),
        "scanned_rent_invoice.pdf": scanned_pdf(speckled(drawn_letter(INVOICE, mono=True), 0.06, 1).rotate(
            -0.5, Image.Resampling.BICUBIC, fillcolor=250)),
        "bank_statement.docx": docx(
            "Sampletown Savings Bank: account statement for April 2025",
            ["Account holder: household at 12 Orchard Street, Sampletown", "Current account 00 1234 5678, statement 4/2025"],
            STATEMENT_ROWS,
        ),
        "notes_on_insurance.txt": NOTES.encode(),
        "photo_of_tax_letter.jpg": jpeg(photographed(speckled(drawn_letter(TAX_LETTER), 0.05, 2)), 55),
    }
    for name, data in files.items():
        (HERE / name).write_bytes(data)
        print(f"{name}: {len(data) / 1000:.1f} kB")


if __name__ == "__main__":
    main()
