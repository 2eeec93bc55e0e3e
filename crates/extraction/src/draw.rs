//! The first page of a PDF as a small picture, drawn in a process of its own: what a hostile file breaks
//! there is the picture, never the text.
//!
//! Poppler draws what needs a font of the machine: hayro has the 14 standard fonts alone, and these have no
//! letters but Latin ones.

use crate::formats::Job;
use crate::thumbnail::{self, LONGER_SIDE};
use crate::{Failure, tool};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::FontQuery;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use jpeg_encoder::ColorType;
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What makes the child draw instead; the file's path follows.
const DRAW: &str = "draw-first-page";
/// A page that takes longer is left to poppler.
const PATIENCE: Duration = Duration::from_secs(10);
/// A larger file is left to poppler, which does not read all of it.
const MOST_BYTES: u64 = 64 << 20;

/// The first page, on which this text stands, as a JPEG, drawn by this program run once more; none where
/// poppler should try.
///
/// # Errors
/// `NoRoom`.
pub(crate) fn first_page(job: &Job, text: &str) -> Result<Option<Vec<u8>>, Failure> {
    let path = &job.request.path;
    let small = std::fs::metadata(path).is_ok_and(|file| file.len() <= MOST_BYTES);
    let (true, Ok(program)) = (small && is_latin(text), std::env::current_exe()) else {
        return Ok(None);
    };
    let until = job.page_limit().min(Instant::now() + PATIENCE);
    let usual = std::env::args_os().skip(1);
    let args = usual.chain([OsString::from(DRAW), path.into()]);
    let drawn = match tool::run(job, until, program, args) {
        Err(Failure::Transient(reason)) => {
            eprintln!("{reason}");
            return Ok(None);
        }
        drawn => drawn?,
    };
    Ok((drawn.status.success() && !drawn.cut).then_some(drawn.stdout))
}

/// Whether every letter is in Latin 1, or a ligature of such.
fn is_latin(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic());
    letters.all(|c| c <= 'ÿ' || ('ﬀ'..='ﬆ').contains(&c))
}

/// The path that follows when this process is asked to draw.
pub(crate) fn asked() -> Option<OsString> {
    let mut args = std::env::args_os().skip_while(|argument| argument != DRAW);
    args.nth(1)
}

/// Draws, and writes the JPEG to standard output.
pub(crate) fn main(path: &OsStr) -> ExitCode {
    let picture = std::fs::read(path).ok().and_then(picture);
    let written = picture.map(|jpeg| std::io::stdout().lock().write_all(&jpeg));
    match written {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(_)) | None => ExitCode::FAILURE,
    }
}

fn picture(pdf: Vec<u8>) -> Option<Vec<u8>> {
    let pdf = Pdf::new(pdf).ok()?;
    let page = pdf.pages().first()?;
    let (width, height) = page.render_dimensions();
    let scale = LONGER_SIDE as f32 / width.max(height);
    // Neither a line without area nor what is no number.
    if !(width * scale >= 1.0 && height * scale >= 1.0) {
        return None;
    }
    let doubt = Arc::new(AtomicBool::new(false));
    let sheet = hayro::render(
        page,
        &RenderCache::new(),
        &settings(&doubt),
        &RenderSettings {
            // Hinted, letters of this size lose strokes.
            hinting: false,
            ..RenderSettings::default()
        },
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    if doubt.load(Ordering::Relaxed) {
        return None;
    }
    let size = (sheet.width(), sheet.height());
    thumbnail::encode(sheet.data_as_u8_slice(), size, ColorType::Rgba)
}

/// Raises the doubt when something can't be drawn, or only with what the machine may have.
fn settings(doubt: &Arc<AtomicBool>) -> InterpreterSettings {
    let [font, cmap, warning] = std::array::from_fn(|_| doubt.clone());
    InterpreterSettings {
        font_resolver: Arc::new(move |query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(_) => {
                font.store(true, Ordering::Relaxed);
                None
            }
        }),
        cmap_resolver: Arc::new(move |_| {
            cmap.store(true, Ordering::Relaxed);
            None
        }),
        warning_sink: Arc::new(move |_| warning.store(true, Ordering::Relaxed)),
        ..InterpreterSettings::default()
    }
}
