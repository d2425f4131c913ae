"""What python-pptx has no words for: the theme, highlighted text, and the edges of a table's cells."""

from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Pt

from docgen.palette import LIGHT

#: A presentation or a slide: python-pptx gives them no types to name.
Deck = Any
_THEME = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def themed(deck: Deck, font: str) -> Any:
    """Give the file our fonts and colours for whatever is added later, keep one layout, and return it."""
    master = deck.slide_master
    for layout in list(deck.slide_layouts):
        if layout.name != "Title Only":
            deck.slide_layouts.remove(layout)
    (layout,) = deck.slide_layouts
    scale = deck.slide_width / 9144000  # the file that python-pptx begins with is 10 inches wide
    for shape in (*master.placeholders, *layout.placeholders):
        shape.left, shape.top, shape.width, shape.height = int(shape.left * scale), shape.top, int(shape.width * scale), shape.height
    for shape in list(layout.placeholders):
        if shape.placeholder_format.type != shape.placeholder_format.type.TITLE:
            shape.element.getparent().remove(shape.element)
    part = master.part.part_related_by(RT.THEME)
    part._blob = _coloured(part.blob, font)  # noqa: SLF001 - python-pptx keeps the theme as bytes, and has no setter for them
    return layout


def _coloured(theme: bytes, font: str) -> bytes:
    """Return a theme with our font and the colours of the palette."""
    root = etree.fromstring(theme)
    root.set("name", "Tillstream")
    tones = [LIGHT.tones[name].strong for name in ("stream", "cold", "hot", "batch", "answer", "quality")]
    colours = {"dk1": LIGHT.text, "lt1": LIGHT.page, "dk2": LIGHT.muted, "lt2": LIGHT.tones["source"].soft}
    colours |= {f"accent{number}": tone for number, tone in enumerate(tones, 1)}
    for name, colour in colours.items():
        for place in root.iter(f"{_THEME}{name}"):
            place[:] = [etree.Element(f"{_THEME}srgbClr", val=colour.lstrip("#").upper())]
    for kind in ("majorFont", "minorFont"):
        for place in root.iter(f"{_THEME}{kind}"):
            place.find(f"{_THEME}latin").set("typeface", font)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def filled(form: Any, fill: RGBColor, line: RGBColor | None) -> None:
    """Fill a form without the shadow and the edge that it has by default."""
    form.fill.solid()
    form.fill.fore_color.rgb = fill
    style = form.element.find(qn("p:style"))
    form.element.remove(style)
    if line is None:
        form.line.fill.background()
    else:
        form.line.color.rgb, form.line.width = line, Pt(0.75)


def highlighted(run: Any, colour: str) -> None:
    """Put a colour behind a run of text."""
    properties = run.font._element  # noqa: SLF001 - python-pptx knows no highlight
    mark = etree.SubElement(properties, qn("a:highlight"))
    etree.SubElement(mark, qn("a:srgbClr")).set("val", colour.lstrip("#").upper())
    # The order is fixed: line, fill, effects, highlight, then fonts.
    fonts = properties.find(qn("a:latin"))
    if fonts is not None:
        fonts.addprevious(mark)


def edged(cell: Any, colour: str) -> None:
    """Draw a thin line below a table's cell, and none at its other sides."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-pptx knows no edges of cells
    for place, side in enumerate(("lnL", "lnR", "lnT", "lnB")):
        line = etree.Element(qn(f"a:{side}"), w=str(Pt(1)) if side == "lnB" else "0")
        if side == "lnB":
            etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr")).set("val", colour.lstrip("#").upper())
        else:
            etree.SubElement(line, qn("a:noFill"))
        properties.insert(place, line)
