from .agreement import Agreement as Agreement
from .agreement import estimate_agreement as estimate_agreement
from .asking import code_sentences as code_sentences
from .files import read_labels as read_labels
from .files import write_labels as write_labels
from .records import Labels as Labels
from .sampling import count_needed as count_needed
from .sampling import sample_sentences as sample_sentences
