from .codebooks import Learned as Learned
from .codebooks import learn_codebook as learn_codebook
