//! Refusals: every way in which the registry declines a request, and the response it becomes.

use http::StatusCode;
use http::header::{self, HeaderValue};

use super::build::{JSON, Response, bytes, empty, set};
use crate::auth::{Challenge, TokenRefusal};
use crate::protocol::error::{AccessDetail, ApiError, Detail};

/// A refusal.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// A body of `{"errors":[…]}`.
    Api(ApiError),
    /// 401 with a challenge.
    Unauthorized(Challenge),
    /// 401 without body or challenge: how the token service refuses a tenant or a refresh token.
    TokenRefused,
    /// 401 with this message: how the token service refuses an Entra token.
    AudienceRefused(&'static str),
    /// `404 page not found`, plain text: the registry's router knows no such path.
    PageNotFound,
    /// `Not found`: the front knows no such path.
    UnknownRoute,
    /// `400`, plain text: no or no possible `Host`.
    HostInvalid,
    /// 405 on a path that is known; the value is the `Allow` header.
    MethodNotAllowed(&'static str),
}

impl From<Challenge> for Refusal {
    fn from(challenge: Challenge) -> Self {
        Self::Unauthorized(challenge)
    }
}

impl From<TokenRefusal> for Refusal {
    fn from(refusal: TokenRefusal) -> Self {
        match refusal {
            TokenRefusal::FormInvalid(reason) => Self::Api(ApiError::token_request_invalid(reason)),
            TokenRefusal::TokenNotAccepted => Self::TokenRefused,
            TokenRefusal::EntraTokenRejected(message) => Self::AudienceRefused(message),
            TokenRefusal::CredentialsWrong => Self::Api(ApiError::unauthorized(Detail::Null)),
        }
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl ApiError {
    /// The refusal as a response.
    #[must_use]
    pub(crate) fn into_response(self) -> Response {
        bytes(self.status, JSON, self.to_body())
    }
}

impl Refusal {
    /// The refusal as a response.
    #[must_use]
    pub(crate) fn into_response(self) -> Response {
        match self {
            Self::Api(error) => error.into_response(),
            Self::Unauthorized(challenge) => {
                let detail = detail(&challenge);
                let mut response = ApiError::unauthorized(detail).into_response();
                set(response.headers_mut(), header::WWW_AUTHENTICATE, &challenge.to_string());
                response
            }
            Self::TokenRefused => {
                let mut response = empty(StatusCode::UNAUTHORIZED);
                response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
                response
            }
            Self::AudienceRefused(message) => {
                let error = ApiError { message: message.into(), ..ApiError::unauthorized(Detail::Null) };
                let body = ApiError { detail: None, ..error }.to_body();
                bytes(StatusCode::UNAUTHORIZED, "application/json", body.trim_end().to_owned())
            }
            Self::PageNotFound => {
                bytes(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", "404 page not found\n")
            }
            Self::HostInvalid => {
                let text = "the Host header is missing or names no host\n";
                bytes(StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", text)
            }
            Self::UnknownRoute => bytes(StatusCode::NOT_FOUND, "application/octet-stream", "Not found"),
            Self::MethodNotAllowed(allow) => {
                let mut response = ApiError::unsupported().into_response();
                set(response.headers_mut(), header::ALLOW, allow);
                response
            }
        }
    }
}

/// The `detail` of a 401: one entry for each action, or `null` when the call needs none.
fn detail(challenge: &Challenge) -> Detail {
    if challenge.needed.is_empty() {
        return Detail::Null;
    }
    let entries = challenge.needed.iter().flat_map(|access| {
        access.actions.iter().map(|action| AccessDetail {
            kind: access.kind.clone(),
            name: access.name.clone(),
            action: action.clone(),
        })
    });
    Detail::Access(entries.collect())
}
