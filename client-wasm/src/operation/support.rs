//! Whether a registry answers at the endpoint at all.

use super::answer::Answer;
use super::call::{Auth, Call, Operation};
use crate::error::{Error, ErrorKind};
use crate::http::Members;

const CHECK_SUPPORT: &str = "V2Support_Check";

static CHECKING_SUPPORT: Operation = Operation::reading(CHECK_SUPPORT, &[]);

/// V2Support_Check: without a scope, since the registry's challenge to it has none.
pub(crate) fn check_support() -> Call {
    Call::new(&CHECKING_SUPPORT, "/v2/".to_owned(), Auth::Challenge)
}

/// Whether the answer to V2Support_Check is one of a Registry V2, which answers `{}`; a web page that answers everything with its index
/// is not.
pub(crate) fn supported(answer: Result<Box<Answer>, Error>) -> Result<bool, Error> {
    match answer {
        Ok(answer) => {
            let body = &answer.body;
            Ok(body.is_empty() || Members::from_slice(body).is_some())
        }
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::InvalidInput | ErrorKind::Protocol => Ok(false),
            _ => Err(error),
        },
    }
}
