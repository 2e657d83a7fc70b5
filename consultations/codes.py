"""Codes that people read, write down and type: receipts of a vote, codes by post, answers to a test."""

import hashlib
import secrets

# 32 signs, five bits each: no 0 or O, no 1 or I, which look alike on paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUP = 4
RECEIPT_LENGTH = 20
POSTAL_LENGTH = 16


def random_code(length: int) -> str:
    """So many signs from the system's randomness."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def receipt_code(browser_randomness: bytes = b"") -> str:
    """A code of 100 bits: nobody can foresee it who does not know the randomness of both sides."""
    digest = hashlib.sha256(secrets.token_bytes(32) + browser_randomness).digest()
    number = int.from_bytes(digest, "big")
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in range(RECEIPT_LENGTH))


def grouped(code: str) -> str:
    """As it is shown: `ABCD-EFGH-…`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def plain(typed: str) -> str:
    """What was typed, without spaces, dashes and small letters; signs that are not ours are left out."""
    return "".join(sign for sign in typed.upper() if sign in ALPHABET)
