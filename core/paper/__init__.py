"""Paper and pictures: the embedded typeface, and documents laid out from sections of plain words."""
