//! Tools that take too long for a page cost that page and no other.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use common::files::{Page, pdf};
use common::pictures::{jpeg, tiff, written};
use common::{extract_with, with_programs};
use extraction::{Extractor, Failure, Limits};
use std::time::{Duration, Instant};

/// The real child, which finds these scripts instead of the tools of that name.
fn with_tools(tools: &[(&str, &str)], wall: Duration) -> (tempfile::TempDir, Extractor) {
    let limits = Limits {
        wall,
        cpu: wall,
        ..Limits::default()
    };
    with_programs(tools, limits)
}

/// Reads a page of a TIFF as its number; the second one never comes to an end.
const SLOW_ON_PAGE_TWO: &str = r#"
for word; do case $word in tessedit_page_number=*) page=$((${word#*=} + 1));; esac; done
echo "Page $page" >&2
test "$page" = 2 && exec sleep 600
echo "words of page $page""#;

fn long_tiff(pages: usize) -> Vec<u8> {
    let sheet = image::GrayImage::from_pixel(40, 40, image::Luma([255]));
    tiff(&vec![sheet; pages])
}

#[tokio::test]
async fn a_slow_page_of_a_tiff_is_left_unread() {
    let (_tools, child) = with_tools(&[("tesseract", SLOW_ON_PAGE_TWO)], Duration::from_secs(10));
    let found = extract_with(&child, "fax.tiff", &long_tiff(3))
        .await
        .unwrap();
    let words: Vec<&str> = found.pages.iter().map(|page| page.trim()).collect();
    assert_eq!(words, ["words of page 1", "", "words of page 3"]);
    assert_eq!(
        (found.page_count, found.unread, found.truncated),
        (3, 1, false)
    );
}

#[tokio::test]
async fn a_long_tiff_is_read_until_the_time_is_over() {
    let a_while = SLOW_ON_PAGE_TWO.replace("&& exec sleep 600", "; sleep 0.2");
    let wall = Duration::from_secs(5);
    let (_tools, child) = with_tools(&[("tesseract", &a_while)], wall);
    let begin = Instant::now();
    let found = extract_with(&child, "fax.tiff", &long_tiff(100))
        .await
        .unwrap();
    assert!(begin.elapsed() < wall, "it answers in time");
    let read = found
        .pages
        .iter()
        .filter(|page| page.contains("words"))
        .count();
    assert!((1..100).contains(&read), "{read}");
    assert_eq!((found.page_count, found.pages.len()), (100, 100));
    assert_eq!(found.unread as usize, 100 - read);
}

#[tokio::test]
async fn a_tiff_of_which_nothing_was_read_in_time_says_so() {
    let wall = Duration::from_secs(2);
    let (_tools, child) = with_tools(&[("tesseract", "exec sleep 600")], wall);
    let result = extract_with(&child, "fax.tiff", &long_tiff(2)).await;
    assert!(
        matches!(&result, Err(Failure::Killed(said)) if said.contains("took longer")),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_damaged_page_costs_no_other() {
    let sheets = ["Water and waste", "Heating and light", "Rent and repairs"];
    let mut file = tiff(&sheets.map(|words| written(&[words])));
    // The second directory says that its picture lies where the file has ended.
    let strips: Vec<usize> = (0..file.len() - 12)
        .filter(|at| file[*at..].starts_with(&[0x11, 1, 4, 0, 1, 0, 0, 0]))
        .collect();
    assert_eq!(strips.len(), 3);
    file[strips[1] + 8..strips[1] + 12].copy_from_slice(&u32::MAX.to_le_bytes());
    let found = common::extract("fax.tiff", &file).await.unwrap();
    assert!(found.pages[0].contains("Water") && found.pages[2].contains("Rent"));
    assert_eq!((found.page_count, found.unread), (3, 1));
}

#[tokio::test]
async fn a_slow_page_of_a_scanned_pdf_is_left_unread() {
    let scan = |words: &str| {
        let sheet = written(&[words]);
        Page::Scan(sheet.width(), sheet.height(), jpeg(&sheet))
    };
    const SLOW: &str =
        r#"case "$*" in *'-f 2 '*) exec sleep 600;; *) exec /usr/bin/pdftoppm "$@";; esac"#;
    let (_tools, child) = with_tools(&[("pdftoppm", SLOW)], Duration::from_secs(40));
    let file = pdf(&[
        scan("Water and waste"),
        scan("Heating"),
        scan("Rent and repairs"),
    ]);
    let found = extract_with(&child, "scan.pdf", &file).await.unwrap();
    assert!(
        found.pages[0].contains("Water") && found.pages[2].contains("Rent"),
        "{found:?}"
    );
    assert_eq!(
        (found.page_count, found.unread, found.truncated),
        (3, 1, false)
    );
}

#[tokio::test]
async fn a_pdf_whose_text_takes_too_long_is_read_as_far_as_it_came() {
    let pages =
        "printf 'The first page with words\\fThe second page with words\\fThe thi'; exec sleep 600";
    let tools = [("pdftotext", pages), ("pdfinfo", "echo 'Pages: 9'")];
    let (_tools, child) = with_tools(&tools, Duration::from_secs(6));
    let file = pdf(&[Page::Text(&["words"])]);
    let found = extract_with(&child, "long.pdf", &file).await.unwrap();
    assert_eq!(
        found.pages,
        ["The first page with words", "The second page with words"]
    );
    assert_eq!(
        (found.page_count, found.unread, found.truncated),
        (9, 7, false)
    );
}
