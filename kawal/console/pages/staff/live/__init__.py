"""What others change shows on the pages that are open: one stream of events for each page that is seen.

- `feed.py`: `GET /kerja/perubahan`, server-sent events: numbers, and a sentence about each; never what people wrote
- `watches.py`: one look for each scope at what has just changed, shared by all its streams
- `open_streams.py`: how many there may be, and their end when the server stops

A stream ends within seconds of its session or role. It changes nothing, and nothing of it goes on record: what it says
stands in lists that the same reader sees. The pages' side is `static/live.js`.
"""
