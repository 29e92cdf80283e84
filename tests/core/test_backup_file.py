"""The locked file of a backup: opened whole with the right secret, or not at all."""

from __future__ import annotations

import io
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import locked_file
from core.errors import BackupDamaged, BackupLocked, BadInput
from core.keys import SealingKey
from core.locked_file import MAGIC, PIECE, Passphrase, PrivateKey, PublicKey, Writer

KEY = SealingKey(bytes(range(32)))
TO = PublicKey(KEY.public)
MINE = PrivateKey(KEY)
TEXT = b"".join(b"%d line\n" % number for number in range(20_000))


def locked(data=TEXT, lock=TO, step=7000):
    file = io.BytesIO()
    writer = Writer(file, lock)
    for start in range(0, len(data), step):
        writer.write(data[start : start + step])
    writer.finish()
    return file.getvalue()


def opened(sealed, opener=MINE):
    return b"".join(locked_file.pieces(io.BytesIO(sealed), opener))


WHOLE = locked()
HEADER = len(MAGIC) + 3 + 80


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5])
def test_what_was_locked_comes_back(size):
    data = bytes(i % 251 for i in range(size))
    assert opened(locked(data)) == data


@given(st.lists(st.binary(max_size=PIECE), max_size=5))
def test_however_it_is_given_it_comes_back_whole(parts):
    file = io.BytesIO()
    writer = Writer(file, TO)
    for part in parts:
        writer.write(part)
    writer.finish()
    assert opened(file.getvalue()) == b"".join(parts)


def test_its_length_is_that_of_the_pieces():
    assert len(WHOLE) == HEADER + len(TEXT) + 16 * -(-len(TEXT) // PIECE)


def test_lines_come_back_one_by_one():
    assert list(locked_file.lines(io.BytesIO(WHOLE), MINE)) == TEXT.splitlines()
    with pytest.raises(BackupDamaged):
        list(locked_file.lines(io.BytesIO(locked(b"no end")), MINE))


def test_a_passphrase_locks_and_opens():
    sealed = locked(b"x", Passphrase("a long passphrase"))
    assert opened(sealed, Passphrase("a long passphrase")) == b"x"
    with pytest.raises(BackupLocked):
        opened(sealed, Passphrase("a long passphrasE"))


def test_another_key_or_another_kind_of_secret_does_not_open():
    for other in (PrivateKey(SealingKey(bytes(32))), Passphrase("a long passphrase")):
        with pytest.raises(BackupLocked):
            opened(WHOLE, other)


def test_a_key_that_keeps_nothing_secret_is_refused():
    with pytest.raises(BadInput):
        locked(b"x", PublicKey(bytes(32)))


def test_no_two_files_share_a_key():
    assert locked(b"x")[HEADER:] != locked(b"x")[HEADER:]


@pytest.mark.parametrize("place", range(0, HEADER + 40, 3))
def test_one_changed_byte_of_the_beginning_opens_nothing(place):
    changed = bytearray(WHOLE)
    changed[place] ^= 1
    with pytest.raises((BackupDamaged, BackupLocked)):
        opened(bytes(changed))


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_one_changed_byte_is_noticed(place, by):
    changed = bytearray(WHOLE)
    changed[place] ^= by
    with pytest.raises((BackupDamaged, BackupLocked)):
        opened(bytes(changed))


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_that_was_cut_is_noticed(length):
    with pytest.raises((BackupDamaged, BackupLocked)):
        opened(WHOLE[:length])


def test_a_cut_between_two_pieces_is_noticed():
    for pieces in (0, 1, 2):
        with pytest.raises(BackupDamaged):
            opened(WHOLE[: HEADER + pieces * (PIECE + 16)])


@pytest.mark.parametrize("more", [b"\0", WHOLE[-16:], WHOLE[HEADER:]], ids=["a byte", "its end", "all of it"])
def test_what_was_put_behind_is_noticed(more):
    with pytest.raises(BackupDamaged):
        opened(WHOLE + more)


def test_two_pieces_that_changed_places_are_noticed():
    first, second = (WHOLE[HEADER + i * (PIECE + 16) : HEADER + (i + 1) * (PIECE + 16)] for i in (0, 1))
    swapped = WHOLE[:HEADER] + second + first + WHOLE[HEADER + 2 * (PIECE + 16) :]
    with pytest.raises(BackupDamaged):
        opened(swapped)


@pytest.mark.parametrize("nothing", [b"", b"SAYSO-BACKUP-1", b"age-encryption.org/v1\n", bytes(100)])
def test_a_foreign_file_is_no_backup(nothing):
    with pytest.raises(BackupDamaged):
        opened(nothing)


def test_the_same_bytes_open_as_docs_backup_says():
    """Reads one by the steps that docs/backup.md tells, without the module."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    from core import seal

    assert WHOLE[:15] == b"SAYSO-BACKUP-1\n"
    assert WHOLE[15] == 2
    length = int.from_bytes(WHOLE[16:18])
    header, rest = WHOLE[: 18 + length], WHOLE[18 + length :]
    file_key = seal.open_sealed(header[18:], KEY.private, b"sayso/v1/backup")
    info = b"sayso/v1/backup" + sha256(header).digest()
    cipher = AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(file_key))
    sealed = [rest[i : i + 65_552] for i in range(0, len(rest), 65_552)]
    last = len(sealed) - 1
    read = [cipher.decrypt(i.to_bytes(11) + bytes([i == last]), one, None) for i, one in enumerate(sealed)]
    assert b"".join(read) == TEXT
