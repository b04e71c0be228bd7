"""What makes the file last: XMP for PDF/A-3a and PDF/UA-1 at once, and the ornament as an artifact; no layout."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import pydyf

from elearn.certs.drawing import ornament

PRODUCER = "elearn"

Finisher = Callable[[Any, pydyf.PDF], None]

# One packet for both standards: PDF/A wants foreign properties (PDF/UA's) explained by an extension schema.
PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 pdfaid:part="3" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:identifier>{code}</dc:identifier>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>id</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Keywords>{code}</pdf:Keywords>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def finisher(*, title: str, author: str, code: str, moment: datetime) -> Finisher:
    """What WeasyPrint calls before it writes: metadata that says both standards, and the ornament under each page."""

    def finish(_document: Any, pdf: pydyf.PDF) -> None:
        _state_metadata(pdf, title=title, author=author, code=code, moment=moment)
        pages = [pdf.objects[int(page)] for page in pdf.pages["Kids"][0::3]]
        for position, page in enumerate(pages):
            _underlay(pdf, page, ornament.back() if position else ornament.front())

    return finish


def _state_metadata(pdf: pydyf.PDF, *, title: str, author: str, code: str, moment: datetime) -> None:
    """Info and XMP say the same, uncompressed, so that the code is found even in a damaged file."""
    utc = moment.astimezone(UTC)
    for key, value in (("Title", title), ("Author", author), ("Keywords", code), ("Creator", PRODUCER)):
        pdf.info[key] = pydyf.String(value)
    pdf.info["Producer"] = pydyf.String(PRODUCER)
    for key in ("CreationDate", "ModDate"):
        pdf.info[key] = pydyf.String(f"D:{utc:%Y%m%d%H%M%S}+00'00'")
    packet = PACKET.format(
        title=escape(title), author=escape(author), code=code, producer=PRODUCER, moment=f"{utc:%Y-%m-%dT%H:%M:%S}+00:00"
    )
    metadata = pydyf.Stream([packet.encode()], {"Type": "/Metadata", "Subtype": "/XML"}, compress=False)
    pdf.add_object(metadata)
    pdf.catalog["Metadata"] = metadata.reference
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})


def _underlay(pdf: pydyf.PDF, page: pydyf.Dictionary, drawn: ornament.Ornament) -> None:
    """Put the ornament before the page's own content, marked as no content (PDF/UA artifact)."""
    resources = pdf.objects[_number(page["Resources"])]
    forms = resources["XObject"]
    for tile in drawn.tiles:
        if tile.name not in forms:
            form = pydyf.Stream([tile.operators], _form(tile.box), compress=True)
            pdf.add_object(form)
            forms[tile.name] = form.reference
    under = pydyf.Stream([b"/Artifact BMC q", drawn.operators, b"Q EMC"], compress=True)
    pdf.add_object(under)
    page["Contents"] = pydyf.Array([under.reference, page["Contents"]])


def _form(box: tuple[float, float, float, float]) -> pydyf.Dictionary:
    return pydyf.Dictionary(
        {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array(box), "Resources": pydyf.Dictionary()}
    )


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
