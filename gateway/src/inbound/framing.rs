//! Where each request of an HTTP/1.1 connection begins and ends, read in parallel with hyper from the bytes as they arrive.
//!
//! hyper takes a `Content-Length` next to `Transfer-Encoding: chunked` as chunks and drops the length before a service sees it. RFC 9112
//! section 6.3 permits that, and lets a server refuse it: a proxy in front that took the length would see other requests than the
//! gateway. This reader only judges. What it cannot follow is judged ambiguous, so an error here refuses and never lets through.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// As much of a line as shows what it is: a field's name with a length, or the size of a chunk.
const LINE: usize = 96;

/// What is said of a connection's requests: shared between the stream they come from and the service that answers them.
#[derive(Clone, Default)]
pub(crate) struct Verdict(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// One more than the number of the first ambiguous request, counted from zero; 0 while there is none.
    ambiguous: AtomicU64,
    /// Requests that were answered or are being answered.
    taken: AtomicU64,
}

impl Verdict {
    /// Whether the next request, or one before it, is ambiguous. Counts it.
    pub(crate) fn next_is_ambiguous(&self) -> bool {
        let number = self.0.taken.fetch_add(1, Ordering::Relaxed);
        let ambiguous = self.0.ambiguous.load(Ordering::Relaxed);
        ambiguous != 0 && number + 1 >= ambiguous
    }
}

/// Marks a request whose length was stated in two ways or whose target holds a fragment, or that follows one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ambiguous;

/// A stream whose requests are judged as they are read.
pub(crate) struct FramingState<S> {
    stream: S,
    reader: Reader,
    verdict: Verdict,
}

impl<S> FramingState<S> {
    pub(crate) fn new(stream: S, verdict: Verdict) -> Self {
        Self { stream, reader: Reader::default(), verdict }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FramingState<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        let this = &mut *self;
        this.reader.read(buf.filled().get(before..).unwrap_or_default());
        if let Some(number) = this.reader.ambiguous {
            this.verdict.0.ambiguous.store(number + 1, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FramingState<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
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

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    RequestLine,
    Field,
    /// So many bytes of a body.
    Body(u64),
    ChunkSize,
    /// So many bytes of a chunk.
    Chunk(u64),
    ChunkEnd,
    Trailer,
    /// Nothing that is ours to judge: HTTP/2, or what follows an ambiguous request.
    Nothing,
}

/// What a head has said of its body so far.
#[derive(Default)]
struct Head {
    length: Option<u64>,
    coded: bool,
    ambiguous: bool,
}

struct Reader {
    expected: Expected,
    line: [u8; LINE],
    /// Whether the request line holds a fragment, which the HTTP library cuts off before a service sees it.
    fragment: bool,
    /// Bytes of the line so far, those that are not kept included.
    length: usize,
    /// The last of them.
    last: u8,
    head: Head,
    requests: u64,
    ambiguous: Option<u64>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            expected: Expected::RequestLine,
            line: [0; LINE],
            fragment: false,
            length: 0,
            last: 0,
            head: Head::default(),
            requests: 0,
            ambiguous: None,
        }
    }
}

impl Reader {
    fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let taken = match self.expected {
                Expected::Nothing => return,
                Expected::Body(left) => self.skip(bytes, left, Expected::RequestLine, Expected::Body),
                Expected::Chunk(left) => self.skip(bytes, left, Expected::ChunkEnd, Expected::Chunk),
                _ => self.gather(bytes),
            };
            bytes = bytes.get(taken..).unwrap_or_default();
        }
    }

    /// Passes over bytes of a body; `rest` is what is expected while there are more, `then` when there are not.
    fn skip(&mut self, bytes: &[u8], left: u64, then: Expected, rest: fn(u64) -> Expected) -> usize {
        let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let left = left - taken as u64;
        self.expected = if left == 0 { then } else { rest(left) };
        taken
    }

    /// Takes bytes up to the end of a line, and the line when it is there.
    fn gather(&mut self, bytes: &[u8]) -> usize {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
        let room = self.line.get_mut(self.length.min(LINE)..).unwrap_or_default();
        for (kept, byte) in room.iter_mut().zip(part) {
            *kept = *byte;
        }
        self.length += part.len();
        self.last = part.last().copied().unwrap_or(self.last);
        self.fragment |= self.expected == Expected::RequestLine && part.contains(&b'#');
        if end.is_some() {
            let (line, length) = (self.line, std::mem::take(&mut self.length));
            let kept = line.get(..length.min(LINE)).unwrap_or_default();
            let ends_in_cr = std::mem::take(&mut self.last) == b'\r';
            // Between chunks and after them the HTTP library knows no other end of a line, and goes on where this reader would not.
            let framed =
                matches!(self.expected, Expected::ChunkSize | Expected::ChunkEnd | Expected::Trailer);
            if framed && !ends_in_cr {
                self.expected = self.give_up();
            } else {
                self.take(kept.strip_suffix(b"\r").unwrap_or(kept), length <= LINE);
            }
        }
        part.len() + usize::from(end.is_some())
    }

    /// Takes a line, without its end. Whether it is whole says whether all of it was kept.
    fn take(&mut self, line: &[u8], whole: bool) {
        self.expected = match self.expected {
            Expected::RequestLine if line.is_empty() => Expected::RequestLine,
            // HTTP/2 has one way to say a length.
            Expected::RequestLine if line.starts_with(b"PRI * HTTP/2") => Expected::Nothing,
            Expected::RequestLine => {
                self.head = Head { ambiguous: std::mem::take(&mut self.fragment), ..Head::default() };
                Expected::Field
            }
            Expected::Field if line.is_empty() => self.end_head(),
            Expected::Field => {
                self.head.take(line, whole);
                Expected::Field
            }
            Expected::ChunkSize => match chunk_size(line, whole) {
                Some(0) => Expected::Trailer,
                Some(size) => Expected::Chunk(size),
                None => self.give_up(),
            },
            Expected::ChunkEnd if line.is_empty() => Expected::ChunkSize,
            Expected::ChunkEnd => self.give_up(),
            Expected::Trailer if line.is_empty() => Expected::RequestLine,
            Expected::Trailer => Expected::Trailer,
            other @ (Expected::Body(_) | Expected::Chunk(_) | Expected::Nothing) => other,
        };
    }

    fn end_head(&mut self) -> Expected {
        let head = std::mem::take(&mut self.head);
        if head.ambiguous || (head.coded && head.length.is_some()) {
            return self.give_up();
        }
        self.requests += 1;
        match head.length {
            _ if head.coded => Expected::ChunkSize,
            None | Some(0) => Expected::RequestLine,
            Some(length) => Expected::Body(length),
        }
    }

    /// From here on nothing is believed: neither the request whose head this is, nor any that follows.
    fn give_up(&mut self) -> Expected {
        self.ambiguous = Some(self.requests);
        Expected::Nothing
    }
}

impl Head {
    fn take(&mut self, line: &[u8], whole: bool) {
        let colon = line.iter().position(|byte| *byte == b':');
        let Some((name, value)) = colon.and_then(|at| line.split_at_checked(at)) else { return };
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            let value = value.get(1..).unwrap_or_default().trim_ascii();
            // Another party may have undone another coding, or the same one once more.
            self.ambiguous |= self.coded || !value.eq_ignore_ascii_case(b"chunked");
            self.coded = true;
        }
        if name.eq_ignore_ascii_case(b"content-length") {
            let value = value.get(1..).unwrap_or_default().trim_ascii();
            let length = number(value, 10).filter(|_| whole);
            self.ambiguous |= length.is_none() || self.length.is_some();
            self.length = length.or(self.length);
        }
    }
}

/// The size in front of a chunk; what follows it, after a semicolon or white space, says nothing of it. None where digits were not kept.
fn chunk_size(line: &[u8], whole: bool) -> Option<u64> {
    let end = line.iter().position(|byte| matches!(byte, b';' | b' ' | b'\t'));
    number(line.get(..end.or_else(|| whole.then_some(line.len()))?)?, 16)
}

/// Digits and nothing else.
fn number(text: &[u8], radix: u32) -> Option<u64> {
    let digits = !text.is_empty() && text.iter().all(|byte| char::from(*byte).is_digit(radix));
    u64::from_str_radix(std::str::from_utf8(text).ok().filter(|_| digits)?, radix).ok()
}

#[cfg(test)]
mod tests;
