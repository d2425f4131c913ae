"""Write the slides for PowerPoint: its own text boxes, tables, forms and charts, so that everything can be edited, with the notes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Inches, Pt

from docgen.slides.measure import LINE, MARK_SIZE
from docgen.slides.office import Deck, edged, filled, highlighted, themed
from docgen.slides.shapes import HIGH, WIDE, Bars, Box, Page, Picture, Shape, Table, Text
from docgen.slides.words import Run

FONT = "Arial"
_FORMS = {"rect": MSO_SHAPE.RECTANGLE, "round": MSO_SHAPE.ROUNDED_RECTANGLE, "circle": MSO_SHAPE.OVAL, "arrow": MSO_SHAPE.RIGHT_ARROW}
_ALIGNED = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
_ANCHORED = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}


def save(path: Path, title: str, pages: Sequence[Page]) -> None:
    """Write the file."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    layout = themed(deck, FONT)
    told = deck.core_properties
    told.title, told.author, told.last_modified_by, told.subject = title, "Tillstream", "Tillstream", "Proposal"
    told.created = told.modified = datetime.now(UTC).replace(tzinfo=None)
    for page in pages:
        slide = deck.slides.add_slide(layout)
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = colour(page.background)
        for shape in page.shapes:
            _DRAWN[type(shape)](slide, shape, page)
        slide.notes_slide.notes_text_frame.text = "\n".join((*page.notes, *(("", "Sources", *page.sources) if page.sources else ())))
    deck.save(str(path))


def colour(text: str) -> RGBColor:
    """Return a colour from its form #rrggbb."""
    return RGBColor(*bytes.fromhex(text.lstrip("#")))


def _inches(shape: Shape) -> tuple[int, int, int, int]:
    return Inches(shape.x), Inches(shape.y), Inches(shape.w), Inches(shape.h)


def _write(
    frame: Any, paragraphs: Sequence[Sequence[Run]], text: Any, page: Page, *, align: str = "left", bold: bool = False, gap: float = 0
) -> None:
    """Write paragraphs into a frame of a box or a cell."""
    for number, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.line_spacing = _ALIGNED[align], Pt(text.size * LINE)
        paragraph.space_before, paragraph.space_after = Pt(gap * 72 if number else 0), Pt(0)
        for run in runs:
            part = paragraph.add_run()
            part.text = f"\u00a0{run.text}\u00a0" if run.mark else run.text
            part.font.name, part.font.size = FONT, Pt(MARK_SIZE if run.mark else text.size)
            part.font.bold = run.mark or run.bold or bold
            part.font.color.rgb = colour(page.mark[0] if run.mark else text.colour)
            if run.mark:
                highlighted(part, page.mark[1])


def _text(slide: Deck, text: Text, page: Page) -> None:
    box = slide.shapes.title if text.role == "title" else slide.shapes.add_textbox(*_inches(text))
    box.left, box.top, box.width, box.height = _inches(text)
    frame = box.text_frame
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, _ANCHORED[text.anchor]
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _write(frame, text.paragraphs, text, page, align=text.align, bold=text.bold, gap=text.gap)


def _box(slide: Deck, box: Box, _: Page) -> None:
    form = slide.shapes.add_shape(_FORMS[box.form], *_inches(box))
    filled(form, colour(box.fill), colour(box.line) if box.line else None)
    if box.form == "round":
        form.adjustments[0] = min(0.08 / min(box.w, box.h), 0.5)


def _picture(slide: Deck, picture: Picture, _: Page) -> None:
    image = slide.shapes.add_picture(str(picture.path), *_inches(picture))
    image.element.nvPicPr.cNvPr.set("descr", picture.alt)
    image.line.color.rgb, image.line.width = colour(picture.line), Pt(0.75)


def _table(slide: Deck, table: Table, page: Page) -> None:
    drawn = slide.shapes.add_table(len(table.rows), len(table.widths), *_inches(table)).table
    drawn.horz_banding = drawn.first_row = False
    for number, wide in enumerate(table.widths):
        drawn.columns[number].width = Inches(wide)
    for row, cells in enumerate(table.rows):
        drawn.rows[row].height = Inches(table.h / len(table.rows))
        for column, runs in enumerate(cells):
            cell = drawn.cell(row, column)
            cell.fill.background()
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.margin_left, cell.margin_right = (Inches(1 / 6), 0) if table.right[column] else (0, Inches(1 / 6))
            cell.margin_top = cell.margin_bottom = 0
            edged(cell, table.line)
            told = Text(0, 0, 0, 0, (), table.size, table.colour if row else table.muted)
            _write(cell.text_frame, (runs,), told, page, align="right" if table.right[column] else "left", bold=not row)


def _bars(slide: Deck, bars: Bars, _: Page) -> None:
    data = CategoryChartData()
    data.categories = bars.labels
    data.add_series("Value", bars.values)
    chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *_inches(bars), data).chart
    chart.has_legend = chart.has_title = False
    chart.font.name, chart.font.size, chart.font.color.rgb = FONT, Pt(bars.size), colour(bars.colour)
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order, names.major_tick_mark, names.tick_label_position = True, XL_TICK_MARK.NONE, XL_TICK_LABEL_POSITION.LOW
    names.format.line.fill.background()
    values.visible = values.has_major_gridlines = False
    values.minimum_scale, values.maximum_scale = 0, max(bars.values) * 1.25 or 1
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 55, True
    plot.data_labels.position, plot.data_labels.font.bold = XL_LABEL_POSITION.OUTSIDE_END, True
    plot.data_labels.font.size = Pt(bars.size)
    for number, tone in enumerate(bars.colours):
        fill = plot.series[0].points[number].format.fill
        fill.solid()
        fill.fore_color.rgb = colour(tone)


_DRAWN: dict[type[Shape], Callable[[Deck, Any, Page], None]] = {Text: _text, Box: _box, Picture: _picture, Table: _table, Bars: _bars}
