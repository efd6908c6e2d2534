//! Uploads: their sessions, where the bytes gather, and the `_state` that a `Location` carries.

mod session;
mod state;
mod store;
mod uploads;

pub(crate) use session::{AppendError, Upload};
pub(crate) use state::UploadState;
pub(crate) use store::UploadStore;
pub(crate) use uploads::Uploads;
