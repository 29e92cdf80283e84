"""A therapist's keys in a file of their own: JSON, raw bytes in base64url, for the owner alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

from core import seal
from core.commands.arguments import key_from_text, key_text
from core.commands.reading import json_object
from core.errors import BadInput, WouldOverwrite
from core.keys import SealingKey, SigningKey, TherapistKeys


def write(path: Path, keys: TherapistKeys) -> None:
    """Write a new file that only its owner can read. Raises ``WouldOverwrite`` or ``BadInput``."""
    document = {
        **public_part(keys),
        "private_key": key_text(keys.sealing.private),
        "signing_private_key": key_text(keys.signing.private),
    }
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WouldOverwrite from None
    except (OSError, ValueError):
        raise BadInput(problem="The key file cannot be made there. Check that its folder exists.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.write("\n")


def public_part(keys: TherapistKeys) -> dict[str, object]:
    """Return what may be shown of ``keys``: the suite and both public keys."""
    return {
        "suite": seal.SUITE,
        "public_key": key_text(keys.sealing.public),
        "signing_public_key": key_text(keys.signing.public),
    }


def read_sealing_key(path: Path) -> SealingKey:
    """Return the key that opens tokens. Raises ``BadInput``."""
    return SealingKey(_key(_document(path), "private_key", "public_key"))


def read(path: Path) -> TherapistKeys:
    """Return both pairs. Raises ``BadInput``."""
    document = _document(path)
    signing = SigningKey(_key(document, "signing_private_key", "signing_public_key"))
    return TherapistKeys(SealingKey(_key(document, "private_key", "public_key")), signing)


def _document(path: Path) -> dict[str, object]:
    try:
        data = path.read_bytes()
    except (OSError, ValueError):
        raise BadInput(problem="The key file cannot be read. Check its name and whether you may read it.") from None
    document = json_object(data, "The key file")
    if document.get("suite") != seal.SUITE:
        raise BadInput(problem="The key file is for another suite. This Sayso knows only suite 1.")
    return document


def _key(document: dict[str, object], private_name: str, public_name: str) -> bytes:
    wrong = BadInput(problem=f"The key file holds no usable {private_name}. Take the file that `keys new` wrote.")
    try:
        private = key_from_text(str(document.get(private_name)))
    except ValueError:
        raise wrong from None
    pair = SealingKey(private) if private_name == "private_key" else SigningKey(private)
    if document.get(public_name, key_text(pair.public)) != key_text(pair.public):
        raise wrong
    return private
