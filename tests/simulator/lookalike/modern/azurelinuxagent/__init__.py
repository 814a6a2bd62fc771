"""An agent that looks like the production agent's generation 2.15: its modules, classes, doors and texts, written from the contract and not from its code.

What it does is what docs/contract.md says of a core collector, in the plainest way; of the hardened clauses it keeps what falls out. So the profile of that
generation can be held to it where no such agent is at hand.
"""
