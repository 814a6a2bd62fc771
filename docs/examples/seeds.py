"""A flood under ten seeds: what became of the events, and who lost any."""

from collections import Counter

from etp_kit.simulator.testing import load_scenario, run

flood = load_scenario("flood")

for seed in range(10):
    ran = run(flood, seed=seed, collector="reference")
    lost = Counter(event.extension for event in ran.ledger.events if event.fate in {"discarded", "vanished"})
    print(f"seed {seed}: {dict(ran.fates)}, lost: {dict(lost)}")
    assert set(ran.ends) == {"returned"}
    assert set(lost) == {"Contoso.Flooding.Agent"}, "a flood costs its writer alone"

again = run("flood", seed=9)
assert again.history.sha256() == ran.history.sha256(), "the same run has the same history"

event = next(event for event in ran.ledger.events if event.fate == "discarded")
print(f"{event.token} in {event.file} was {event.fate}: {event.why}, in pass {event.gone_pass}")
