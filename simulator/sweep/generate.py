"""A seed gives a whole scenario, as the data of a scenario file and nothing else.

Rules: random numbers come from the kit's own streams alone, so a seed gives the same scenario on
every machine and Python. What is drawn is small: a run takes milliseconds, and what needs two
extensions and three passes to go wrong shows with them. Limits are lowered so that they are met.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..base import Draw
from ..core import AGENT_EVENTS_DIR, events_dir
from ..scenario import Scenario, scenario_from_data
from .faults import random_faults
from .hazards import random_hazard
from .placing import random_places
from .swarm import Swarm

#: Version of this generator: a seed means another scenario once it changes, and a store of another
#: version is refused.
GENERATOR = 4

#: The process around the collector is looked at where a scenario names this clause, which takes as
#: long as the run itself: in a few.
_GUEST = "run.guest"
#: Names of handlers: plain, as in the field, and odd ones.
_HANDLERS = (
    "Contoso.Alpha",
    "Contoso.Beta",
    "Microsoft.Azure.Monitor-1.0",
    "two words",
    "Ünïcödé",
    "x" * 255,
    "line\nbreak",
    "tab\there",
    "..hidden",
    "a.json",
)
_EXTENSION_PRODUCERS = (
    "plain",
    "plain",
    "plain",
    "go-platform",
    "linux-patch",
    "linux-patch-handler",
    "vm-backup",
    "guest-proxy-agent",
    "aks-bash",
    "aks-node-controller",
    "aks-secure-tls",
    "aks-npd",
    "aks-service-execution",
    "aks-go-time",
    "agent-end-to-end",
)
_AGENT_PRODUCERS = ("custom-script", "oms-agent", "legacy-xml", "guest-configuration", "waagent", "bosh-cpi")
_TRAFFIC = ("steady", "burst", "diurnal", "fleet-start", "upgrade-storm", "noisy", "last-moment")
#: Settings by name: the values that one is drawn from. Smaller files and elements would make a
#: producer's own oversize.
_SETTINGS: dict[str, tuple[int | float | str, ...]] = {
    "quota": (1, 2, 3, 4, 5, 8),
    "max_rejects": (1, 2, 3, 8),
    "max_spared": (0, 1, 2, 5),
    "max_early_removals": (1, 2, 5),
    "period": (30, 60, 300, 3_600),
}
_EVENTS = (0, 0, 1, 1, 1, 1, 2, 2, 3, "quota", "quota+1")
_ZONES = ("NST3:30", "JST-9", "UTC0", "PST8")
_LIVES = ("install", "remove", "renew", "rename", "reinstall")
#: A seed's cost grows with what it makes, and many small ones find more a second than few large
#: ones. So most have one extension and one pass.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_PASSES = (1, 1, 1, 1, 1, 2, 2, 3)
_EXTENSIONS = (1, 1, 1, 1, 2)
_HAZARDS_OF_ONE = (0, 1, 1, 1, 2)


def scenario_data(seed: int) -> dict[str, Any]:
    """The random scenario of a seed, as a TOML file would say it."""
    draw = Draw(seed, "sweep")
    swarm = Swarm(draw.spawn("swarm"))
    passes = draw.choice(_PASSES)
    settings = _settings(draw.spawn("settings"), swarm)
    service = swarm.has("service", 0.02)
    actors = [
        _actor(draw.spawn("actor", place), swarm, passes, place, service=service)
        for place in range(draw.choice(_EXTENSIONS))
    ]
    writers = [(actor, events_dir(actor["handler"])) for actor in actors]
    agent_events = swarm.has("agent-events", 0.3)
    if agent_events:
        writers.append((_agent_actor(draw.spawn("agent"), swarm), AGENT_EVENTS_DIR))
        actors.append(writers[-1][0])
    _tell_roles(draw.spawn("roles"), actors)
    data: dict[str, Any] = {
        "schema": 1,
        "title": f"sweep of seed {seed}",
        "about": "A random scenario of a sweep.",
        "clauses": ["run.errors", _GUEST] if draw.spawn("guest").chance(0.05) else ["run.errors"],
        "passes": passes,
    }
    if service:
        data["service"] = True
    if settings:
        data["collector"] = settings
    if swarm.has("log-dir", 0.1):
        data["log_dir"] = "late"
    if not agent_events and swarm.has("no-agent-dir", 0.05):
        data["agent_events_dir"] = "missing"
    if swarm.has("timezone", 0.1):
        data["timezone"] = draw.choice(_ZONES)
    data["actor"] = actors
    faults = random_faults(draw.spawn("faults"), swarm, passes, service=service)
    if faults:
        data["fault"] = faults
    places = [] if service else random_places(draw.spawn("places"), writers, passes)
    if places:
        data["place"] = places
    return data


def random_scenario(seed: int) -> Scenario:
    """The random scenario of a seed."""
    return checked_scenario(scenario_data(seed), seed)


def checked_scenario(data: dict[str, Any], seed: int) -> Scenario:
    """The data of a seed, checked as a file of a user's is. Raises BadInput where the generator is
    wrong.
    """
    return scenario_from_data(data, f"sweep/{seed}").model_copy(update={"id": f"sweep/{seed}"})


def data_hash(data: dict[str, Any]) -> str:
    """Names a scenario by what it says."""
    text = _ENCODER.encode({**data, "title": "", "about": ""})
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _settings(draw: Draw, swarm: Swarm) -> dict[str, int | float | str]:
    # Files and elements at their limits are made: 4 MiB of them would be all that a run does.
    found: dict[str, int | float | str] = {"max_file_size": 262_144, "max_element": 65_536}
    for name, values in _SETTINGS.items():
        if swarm.has(name, 0.45 if name == "quota" else 0.15):
            found[name] = draw.choice(values)
    found.setdefault("quota", draw.choice((12, 40)))
    found.setdefault("max_spared", 6)
    if swarm.has("delivery", 0.35):
        found["delivery"] = "at-least-once"
    return found


def _actor(draw: Draw, swarm: Swarm, passes: int, place: int, *, service: bool) -> dict[str, Any]:
    handler = swarm.choice("handler", _HANDLERS)
    actor: dict[str, Any] = {"handler": handler if place == 0 else f"{handler[:240]}.{place}"}
    producer = swarm.choice("producer", _EXTENSION_PRODUCERS)
    if producer != "plain":
        actor["producer"] = producer
    if swarm.has("traffic", 0.3):
        actor["traffic"] = swarm.choice("traffic", _TRAFFIC)
    actor["events"] = draw.choice(_EVENTS) if producer == "plain" else draw.between(0, 2)
    if draw.chance(0.4):
        actor["per_file"] = draw.between(2, 4)
    if passes > 1 and draw.chance(0.5):
        actor["passes"] = sorted({draw.below(passes) for _ in range(2)})
    if draw.chance(0.03):
        actor["copies"] = 2
    hazards = [random_hazard(draw, swarm, passes, agent=False) for _ in range(draw.choice(_HAZARDS_OF_ONE))]
    if hazards:
        actor["hazards"] = hazards
    if not service and swarm.has("life", 0.2) and not any(table["kind"] == "events-dir" for table in hazards):
        actor["life"] = _life(draw, passes)
    return actor


def _agent_actor(draw: Draw, swarm: Swarm) -> dict[str, Any]:
    producer = swarm.choice("agent-producer", _AGENT_PRODUCERS)
    actor: dict[str, Any] = {"handler": "Old.Extension", "producer": producer, "events": draw.between(0, 2)}
    hazards = [random_hazard(draw, swarm, 1, agent=True) for _ in range(draw.below(3))]
    if hazards:
        actor["hazards"] = hazards
    return actor


def _life(draw: Draw, passes: int) -> list[dict[str, Any]]:
    """A life of one or two changes, in order of time."""
    first = draw.below(passes)
    when = draw.choice(("early", "late", "during"))
    do = draw.choice(_LIVES)
    if do == "rename":
        return [{"do": "rename", "in_pass": first, "when": when, "to": f"renamed-{draw.below(10)}"}]
    if do != "reinstall":
        return [{"do": do, "in_pass": first, "when": when}]
    life = [{"do": "remove", "in_pass": first, "when": when}]
    if first + 1 < passes:
        life.append(
            {"do": "install", "in_pass": draw.between(first + 1, passes - 1), "when": draw.choice(("early", "late"))}
        )
    return life


def _tell_roles(draw: Draw, actors: list[dict[str, Any]]) -> None:
    """In a part of the scenarios those with hazards attack, and must not harm the others."""
    hostile = [actor for actor in actors if actor.get("hazards")]
    if hostile and draw.chance(0.4):
        for actor in hostile:
            actor["role"] = "attacker"
