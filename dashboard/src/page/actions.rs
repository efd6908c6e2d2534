//! Changing what the registry holds: untag, delete, lock and unlock, for one or for many.

pub(crate) mod bulk;
