//! Tables of contents that builders put into a layer (eStargz) or next to it (SOCI): a layer is listed without reading it.

mod estargz;
mod flatbuffer;
mod listed;
mod soci;
mod time;

pub use estargz::{ESTARGZ_FOOTER_BYTES, estargz_layer, estargz_toc_offset};
pub use soci::soci_layer;
