//! What reads image layers for the dashboard, apart from the page: so that no frame waits for it, it runs in a Web Worker.
//!
//! | module | what lives there |
//! |---|---|
//! | `protocol` | the messages between the page and the worker |
//! | `arrangement` | which rows of a file tree are shown, and in which order |
//! | `details` | what is shown of one file, of wasted space and of packages |
//! | `comparison` | two images compared |
//! | `contents` | a layer listed from its table of contents |
//! | `service` | answers the messages: holds the layers and images that were read. Pure |
//! | `cache` | what is kept in IndexedDB, up to a quota. The page keeps results of the analysis in it too |
//!
//! The binary of this package is the worker: its message loop.

mod arrangement;
pub mod cache;
mod comparison;
mod contents;
mod details;
pub mod protocol;
mod service;

pub use service::{Service, cached_index};
