//! Pictures: decoded under limits, turned upright, read by OCR.

use super::{Content, Job, Picture, jpeg, ocr};
use crate::{Failure, thumbnail};
use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, ImageReader, imageops};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

/// The largest picture, in pixels; phones take up to about 100 million.
const MAX_PIXELS: u64 = 120_000_000;
/// Longer side of what tesseract reads: more costs time and adds nothing.
const LARGE: u32 = 4000;
/// Below this longer side letters are so small that doubling them helps.
const SMALL: u32 = 1200;
/// Tesseract refuses pictures of a few pixels; there is no text in them either.
const TINY: u32 = 16;

pub(super) const DAMAGED: &str =
    "The picture is damaged or incomplete. Upload it again from the original.";
const TOO_LARGE: &str =
    "The picture has more than 120 million pixels. Make it smaller and upload it again.";
const UNKNOWN: &str =
    "This kind of picture can't be read. Save it as PNG or JPEG and upload it again.";

/// PNG and WebP.
pub(super) fn read(job: &Job) -> Result<Content, Failure> {
    let picture = decode(job).map_err(|error| explain(&error))?;
    let small = thumbnail::of_picture(&picture);
    let (text, cut) = recognise(job, picture)?;
    Ok(Content {
        pages: vec![text],
        page_count: Some(1),
        picture: Picture::Made(small),
        truncated: cut,
        ..Content::default()
    })
}

/// JPEG, which must be complete.
pub(super) fn read_jpeg(job: &Job) -> Result<Content, Failure> {
    let (bytes, more) = job.bytes(job.request.memory_bytes / 4)?;
    if !more && !jpeg::is_complete(&bytes) {
        return Err(Failure::permanent(DAMAGED));
    }
    drop(bytes);
    read(job)
}

/// A small copy of the first picture in a file; none when only tesseract knows how it is compressed.
pub(super) fn first_picture(job: &Job) -> Result<Option<Vec<u8>>, Failure> {
    match decode(job) {
        Ok(picture) => Ok(thumbnail::of_picture(&picture)),
        Err(ImageError::Unsupported(_)) => Ok(None),
        Err(error) => Err(explain(&error)),
    }
}

/// The picture, upright and without transparency.
fn decode(job: &Job) -> Result<DynamicImage, ImageError> {
    let mut reader =
        ImageReader::new(BufReader::new(File::open(&job.request.path)?)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(job.request.memory_bytes / 3);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(too_large());
    }
    limits.reserve(decoder.total_bytes())?;
    // A picture without this mark, or with a broken one, is taken as it stands.
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(on_white(picture))
}

fn too_large() -> ImageError {
    ImageError::Limits(image::error::LimitError::from_kind(
        image::error::LimitErrorKind::DimensionError,
    ))
}

fn explain(error: &ImageError) -> Failure {
    eprintln!("picture: {error}");
    Failure::permanent(match error {
        ImageError::Limits(_) => TOO_LARGE,
        ImageError::Unsupported(_) => UNKNOWN,
        _ => DAMAGED,
    })
}

/// Lays a transparent picture on white paper: its hidden colour is often black.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let mut pixels = picture.into_rgba8();
    for pixel in pixels.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        let blend = |c: u8| {
            let sum = u16::from(c) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
            u8::try_from(sum / 255).unwrap_or(u8::MAX)
        };
        pixel.0 = [blend(red), blend(green), blend(blue), 255];
    }
    DynamicImage::ImageRgba8(pixels)
}

fn recognise(job: &Job, picture: DynamicImage) -> Result<(String, bool), Failure> {
    let grey = fitted(picture.into_luma8());
    if grey.width().min(grey.height()) < TINY {
        return Ok((String::new(), false));
    }
    let path = job.scratch("picture.pgm");
    write_pgm(&path, &grey)
        .map_err(|e| Failure::of_temporary("no temporary file could be written", &e))?;
    drop(grey);
    let found = ocr::recognise(job, job.last_call(), &path, None)??;
    Ok((found.text, found.cut))
}

/// A size that suits tesseract.
fn fitted(picture: GrayImage) -> GrayImage {
    let longer = picture.width().max(picture.height());
    if longer > LARGE {
        let scale = |side: u32| {
            u32::try_from(u64::from(side) * u64::from(LARGE) / u64::from(longer)).unwrap_or(1)
        };
        let (width, height) = (
            scale(picture.width()).max(1),
            scale(picture.height()).max(1),
        );
        return imageops::resize(&picture, width, height, imageops::FilterType::Triangle);
    }
    if longer < SMALL {
        return imageops::resize(
            &picture,
            picture.width() * 2,
            picture.height() * 2,
            imageops::FilterType::CatmullRom,
        );
    }
    picture
}

/// The simplest format that tesseract takes: a header and the bytes.
fn write_pgm(path: &Path, picture: &GrayImage) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    write!(file, "P5\n{} {}\n255\n", picture.width(), picture.height())?;
    file.write_all(picture.as_raw())?;
    file.flush()
}
