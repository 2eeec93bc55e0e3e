//! The sample documents give the words that they are there for.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use common::{checked, extract};
use extraction::Extracted;

async fn sample(name: &str) -> (Extracted, String) {
    let path = format!("{}/../../samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the sample");
    assert!(bytes.len() < 300_000);
    let found = extract(name, &bytes)
        .await
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(!found.truncated);
    let text = checked(&found);
    (found, text)
}

fn assert_words(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word:?} is missing in {text}");
    }
}

#[tokio::test]
async fn the_letter_has_two_pages_of_text() {
    let (found, _) = sample("letter_electricity_contract.pdf").await;
    assert_eq!((found.page_count, found.pages.len()), (2, 2));
    assert_words(
        &found.pages[0],
        &[
            "Example Power Cooperative",
            "electricity contract, number EX-2025-0417",
            "72.00",
        ],
    );
    assert_words(&found.pages[1], &["Term and notice", "one month's notice"]);
}

#[tokio::test]
async fn the_scan_is_read() {
    let (found, text) = sample("scanned_rent_invoice.pdf").await;
    assert_eq!(found.page_count, 1);
    assert_words(
        &text,
        &[
            "Rent invoice for May 2025",
            "R-2025-05-007",
            "783.50",
            "Advance payment for heating",
        ],
    );
}

#[tokio::test]
async fn the_statement_keeps_its_rows() {
    let (_, text) = sample("bank_statement.docx").await;
    assert_words(
        &text,
        &[
            "account statement for April 2025",
            "02.04.2025\tStanding order: rent flat 7\t-783.50\t1,356.68",
        ],
    );
}

#[tokio::test]
async fn the_notes_are_taken_as_they_are() {
    let (_, text) = sample("notes_on_insurance.txt").await;
    assert_words(
        &text,
        &["Household contents insurance", "café \"Zur Mühle\""],
    );
}

#[tokio::test]
async fn the_photo_is_read() {
    let (_, text) = sample("photo_of_tax_letter.jpg").await;
    assert_words(
        &text,
        &[
            "Income tax assessment for 2024",
            "00/123/45678",
            "refund of 312.00 within four weeks",
        ],
    );
}
