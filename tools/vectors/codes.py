"""Cards, client codes, key ids and check words: what must be read, and what must not."""

from __future__ import annotations

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from mnemonic import Mnemonic

from tools.vectors.layout import SYMBOLS, Client, drawn, public_of

_CHECKS = SYMBOLS + "*~$=U"


def _number(number: int, length: int) -> str:
    return "".join(SYMBOLS[number >> 5 * (length - 1 - i) & 31] for i in range(length))


def _client(seed: bytes) -> dict[str, str]:
    number = int.from_bytes(seed)
    symbols = _number(number, 26) + _CHECKS[number % 37]
    client = Client(seed)
    return {
        "seed": seed.hex(),
        "code": "-".join(symbols[i : i + 4] for i in range(0, 27, 4)),
        "signing_public": client.signing_public.hex(),
        "sealing_private": client.derived("seal").hex(),
        "sealing_public": client.sealing_public.hex(),
    }


def _therapist(name: str) -> dict[str, object]:
    sealing, signing = drawn(name), drawn(f"{name} signs")
    sealing_public = public_of(sealing)
    signing_public = Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes_raw()
    digest = sha256(b"sayso/v1/words\x01" + sealing_public + signing_public).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)
    indexes = [int(bits[i : i + 11], 2) for i in range(0, 44, 11)]
    return {
        "private_key": sealing.hex(),
        "public_key": sealing_public.hex(),
        "signing_private_key": signing.hex(),
        "signing_public_key": signing_public.hex(),
        "key_id": sha256(b"\1" + sealing_public).digest()[:8].hex(),
        "words": [Mnemonic("english").wordlist[index] for index in indexes],
        "word_indexes": indexes,
    }


def document() -> dict[str, object]:
    """Return all of them."""
    # One seed for each check symbol, those beyond the alphabet too.
    seeds = [bytes(16), b"\xff" * 16] + [(10**30 + check).to_bytes(16) for check in range(37)]
    cards = [_number(n, 7) + _CHECKS[n % 37] for n in (0, 1, 31, 37, 32**7 - 1 - (32**7 - 1) % 37, 20660751286)]
    return {
        "cards": [{"code": code, "shown": f"{code[:4]}-{code[4:]}"} for code in cards],
        "cards_typed": [
            {"typed": typed, "code": "K7QM2XPF"}
            for typed in ("K7QM-2XPF", "k7qm2xpf", " k7qm 2xpf\n", "K-7-Q-M-2-X-P-F", "K7QM\u00a02XPF")
        ]
        + [{"typed": typed, "code": "00000011"} for typed in ("OOOOOOIL", "ooooooil", "0000-0011")],
        "cards_refused": [
            "",
            "K7QM",
            "K7QM2XP",
            "K7QM2XPG",
            "K7QN2XPF",
            "K7QM2PXF",
            "K7QM2XPFF",
            "K7QM2XPU",
            "0000010*",
        ],
        "clients": [_client(seed) for seed in seeds],
        "clients_refused": _client_refusals(_client(drawn("client", 16))["code"]),
        "therapists": [_therapist(f"therapist {number}") for number in range(4)],
    }


def _client_refusals(code: str) -> list[str]:
    bare = code.replace("-", "")
    other = "0" if bare[5] != "0" else "1"
    swapped = next(i for i in range(25) if bare[i] != bare[i + 1])
    return [
        "",
        bare[:-1],
        bare + "0",
        bare[:5] + other + bare[6:],
        bare[:swapped] + bare[swapped + 1] + bare[swapped] + bare[swapped + 2 :],
        bare[:-1] + ("0" if bare[-1] != "0" else "1"),
        bare[:10] + "U" + bare[11:],
        "8" + "0" * 25 + _CHECKS[(8 << 125) % 37],  # 26 symbols that spell more than 128 bits
    ]
