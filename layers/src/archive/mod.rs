//! From compressed bytes to tar entries, chunk by chunk: nothing here holds more than a window and a header.

pub(crate) mod decoder;
mod gzip;
mod header;
mod output;
mod pax;
pub(crate) mod seek;
pub(crate) mod sparse;
pub(crate) mod tar;
mod zstd;
