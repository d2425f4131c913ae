"""Run at the image's build: takes out the picture that pages ask a third party for, and packs what can be packed (argv: the folder of assets).

The picture counts visitors for the makers of Superset. The pages' policy forbids it, so that it was never loaded; each page said so in its console.
"""

import gzip
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

#: As React makes it: an image without size, whose address is a variable.
PICTURE = re.compile(rb'\(0,\w+\.\w+\)\("img",\{referrerPolicy:"no-referrer-when-downgrade",src:\w+,width:0,height:0,alt:""\}\)')
PACKED = {".js", ".css", ".svg", ".json", ".geojson", ".html", ".txt", ".map"}
#: What is smaller fits one packet as it is.
LEAST = 1200


def without_picture(script: bytes) -> tuple[bytes, int]:
    """The script without the picture, and how often it was there."""
    # In brackets: it stands right behind `return`.
    return PICTURE.subn(b"(null)", script)


def pack(path: Path) -> None:
    """Writes the packed file beside it."""
    content = path.read_bytes()
    if len(content) >= LEAST:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def main(assets: Path) -> None:
    """Ends with an error where Superset no longer makes the picture as it did: then this is to be looked at again."""
    found = 0
    for path in assets.glob("*.js"):
        script, count = without_picture(path.read_bytes())
        if count:
            path.write_bytes(script)
        found += count
        if b"scarf.sh" in script and not count:
            sys.exit(f"{path.name} names scarf.sh in another way than was known")
    if not found:
        sys.exit("no script asks for the picture: take this step out, or look for how it is asked for now")
    with ThreadPoolExecutor() as pool:
        list(pool.map(pack, [path for path in assets.rglob("*") if path.suffix in PACKED]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
