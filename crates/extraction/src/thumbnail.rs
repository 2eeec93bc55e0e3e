//! Small pictures of first pages.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use image::{DynamicImage, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

/// Longer side of a thumbnail, in pixels.
pub(crate) const LONGER_SIDE: u32 = 480;

/// Pictures of letters are mostly edges: at 80 they have over a quarter more bytes and look the same at this size.
pub(crate) const QUALITY: u8 = 65;
/// A sheet of A4, upright.
const SHEET: (u32, u32) = (340, LONGER_SIDE);
const MARGIN: f32 = 26.0;
const LETTER_HEIGHT: f32 = 10.5;
const LINE_HEIGHT: f32 = 13.5;
const INK: u8 = 40;
const TAB: &str = "    ";

static FONT: &[u8] = include_bytes!("../assets/DejaVuSans-subset.ttf");

/// A picture, made smaller.
pub(crate) fn of_picture(picture: &DynamicImage) -> Option<Vec<u8>> {
    let small = if picture.width().max(picture.height()) > LONGER_SIDE {
        picture.thumbnail(LONGER_SIDE, LONGER_SIDE).into_rgb8()
    } else {
        picture.to_rgb8()
    };
    jpeg(&small)
}

/// The first lines of a text on a white sheet.
pub(crate) fn of_text(text: &str) -> Option<Vec<u8>> {
    let mut pen = Pen::new(FontRef::try_from_slice(FONT).ok()?);
    for line in text.lines() {
        line.replace('\t', TAB)
            .split_inclusive(' ')
            .for_each(|word| pen.write(word));
        pen.new_line();
        if pen.at_bottom() {
            break;
        }
    }
    jpeg(&pen.sheet)
}

/// Writes on a sheet, word by word.
struct Pen {
    sheet: RgbImage,
    font: FontRef<'static>,
    x: f32,
    baseline: f32,
}

impl Pen {
    fn new(font: FontRef<'static>) -> Self {
        let baseline = MARGIN + font.as_scaled(LETTER_HEIGHT).ascent();
        Self {
            sheet: RgbImage::from_pixel(SHEET.0, SHEET.1, Rgb([255; 3])),
            font,
            x: MARGIN,
            baseline,
        }
    }

    fn new_line(&mut self) {
        self.x = MARGIN;
        self.baseline += LINE_HEIGHT;
    }

    fn at_bottom(&self) -> bool {
        self.baseline > SHEET.1 as f32 - MARGIN
    }

    /// Writes a word, on a new line when this one has no room for it.
    fn write(&mut self, word: &str) {
        let right = SHEET.0 as f32 - MARGIN;
        let width: f32 = word
            .trim_end()
            .chars()
            .take(SHEET.0 as usize)
            .map(|c| self.advance(c))
            .sum();
        if self.x > MARGIN && self.x + width > right {
            self.new_line();
        }
        for c in word.chars() {
            if self.at_bottom() || self.x >= right {
                return;
            }
            self.draw(c);
            self.x += self.advance(c);
        }
    }

    fn advance(&self, c: char) -> f32 {
        let scaled = self.font.as_scaled(LETTER_HEIGHT);
        scaled.h_advance(scaled.glyph_id(c))
    }

    fn draw(&mut self, c: char) {
        let glyph = self
            .font
            .glyph_id(c)
            .with_scale_and_position(PxScale::from(LETTER_HEIGHT), point(self.x, self.baseline));
        // Spaces have no outline.
        let Some(outline) = self.font.outline_glyph(glyph) else {
            return;
        };
        let bounds = outline.px_bounds();
        let sheet = &mut self.sheet;
        outline.draw(|x, y, coverage| {
            let (x, y) = (bounds.min.x + x as f32, bounds.min.y + y as f32);
            if x < 0.0 || y < 0.0 {
                return;
            }
            if let Some(pixel) = sheet.get_pixel_mut_checked(x as u32, y as u32) {
                let darkness = coverage.clamp(0.0, 1.0) * f32::from(255 - INK);
                for channel in &mut pixel.0 {
                    *channel = channel.saturating_sub(darkness as u8);
                }
            }
        });
    }
}

fn jpeg(picture: &RgbImage) -> Option<Vec<u8>> {
    let (width, height) = picture.dimensions();
    let size = (width.try_into().ok()?, height.try_into().ok()?);
    encode(picture.as_raw(), size, ColorType::Rgb)
}

/// RGB or RGBA pixels, line by line, as a JPEG. A page without colour, as most letters are,
/// has no channels for it, which saves half of the work.
pub(crate) fn encode(pixels: &[u8], size: (u16, u16), color: ColorType) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = Encoder::new(&mut bytes, QUALITY);
    let bytes_each = match color {
        ColorType::Rgba => 4,
        _ => 3,
    };
    match greys(pixels, bytes_each) {
        Some(greys) => encoder.encode(&greys, size.0, size.1, ColorType::Luma),
        None => encoder.encode(pixels, size.0, size.1, color),
    }
    .ok()?;
    Some(bytes)
}

/// One byte for each pixel, if none has a colour.
fn greys(pixels: &[u8], bytes_each: usize) -> Option<Vec<u8>> {
    let grey = |pixel: &[u8]| match pixel {
        [red, green, blue, ..] if red == green && green == blue => Some(*red),
        _ => None,
    };
    pixels.chunks_exact(bytes_each).map(grey).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ink(jpeg: &[u8]) -> usize {
        let picture = image::load_from_memory(jpeg).expect("a JPEG").into_luma8();
        assert_eq!(picture.dimensions(), SHEET);
        picture.pixels().filter(|p| p.0[0] < 128).count()
    }

    #[test]
    fn letters_leave_ink() {
        assert_eq!(ink(&of_text("").expect("a sheet")), 0);
        assert!(ink(&of_text("Rent for May\nÜber uns: Квартира").expect("a sheet")) > 100);
    }

    #[test]
    fn a_small_picture_keeps_its_size_and_a_large_one_does_not() {
        let size = |w, h| {
            let bytes = of_picture(&DynamicImage::new_rgb8(w, h)).expect("a thumbnail");
            let picture = image::load_from_memory(&bytes).expect("a JPEG");
            (picture.width(), picture.height())
        };
        assert_eq!(size(30, 20), (30, 20));
        assert_eq!(size(2000, 1000), (480, 240));
        // The shorter side of a strip must not vanish.
        assert_eq!(size(5000, 1), (480, 1));
    }

    #[test]
    fn colours_stay_and_a_page_without_any_has_no_channels_for_them() {
        let picture = |color| {
            let bytes = of_picture(&RgbImage::from_pixel(40, 40, color).into());
            image::load_from_memory(&bytes.expect("a thumbnail")).expect("a JPEG")
        };
        let grey = picture(Rgb([90; 3]));
        assert_eq!(grey.color(), image::ColorType::L8);
        assert!(
            grey.to_luma8()
                .pixels()
                .all(|pixel| pixel.0[0].abs_diff(90) < 3)
        );
        let red = picture(Rgb([200, 10, 10]));
        assert_eq!(red.color(), image::ColorType::Rgb8);
        let is_red = |pixel: &Rgb<u8>| pixel.0[0] > 190 && pixel.0[1] < 20 && pixel.0[2] < 20;
        assert!(red.to_rgb8().pixels().all(is_red));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_text_can_be_drawn(text: String) {
            prop_assert!(of_text(&text).is_some());
        }
    }
}
