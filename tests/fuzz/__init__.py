"""Inputs that nobody thought of, for whatever reads what comes from outside.

    python -m tests.fuzz --inputs 1000000

Each target takes any bytes and raises only if the code under it breaks its promise. Atheris looks
for inputs that reach new code, where it has a wheel; hypothesis does elsewhere. A short form with
the corpus is among the unit tests.
"""
