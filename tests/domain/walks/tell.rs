//! Tells a walk in words.
