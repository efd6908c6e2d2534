//! What is in force while a history is read from its oldest entry to its newest.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::shell::Shells;
use crate::config::ReadConfig;

/// What earlier entries of a history, and the config, say that counts for later entries.
pub(super) struct State<'a> {
    pub(super) config: &'a ReadConfig,
    pub(super) shells: Shells,
    /// The names that `ARG` declared.
    pub(super) arguments: HashSet<String>,
    /// The environment of the config, by name.
    pub(super) environment: Rc<HashMap<&'a str, &'a str>>,
    /// The character that continues lines and escapes others.
    pub(super) escape: char,
}

impl<'a> State<'a> {
    pub(super) fn new(config: &'a ReadConfig) -> Self {
        let windows = config.config.os.eq_ignore_ascii_case("windows");
        let escape = if windows { '`' } else { '\\' };
        // Of a name that is there twice the first value counts.
        let environment = config.config.config.env.iter().rev().filter_map(|pair| pair.split_once('='));
        let environment = Rc::new(environment.collect());
        let mut shells = Shells::new();
        // The step that declared it may be lost, as in an image that was squashed.
        if !config.config.config.shell.is_empty() {
            shells.declare(&config.config.config.shell);
        }
        Self { config, shells, arguments: HashSet::new(), environment, escape }
    }

    /// That of a trigger, which counts for another build: its `SHELL` and `ARG` are none of this one.
    pub(super) fn of_trigger(&self) -> Self {
        let (config, escape, environment) = (self.config, self.escape, self.environment.clone());
        Self { config, shells: Shells::new(), arguments: HashSet::new(), environment, escape }
    }
}
