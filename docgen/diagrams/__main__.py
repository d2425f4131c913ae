"""Draw the diagrams into docs/diagrams/: python3 -m docgen.diagrams."""

import sys

from docgen.diagrams import pictures, png

#: The width of a PNG in pixels: that of a projector.
WIDTH = 1920

if __name__ == "__main__":
    wanted = pictures.write()
    made = png.render(wanted, WIDTH)
    sys.stdout.write(f"{pictures.FOLDER}: {len(pictures.svgs())} SVG, {len(wanted)} PNG, of which {len(made)} were drawn now\n")
