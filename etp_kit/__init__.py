"""ETP Kit: everything that is installed lies in this one package, so that nobody's own ``collector``, ``simulator`` or ``scenarios`` is in its way.

``etp_kit.collector`` is the reference collector, ``etp_kit.simulator`` the simulator and the conformance kit, ``etp_kit/scenarios`` its data. In a
checkout the three are links to the folders beside this one (docs/adr/0012-one-namespace.md).
"""
