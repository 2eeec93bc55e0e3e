//! The picture of a PDF's first page: who draws it, and that it shows the page.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use common::files::{Page, assemble, pdf};
use common::pictures::{jpeg, written};
use common::{checked, extract_with, with_programs};
use extraction::{Limits, draw_first_page};
use image::imageops::{FilterType, resize};
use image::{GrayImage, Luma};
use proptest::prelude::*;
use std::path::Path;
use std::process::Command;

/// A JPEG's first bytes, by which the picture of a stand-in for poppler is known.
const POPPLERS: [u8; 3] = [0xff, 0xd8, 0xff];

/// What is drawn of a file, without walls around it.
fn drawn(path: &Path) -> Vec<u8> {
    draw_first_page(std::fs::read(path).unwrap()).unwrap()
}

fn by_poppler(path: &Path) -> Vec<u8> {
    let home = tempfile::tempdir().unwrap();
    let status = Command::new("pdftoppm")
        .args(["-singlefile", "-l", "1", "-jpeg", "-scale-to", "480"])
        .args([path, &home.path().join("page")])
        .status();
    assert!(status.unwrap().success());
    std::fs::read(home.path().join("page.jpg")).unwrap()
}

/// The picture as one sees it with half-closed eyes.
fn blurred(jpeg: &[u8]) -> GrayImage {
    let picture = image::load_from_memory(jpeg).unwrap().into_luma8();
    resize(&picture, 60, 85, FilterType::Triangle)
}

fn difference(one: &GrayImage, other: &GrayImage) -> u64 {
    let pairs = one.as_raw().iter().zip(other.as_raw());
    pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
}

#[test]
fn a_page_is_drawn_as_poppler_draws_it() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    for name in [
        "letter_electricity_contract.pdf",
        "scanned_rent_invoice.pdf",
    ] {
        let path = samples.join(name);
        let (ours, theirs) = (blurred(&drawn(&path)), blurred(&by_poppler(&path)));
        let mut darkest_first = theirs.as_raw().clone();
        darkest_first.sort_unstable();
        let paper = GrayImage::from_pixel(60, 85, Luma([darkest_first[darkest_first.len() / 2]]));
        let (off, ink) = (difference(&ours, &theirs), difference(&paper, &theirs));
        assert!(off * 3 < ink, "{name}: {off} of {ink}");
    }
}

#[test]
fn the_longer_side_has_480_pixels() {
    let upright = String::from_utf8(pdf(&[Page::Text(&["words"])])).unwrap();
    for (page, size) in [
        ("0 0 595 842", (339, 480)),
        ("0 0 842 595", (480, 339)),
        ("0 0 100 100", (480, 480)),
        ("0 0 100 900", (53, 480)),
    ] {
        let drawn = draw_first_page(upright.replace("0 0 595 842", page).into_bytes());
        let picture = image::load_from_memory(&drawn.unwrap()).unwrap();
        assert_eq!((picture.width(), picture.height()), size, "{page}");
    }
}

/// A page with one word in this font, which no document brings along.
fn one_word(font: &str) -> Vec<u8> {
    let page = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R";
    let words = "BT /F 14 Tf 72 770 Td (ABCDEFGHIJKLMNOPQRSTUVWX) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!("<< {page} /Resources << /Font << /F {font} >> >> >>"),
        format!("<< /Length {} >>\nstream\n{words}\nendstream", words.len()),
    ];
    assemble(&objects.map(String::into_bytes), "")
}

/// As Russian letters were written before documents brought their fonts along.
fn russian() -> Vec<u8> {
    let names: Vec<String> = (17..41).map(|n| format!("/afii100{n}")).collect();
    one_word(&format!(
        "<< /Type /Font /Subtype /TrueType /BaseFont /Arial /Encoding << /Differences [65 {}] >> >>",
        names.join(" ")
    ))
}

#[tokio::test]
async fn letters_that_the_standard_fonts_lack_are_left_to_poppler() {
    let marked = r"for last; do :; done; printf '\377\330\377' >$last.jpg";
    let (_tools, child) = with_programs(&[("pdftoppm", marked)], Limits::default());
    let latin = "<< /Type /Font /Subtype /TrueType /BaseFont /Arial >>";
    let found = extract_with(&child, "a.pdf", &one_word(latin)).await;
    assert_eq!(checked(&found.unwrap()), "ABCDEFGHIJKLMNOPQRSTUVWX");
    let found = extract_with(&child, "a.pdf", &russian()).await.unwrap();
    assert!(
        found.pages.concat().starts_with("АБВГД"),
        "{:?}",
        found.pages
    );
    assert_eq!(found.thumbnail.as_deref(), Some(&POPPLERS[..]));
}

#[test]
fn a_font_that_nobody_has_is_left_to_poppler() {
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /Himalaya /Encoding /Identity-H /DescendantFonts \
        [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Himalaya \
        /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>] >>";
    assert_eq!(draw_first_page(one_word(font)), None);
}

#[tokio::test]
async fn a_page_that_nobody_can_draw_is_read() {
    let (_tools, child) = with_programs(&[("pdftoppm", "exit 1")], Limits::default());
    let found = extract_with(&child, "a.pdf", &russian()).await.unwrap();
    assert!(checked(&found).starts_with("АБВГД"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever is broken: a whole picture or none, and an end.
    #[test]
    fn a_broken_file_gives_a_picture_or_none(
        breaks in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        scan: bool,
    ) {
        let page = match scan {
            true => Page::Scan(300, 100, jpeg(&written(&["words"]))),
            false => Page::Text(&["words", "and more of them"]),
        };
        let mut bytes = pdf(&[page]);
        for (index, value) in breaks {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        // One that panics draws nothing, and costs nobody else anything.
        let drawn = std::panic::catch_unwind(|| draw_first_page(bytes)).unwrap_or_default();
        prop_assert!(drawn.is_none_or(|drawn| image::load_from_memory(&drawn).is_ok()));
    }
}
