//! What is in force while a history is read from its oldest entry to its newest.

use super::shell::Shells;
use crate::config::ReadConfig;

/// What earlier entries of a history, and the config, say that counts for later entries.
pub(super) struct State<'a> {
    pub(super) config: &'a ReadConfig,
    pub(super) shells: Shells,
    /// The names that `ARG` declared.
    pub(super) arguments: Vec<String>,
    /// The character that continues lines and escapes others.
    pub(super) escape: char,
}

impl<'a> State<'a> {
    pub(super) fn new(config: &'a ReadConfig) -> Self {
        let windows = config.config.os.eq_ignore_ascii_case("windows");
        let escape = if windows { '`' } else { '\\' };
        Self { config, shells: Shells::new(), arguments: Vec::new(), escape }
    }
}
