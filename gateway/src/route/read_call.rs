//! Reading the path below a registry's name as a call.

use http::request::Parts;
use http::uri::PathAndQuery;

use super::operation::{self, Call};
use crate::inbound::target;
use crate::problem::Problem;

/// The call that a registry path is, and the path and query to ask for, as they were sent.
pub(crate) fn read_call(parts: &Parts, path: &str) -> Result<(Call, PathAndQuery), Problem> {
    let target =
        target::parse(path).map_err(|error| Problem::hostile_path(error.to_string()))?.ok_or_else(|| {
            Problem::not_found("below a registry's name there are /v2, /acr/v1 and /oauth2, and nothing else")
        })?;
    let query = parts.uri.query();
    let call = operation::classify(&parts.method, &target, query);
    if target.api == target::Api::Token && !call.operation.is_token_call() {
        return Err(Problem::not_found(
            "the token calls are POST /oauth2/exchange and GET or POST /oauth2/token",
        ));
    }
    let raw = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let raw =
        PathAndQuery::try_from(raw).map_err(|_| Problem::bad_request("this path cannot be requested"))?;
    Ok((call, raw))
}
