//! The first page of a PDF as a small picture, drawn once the text is on its way to the parent: what a hostile
//! file breaks here is the picture, never the text.
//!
//! Poppler draws what needs a font of the machine: hayro has the 14 standard fonts alone, and these have no
//! letters but Latin ones.

use crate::formats::Job;
use crate::thumbnail::{self, LONGER_SIDE};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::FontQuery;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use jpeg_encoder::ColorType;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// A page that takes longer is left to poppler.
const PATIENCE: Duration = Duration::from_secs(10);
/// A larger file is left to poppler, which does not read all of it.
const MOST_BYTES: u64 = 64 << 20;

/// The first page, on which this text stands, as a JPEG; none where poppler should try.
///
/// Drawn by a thread, which ends with the process where it comes to no end by itself.
pub(crate) fn first_page(job: &Job, text: &str) -> Option<Vec<u8>> {
    let path = job.request.path.clone();
    let small = std::fs::metadata(&path).is_ok_and(|file| file.len() <= MOST_BYTES);
    if !(small && is_latin(text)) {
        return None;
    }
    let time = job
        .page_limit()
        .saturating_duration_since(Instant::now())
        .min(PATIENCE);
    let (send, drawn) = mpsc::sync_channel(1);
    let drawing = move || send.send(std::fs::read(path).ok().and_then(draw_first_page));
    thread::Builder::new()
        .name("drawing".to_owned())
        .spawn(drawing)
        .ok()?;
    // Nothing comes from one that panicked.
    drawn.recv_timeout(time).ok().flatten()
}

/// Whether every letter is in Latin 1, or a ligature of such.
fn is_latin(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic());
    letters.all(|c| c <= 'ÿ' || ('ﬀ'..='ﬆ').contains(&c))
}

/// Draws the first page as a JPEG of at most 480 pixels on its longer side; none when that is doubtful.
///
/// For [`crate::child_main`] and this crate's tests: nothing bounds what it takes, and it may panic.
#[doc(hidden)]
pub fn draw_first_page(pdf: Vec<u8>) -> Option<Vec<u8>> {
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
