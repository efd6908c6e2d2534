//! Errors: why an operation failed, its kind, and the registry's own errors. No JavaScript value, token, credential or query string is
//! ever in one.

mod kind;
mod operation_error;
mod registry;
mod response;

pub use kind::ErrorKind;
pub use operation_error::Error;
pub use registry::{AcrErrorInfo, AcrErrors, Detail};
pub(crate) use response::{ERROR_BODY_CAP, from_response};
