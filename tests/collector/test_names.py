"""select.name, select.ascii, for all names of a directory at once."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from etp_kit import collector


@given(
    names=st.lists(
        st.one_of(st.from_regex(r"[0-9]{1,3}\.json\Z"), st.text(st.characters(exclude_characters="/"), min_size=1))
    )
)
@example(names=["1.json", "2.json2"])
@example(names=["1.json", ".json"])
@example(names=["1.json\n", "\n2.json"])
@example(names=["1.JSON", "\u0661.json"])
def test_one_look_at_all_names_tells_what_a_look_at_each_tells(names):
    wanted = [name for name in names if re.match(r"(?ai)[0-9]+\.json\Z", name)]
    assert collector.listing.event_files(names) == wanted
    assert list(filter(collector.listing.is_event_file, names)) == wanted
