"""The demo: a recorded year behind the pages, on servers and a clock of its own; nothing that it sends leaves.

`home` says which folder may hold it, `starting_point` what of the year was done and what is left to the visitor,
`people` who may be signed in as without proof, `moving` how its clock is moved, `sent_messages` and `gateways` what
would have gone out; `run` starts all of it. Whatever here must never happen in a real installation asks for the home's
mark (kawal.base.demo_mark).
"""
