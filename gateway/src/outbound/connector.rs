//! Connections to upstreams: directly, or through the outgoing proxy that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name. Every
//! connection notes what passes, so that a request without any byte of an answer is recognised, and ends when the upstream takes
//! nothing any more.

use std::future::Future;
use std::io::{self, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;
use tower::Service;

use super::resolver::GuardedResolver;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Connects to a host, or has a proxy connect to it. TLS with the host is put over it elsewhere.
#[derive(Clone)]
pub(crate) struct Route {
    direct: HttpConnector<GuardedResolver>,
    /// To the proxy itself, which may be on this machine and may speak https.
    proxy: HttpsConnector<HttpConnector>,
    matcher: Arc<Matcher>,
}

impl Route {
    pub(super) fn new(
        direct: HttpConnector<GuardedResolver>,
        proxy: HttpsConnector<HttpConnector>,
        matcher: Matcher,
    ) -> Self {
        Self { direct, proxy, matcher: Arc::new(matcher) }
    }
}

/// The proxy for a URL. Nothing that only this machine or this link can have is asked of a proxy: the metadata service among it.
fn proxy_for(matcher: &Matcher, uri: &Uri) -> Option<Intercept> {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let near = match host.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(v4)) => v4.is_loopback() || v4.is_link_local(),
        Ok(IpAddr::V6(v6)) => v6.is_loopback() || v6.is_unicast_link_local(),
        Err(_) => host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost"),
    };
    if near { None } else { matcher.intercept(uri) }
}

impl Service<Uri> for Route {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting<Stream>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Some(proxy) = proxy_for(&self.matcher, &uri) else {
            let connecting = self.direct.call(uri);
            return Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.proxy.clone());
        if let Some(authorization) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        Box::pin(async move { Ok(tunnel.call(uri).await?) })
    }
}

/// Notes what passes over each connection of a connector.
#[derive(Clone)]
pub(crate) struct Noted<C> {
    pub(super) connector: C,
    /// How long it may take until a connection is open: name, proxy and TLS included.
    pub(super) connect: Duration,
    /// How long an upstream may take nothing of what is sent to it.
    pub(super) patience: Duration,
}

impl<C> Service<Uri> for Noted<C>
where
    C: Service<Uri, Error = BoxError>,
    C::Future: Send + 'static,
    C::Response: Read + Write + Unpin + Send + 'static,
{
    type Response = TokioIo<NotedStream<C::Response>>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (connecting, patience) = (self.connector.call(uri), self.patience);
        let connecting = tokio::time::timeout(self.connect, connecting);
        Box::pin(async move {
            // As an error of the system, which is what the connector itself reports.
            let opened = connecting.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?;
            let mut stream = TimeoutStream::new(TokioIo::new(opened?));
            stream.set_write_timeout(Some(patience));
            Ok(TokioIo::new(NotedStream { stream: Box::pin(stream), usage: Usage::default() }))
        })
    }
}

/// How soon after a request an idle connection that the server had closed is found to be closed. What ends later ends for what was asked.
const CLOSED_AT_ONCE: Duration = Duration::from_secs(1);

/// What has passed over a connection: shared between the stream, the answers that came over it, and an error that names it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Usage(Arc<Mutex<Passed>>);

#[derive(Debug, Default)]
struct Passed {
    /// Requests whose answers' heads came.
    answered: u64,
    /// The last request: how many were answered before it, and when it was begun.
    request: Option<(u64, Instant)>,
    /// Whether anything came since.
    received: bool,
}

impl Usage {
    /// Whether the connection had served a request before, and was closed by now, right after the last one was begun, without a byte of an
    /// answer.
    pub(super) fn was_closed_while_idle(&self, now: Instant) -> bool {
        let passed = self.lock();
        let begun = passed.request.filter(|(before, _)| *before == passed.answered && *before > 0);
        let at_once = |begun: Instant| now.saturating_duration_since(begun) < CLOSED_AT_ONCE;
        !passed.received && begun.is_some_and(|(_, begun)| at_once(begun))
    }

    /// Notes that the head of an answer came. What is sent next belongs to another request.
    pub(super) fn answered(&self) {
        self.lock().answered += 1;
    }

    fn sent(&self) {
        let mut passed = self.lock();
        let before = passed.answered;
        // What follows an interim answer is of the same request.
        if passed.request.is_none_or(|(known, _)| known != before) {
            (passed.request, passed.received) = (Some((before, Instant::now())), false);
        }
    }

    fn received(&self) {
        self.lock().received = true;
    }

    fn lock(&self) -> MutexGuard<'_, Passed> {
        // Nothing in between leaves it half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that notes what passes.
pub(crate) struct NotedStream<S> {
    stream: Pin<Box<TimeoutStream<TokioIo<S>>>>,
    usage: Usage,
}

impl<S: Connection + Read + Write + Unpin> Connection for NotedStream<S> {
    fn connected(&self) -> Connected {
        self.stream.get_ref().inner().connected().extra(self.usage.clone())
    }
}

impl<S: Read + Write + Unpin> AsyncRead for NotedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(self.stream.as_mut().poll_read(cx, buf))?;
        if buf.filled().len() > before {
            self.usage.received();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: Read + Write + Unpin> AsyncWrite for NotedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.usage.sent();
        self.stream.as_mut().poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.usage.sent();
        self.stream.as_mut().poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_ends_at_once_on_a_connection_that_was_used_was_closed_while_idle() {
        let (usage, now) = (Usage::default(), Instant::now());
        usage.sent();
        assert!(!usage.was_closed_while_idle(now), "a connection that was never used");
        usage.received();
        usage.sent();
        assert!(!usage.was_closed_while_idle(now), "an interim answer, and the rest of the request");
        usage.received();
        usage.answered();
        assert!(!usage.was_closed_while_idle(now), "nothing was sent");
        usage.received();
        usage.sent();
        usage.sent();
        let now = Instant::now();
        assert!(usage.was_closed_while_idle(now));
        assert!(!usage.was_closed_while_idle(now + CLOSED_AT_ONCE), "it was worked on");
        usage.received();
        usage.sent();
        assert!(!usage.was_closed_while_idle(now), "something came");
    }
}
