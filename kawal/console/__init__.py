"""HTTP for officials, signed in or with a pass (`officials.py`), and for the public who verify the log.

Histories, searches, case files, attachments, letters as they came, the log; the codec that decrypts payloads
(`codec.py` has its routes, `codec_desk.py` decides what is decrypted for whom). The same rules and the same
record of readings as at the command line.
"""
