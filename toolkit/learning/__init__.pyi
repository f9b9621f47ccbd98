from .codebooks import learn_codebook as learn_codebook
from .records import Learned as Learned
