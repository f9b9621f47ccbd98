"""How is the news told, and who is in it? Read articles, count against codebooks, estimate, show."""

from importlib.metadata import version

import lazy_loader

__version__ = version("framebook")
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
