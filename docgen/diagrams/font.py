"""Widths of texts, from a table of DejaVu Sans Condensed. It is about as wide as Arial, Segoe UI and Roboto."""

#: The width of each character from the blank to the tilde, in thousandths of the font's size.
_REGULAR = (
    "286 360 414 754 572 855 702 247 351 351 450 754 286 325 286 303 572 572 572 572 572 572 572 572 572 572 303 303 754 754 754 478 "
    "900 615 617 628 693 568 518 697 677 265 265 590 501 776 673 708 542 708 625 571 549 659 615 890 616 549 616 351 303 351 754 450 "
    "450 551 571 495 571 554 316 571 570 250 250 521 250 876 570 550 571 571 370 469 353 570 532 736 532 532 472 572 303 572 754"
)
_BOLD = (
    "313 410 469 754 626 901 785 275 411 411 470 754 342 374 342 329 626 626 626 626 626 626 626 626 626 626 360 360 754 754 754 522 "
    "900 696 686 660 747 615 615 738 753 334 334 697 573 896 753 765 659 765 693 648 614 730 696 993 694 651 652 411 329 411 754 450 "
    "450 607 644 533 644 610 391 644 641 308 308 598 308 938 641 618 644 644 444 536 430 641 586 831 580 586 523 641 329 641 754"
)
_WIDTHS = {bold: {chr(32 + n): int(width) for n, width in enumerate(table.split())} for bold, table in ((False, _REGULAR), (True, _BOLD))}
#: Characters that are not in the tables are dashes and the like: at most as wide as the font is high.
_WIDEST, _MONO = 900, 602
#: Some texts are a little wider in other fonts.
_SPARE = 1.03


def width(text: str, size: float, *, bold: bool = False, mono: bool = False) -> float:
    """Return the width of a text."""
    if mono:
        return len(text) * _MONO * size / 1000
    return sum(_WIDTHS[bold].get(char, 342 if char == "·" else _WIDEST) for char in text) * size / 1000 * _SPARE


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return the lines of a text, each at most `room` wide where its words allow it. If the last line would be short, all get a similar length."""
    lines = _filled(text, size, room, bold=bold)
    narrower = room
    while len(lines) > 1 and width(lines[-1], size, bold=bold) < room / 3 and narrower > room / 2:
        narrower -= 4
        tried = _filled(text, size, narrower, bold=bold)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


def _filled(text: str, size: float, room: float, *, bold: bool) -> list[str]:
    """Return lines that are as full as possible."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
