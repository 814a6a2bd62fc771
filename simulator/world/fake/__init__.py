"""The fake world's kernel, in parts.

``kernel`` is the whole, ``process`` what its parts share, ``nodes`` the tree of files. The calls
lie in ``descriptors`` (open, close), ``contents`` (read, write), ``names`` (make, rename, remove,
list) and ``attributes`` (stat, chmod, times).
"""

from .kernel import FakeKernel

__all__ = ["FakeKernel"]
