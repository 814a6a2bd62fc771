"""Real event files at a real rate, for a real agent: ``simulate load``.

Rules: the flood is open (what is due is due, however slow the agent is); nothing is written but below one directory, which was empty or marked,
and everything written is in a manifest before it is there; what became of the events is measured, at the agent's sink, and what cannot be known
is said to be unknown.

``run`` ties it together: ``flow`` plans (pure), ``writer`` processes write by ``hand`` at a ``place``, ``books`` are kept of what was written and
taken, ``serve`` runs a collector under test, ``watch`` looks at its process, ``clean`` takes away what was written.
"""
