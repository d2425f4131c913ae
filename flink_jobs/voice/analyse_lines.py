"""Analyse texts and calls line by line: `tillstream jobs analyse-texts`.

Each line of standard input is JSON: a string, or the list of a call's turns. Standard output gets a JSON object for each.
"""

import json
import sys
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby, islice
from typing import Any

import typer

BATCH = 64


def batched(items: Iterator[Any]) -> Iterator[list[Any]]:
    """Yield lists of up to BATCH items."""
    while batch := list(islice(items, BATCH)):
        yield batch


def analyse_lines() -> None:
    """Analyse all of standard input, without a catalogue. The output leaves out the vectors, which nobody reads."""
    warnings.filterwarnings("ignore", message=".*was trained with spaCy")
    from flink_jobs.voice.calls.analysis import analyse_calls
    from flink_jobs.voice.text.analysis import analyse_texts

    contacts = [json.loads(line) for line in sys.stdin if line.strip()]
    for is_call, group in groupby(contacts, key=lambda contact: isinstance(contact, list)):
        for batch in batched(group):
            for analysis in analyse_calls([json.dumps(turns) for turns in batch]) if is_call else analyse_texts(batch):
                typer.echo(json.dumps({name: value for name, value in asdict(analysis).items() if name != "embedding"}, ensure_ascii=False))
