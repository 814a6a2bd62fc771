"""Answers by an event whose numbers no reader takes."""

from answering import answer

EVENT = '{"type":"event","key":["A","1.json",1e999],"eventId":%s,"providerId":"x","file_type":"json","parameters":[]}'

answer(lambda _: print(EVENT % ("9" * 100_000), flush=True))
