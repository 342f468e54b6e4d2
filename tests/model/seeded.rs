//! Each guard of the shell taken away once: the property that then breaks, and the shortest way there.
