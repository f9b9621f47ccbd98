from .records import Labels as Labels
from .sampling import sample_sentences as sample_sentences
