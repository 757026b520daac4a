"""The data dictionary is what the code says."""

from __future__ import annotations

from pydantic import BaseModel

from pipeline.export import dictionary
from pipeline.export.meanings import MEANINGS


def test_the_committed_dictionary_is_what_the_code_says():
    assert dictionary.PATH.read_text(encoding="utf-8") == dictionary.text(), (
        "run: python -m pipeline.export.dictionary"
    )  # fmt: skip


def test_every_field_has_its_meaning_and_no_other():
    models = {model.__name__: model for model in dictionary.MODELS}
    assert models.keys() == MEANINGS.keys()
    for name, model in models.items():
        assert model.model_fields.keys() == MEANINGS[name].keys(), name


def test_every_model_of_a_record_is_listed():
    from schemas import record

    base = record.Model
    of_record = {each for each in vars(record).values() if isinstance(each, type) and issubclass(each, BaseModel)}
    assert of_record - set(dictionary.MODELS) <= {BaseModel, base}
