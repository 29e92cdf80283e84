"""What a therapist holds, in the formats of others: FHIR R4, ISO/IEC TS 27560 and a table for people. Pure.

Each is made from ``subject.Subject`` and nothing else, and only ever says less than may be used, never
more: what the other format cannot say is not permitted there. Field by field: docs/exchange.md.
"""
