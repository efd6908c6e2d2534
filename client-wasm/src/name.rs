//! Names that a registry uses: repositories, tags, digests, media types, scopes and challenges. Each is a type that is parsed once,
//! where a text enters the program, so that later code need not check it again. No I/O and no knowledge of any endpoint.

mod challenge;
mod digest;
mod media_type;
mod name_error;
mod name_traits;
mod reference;
mod repository;
mod scope;
mod secret;
mod tag;

pub use challenge::Challenge;
pub use digest::{Digest, DigestHasher};
pub use media_type::MediaType;
pub use name_error::NameError;
pub use reference::Reference;
pub use repository::RepositoryName;
pub use scope::{Access, Scope};
pub use secret::Secret;
pub use tag::TagName;
