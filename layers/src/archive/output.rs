//! What decompressors write to.

use crate::error::LayerError;

/// Where decompressed bytes go. An error ends the decompression.
pub(crate) type Output<'a> = dyn FnMut(&[u8]) -> Result<(), LayerError> + 'a;
