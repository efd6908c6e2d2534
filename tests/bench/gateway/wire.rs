//! HTTP/1.1 on a plain socket, with as little of our own between as there can be: what is measured is the server.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// Nothing measured here takes longer to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that is kept between requests.
pub(crate) struct Connection {
    stream: TcpStream,
    address: SocketAddr,
}

/// The head of an answer, and what of its body came with it.
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) length: Option<u64>,
    pub(crate) begun: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address })
    }

    /// Sends bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(bytes)?)
    }

    /// Asks for something and reads the head of the answer.
    pub(crate) fn ask(&mut self, method: &str, path: &str, token: &str) -> Result<Head> {
        let (host, bearer) = (self.address, format!("authorization: Bearer {token}\r\n"));
        let bearer = if token.is_empty() { "" } else { bearer.as_str() };
        self.write(format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n{bearer}\r\n").as_bytes())?;
        self.head()
    }

    /// Asks for something and reads the whole answer: its status and how many bytes of body it had.
    pub(crate) fn exchange(&mut self, method: &str, path: &str, token: &str) -> Result<(u16, u64)> {
        let head = self.ask(method, path, token)?;
        let size = self.rest(&head)?;
        Ok((head.status, size))
    }

    /// The next head.
    pub(crate) fn head(&mut self) -> Result<Head> {
        let mut bytes = Vec::new();
        let mut part = [0; 4096];
        let end = loop {
            let read = self.read(&mut part)?;
            ensure!(read > 0, "the connection was closed before an answer");
            bytes.extend_from_slice(&part[..read]);
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        };
        Ok(Head { status, length: text.lines().find_map(field), begun: bytes.split_off(end) })
    }

    /// Reads what is left of a body and returns the size of all of it, its framing included.
    pub(crate) fn rest(&mut self, head: &Head) -> Result<u64> {
        let Some(length) = head.length else { return self.chunks(head.begun.clone()) };
        let mut size = head.begun.len() as u64;
        let mut part = vec![0; 1 << 18];
        while size < length {
            let read = self.read(&mut part)?;
            ensure!(read > 0, "the body ended after {size} of {length} bytes");
            size += read as u64;
        }
        Ok(size)
    }

    /// Reads to the last chunk, which nothing that is asked for here holds within another.
    fn chunks(&mut self, mut body: Vec<u8>) -> Result<u64> {
        let mut part = vec![0; 1 << 16];
        while !body.ends_with(b"\r\n0\r\n\r\n") {
            let read = self.read(&mut part)?;
            ensure!(read > 0, "the body ended before its last chunk");
            body.extend_from_slice(&part[..read]);
        }
        Ok(body.len() as u64)
    }

    /// A server that ends sends this process a signal, which is no answer.
    fn read(&mut self, part: &mut [u8]) -> Result<usize> {
        loop {
            match self.stream.read(part) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => return Ok(read?),
            }
        }
    }
}
