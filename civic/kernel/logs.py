"""Structured logs in UTC that hold no secret and no address of a person."""

import re
from typing import Any

import structlog

# Whoever reads a log must not be able to act in somebody's name: what follows these segments is a secret,
# in an address that stands inside another (%2F) or in JSON (\/) as well.
SLASH = r"(?:/|%2[Ff]|\\+/)"
SECRET_PATHS = re.compile(rf"({SLASH}(?:lien|confirm-email|reset{SLASH}key){SLASH})(?:[^/\s?\"'\\%]|%(?!2[Ff]))+")
# Errors of PostgreSQL and of mail servers quote the row or the recipient.
ADDRESSES = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


def mask_secrets(logger, method, event):
    """Replace people's e-mail addresses, and the secret part of links, in everything that will be written."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {_masked(key): _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    # Django hands its logger the request itself, which is written as its method and path.
    text = SECRET_PATHS.sub(r"\1…", value if isinstance(value, str) else repr(value))
    return ADDRESSES.sub("…@…", text)


SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_configuration(*, as_json: bool, level: str) -> dict:
    """Django's LOGGING: one JSON object a line (newlines escaped) in production, readable text elsewhere."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    mask_secrets,
                    renderer,
                ],
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), *SHARED],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        # Two lines for each connection that the pool gives tell nobody anything.
        "loggers": {"psycopg.pool": {"level": "WARNING"}},
        "root": {"handlers": ["stderr"], "level": level},
    }
