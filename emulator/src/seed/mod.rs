//! What an empty registry begins with. Everything goes in through the registry's own pushes, with every check a
//! client's push meets; sizes, platforms and references are computed there. Only the times are set.
//!
//! `layer` makes tar archives, `image`, `index`, `artifact`, `chart`, `evidence` and `schema_1` what is pushed, `pusher` pushes, and `demo`
//! is the list of it.

mod artifact;
mod base;
mod chart;
mod demo;
mod evidence;
mod image;
mod index;
mod layer;
mod packages;
mod pusher;
mod scale;
mod schema_1;

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
