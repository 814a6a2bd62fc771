"""Levels as OpenTelemetry's logs data model maps them."""

import os
import tomllib

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber

from etp_kit.collector.program.severity import severity_number

with open(os.path.join(os.path.dirname(__file__), "data", "severities.toml"), "rb") as file:
    COLUMNS = tomllib.load(file)


@pytest.mark.parametrize(
    ("level", "number"), [(level, number) for column in COLUMNS.values() for level, number in column.items()]
)
def test_a_level(level, number):
    assert severity_number(level) == number


def test_the_published_short_names():
    for name, number in SeverityNumber.items():
        assert severity_number(name.rpartition("SEVERITY_NUMBER_")[2]) == number
