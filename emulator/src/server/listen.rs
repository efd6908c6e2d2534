//! Listening: the registry, its storage host and the admin endpoint, each on its own port, over TCP or TLS.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::admin;
use super::build_error::BuildError;
use super::client_address::ClientAddress;
use super::emulator::Emulator;
use super::entra;
use super::storage;
use crate::response::Response;
use crate::response::fault::DropConnection;

/// How often expired uploads and blobs are removed, at least; more often where their lifetime is shorter.
const EXPIRY_INTERVAL: Duration = Duration::from_secs(60);
const SHORTEST_EXPIRY_INTERVAL: Duration = Duration::from_secs(1);

/// Where an emulator listens.
#[derive(Clone)]
pub struct ListenOptions {
    /// The address.
    pub host: IpAddr,
    /// The registry's port; 0 takes a free one.
    pub port: u16,
    /// The storage host's port, if blobs are redirected; 0 takes the one after the registry's, or a free one where that is
    /// taken. A gateway in front of an emulator on this machine follows redirects to the next port without configuration.
    pub storage_port: u16,
    /// The admin endpoint's port; none when absent.
    pub admin_port: Option<u16>,
    /// The port of the Microsoft Entra authority, where there is one; 0 takes a free one.
    pub entra_port: u16,
    /// TLS for the registry, its storage address and its authority.
    pub tls: Option<Arc<rustls::ServerConfig>>,
}

impl Default for ListenOptions {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            storage_port: 0,
            admin_port: None,
            entra_port: 0,
            tls: None,
        }
    }
}

/// An emulator that listens. It stops when this value is dropped.
#[derive(Debug)]
pub struct RunningEmulator {
    emulator: Emulator,
    address: SocketAddr,
    storage: Option<SocketAddr>,
    admin: Option<SocketAddr>,
    entra: Option<SocketAddr>,
    tls: bool,
    tasks: Vec<JoinHandle<()>>,
}

impl RunningEmulator {
    /// The registry's address, such as `http://127.0.0.1:5000`.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The registry's name: the configured one, else host and port.
    #[must_use]
    pub fn login_server(&self) -> String {
        self.emulator.service().site(&self.address.to_string()).login_server
    }

    /// The storage listener's address, when blobs are redirected.
    #[must_use]
    pub fn storage_address(&self) -> Option<SocketAddr> {
        self.storage
    }

    /// Where blobs are redirected to, such as `http://localhost:5001`, for a client that uses `url`.
    #[must_use]
    pub fn storage_url(&self) -> Option<String> {
        let scheme = if self.tls { "https" } else { "http" };
        let (port, registry) = (self.storage?.port(), self.address.to_string());
        Some(format!("{scheme}://{}:{port}", self.emulator.service().storage_host(&registry)))
    }

    /// The admin endpoint's address, such as `http://127.0.0.1:5001`.
    #[must_use]
    pub fn admin_url(&self) -> Option<String> {
        self.admin.map(|address| format!("http://{address}"))
    }

    /// The Microsoft Entra authority of the registry's tenant, such as `https://127.0.0.1:5002/TENANT`.
    #[must_use]
    pub fn entra_authority(&self) -> Option<String> {
        let scheme = if self.tls { "https" } else { "http" };
        let tenant = self.emulator.service().entra.as_ref()?.tenant();
        Some(format!("{scheme}://{}/{tenant}", self.entra?))
    }

    /// The emulator itself.
    #[must_use]
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }
}

impl Drop for RunningEmulator {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Starts listening.
pub(crate) async fn start(emulator: Emulator, options: ListenOptions) -> Result<RunningEmulator, BuildError> {
    // First, so that the storage host does not take the port that was requested.
    let admin = match options.admin_port {
        Some(port) => Some(bind(options.host, port).await?),
        None => None,
    };
    let entra = match &emulator.service().entra {
        Some(_) => Some(bind(options.host, options.entra_port).await?),
        None => None,
    };
    let redirects = emulator.service().config.blob_redirect;
    let ((registry, address), storage) = bind_pair(&options, redirects).await?;
    let mut running = RunningEmulator {
        emulator,
        address,
        storage: None,
        admin: None,
        entra: None,
        tls: options.tls.is_some(),
        tasks: Vec::new(),
    };
    let service = running.emulator.service().clone();
    let tls = options.tls.map(TlsAcceptor::from);
    if let Some((listener, address)) = storage {
        running.storage = Some(address);
        // A second listener of the same emulator keeps the first one's storage address.
        let _ = service.storage_port.set(address.port());
        running.tasks.push(tokio::spawn(serve(
            listener,
            tls.clone(),
            Role::Storage,
            running.emulator.clone(),
        )));
    }
    if let Some((listener, address)) = admin {
        running.admin = Some(address);
        running.tasks.push(tokio::spawn(serve(listener, None, Role::Admin, running.emulator.clone())));
    }
    if let Some((listener, address)) = entra {
        running.entra = Some(address);
        running.tasks.push(tokio::spawn(serve(listener, tls.clone(), Role::Entra, running.emulator.clone())));
    }
    running.tasks.push(tokio::spawn(serve(registry, tls, Role::Registry, running.emulator.clone())));
    running.tasks.push(tokio::spawn(expire(running.emulator.clone())));
    Ok(running)
}

type Bound = (TcpListener, SocketAddr);

/// The registry's listener, and that of its storage address where blobs are redirected.
async fn bind_pair(options: &ListenOptions, redirects: bool) -> Result<(Bound, Option<Bound>), BuildError> {
    const TRIES: u32 = 16;
    let mut registry = bind(options.host, options.port).await?;
    if !redirects {
        return Ok((registry, None));
    }
    if options.storage_port != 0 {
        return Ok((registry, Some(bind(options.host, options.storage_port).await?)));
    }
    for _ in 0..TRIES {
        if let Some(next) = registry.1.port().checked_add(1)
            && let Ok(storage) = bind(options.host, next).await
        {
            return Ok((registry, Some(storage)));
        }
        if options.port != 0 {
            break;
        }
        registry = bind(options.host, 0).await?;
    }
    Ok((registry, Some(bind(options.host, 0).await?)))
}

async fn bind(host: IpAddr, port: u16) -> Result<Bound, BuildError> {
    let wanted = SocketAddr::new(host, port);
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => BuildError::new(format!("{wanted} is in use; choose another port")),
        _ => BuildError::new(format!("cannot listen on {wanted}: {error}")),
    };
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

async fn expire(emulator: Emulator) {
    let lifetime = emulator.service().config.upload_lifetime;
    let interval = lifetime.clamp(SHORTEST_EXPIRY_INTERVAL, EXPIRY_INTERVAL);
    loop {
        tokio::time::sleep(interval).await;
        emulator.expire().await;
    }
}

/// Which service a listener offers.
#[derive(Clone, Copy)]
enum Role {
    Registry,
    Storage,
    Admin,
    Entra,
}

/// Accepts until aborted; the connections end with it.
async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, role: Role, emulator: Emulator) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let (tls, emulator) = (tls.clone(), emulator.clone());
                    connections.spawn(connection(stream, peer, tls, role, emulator));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    role: Role,
    emulator: Emulator,
) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => http(stream, peer, role, emulator).await,
        Some(tls) => match tls.accept(stream).await {
            Ok(stream) => http(stream, peer, role, emulator).await,
            Err(error) => tracing::debug!(%error, "a TLS handshake failed"),
        },
    }
}

async fn http<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: SocketAddr,
    role: Role,
    emulator: Emulator,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let emulator = emulator.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ClientAddress(peer.ip()));
            let response: Result<Response, Infallible> = Ok(match role {
                Role::Registry => emulator.respond(request).await,
                Role::Storage => storage::answer(emulator.service(), request).await,
                Role::Entra => entra::answer(emulator.service(), request).await,
                Role::Admin => admin::answer(emulator.service(), request).await,
            });
            dropped(response)
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    // The service spells its headers in title case, and some clients were written against just that.
    builder.http1().title_case_headers(true).timer(TokioTimer::new());
    if let Err(error) = builder.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Applies the fault that breaks the connection before any answer.
fn dropped(response: Result<Response, Infallible>) -> Result<Response, io::Error> {
    match response {
        Ok(response) if response.extensions().get::<DropConnection>().is_some() => {
            Err(io::Error::other("the connection was dropped on demand"))
        }
        Ok(response) => Ok(response),
        Err(never) => match never {},
    }
}
