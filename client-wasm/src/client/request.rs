//! A request of a handle before it is sent: what the typed methods and the npm package have in common. They differ only in how they read
//! the answer.

use std::sync::Arc;

use futures_util::future::LocalBoxFuture;

use crate::error::Error;
use crate::operation::{Answer, Call};
use crate::pipeline::{Pipeline, Proof};

/// An operation that can be sent.
pub(crate) struct Request {
    pipeline: Arc<Pipeline>,
    call: Call,
    /// For a call that must not be repeated blindly: what asks the registry whether it was carried out.
    probe: Option<(Call, Proof)>,
}

impl Request {
    pub(super) fn new(pipeline: &Arc<Pipeline>, call: Call) -> Self {
        Self { pipeline: pipeline.clone(), call, probe: None }
    }

    /// A request that is repeated after a lost connection only if the probe does not prove that it was carried out.
    pub(super) fn once(pipeline: &Arc<Pipeline>, call: Call, probe: Call, proof: Proof) -> Self {
        Self { pipeline: pipeline.clone(), call, probe: Some((probe, proof)) }
    }

    /// Sends the request; `None` if it was carried out and the answer was lost. Boxed: one copy of it serves every operation.
    pub(crate) fn send(self) -> LocalBoxFuture<'static, Result<Option<Box<Answer>>, Error>> {
        Box::pin(async move {
            match &self.probe {
                Some((probe, proof)) => self.pipeline.once(&self.call, probe, proof).await,
                None => self.pipeline.answer(&self.call).await.map(Some),
            }
        })
    }

    /// Sends a request without a probe, which always has an answer.
    pub(super) async fn answer(self) -> Result<Box<Answer>, Error> {
        self.pipeline.answer(&self.call).await
    }
}
