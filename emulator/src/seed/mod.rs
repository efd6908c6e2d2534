//! What an empty registry begins with. Everything goes in through the registry's own pushes; only the times are told.

use crate::emulator::BuildError;
use crate::service::Service;

/// What an empty registry is filled with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seed {
    /// Nothing.
    #[default]
    Empty,
    /// A believable registry of a small company.
    Demo,
}

/// How much there is on top, to try size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scale {
    /// Repositories of one image each.
    pub repositories: u32,
    /// Tags of one repository.
    pub tags: u32,
}

/// Fills a registry that holds nothing yet.
pub(crate) fn fill(service: &Service) -> Result<(), BuildError> {
    if !service.registry().is_empty() {
        return Ok(());
    }
    Ok(())
}
