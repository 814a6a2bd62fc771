"""The reference, but once it has met a stopped sender it never collects again:
it breaks no safety, and loses everything.
"""

from etp_kit import collector


class Sulking:
    def __init__(self, sender, genuine):
        self.sender = sender
        self.genuine = genuine
        self.sulks = False

    def collect(self):
        self.sulks = self.sulks or self.sender.stopped()
        return None if self.sulks else self.genuine.collect()


def build(log_dir, agent_events_dir, sender, **settings):
    return Sulking(sender, collector.build(log_dir, agent_events_dir, sender, **settings))


build.capabilities = {**collector.build.capabilities, "notices": False, "ledger": False, "service": False, "agent_events": False}
