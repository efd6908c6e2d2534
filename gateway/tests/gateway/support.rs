//! What the tests stand on: a gateway on a free port, an upstream that answers from a script, and a plain HTTP client.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use acr_gateway::config::{Config, Registry};
use acr_gateway::{Assets, Gateway, RunningServer, Server};
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A registry's configuration under the name `demo`.
pub fn registry(url: &str) -> Registry {
    format!("demo={url}").parse::<Registry>().unwrap().with_login_server("demo.azurecr.io")
}

/// A configuration for one registry, on a free port.
pub fn config(url: &str) -> Config {
    let mut config = Config::new(vec![registry(url)]).unwrap();
    config.listen = "127.0.0.1:0".parse().unwrap();
    config
}

/// The files of a made-up dashboard.
pub fn assets() -> Assets {
    [
        ("index.html", "<!doctype html><html><head><base href=\"/\"><title>page</title></head></html>"),
        ("boot.js", "boot()"),
        ("app-1a2b3c4d5e6f.js", "app()"),
        ("app-1a2b3c4d5e6f.js.br", "brotli"),
        ("app-1a2b3c4d5e6f.js.gz", "gzip"),
        ("app-1a2b3c4d5e6f_bg.wasm", "wasm"),
        ("fonts/text.woff2", "font"),
    ]
    .into_iter()
    .collect()
}

/// Starts a gateway.
pub async fn gateway(config: Config) -> RunningServer {
    Server::bind(Gateway::with_assets(config, assets()).unwrap()).await.unwrap().start()
}

/// Starts a gateway in front of a script.
pub async fn scripted(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> (RunningServer, Upstream) {
    let upstream = Upstream::start(script).await;
    (gateway(config(&upstream.url())).await, upstream)
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The code of the gateway's own problem, or of the registry's first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap().to_owned()
    }
}

/// Sends a request and reads the answer.
pub async fn send(server: &RunningServer, request: http::request::Builder, body: impl Into<Body>) -> Answer {
    let request = request.body(body.into()).unwrap();
    try_send(server, request).await.unwrap()
}

/// Sends a request; an error when the answer ends before it should.
pub async fn try_send(server: &RunningServer, mut request: Request<Body>) -> Result<Answer, String> {
    let path = request.uri().path_and_query().unwrap().to_string();
    *request.uri_mut() = format!("http://{}{path}", server.address()).parse().unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let (parts, body) = client.request(request).await.map_err(|error| error.to_string())?.into_parts();
    let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
    Ok(Answer { status: parts.status, headers: parts.headers, body })
}

/// A GET.
pub async fn get(server: &RunningServer, path: &str) -> Answer {
    send(server, Request::get(path), Body::empty()).await
}

/// Sends bytes as they are and reads until the other side closes.
pub async fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The other side may refuse before it has read everything.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status in a raw answer; 0 when there is none.
pub fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
}

/// Waits until something is so.
pub async fn until<F: Future<Output = bool>>(mut check: impl FnMut() -> F) {
    let mut pause = tokio::time::interval(std::time::Duration::from_millis(5));
    while !check().await {
        pause.tick().await;
    }
}

/// What an upstream was asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Which request of its connection it is, from 1.
    pub number: usize,
    /// The head, as it came.
    pub head: String,
    /// The body, taken out of its framing.
    pub body: Vec<u8>,
}

impl Asked {
    /// The request target.
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    /// A header field's value, in lower case names.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What an upstream does.
pub enum Reply {
    /// Sends these bytes and keeps the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes and closes.
    Close(Vec<u8>),
    /// Waits for a notification, then sends these bytes and keeps the connection.
    After(Arc<Notify>, Vec<u8>),
    /// Sends these bytes and then nothing, for ever.
    Hang(Vec<u8>),
    /// Sends these bytes, then the second ones over and over.
    Endless(Vec<u8>, Vec<u8>),
}

impl Reply {
    /// A well-formed answer.
    pub fn ok(fields: &str, body: &str) -> Self {
        Self::Bytes(
            format!("HTTP/1.1 200 OK\r\n{fields}content-length: {}\r\n\r\n{body}", body.len()).into_bytes(),
        )
    }

    /// The same with another status line.
    pub fn into_status(self, line: &str) -> Self {
        match self {
            Self::Bytes(bytes) => {
                Self::Bytes(String::from_utf8(bytes).unwrap().replace("200 OK", line).into_bytes())
            }
            other => other,
        }
    }

    /// A well-formed answer without a body.
    pub fn status(line: &str, fields: &str) -> Self {
        Self::Bytes(format!("HTTP/1.1 {line}\r\n{fields}content-length: 0\r\n\r\n").into_bytes())
    }
}

/// A server that answers from a script and remembers what it was asked. Stops when dropped.
pub struct Upstream {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

impl Upstream {
    pub async fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_behind(None, script).await
    }

    /// The same over TLS, when there is someone to accept it.
    pub async fn start_behind(
        acceptor: Option<TlsAcceptor>,
        script: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let record = Arc::clone(&asked);
        let script: Arc<dyn Fn(&Asked) -> Reply + Send + Sync> = Arc::new(script);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, record, script) = (acceptor.clone(), Arc::clone(&record), Arc::clone(&script));
                tokio::spawn(async move {
                    match acceptor {
                        None => converse(stream, record, script).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                converse(stream, record, script).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, asked, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The only request there was.
    pub fn only(&self) -> Asked {
        let asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked[0].clone()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    record: Arc<Mutex<Vec<Asked>>>,
    script: Arc<dyn Fn(&Asked) -> Reply + Send + Sync>,
) {
    let (mut buffer, mut number) = (Vec::new(), 0);
    while let Some(mut asked) = read_request(&mut stream, &mut buffer).await {
        number += 1;
        asked.number = number;
        record.lock().unwrap().push(asked.clone());
        match script(&asked) {
            Reply::Bytes(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Reply::After(gate, bytes) => {
                gate.notified().await;
                let _ = stream.write_all(&bytes).await;
            }
            Reply::Close(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Reply::Hang(bytes) => {
                let _ = stream.write_all(&bytes).await;
                // Until the other side lets go.
                let _ = stream.read(&mut [0; 64]).await;
                return;
            }
            Reply::Endless(bytes, more) => {
                let _ = stream.write_all(&bytes).await;
                while stream.write_all(&more).await.is_ok() {}
                return;
            }
        }
    }
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Option<Asked> {
    let head = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break buffer.drain(..end + 4).collect::<Vec<u8>>();
        }
        fill(stream, buffer).await?;
    };
    let mut asked = Asked { head: String::from_utf8_lossy(&head).into_owned(), ..Asked::default() };
    if asked.header("transfer-encoding").is_some() {
        loop {
            let size = usize::from_str_radix(read_line(stream, buffer).await?.trim(), 16).ok()?;
            while buffer.len() < size + 2 {
                fill(stream, buffer).await?;
            }
            asked.body.extend(buffer.drain(..size));
            buffer.drain(..2);
            if size == 0 {
                return Some(asked);
            }
        }
    }
    let length = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
    while buffer.len() < length {
        fill(stream, buffer).await?;
    }
    asked.body = buffer.drain(..length).collect();
    Some(asked)
}

async fn read_line(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(end) = buffer.windows(2).position(|window| window == b"\r\n") {
            return Some(String::from_utf8_lossy(&buffer.drain(..end + 2).collect::<Vec<u8>>()).into_owned());
        }
        fill(stream, buffer).await?;
    }
}

async fn fill(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Option<()> {
    match stream.read_buf(buffer).await {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(()),
    }
}
