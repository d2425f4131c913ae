"""Remove the tracking picture from Superset's scripts, and compress its static files. It runs when the image is built: scripts.py ASSETS_FOLDER.

The picture comes from a third party and counts visitors for the makers of Superset. The content security policy blocks it, and each page then
logs an error in the browser's console.
"""

import gzip
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

#: The picture as React creates it: an image without a size, whose address is a variable.
PICTURE = re.compile(rb'\(0,\w+\.\w+\)\("img",\{referrerPolicy:"no-referrer-when-downgrade",src:\w+,width:0,height:0,alt:""\}\)')
PACKED = {".js", ".css", ".svg", ".json", ".geojson", ".html", ".txt", ".map"}
#: Smaller files, in bytes, fit into one network packet without compression.
LEAST = 1200


def without_picture(script: bytes) -> tuple[bytes, int]:
    """Return the script without the picture, and how often the picture was in it."""
    # The brackets are needed because the picture follows directly after `return`.
    return PICTURE.subn(b"(null)", script)


def pack(path: Path) -> None:
    """Write the compressed file beside the original."""
    content = path.read_bytes()
    if len(content) >= LEAST:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def main(assets: Path) -> None:
    """Change and compress the files. Exit with an error if Superset creates the picture in another way than before."""
    pictures = 0
    for path in assets.glob("*.js"):
        script, count = without_picture(path.read_bytes())
        if count:
            path.write_bytes(script)
        pictures += count
        if b"scarf.sh" in script and not count:
            sys.exit(f"{path.name} has scarf.sh in an unknown form: adapt PICTURE")
    if not pictures:
        sys.exit("no script has the picture: remove this step, or adapt PICTURE to the new form")
    with ThreadPoolExecutor() as pool:
        list(pool.map(pack, [path for path in assets.rglob("*") if path.suffix in PACKED]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
