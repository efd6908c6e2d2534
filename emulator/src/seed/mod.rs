//! What an empty registry begins with. Everything goes in through the registry's own pushes, with every check a
//! client's push meets; sizes, platforms and references are computed there. Only the times are told.
//!
//! `layer` makes tar archives, `image`, `index` and `artifact` what is pushed, `pusher` pushes, `demo` says what.

mod artifact;
mod base;
mod demo;
mod image;
mod index;
mod layer;
mod pusher;
mod scale;

use crate::emulator::BuildError;
use crate::service::Service;
use pusher::Pusher;

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
    /// Repositories of one image each, `scale/repository-…`.
    pub repositories: u32,
    /// Tags of one repository, `scale/tags`, each on an image of its own.
    pub tags: u32,
}

/// Fills a registry that has never held anything.
pub(crate) fn fill(service: &Service) -> Result<(), BuildError> {
    if !service.is_new {
        return Ok(());
    }
    let mut pusher = Pusher::new(service);
    let filled = match service.config.seed {
        Seed::Empty => Ok(()),
        Seed::Demo => demo::fill(&mut pusher),
    };
    filled
        .and_then(|()| scale::fill(&mut pusher, service.config.scale))
        .map_err(|error| BuildError::new(format!("the registry could not be filled: {error}")))?;
    service.finish_filling();
    Ok(())
}
