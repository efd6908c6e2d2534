//! What an empty registry begins with. Everything goes in through the registry's own pushes, with every check a
//! client's push meets; sizes, platforms and references are computed there. Only the times are set.
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

use crate::config::Seed;
use crate::service::Service;
use pusher::{PushError, Pusher};

/// Fills a registry that has never held anything.
pub(crate) fn fill(service: &Service) -> Result<(), PushError> {
    if !service.is_new {
        return Ok(());
    }
    let mut pusher = Pusher::new(service);
    let filled = match service.config.seed {
        Seed::Empty => Ok(()),
        Seed::Demo => demo::fill(&mut pusher),
    };
    filled.and_then(|()| scale::fill(&mut pusher, service.config.scale))?;
    service.finish_filling();
    Ok(())
}
