"""PNGs of the SVGs, made with Chromium. Each PNG has the digest of its SVG in its metadata."""

import hashlib
import shutil
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import sync_playwright

#: The keyword of the digest in the PNG's metadata.
_KEY = b"Source"
_SIGNATURE_AND_HEADER = 8 + 25


def digest(svg: str) -> str:
    """Return the digest of an SVG."""
    return hashlib.sha256(svg.encode()).hexdigest()


def source(path: Path) -> str:
    """Return the digest of the SVG from which a PNG was made; empty where there is no such PNG."""
    head = path.read_bytes()[:400] if path.exists() else b""
    _, found, rest = head.partition(_KEY + b"\0")
    return rest[:64].decode("ascii", "replace") if found else ""


def render(svgs: Iterable[Path], width: int) -> list[Path]:
    """Make the PNG beside each SVG where it is missing or was made from another SVG, and return those that were made."""
    todo = [path for path in svgs if source(path.with_suffix(".png")) != digest(path.read_text(encoding="utf-8"))]
    if not todo:
        return []
    with sync_playwright() as playwright:
        installed = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(device_scale_factor=1)
        for path in todo:
            svg = path.read_text(encoding="utf-8")
            page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{width}px;height:auto}}</style>{svg}")
            path.with_suffix(".png").write_bytes(_signed(page.locator("svg").screenshot(), digest(svg)))
        browser.close()
    return [path.with_suffix(".png") for path in todo]


def _signed(png: bytes, text: str) -> bytes:
    data = b"tEXt" + _KEY + b"\0" + text.encode()
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return png[:_SIGNATURE_AND_HEADER] + chunk + png[_SIGNATURE_AND_HEADER:]
