"""ETP Kit. All that is installed lies in this one package,
so that it meets nobody's own ``collector``, ``simulator`` or ``scenarios``.

``etp_kit.collector`` is the reference collector. ``etp_kit.simulator`` is the simulator and the
conformance kit. ``etp_kit/scenarios`` is its data. In a checkout the three are links to the folders
beside this one (docs/adr/0013-one-namespace.md).
"""
