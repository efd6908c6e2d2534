//! An answer of the registry, its body taken as the call has it.

use std::any::Any;

use bytes::Bytes;
use http::StatusCode;

use super::Take;
use crate::transport::{Body, Headers, Response, TransportError};

/// Makes something else than bytes of a body.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) type Make =
    fn(Body) -> futures_util::future::LocalBoxFuture<'static, Result<Box<dyn Any>, TransportError>>;

/// An answer to a call. Boxed wherever it goes: moving it would be more bytes of wasm at every step.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Headers,
    /// Empty where the call takes something else than bytes.
    pub(crate) body: Bytes,
    /// Whether that is all of it.
    pub(crate) complete: bool,
    /// What the call takes in the place of bytes: a [`Body`] where it takes a stream.
    pub(crate) taken: Option<Box<dyn Any>>,
}

impl Answer {
    /// Takes the body of an answer as the call has it.
    pub(super) async fn of(response: Response, take: Take) -> Result<Box<Self>, TransportError> {
        let Response { status, headers, body } = response;
        let mut answer = Box::new(Self { status, headers, body: Bytes::new(), complete: true, taken: None });
        match take {
            Take::Bytes(usize::MAX) => answer.body = body.collect().await?,
            Take::Bytes(most) => (answer.body, answer.complete) = body.collect_up_to(most).await?,
            Take::Stream => answer.taken = Some(Box::new(body)),
            #[cfg(all(feature = "js", target_arch = "wasm32"))]
            Take::As(make) => answer.taken = Some(make(body).await?),
        }
        Ok(answer)
    }

    /// What the call took, where it is a `T`.
    pub(crate) fn taken<T: 'static>(self) -> Option<T> {
        self.taken?.downcast().ok().map(|taken| *taken)
    }

    /// The body still to come, of a call that takes a stream.
    pub(crate) fn stream(self) -> Body {
        self.taken().unwrap_or_else(|| Body::from_bytes(Bytes::new()))
    }
}
