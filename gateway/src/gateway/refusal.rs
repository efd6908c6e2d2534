//! Requests that are refused before they are calls to a registry: their answers and their lines in the log.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};

use super::Gateway;
use crate::inbound::caller::{self, Caller};
use crate::observe::access_log::{self, Entry};
use crate::problem::Problem;
use crate::route::Route;
use crate::route::operation::Call;
use crate::route::read_call::read_call;

impl Gateway {
    /// The answer to a request that was refused before it was known to be a call to a registry, and its lines in the log.
    pub(super) fn refuse(&self, parts: &Parts, id: &HeaderValue, problem: Problem) -> Response {
        let caller = caller::caller(parts, &self.shared.config)
            .unwrap_or_else(|_| Caller { address: caller::peer(parts), user: None });
        access_log::refused(parts, id, caller.address, &problem);
        if let Some((registry, action, call)) = self.refused_write(parts) {
            let entry = Entry {
                parts,
                id,
                caller: &caller,
                registry,
                operation: call.operation.id(),
                status: problem.status(),
                code: Some(problem.code()),
                answer: &HeaderMap::new(),
                took: Duration::ZERO,
            };
            access_log::audit(&entry, action, &call);
        }
        let mut response = problem.into_response();
        response.headers_mut().insert(access_log::CLIENT_REQUEST_ID, id.clone());
        response
    }

    /// What a refused request would have written: the registry as it was named, the action, and the call as far as it can be read.
    fn refused_write<'a>(&self, parts: &'a Parts) -> Option<(&'a str, &'static str, Call)> {
        let path = self.shared.config.base_path.strip(parts.uri.path())?;
        let Route::Registry { name, path } = Route::of(path) else { return None };
        if parts.method == Method::OPTIONS {
            return None;
        }
        let call = read_call(parts, path).map_or_else(|_| Call::unknown(), |(call, _)| call);
        let action = call.audited_action(&parts.method)?;
        Some((name, action, call))
    }
}
