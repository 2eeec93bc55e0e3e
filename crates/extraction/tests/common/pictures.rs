//! Pictures with words on them, in every format.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageEncoder, ImageFormat, Luma, Rgba, RgbaImage};
use std::io::Cursor;

static FONT: &[u8] = include_bytes!("../../assets/DejaVuSans-subset.ttf");

/// Black words on white paper.
pub fn written(lines: &[&str]) -> GrayImage {
    let font = FontRef::try_from_slice(FONT).unwrap();
    let scale = PxScale::from(44.0);
    let mut sheet = GrayImage::from_pixel(1240, 1754, Luma([255]));
    for (line, y) in lines.iter().zip((200..).step_by(80)) {
        let mut x = 120.0;
        for c in line.chars() {
            let id = font.glyph_id(c);
            if let Some(outline) =
                font.outline_glyph(id.with_scale_and_position(scale, point(x, y as f32)))
            {
                let start = outline.px_bounds().min;
                outline.draw(|dx, dy, ink| {
                    let (px, py) = (start.x as u32 + dx, start.y as u32 + dy);
                    sheet.put_pixel(px, py, Luma([(255.0 - ink.min(1.0) * 255.0) as u8]));
                });
            }
            x += font.as_scaled(scale).h_advance(id);
        }
    }
    sheet
}

/// In a format that the `image` crate writes.
pub fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A grey JPEG.
pub fn jpeg(picture: &GrayImage) -> Vec<u8> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 85)
        .encode_image(picture)
        .unwrap();
    out
}

/// A JPEG that lies on its side and says so, as cameras make them.
pub fn jpeg_on_its_side(picture: &GrayImage) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut out, 85);
    // One entry, Orientation (0x0112), SHORT, 6: turn by 90 degrees clockwise.
    let exif = [
        &b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"[..],
        &[0; 4],
    ]
    .concat();
    encoder.set_exif_metadata(exif).unwrap();
    encoder
        .encode_image(&image::imageops::rotate270(picture))
        .unwrap();
    out
}

/// Black words on nothing: the colour below the transparency is black as well.
pub fn on_nothing(picture: &GrayImage) -> DynamicImage {
    DynamicImage::ImageRgba8(RgbaImage::from_fn(
        picture.width(),
        picture.height(),
        |x, y| Rgba([0, 0, 0, 255 - picture.get_pixel(x, y).0[0]]),
    ))
}

/// A TIFF of several uncompressed pages.
pub fn tiff(pages: &[GrayImage]) -> Vec<u8> {
    let mut out = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for page in pages {
        let data = out.len() as u32;
        out.extend(page.as_raw());
        out.resize(out.len().next_multiple_of(2), 0);
        let directory = out.len() as u32;
        out[link..link + 4].copy_from_slice(&directory.to_le_bytes());
        let (width, height) = page.dimensions();
        // Tag and value: size, 8 bits, no compression, black is zero, one strip.
        let entries = [
            (256, width),
            (257, height),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, data),
            (277, 1),
            (278, height),
            (279, width * height),
        ];
        out.extend((entries.len() as u16).to_le_bytes());
        for (tag, value) in entries {
            out.extend(
                [
                    &u16::to_le_bytes(tag)[..],
                    &4_u16.to_le_bytes(),
                    &1_u32.to_le_bytes(),
                    &value.to_le_bytes(),
                ]
                .concat(),
            );
        }
        link = out.len();
        out.extend([0; 4]);
    }
    out
}
