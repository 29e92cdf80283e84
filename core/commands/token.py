"""``token seal`` and ``token open``: a preferences document into a token, and any token back into JSON."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from core.commands import Command, arguments
from core.commands.token_open import open_token
from core.commands.token_seal import seal_token


def _configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="{seal,open}")
    _configure_seal(actions.add_parser("seal", help="a preferences document on stdin becomes a token"))
    _configure_open(actions.add_parser("open", help="a token on stdin becomes JSON"))


def _configure_seal(parser: ArgumentParser) -> None:
    parser.add_argument("--to", type=arguments.public_key, required=True, metavar="KEY", help="sealing public key")
    parser.add_argument("--card", type=arguments.card_code, required=True, metavar="CODE")
    parser.add_argument("--seed", type=arguments.hex_bytes(16), metavar="HEX", help="the client's; made where absent")
    parser.add_argument("--sequence", type=arguments.sequence, default=1, metavar="N")
    parser.add_argument(
        "--previous", type=arguments.hex_bytes(16), default=bytes(16), metavar="HEX", help="of the token before"
    )
    parser.add_argument("--now", type=arguments.moment, metavar="TIME", help="issued_at of a document without one")
    parser.add_argument("--unsigned", action="store_true", help="it can only restrict; a seed is not used")
    parser.set_defaults(run=seal_token)


def _configure_open(parser: ArgumentParser) -> None:
    parser.add_argument("--private", type=Path, required=True, metavar="FILE", help="the file that `keys new` wrote")
    parser.add_argument("--now", type=arguments.moment, metavar="TIME", help="decides which tokens are dated ahead")
    parser.set_defaults(run=open_token)


COMMAND = Command("Tokens: seal one, open one.", _configure)
