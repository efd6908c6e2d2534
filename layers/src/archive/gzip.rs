//! gzip (RFC 1952) as it streams: members one after another, their checksums, and seek points at deflate blocks.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY,
};
use miniz_oxide::inflate::core::{BlockBoundaryState, DecompressorOxide, decompress};

use super::output::Output;
use super::seek::{Resume, SeekPoint, SeekRecorder};
use crate::error::LayerError;

/// What deflate can refer back to.
const WINDOW: usize = 32 << 10;

/// The circular buffer that inflate writes to: a power of two, and large enough that calls are few.
const BUFFER: usize = 128 << 10;

/// Decompresses gzip.
pub(crate) struct Gzip {
    stage: Stage,
    inflate: Box<DecompressorOxide>,
    buffer: Vec<u8>,
    /// Where inflate writes next in the buffer.
    position: usize,
    /// Compressed bytes consumed and uncompressed bytes made, since the start of the layer.
    consumed: u64,
    produced: u64,
    /// Uncompressed bytes of this member.
    member: u64,
    /// `None` while the member was entered at a seek point: its checksum cannot be known.
    checksum: Option<crc32fast::Hasher>,
    members: u64,
    pub(crate) seek: SeekRecorder,
}

enum Stage {
    Header(HeaderParser),
    /// The next byte holds these first bits of a block, in its most significant places.
    PartialByte(u8),
    Body,
    Trailer(Vec<u8>),
    /// Zero bytes after the last member.
    Padding,
}

impl Gzip {
    pub(crate) fn new() -> Self {
        Self {
            stage: Stage::Header(HeaderParser::default()),
            inflate: Box::default(),
            buffer: vec![0; BUFFER],
            position: 0,
            consumed: 0,
            produced: 0,
            member: 0,
            checksum: Some(crc32fast::Hasher::new()),
            members: 0,
            seek: SeekRecorder::default(),
        }
    }

    /// A decompressor that continues at a seek point.
    pub(crate) fn resume(point: &SeekPoint) -> Self {
        let mut gzip = Self::new();
        gzip.seek = SeekRecorder::disabled();
        gzip.consumed = point.compressed;
        gzip.produced = point.uncompressed;
        if let Resume::Block { bits, value, window } = &point.resume {
            for (to, from) in gzip.buffer.iter_mut().zip(window.iter().take(WINDOW)) {
                *to = *from;
            }
            gzip.position = window.len().min(WINDOW);
            gzip.member = point.uncompressed.max(1);
            gzip.checksum = None;
            match value {
                Some(value) => gzip.enter_block(*bits, *value),
                None => gzip.stage = Stage::PartialByte(*bits),
            }
        }
        gzip
    }

    pub(crate) fn push(&mut self, mut input: &[u8], output: &mut Output<'_>) -> Result<(), LayerError> {
        while !input.is_empty() {
            let used = self.step(input, output)?;
            self.consumed += used as u64;
            input = input.get(used..).unwrap_or_default();
        }
        Ok(())
    }

    /// Does what the stage allows, and returns how many bytes it used: at least one, or the stage has changed.
    fn step(&mut self, input: &[u8], output: &mut Output<'_>) -> Result<usize, LayerError> {
        match &mut self.stage {
            Stage::Header(parser) if parser.is_new() && self.members > 0 && input.first() == Some(&0) => {
                self.stage = Stage::Padding;
                Ok(0)
            }
            Stage::Header(parser) => {
                if parser.is_new() && self.seek.due(self.consumed, self.produced) {
                    self.seek.record(SeekPoint {
                        compressed: self.consumed,
                        uncompressed: self.produced,
                        resume: Resume::Start,
                    });
                }
                let mut used = 0;
                for byte in input {
                    used += 1;
                    if parser.push(*byte).map_err(|reason| invalid(self.consumed, reason))? {
                        self.start_member();
                        break;
                    }
                }
                Ok(used)
            }
            Stage::PartialByte(bits) => {
                let (bits, byte) = (*bits, input.first().copied().unwrap_or_default());
                self.enter_block(bits, byte.checked_shr(8 - u32::from(bits)).unwrap_or(0));
                Ok(1)
            }
            Stage::Body => self.inflate(input, output),
            Stage::Trailer(trailer) => {
                let missing = 8_usize.saturating_sub(trailer.len());
                let taken = input.get(..missing).unwrap_or(input);
                trailer.extend_from_slice(taken);
                if let Ok(trailer) = <[u8; 8]>::try_from(trailer.as_slice()) {
                    self.end_member(trailer)?;
                }
                Ok(taken.len())
            }
            Stage::Padding => match input.iter().position(|byte| *byte != 0) {
                None => Ok(input.len()),
                Some(zeros) => Err(invalid(self.consumed + zeros as u64, "data after the last gzip member")),
            },
        }
    }

    /// Continues within a member, with bits of the byte before.
    fn enter_block(&mut self, bits: u8, value: u8) {
        let state = BlockBoundaryState { num_bits: bits & 7, bit_buf: value, ..Default::default() };
        *self.inflate = DecompressorOxide::from_block_boundary_state(&state);
        self.stage = Stage::Body;
    }

    fn start_member(&mut self) {
        self.inflate.init();
        self.member = 0;
        self.checksum = Some(crc32fast::Hasher::new());
        self.stage = Stage::Body;
    }

    fn inflate(&mut self, input: &[u8], output: &mut Output<'_>) -> Result<usize, LayerError> {
        let mut flags = TINFL_FLAG_HAS_MORE_INPUT;
        if self.seek.due(self.consumed, self.produced) {
            flags |= TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY;
        }
        let (status, used, written) =
            decompress(&mut self.inflate, input, &mut self.buffer, self.position, flags);
        let made = self.buffer.get(self.position..self.position + written).unwrap_or_default();
        if let Some(checksum) = &mut self.checksum {
            checksum.update(made);
        }
        self.position = if self.position + written >= BUFFER { 0 } else { self.position + written };
        self.produced += written as u64;
        self.member += written as u64;
        output(made)?;
        match status {
            TINFLStatus::Done => self.stage = Stage::Trailer(Vec::with_capacity(8)),
            TINFLStatus::BlockBoundary => self.record_block(used),
            TINFLStatus::NeedsMoreInput | TINFLStatus::HasMoreOutput => {
                if used == 0 && written == 0 {
                    return Err(invalid(self.consumed, "the deflate stream makes no progress"));
                }
            }
            _ => return Err(invalid(self.consumed + used as u64, "the deflate stream is corrupt")),
        }
        Ok(used)
    }

    fn record_block(&mut self, used: usize) {
        let Some(state) = self.inflate.block_boundary_state() else { return };
        let length = usize::try_from(self.member).unwrap_or(WINDOW).min(WINDOW);
        let mut window = Vec::with_capacity(length);
        let before = self.position.min(length);
        let wrapped = length - before;
        window.extend_from_slice(self.buffer.get(BUFFER - wrapped..).unwrap_or_default());
        window.extend_from_slice(self.buffer.get(self.position - before..self.position).unwrap_or_default());
        self.seek.record(SeekPoint {
            compressed: self.consumed + used as u64,
            uncompressed: self.produced,
            resume: Resume::Block { bits: state.num_bits, value: Some(state.bit_buf), window },
        });
    }

    fn end_member(&mut self, trailer: [u8; 8]) -> Result<(), LayerError> {
        let [a, b, c, d, size @ ..] = trailer;
        if let Some(checksum) = self.checksum.take() {
            let length = self.member as u32;
            if checksum.finalize() != u32::from_le_bytes([a, b, c, d]) || u32::from_le_bytes(size) != length {
                return Err(LayerError::ContentChecksum { format: "gzip".to_owned(), at: self.consumed });
            }
        }
        self.members += 1;
        self.position = 0;
        self.stage = Stage::Header(HeaderParser::default());
        Ok(())
    }

    /// Whether the input may end here.
    pub(crate) fn is_complete(&self) -> bool {
        match &self.stage {
            Stage::Header(parser) => parser.is_new() && self.members > 0,
            Stage::Padding => true,
            Stage::PartialByte(_) | Stage::Body | Stage::Trailer(_) => false,
        }
    }
}

fn invalid(at: u64, reason: &str) -> LayerError {
    LayerError::Compression { format: "gzip".to_owned(), at, reason: reason.to_owned() }
}

/// Goes over a member's header.
#[derive(Default)]
struct HeaderParser {
    read: u64,
    flags: u8,
    field: Field,
}

#[derive(Default, PartialEq)]
enum Field {
    #[default]
    Fixed,
    ExtraLength(Option<u8>),
    Extra(u16),
    Name,
    Comment,
    HeaderChecksum(u8),
}

impl HeaderParser {
    fn is_new(&self) -> bool {
        self.read == 0
    }

    /// Reads a byte; returns whether it was the header's last.
    fn push(&mut self, byte: u8) -> Result<bool, &'static str> {
        let at = self.read;
        self.read += 1;
        match &mut self.field {
            Field::Fixed => match at {
                0 if byte != 0x1f => Err("data after the last gzip member"),
                1 if byte != 0x8b => Err("not a gzip header"),
                2 if byte != 8 => Err("the compression method is not deflate"),
                3 => {
                    self.flags = byte;
                    if byte & 0xe0 == 0 { Ok(false) } else { Err("reserved flags are set") }
                }
                9 => Ok(self.next_field(0)),
                _ => Ok(false),
            },
            Field::ExtraLength(None) => {
                self.field = Field::ExtraLength(Some(byte));
                Ok(false)
            }
            Field::ExtraLength(Some(low)) => match u16::from_le_bytes([*low, byte]) {
                0 => Ok(self.next_field(1)),
                length => {
                    self.field = Field::Extra(length);
                    Ok(false)
                }
            },
            Field::Extra(left) => {
                *left -= 1;
                if *left == 0 { Ok(self.next_field(1)) } else { Ok(false) }
            }
            Field::Name => Ok(byte == 0 && self.next_field(2)),
            Field::Comment => Ok(byte == 0 && self.next_field(3)),
            Field::HeaderChecksum(left) => {
                *left -= 1;
                Ok(*left == 0)
            }
        }
    }

    /// Goes to the next optional field that the flags announce, from `stage` on; returns whether there is none.
    fn next_field(&mut self, stage: u8) -> bool {
        self.field = if stage < 1 && self.flags & 4 != 0 {
            Field::ExtraLength(None)
        } else if stage < 2 && self.flags & 8 != 0 {
            Field::Name
        } else if stage < 3 && self.flags & 16 != 0 {
            Field::Comment
        } else if self.flags & 2 != 0 {
            Field::HeaderChecksum(2)
        } else {
            return true;
        };
        false
    }
}
