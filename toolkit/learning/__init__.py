"""Learn a codebook from coded sentences."""
