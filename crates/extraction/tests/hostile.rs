//! Files that are broken, mislabelled, protected, or made to do harm.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use common::files::{Page, docx, encrypted_pdf, ole, paragraph, pdf, zip};
use common::pictures::{encoded, jpeg, tiff, written};
use common::{checked, extract, extract_with, sentence, with_limits};
use extraction::{Failure, Limits};
use image::{DynamicImage, GrayImage, ImageFormat};
use proptest::prelude::*;
use std::time::Duration;

/// A square sheet, made from bytes at once: it is large.
fn white(side: u32) -> GrayImage {
    GrayImage::from_raw(side, side, vec![255; (side * side) as usize]).unwrap()
}

fn half(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len() / 2]
}

#[tokio::test]
async fn empty_files_are_named_so() {
    for name in ["a.pdf", "a.png", "a.docx", "a.txt", "a.html"] {
        assert!(
            sentence(extract(name, b"").await).contains("is empty"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn protected_files_ask_for_a_copy_without_password() {
    let pdf = sentence(extract("a.pdf", &encrypted_pdf()).await);
    assert_eq!(
        pdf,
        "The PDF is protected by a password. Save it without one and upload it again."
    );
    let word = sentence(extract("a.docx", &ole(&["/EncryptionInfo", "/EncryptedPackage"])).await);
    assert_eq!(
        word,
        "The Word document is protected by a password. Save it without one and upload it again."
    );
}

#[tokio::test]
async fn an_old_document_with_a_new_name_is_found_out() {
    assert!(
        sentence(extract("a.docx", &ole(&["/WordDocument"])).await)
            .contains("older office program")
    );
}

#[tokio::test]
async fn truncated_files_are_not_taken_for_whole_ones() {
    let sheet = written(&["Half of this is missing"]);
    let picture = DynamicImage::ImageLuma8(sheet.clone());
    let many: Vec<Page<'_>> = (0..20)
        .map(|_| Page::Text(&["A page with a few words on it"]))
        .collect();
    let whole = [
        ("a.pdf", pdf(&many)),
        ("a.png", encoded(&picture, ImageFormat::Png)),
        ("a.jpg", jpeg(&sheet)),
        ("a.webp", encoded(&picture, ImageFormat::WebP)),
        ("a.tiff", encoded(&picture, ImageFormat::Tiff)),
        ("two_pages.tiff", tiff(&[sheet.clone(), sheet])),
        (
            "a.docx",
            docx(
                &(0..5000)
                    .map(|n| paragraph(&format!("Line {}", n * 7919)))
                    .collect::<String>(),
            ),
        ),
    ];
    for (name, bytes) in whole {
        assert!(extract(name, &bytes).await.is_ok(), "{name} is whole");
        let said = sentence(extract(name, half(&bytes)).await);
        assert!(said.contains("incomplete"), "{name}: {said}");
    }
}

#[tokio::test]
async fn rubbish_with_a_good_name_gets_a_sentence() {
    let rubbish: Vec<u8> = (0..4000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8 & 0x1f)
        .collect();
    for name in [
        "a.pdf", "a.png", "a.jpg", "a.tiff", "a.webp", "a.docx", "a.txt", "a.csv", "a.html",
    ] {
        let said = sentence(extract(name, &rubbish).await);
        assert!(
            said.contains("damaged") || said.contains("can't be read"),
            "{name}: {said}"
        );
    }
}

#[tokio::test]
async fn a_start_without_a_rest_gets_a_sentence() {
    let starts: [(&str, &[u8]); 5] = [
        ("a.pdf", b"%PDF-1.7\n"),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("a.tiff", b"II*\0\x08\0\0\0"),
        ("a.webp", b"RIFF\xff\xff\0\0WEBPVP8 "),
    ];
    for (name, bytes) in starts {
        sentence(extract(name, bytes).await);
    }
}

#[tokio::test]
async fn a_zip_that_only_looks_like_a_word_document_gets_a_sentence() {
    let file = zip(&[("word/readme.txt", "nothing")]);
    assert!(sentence(extract("a.docx", &file).await).contains("damaged"));
}

#[tokio::test]
async fn names_that_contradict_the_content_are_pointed_out() {
    let picture = encoded(&DynamicImage::new_luma8(30, 30), ImageFormat::Png);
    let said = sentence(extract("letter.pdf", &picture).await);
    assert_eq!(
        said,
        "The name says that this is a PDF, but the content is a PNG image. Rename it and upload it again."
    );
    assert!(
        sentence(extract("letter.pdf", b"Dear reader").await).contains("the content is plain text")
    );
    assert!(
        sentence(extract("a.txt", &pdf(&[Page::Text(&["x"])])).await)
            .contains("the content is a PDF")
    );
    assert!(
        sentence(extract("a.png", &docx(&paragraph("x"))).await).contains("is a Word document")
    );
    // A name that claims nothing contradicts nothing.
    assert!(extract("letter.old", b"Dear reader").await.is_ok());
}

#[tokio::test]
async fn a_picture_that_unpacks_to_too_much_is_refused() {
    // 121 million pixels in some hundred kilobytes.
    let bomb = encoded(&DynamicImage::ImageLuma8(white(11_000)), ImageFormat::Png);
    assert!(bomb.len() < 2_000_000);
    assert!(sentence(extract("a.png", &bomb).await).contains("more than 120 million pixels"));

    // Few enough pixels, too much memory: a header is all it takes.
    let mut lie = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    lie.extend(
        [
            &10_900_u32.to_be_bytes()[..],
            &10_900_u32.to_be_bytes(),
            &[16, 6, 0, 0, 0],
        ]
        .concat(),
    );
    let checksum = crc32(&lie[12..]);
    lie.extend(checksum.to_be_bytes());
    lie.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    sentence(extract("b.png", &lie).await);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |s, _| {
            if s & 1 == 1 {
                (s >> 1) ^ 0xedb8_8320
            } else {
                s >> 1
            }
        })
    })
}

#[tokio::test]
async fn a_word_document_that_unpacks_to_too_much_is_refused() {
    let bomb = docx(&paragraph(&" ".repeat(64 << 20)));
    assert!(bomb.len() < 1_000_000);
    assert!(sentence(extract("a.docx", &bomb).await).contains("damaged"));
}

#[tokio::test]
async fn a_child_without_memory_harms_nobody() {
    // The file is sound; the machine gives too little. Whichever part notices first, it is told.
    let tight = with_limits(Limits {
        memory_bytes: 96 << 20,
        ..Limits::default()
    });
    let sheet = white(9000);
    let file = encoded(&DynamicImage::ImageLuma8(sheet), ImageFormat::Png);
    match extract_with(&tight, "a.png", &file).await {
        Err(Failure::Killed(said) | Failure::Permanent(said)) => {
            assert!(said.ends_with('.'), "{said}")
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn deep_nesting_ends_in_text_or_a_failure() {
    let quick = with_limits(Limits {
        cpu: Duration::from_secs(1),
        ..Limits::default()
    });
    for html in [
        "<div>".repeat(200_000),
        "<table><tr><td>".repeat(3000),
        "<b><i>".repeat(50_000),
    ] {
        let page = format!("<html>{html}words");
        match extract_with(&quick, "a.html", page.as_bytes()).await {
            Ok(found) => assert!(checked(&found).contains("words")),
            Err(Failure::Killed(said) | Failure::Permanent(said)) => assert!(said.ends_with('.')),
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Nothing that is fed to the child may end in anything but text without control characters or a
/// sentence. Each case starts a process, so there are few; the parts have property tests of their own.
#[test]
fn any_bytes_end_in_clean_text_or_a_sentence() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(24));
    let name = prop::sample::select(vec!["a.txt", "a.csv", "a.html", "a.md"]);
    let outcome = runner.run(&(name, any::<Vec<u8>>()), |(name, bytes)| {
        match runtime.block_on(extract(name, &bytes)) {
            Ok(found) => drop(checked(&found)),
            Err(Failure::Permanent(said)) => prop_assert!(said.ends_with('.')),
            Err(other) => prop_assert!(false, "{other:?}"),
        }
        Ok(())
    });
    outcome.unwrap();
}
