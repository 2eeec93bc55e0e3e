//! Every format through the real child, with the real poppler and tesseract.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use common::files::{Page, docx, paragraph, pdf};
use common::pictures::{encoded, jpeg, jpeg_on_its_side, on_nothing, tiff, written};
use common::{checked, extract, extract_with, with_limits};
use extraction::Limits;
use image::{DynamicImage, ImageFormat};

const SCANNED: [&str; 2] = ["Insurance certificate", "Policy number 4471 for the house"];

#[tokio::test]
async fn a_pdf_gives_its_text_by_page() {
    let file = pdf(&[
        Page::Text(&["The contract begins in March", "second line"]),
        Page::Text(&["Terms of the contract"]),
    ]);
    let found = extract("contract.pdf", &file).await.expect("text");
    checked(&found);
    assert_eq!(found.page_count, 2);
    assert_eq!(
        found.pages,
        [
            "The contract begins in March\nsecond line",
            "Terms of the contract"
        ]
    );
    assert!(!found.truncated);
}

#[tokio::test]
async fn scanned_pages_of_a_pdf_are_read_by_ocr() {
    let scan = written(&SCANNED);
    let file = pdf(&[
        Page::Text(&["This page has a text layer"]),
        Page::Scan(scan.width(), scan.height(), jpeg(&scan)),
    ]);
    let found = extract("mixed.pdf", &file).await.expect("text");
    checked(&found);
    assert_eq!(found.page_count, 2);
    assert_eq!(found.pages[0], "This page has a text layer");
    assert!(
        found.pages[1].contains("Policy number 4471"),
        "{:?}",
        found.pages[1]
    );
}

#[tokio::test]
async fn an_empty_page_stays_a_page() {
    let found = extract(
        "blank.pdf",
        &pdf(&[
            Page::Text(&[]),
            Page::Text(&["Something stands on page two"]),
        ]),
    )
    .await;
    let found = found.expect("text");
    assert_eq!(found.pages, ["", "Something stands on page two"]);
}

#[tokio::test]
async fn a_long_pdf_is_read_as_far_as_the_limit() {
    let page = || Page::Text(&["A page with enough letters on it"]);
    let limited = with_limits(Limits {
        max_pages: 2,
        ..Limits::default()
    });
    let found = extract_with(&limited, "long.pdf", &pdf(&[page(), page(), page()]))
        .await
        .expect("text");
    assert_eq!(
        (found.page_count, found.pages.len(), found.truncated),
        (3, 2, true)
    );
}

#[tokio::test]
async fn pictures_are_read_by_ocr() {
    let sheet = written(&SCANNED);
    let picture = DynamicImage::ImageLuma8(sheet.clone());
    let cases = [
        ("a.png", encoded(&picture, ImageFormat::Png)),
        ("b.jpg", jpeg(&sheet)),
        ("c.tif", encoded(&picture, ImageFormat::Tiff)),
        ("d.webp", encoded(&picture, ImageFormat::WebP)),
        ("on_its_side.jpeg", jpeg_on_its_side(&sheet)),
        (
            "transparent.png",
            encoded(&on_nothing(&sheet), ImageFormat::Png),
        ),
        // Another picture format than the name says is nobody's mistake.
        ("really_a_png.jpg", encoded(&picture, ImageFormat::Png)),
    ];
    for (name, bytes) in cases {
        let found = extract(name, &bytes)
            .await
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let text = checked(&found);
        assert!(
            text.contains("Insurance certificate") && text.contains("4471"),
            "{name}: {text}"
        );
        assert_eq!((found.page_count, found.truncated), (1, false), "{name}");
    }
}

#[tokio::test]
async fn a_picture_is_turned_upright_for_its_thumbnail() {
    let found = extract("a.jpg", &jpeg_on_its_side(&written(&SCANNED)))
        .await
        .expect("text");
    let thumbnail =
        image::load_from_memory(&found.thumbnail.expect("a thumbnail")).expect("a picture");
    assert_eq!((thumbnail.width(), thumbnail.height()), (339, 480));
}

#[tokio::test]
async fn every_page_of_a_tiff_is_read() {
    let found = extract(
        "fax.tiff",
        &tiff(&[
            written(&["Page about water"]),
            written(&["Page about heating"]),
        ]),
    )
    .await;
    let found = found.expect("text");
    checked(&found);
    assert_eq!((found.page_count, found.pages.len()), (2, 2));
    assert!(
        found.pages[0].contains("water") && found.pages[1].contains("heating"),
        "{:?}",
        found.pages
    );
}

#[tokio::test]
async fn a_picture_without_words_has_an_empty_page() {
    for (name, width, height) in [
        ("dot.png", 1, 1),
        ("strip.png", 400, 3),
        ("white.png", 300, 300),
    ] {
        let picture = DynamicImage::ImageLuma8(image::GrayImage::from_pixel(
            width,
            height,
            image::Luma([255]),
        ));
        let found = extract(name, &encoded(&picture, ImageFormat::Png))
            .await
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(checked(&found).trim(), "", "{name}");
    }
}

#[tokio::test]
async fn a_word_document_gives_paragraphs_and_tables() {
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph(text));
    let table = format!(
        "<w:tbl><w:tr>{}{}</w:tr></w:tbl>",
        cell("Rent"),
        cell("612.00")
    );
    let file = docx(&[paragraph("Grüße &amp; Küsse"), table, paragraph("The end")].concat());
    let found = extract("letter.docx", &file).await.expect("text");
    let text = checked(&found);
    assert!(
        text.contains("Grüße & Küsse")
            && text.contains("Rent\t612.00")
            && text.ends_with("The end"),
        "{text}"
    );
}

#[tokio::test]
async fn a_long_word_document_is_cut_into_pages() {
    let file = docx(&paragraph("A sentence about the heating bill of this flat.").repeat(200));
    let found = extract("long.docx", &file).await.expect("text");
    assert!(found.pages.len() >= 3);
    assert_eq!(found.page_count as usize, found.pages.len());
    assert!(found.pages.iter().all(|page| page.chars().count() <= 3000));
}

#[tokio::test]
async fn texts_are_read_in_any_encoding() {
    let utf16: Vec<u8> = "\u{feff}Größe;Preis\n3;4"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let cases: [(&str, &[u8], &str); 6] = [
        (
            "a.txt",
            "Müllgebühr für Mai".as_bytes(),
            "Müllgebühr für Mai",
        ),
        (
            "b.txt",
            b"M\xfcllgeb\xfchr f\xfcr den Monat Mai, zahlbar bis zum Ende",
            "Müllgebühr für den Monat Mai, zahlbar bis zum Ende",
        ),
        (
            "c.md",
            "# Heading\r\n\r\n*word*".as_bytes(),
            "# Heading\n\n*word*",
        ),
        ("d.csv", &utf16, "Größe;Preis\n3;4"),
        (
            "e.txt",
            b"a\0b\x07c, and enough letters around it to be a text",
            "abc, and enough letters around it to be a text",
        ),
        ("f.log", b" \n ", ""),
    ];
    for (name, bytes, expected) in cases {
        let found = extract(name, bytes)
            .await
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(checked(&found), expected, "{name}");
    }
}

#[tokio::test]
async fn an_html_page_gives_what_a_reader_sees() {
    let page = b"<!DOCTYPE html><html><head><meta charset=iso-8859-1><title>T</title><style>p{color:red}</style>\
        <script>alert('script')</script></head><body><h1>\xdcbersicht</h1><p>Pay <b>83 &euro;</b>&nbsp;now</p>\
        <table><tr><td>Rent</td><td>612</td></tr></table></body></html>";
    let found = extract("page.html", page).await.expect("text");
    let text = checked(&found);
    assert!(
        text.contains("Übersicht")
            && text.contains("83 €")
            && text.contains("Rent")
            && text.contains("612"),
        "{text}"
    );
    assert!(!text.contains("alert") && !text.contains("color"), "{text}");
}

#[tokio::test]
async fn text_beyond_the_limit_is_left_out() {
    let limited = with_limits(Limits {
        output_bytes: 5000,
        ..Limits::default()
    });
    let found = extract_with(&limited, "long.txt", "ten chars\n".repeat(1000).as_bytes())
        .await
        .expect("text");
    assert!(found.truncated);
    assert!((4900..=5000).contains(&found.pages.concat().len()));
}
