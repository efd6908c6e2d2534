//! Commands to type in a shell for what a registry holds, each with the tool that works for its kind.

mod az;
mod pull;
mod quote;
mod registry;
mod target;

pub use az::{
    az, delete, delete_repository, list_referrers, lock, login, show, show_manifest, show_repository, untag,
};
pub use pull::{pull, pulls, pulls_of_platform};
pub use quote::quote;
pub use registry::{Cloud, registry_name};
pub use target::{Command, Target, suffix};
