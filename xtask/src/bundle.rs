//! What happens to a built wasm until it ships: its JavaScript is made, it is cut into chunks and made smaller, the page is put around
//! it, files are named by their content and compressed. Knows files and bytes; what is built, and when, is decided by its callers.

mod bindgen;
mod compress;
mod file;
mod names;
mod page;
mod shrink;
mod split;
pub(crate) mod stamp;

pub(crate) use bindgen::bind;
pub(crate) use compress::write_compressed;
pub(crate) use names::rename as name_by_content;
pub(crate) use page::assemble;
pub(crate) use shrink::shrink;
pub(crate) use split::{into_chunks, is_later};
