"""Files of any format become Articles; article text becomes Sentences."""
