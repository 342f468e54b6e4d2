//! Numbers that look random and are the same each time.

/// A sequence that its seed decides (SplitMix64).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of these.
    pub(super) fn of<T: Copy>(&mut self, first: T, others: &[T]) -> T {
        let place = self.next() % (others.len() as u64 + 1);
        usize::try_from(place).ok().and_then(|place| others.get(place)).copied().unwrap_or(first)
    }
}
