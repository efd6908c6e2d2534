//! Connections to upstreams: directly, or through the outgoing proxy that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name. Every
//! connection counts what passes, so that a request can be told apart that no byte of an answer came for.

use std::future::Future;
use std::io::{self, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
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

/// Counts what passes over each connection of a connector.
#[derive(Clone)]
pub(crate) struct Counted<C>(pub(super) C);

impl<C> Service<Uri> for Counted<C>
where
    C: Service<Uri, Error = BoxError>,
    C::Future: Send + 'static,
    C::Response: Send + 'static,
{
    type Response = TokioIo<CountedStream<C::Response>>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.0.call(uri);
        Box::pin(async move {
            let stream = TokioIo::new(connecting.await?);
            Ok(TokioIo::new(CountedStream { stream, usage: Usage::default() }))
        })
    }
}

/// What has passed over a connection: shared between the stream and an error that names the connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Usage(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    /// Requests whose sending began.
    requests: AtomicU64,
    /// Whether the last thing that passed was a part of a request.
    sending: AtomicBool,
}

impl Usage {
    /// Whether the connection had served a request before, and closed before any byte of an answer to the last one.
    pub(super) fn was_closed_while_idle(&self) -> bool {
        self.0.requests.load(Ordering::Relaxed) > 1 && self.0.sending.load(Ordering::Relaxed)
    }

    fn sent(&self) {
        if !self.0.sending.swap(true, Ordering::Relaxed) {
            self.0.requests.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn received(&self) {
        self.0.sending.store(false, Ordering::Relaxed);
    }
}

/// A connection that counts what passes.
pub(crate) struct CountedStream<S> {
    stream: TokioIo<S>,
    usage: Usage,
}

impl<S: Connection> Connection for CountedStream<S> {
    fn connected(&self) -> Connected {
        self.stream.inner().connected().extra(self.usage.clone())
    }
}

impl<S: Read + Unpin> AsyncRead for CountedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if buf.filled().len() > before {
            self.usage.received();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: Write + Unpin> AsyncWrite for CountedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.usage.sent();
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.usage.sent();
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
