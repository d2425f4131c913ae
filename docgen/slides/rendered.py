"""Look at what was made with other programs: Chromium prints the page, and LibreOffice opens the PowerPoint file."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from docgen.slides.shapes import Page
from docgen.slides.words import count

#: Of each box the texts that leave it, and of the page the fonts that took Arial's place.
_LEAVING = """() => [...document.querySelectorAll(".slide > .text, .slide > table")].flatMap((box) => {
  const room = box.getBoundingClientRect();
  return [...box.querySelectorAll("h1, h2, p, td, th")].filter((text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const used = range.getBoundingClientRect();
    return used.left < room.left - 2 || used.right > room.right + 2 || used.top < room.top - 4 || used.bottom > room.bottom + 4;
  }).map((text) => `${box.closest(".slide").getAttribute("aria-label")}: ${text.textContent}`);
})"""


def print_page(source: Path, target: Path) -> list[str]:
    """Print a page to a PDF, and return the texts that leave their boxes in the browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(source.resolve().as_uri())
        page.emulate_media(media="print")
        leaving: list[str] = page.evaluate(_LEAVING)
        page.pdf(path=target, prefer_css_page_size=True, print_background=True)
        browser.close()
    return [f"text leaves its box in the browser, on {text}" for text in leaving]


def open_deck(path: Path, pages: Sequence[Page]) -> list[str]:
    """Convert a PowerPoint file with LibreOffice, and return what it shows otherwise than it was written."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        made = Path(folder, f"{path.stem}.pdf")
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        told = subprocess.run(["pdftotext", "-layout", made, "-"], check=True, capture_output=True, text=True).stdout.split("\f")[:-1]
    if len(told) != len(pages):
        return [f"LibreOffice shows {len(told)} slides of {len(pages)}"]
    return [problem for page, text in zip(pages, told, strict=True) for problem in _lost(page, text)]


def _lost(page: Page, text: str) -> list[str]:
    shown = set(re.findall(r"\S+", text))
    words = [
        word
        for one in page.texts()
        for runs in one.paragraphs
        for run in runs
        if not run.mark
        for word in re.split(r"\s+|(?<=-)", run.text)
    ]
    return [
        f"LibreOffice does not show '{word}' of '{page.title}'" for word in words if count(word) and not any(word in one for one in shown)
    ]
