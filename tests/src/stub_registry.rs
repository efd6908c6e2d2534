//! A registry that is none: it answers every request with the same bytes. For what the dashboard does with garbage.

use std::net::Ipv4Addr;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A listener on a free port; gone when dropped.
pub struct StubRegistry {
    port: u16,
    task: JoinHandle<()>,
}

impl StubRegistry {
    /// Answers everything with `200 OK`, this content type and this body.
    pub async fn start(content_type: &str, body: &str) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, answer.clone()));
            }
        });
        Ok(Self { port, task })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for StubRegistry {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads to the end of the request's head and answers. A client that goes away is its own business.
async fn serve(mut connection: TcpStream, answer: String) {
    let mut head: Vec<u8> = Vec::new();
    let mut buffer = [0; 1024];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        match connection.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => head.extend(buffer.iter().take(count)),
        }
    }
    if connection.write_all(answer.as_bytes()).await.is_ok() {
        let _closed = connection.shutdown().await;
    }
}
