//! Zstandard (RFC 8878) as it streams: frames one after another, skippable frames, checksums, and seek points at frames.

use std::io::Read as _;

use ruzstd::decoding::FrameDecoder;

use super::output::Output;
use super::seek::{Resume, SeekPoint, SeekRecorder};
use crate::error::LayerError;

/// Largest window accepted, in bytes: what `zstd --long` makes. A larger one is a way to exhaust memory.
const MAX_WINDOW: u64 = 128 << 20;

const MAGIC: u32 = 0xfd2f_b528;
const SKIPPABLE_MAGIC: u32 = 0x184d_2a50;

/// Decompresses Zstandard. A block (at most 128 KiB) is collected before it is decoded.
pub(crate) struct Zstd {
    stage: Stage,
    decoder: FrameDecoder,
    /// Input of the current stage.
    pending: Vec<u8>,
    /// How much of it the stage needs.
    wanted: usize,
    output: Vec<u8>,
    consumed: u64,
    produced: u64,
    frames: u64,
    has_checksum: bool,
    pub(crate) seek: SeekRecorder,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Magic,
    SkipLength,
    Skip(u32),
    Descriptor,
    FrameHeader,
    BlockHeader,
    Block { last: bool },
}

impl Zstd {
    pub(crate) fn new() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Self {
            stage: Stage::Magic,
            decoder,
            pending: Vec::new(),
            wanted: 4,
            output: vec![0; 128 << 10],
            consumed: 0,
            produced: 0,
            frames: 0,
            has_checksum: false,
            seek: SeekRecorder::default(),
        }
    }

    /// A decompressor that continues at the frame of a seek point.
    pub(crate) fn resume(point: &SeekPoint) -> Self {
        let seek = SeekRecorder::disabled();
        Self { consumed: point.compressed, produced: point.uncompressed, seek, ..Self::new() }
    }

    pub(crate) fn push(&mut self, mut input: &[u8], output: &mut Output<'_>) -> Result<(), LayerError> {
        loop {
            if let Stage::Skip(left) = &mut self.stage {
                let skipped = input.len().min(*left as usize);
                *left -= skipped as u32;
                self.consumed += skipped as u64;
                input = input.get(skipped..).unwrap_or_default();
                if *left > 0 {
                    return Ok(());
                }
                self.enter(Stage::Magic, 4);
            }
            let missing = self.wanted.saturating_sub(self.pending.len());
            let (taken, rest) = input.split_at_checked(missing).unwrap_or((input, &[]));
            self.pending.extend_from_slice(taken);
            self.consumed += taken.len() as u64;
            input = rest;
            if self.pending.len() < self.wanted {
                return Ok(());
            }
            self.advance(output)?;
        }
    }

    fn enter(&mut self, stage: Stage, wanted: usize) {
        self.stage = stage;
        self.wanted = wanted;
        self.pending.clear();
    }

    fn invalid(&self, reason: impl ToString) -> LayerError {
        LayerError::Compression { format: "zstd".to_owned(), at: self.consumed, reason: reason.to_string() }
    }

    /// Does what a stage does once its input is complete.
    fn advance(&mut self, output: &mut Output<'_>) -> Result<(), LayerError> {
        match self.stage {
            Stage::Magic => self.magic(),
            Stage::SkipLength => {
                let length = self.pending_u32();
                self.enter(Stage::Skip(length), 0);
                Ok(())
            }
            Stage::Skip(_) => Ok(()),
            Stage::Descriptor => {
                let descriptor = self.pending.last().copied().unwrap_or_default();
                self.has_checksum = descriptor & 4 != 0;
                self.wanted = 4 + frame_header_length(descriptor);
                self.stage = Stage::FrameHeader;
                Ok(())
            }
            Stage::FrameHeader => {
                let header = std::mem::take(&mut self.pending);
                self.decoder.reset(header.as_slice()).map_err(|error| self.invalid(error))?;
                self.enter(Stage::BlockHeader, 3);
                Ok(())
            }
            Stage::BlockHeader => self.block_header(),
            Stage::Block { last } => self.block(last, output),
        }
    }

    fn pending_u32(&self) -> u32 {
        <[u8; 4]>::try_from(self.pending.as_slice()).map_or(0, u32::from_le_bytes)
    }

    fn magic(&mut self) -> Result<(), LayerError> {
        let magic = self.pending_u32();
        if magic & !0xf == SKIPPABLE_MAGIC {
            self.frames += 1;
            self.enter(Stage::SkipLength, 4);
            return Ok(());
        }
        if magic != MAGIC {
            return Err(self.invalid("not a zstd frame"));
        }
        let start = self.consumed.saturating_sub(4);
        if self.seek.due(start, self.produced) {
            self.seek.record(SeekPoint {
                compressed: start,
                uncompressed: self.produced,
                resume: Resume::Start,
            });
        }
        self.stage = Stage::Descriptor;
        self.wanted = 5;
        Ok(())
    }

    fn block_header(&mut self) -> Result<(), LayerError> {
        let [a, b, c] = *self.pending.as_slice() else { return Err(self.invalid("no block header")) };
        let header = u32::from_le_bytes([a, b, c, 0]);
        let last = header & 1 != 0;
        let size = match (header >> 1) & 3 {
            1 => 1,
            3 => return Err(self.invalid("reserved block type")),
            _ => (header >> 3) as usize,
        };
        if size > 128 << 10 {
            return Err(self.invalid("a block is larger than 128 KiB"));
        }
        self.wanted = 3 + size + if last && self.has_checksum { 4 } else { 0 };
        self.stage = Stage::Block { last };
        Ok(())
    }

    fn block(&mut self, last: bool, output: &mut Output<'_>) -> Result<(), LayerError> {
        let (_, mut written) = self
            .decoder
            .decode_from_to(&self.pending, &mut self.output)
            .map_err(|error| self.invalid(error))?;
        while written > 0 {
            self.produced += written as u64;
            output(self.output.get(..written).unwrap_or_default())?;
            written = self.decoder.read(&mut self.output).map_err(|error| self.invalid(error))?;
        }
        if !last {
            self.enter(Stage::BlockHeader, 3);
            return Ok(());
        }
        if self.has_checksum
            && self.decoder.get_checksum_from_data() != self.decoder.get_calculated_checksum()
        {
            return Err(LayerError::ContentChecksum { format: "zstd".to_owned(), at: self.consumed });
        }
        self.frames += 1;
        self.enter(Stage::Magic, 4);
        Ok(())
    }

    /// Whether the input may end here.
    pub(crate) fn is_complete(&self) -> bool {
        self.stage == Stage::Magic && self.pending.is_empty() && self.frames > 0
    }
}

/// The length of a frame header, with its descriptor and without the magic number.
fn frame_header_length(descriptor: u8) -> usize {
    let single_segment = descriptor & 0x20 != 0;
    let dictionary = match descriptor & 3 {
        0 => 0,
        1 => 1,
        2 => 2,
        _ => 4,
    };
    let content_size = match descriptor >> 6 {
        0 => usize::from(single_segment),
        1 => 2,
        2 => 4,
        _ => 8,
    };
    1 + usize::from(!single_segment) + dictionary + content_size
}
