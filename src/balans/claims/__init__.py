"""The claims of the report and the letter, recomputed from figures and judged by a written rule."""
