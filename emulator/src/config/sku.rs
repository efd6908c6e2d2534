//! The service tiers, whose limits the rate headers count down from.

/// A service tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sku {
    /// Basic.
    Basic,
    /// Standard.
    #[default]
    Standard,
    /// Premium.
    Premium,
}

impl Sku {
    /// Deletions allowed in a second.
    pub(crate) fn deletes_per_second(self) -> u64 {
        if self == Self::Premium { 32 } else { 8 }
    }

    /// Calls of the token service allowed in a minute.
    pub(crate) fn token_calls_per_minute(self) -> u64 {
        if self == Self::Premium { 20_000 } else { 10_000 }
    }
}
