"""The petitions that the home page shows."""

from tests.petitions.conftest import closed, draft, opened, quarter, theme

__all__ = ["closed", "draft", "opened", "quarter", "theme"]
