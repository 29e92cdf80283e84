"""Sheets of QR cards: presets, drawing, reading back, and a sheet to try the printer with."""

from core.sheet.base import check_base
from core.sheet.draw import Progress, draw_leaves, draw_sheet, no_progress
from core.sheet.face import CardFace, short_address
from core.sheet.leaf import Leaf, leaves
from core.sheet.presets import PRESETS, Preset
from core.sheet.trial import trial_sheet
from core.sheet.verify import verify_leaves, verify_sheet

__all__ = [
    "PRESETS",
    "CardFace",
    "Leaf",
    "Preset",
    "Progress",
    "check_base",
    "draw_leaves",
    "draw_sheet",
    "leaves",
    "no_progress",
    "short_address",
    "trial_sheet",
    "verify_leaves",
    "verify_sheet",
]
