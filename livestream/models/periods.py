"""Constraints of rows that last from one moment to another."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db.models import F, Func, Value


def never_two_at_once(*keys: str, name: str, begins: str = "begins_at", ends: str = "ends_at") -> ExclusionConstraint:
    """No two rows with the same `keys` (foreign keys) hold at the same moment; the end is no longer part of it.

    A number is compared as the range of itself: what GiST knows without an extension to install.
    """
    same = [
        (Func(F(key), F(key), Value("[]"), function="int8range", output_field=BigIntegerRangeField()), "&&")
        for key in keys
    ]
    return ExclusionConstraint(name=name, expressions=[*same, (lasting(begins, ends), RangeOperators.OVERLAPS)])


def lasting(begins: str = "begins_at", ends: str = "ends_at") -> Func:
    """From when until when, as one value."""
    return Func(F(begins), F(ends), function="tstzrange", output_field=DateTimeRangeField())
