"""The collector on a fake file system, as the kit runs it: nothing of it may need the real one."""

import os

from .samples import event, events
from .senders import Sender
from .worlds import World


def test_fake_file_system_pass(fs, clock):
    fs.create_dir("/world")
    world = World("/world", clock)
    world.write("2.json", events(3))
    world.write("1.json", b"torn")
    world.write("old.tmp", b"", age=1000.0)
    sender = Sender()
    subject = world.build(sender)
    assert world.run(sender, subject).messages == ["m0", "m1", "m2"]
    assert world.names() == []
    world.write("3.json", event())
    assert world.run(sender, subject).messages == ["a message"]


def test_fake_file_system_links(fs, clock):
    fs.create_dir("/world")
    world = World("/world", clock)
    world.place(os.path.join(world.outside, "1.json"), event(Message="never"))
    os.mkdir(os.path.join(world.log_dir, "Ext"))
    os.symlink(world.outside, os.path.join(world.log_dir, "Ext", "events"))
    world.write("1.json", event(), handler="Bystander")
    assert world.run().messages == ["a message"]
    assert os.listdir(world.outside) == ["1.json"]
