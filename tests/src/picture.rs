//! Pictures of a page: read, compared coarsely, and written small.

use std::io::Cursor;

use anyhow::{Context, Result, ensure};
use color_quant::NeuQuant;
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Transformations};

/// Pixels are compared by the mean of squares of this side, so that the edges of letters may differ a little.
const CELL: usize = 8;

/// How far the mean of a cell may be off, of 255.
const TOLERANCE: u32 = 12;

/// How thoroughly colours are chosen, from 1 (best) to 30.
const SAMPLING: i32 = 10;

/// A picture as rows of red, green and blue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    rgb: Vec<u8>,
}

impl Picture {
    /// Reads a PNG.
    pub fn read(png: &[u8]) -> Result<Self> {
        let mut decoder = Decoder::new(Cursor::new(png));
        decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
        let mut reader = decoder.read_info()?;
        let mut pixels = vec![0; reader.output_buffer_size().context("the picture is too large")?];
        let info = reader.next_frame(&mut pixels)?;
        let width = usize::try_from(info.width)?;
        let rgb = match info.color_type {
            ColorType::Rgb => pixels,
            ColorType::Rgba => without_alpha(&pixels),
            other => anyhow::bail!("a picture of {other:?} is none of a page"),
        };
        Ok(Self { width, rgb })
    }

    /// As a PNG of at most 256 colours, which is a third of the bytes.
    pub fn write(&self) -> Result<Vec<u8>> {
        let rgba: Vec<u8> =
            self.rgb.chunks_exact(3).flat_map(|pixel| pixel.iter().copied().chain([255])).collect();
        let colours = NeuQuant::new(SAMPLING, 256, &rgba);
        let indices: Vec<u8> = rgba
            .chunks_exact(4)
            .map(|pixel| u8::try_from(colours.index_of(pixel)))
            .collect::<Result<_, _>>()?;
        let mut png = Vec::new();
        let mut encoder = Encoder::new(&mut png, u32::try_from(self.width)?, u32::try_from(self.height())?);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::High);
        encoder.set_palette(colours.color_map_rgb());
        encoder.write_header()?.write_image_data(&indices)?;
        Ok(png)
    }

    /// In how many of its cells it differs from another of the same size, of how many.
    pub fn differences(&self, other: &Self) -> Result<(usize, usize)> {
        let (mine, theirs) = ((self.width, self.height()), (other.width, other.height()));
        ensure!(mine == theirs, "one is {mine:?} large, the other {theirs:?}");
        let (mine, theirs) = (self.cells(), other.cells());
        let differs = mine.iter().zip(&theirs).filter(|(mine, theirs)| {
            mine.iter().zip(theirs.iter()).any(|(mine, theirs)| mine.abs_diff(*theirs) > TOLERANCE)
        });
        Ok((differs.count(), mine.len()))
    }

    fn height(&self) -> usize {
        self.rgb.len() / 3 / self.width.max(1)
    }

    /// The mean colour of each cell, row by row.
    fn cells(&self) -> Vec<[u32; 3]> {
        let across = self.width.div_ceil(CELL);
        let mut sums = vec![([0_u32; 3], 0_u32); across * self.height().div_ceil(CELL)];
        for (at, pixel) in self.rgb.chunks_exact(3).enumerate() {
            let (x, y) = (at % self.width, at / self.width);
            if let Some((sum, count)) = sums.get_mut(y / CELL * across + x / CELL) {
                sum.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u32::from(*value));
                *count += 1;
            }
        }
        sums.into_iter().map(|(sum, count)| sum.map(|sum| sum / count.max(1))).collect()
    }
}

fn without_alpha(rgba: &[u8]) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(rgba.len() / 4 * 3);
    for pixel in rgba.chunks_exact(4) {
        if let [red, green, blue, _] = pixel {
            rgb.extend_from_slice(&[*red, *green, *blue]);
        }
    }
    rgb
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of 200 by 96: white, with a dark bar and a button at the place given.
    fn page(button: usize) -> Picture {
        let pixel = |at: usize| match (at % 200, at / 200) {
            (_, 0..16) => [30, 30, 60],
            (x, 40..64) if (button..button + 60).contains(&x) => [0, 90, 200],
            _ => [255, 255, 255],
        };
        Picture { width: 200, rgb: (0..200 * 96).flat_map(pixel).collect() }
    }

    #[test]
    fn what_is_written_is_read_again_as_good_as_the_same() {
        let picture = page(20);
        let again = Picture::read(&picture.write().unwrap()).unwrap();
        assert_eq!(picture.differences(&again).unwrap(), (0, 25 * 12));
    }

    #[test]
    fn a_button_elsewhere_is_seen_and_a_pixel_is_not() {
        let (differs, cells) = page(20).differences(&page(120)).unwrap();
        assert!(differs >= 2 * 7 * 3 && differs < cells / 2, "{differs} of {cells}");
        let mut noisy = page(20);
        noisy.rgb[3 * (200 * 80 + 100)] = 0;
        assert_eq!(noisy.differences(&page(20)).unwrap().0, 0);
        assert!(page(20).differences(&Picture { width: 100, ..page(20) }).is_err());
    }
}
