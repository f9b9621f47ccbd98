from .charts import draw as draw
from .display import Shown as Shown
from .dropped import show_dropped as show_dropped
from .exploring import explore as explore
from .numbers import show_finding as show_finding
from .numbers import show_numbers as show_numbers
from .reading import show_article as show_article
