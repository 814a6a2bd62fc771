class Configuration:
    def __init__(self):
        self.values = {}


__conf__ = Configuration()
