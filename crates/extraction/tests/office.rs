//! Office documents through the real child.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use common::files::{ole, zip};
use common::packages::{odf_content, ods, odt, open_document, pptx, renamed, xlsx};
use common::{checked, extract, sentence};

#[tokio::test]
async fn an_open_document_text_gives_paragraphs_tables_and_headers() {
    let styles = r#"<s xmlns:style="s" xmlns:text="t"><style:footer><text:p>Page foot</text:p></style:footer><style:header><text:p>Letterhead</text:p></style:header><style:x><text:p>not shown</text:p></style:x></s>"#;
    let body = odf_content(
        "<office:text><text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>\
         <text:h>Gr&#252;&#223;e &amp; K&#252;sse</text:h><text:p>One<text:s text:c='2'/>two<text:tab/>three<text:line-break/>four</text:p>\
         <table:table><table:table-row><table:table-cell><text:p>Rent</text:p></table:table-cell>\
         <table:table-cell><text:p>612.00</text:p></table:table-cell></table:table-row></table:table></office:text>",
    );
    let file = open_document("text", &[("content.xml", &body), ("styles.xml", styles)]);
    let found = extract("letter.odt", &file).await.expect("text");
    assert_eq!(
        checked(&found),
        "Letterhead\nGrüße & Küsse\nOne  two\tthree\nfour\nRent \t612.00 \t\nPage foot"
    );
}

#[tokio::test]
async fn a_presentation_has_a_page_for_each_slide() {
    let slide = |text: &str| {
        format!("<draw:page><draw:frame><text:p>{text}</text:p></draw:frame></draw:page>")
    };
    let body = odf_content(&format!(
        "<office:presentation>{}{}{}</office:presentation>",
        slide("First"),
        slide(""),
        slide("Third")
    ));
    let odp = open_document("presentation", &[("content.xml", &body)]);
    for (name, file) in [("a.odp", odp), ("a.pptx", pptx(&["First", "", "Third"]))] {
        let found = extract(name, &file).await.expect("text");
        checked(&found);
        assert_eq!(found.pages, ["First", "", "Third"], "{name}");
        assert_eq!((found.page_count, found.truncated), (3, false), "{name}");
    }
}

#[tokio::test]
async fn a_spreadsheet_gives_its_rows_sheet_by_sheet() {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let table =
        |name: &str, rows: &str| format!("<table:table table:name='{name}'>{rows}</table:table>");
    let rows = format!(
        "<table:table-row>{}<table:table-cell table:number-columns-repeated='2'/>{}<table:table-cell table:number-columns-repeated='16381'/></table:table-row>\
         <table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>",
        cell("Rent"),
        cell("612,00")
    );
    let file = ods(&[table("R&amp;D", &rows), table("Empty", "")].concat());
    let found = extract("a.ods", &file).await.expect("text");
    checked(&found);
    assert_eq!(found.pages, ["R&D\nRent\t\t\t612,00", "Empty"]);
}

#[tokio::test]
async fn a_workbook_gives_strings_numbers_and_days() {
    let rows = "<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row>\
        <row><c s='1'><v>45808</v></c><c><v>19.989999999999998</v></c><c t='b'><v>1</v></c><c t='inlineStr'><is><t>here</t></is></c><c t='str'><f>A1</f><v>sum</v></c><c t='s'><v>99</v></c></row>";
    let file = xlsx(
        &[("Rent", rows), ("Second", "<row><c><v>7</v></c></row>")],
        &["Day", "Gr&#246;&#223;e"],
    );
    let found = extract("a.xlsx", &file).await.expect("text");
    checked(&found);
    assert_eq!(
        found.pages,
        [
            "Rent\nDay\tGröße\n2025-05-31\t19.99\tTRUE\there\tsum",
            "Second\n7"
        ]
    );
}

#[tokio::test]
async fn rich_text_gives_its_words() {
    let file = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Sehr geehrte Frau M\'fcller,\par die Miete betr\'e4gt 612 \u8364?.\par}";
    let found = extract("letter.rtf", file).await.expect("text");
    assert_eq!(
        checked(&found),
        "Sehr geehrte Frau Müller,\ndie Miete beträgt 612 €."
    );
}

#[tokio::test]
async fn what_is_missing_is_pointed_out() {
    let cases: [(&str, Vec<u8>); 4] = [
        ("a.odt", open_document("text", &[("other.xml", "<a/>")])),
        ("a.ods", open_document("spreadsheet", &[])),
        (
            "a.xlsx",
            zip(&[("[Content_Types].xml", "<a/>"), ("xl/a.xml", "<a/>")]),
        ),
        (
            "a.pptx",
            zip(&[("[Content_Types].xml", "<a/>"), ("ppt/a.xml", "<a/>")]),
        ),
    ];
    for (name, file) in cases {
        assert!(
            sentence(extract(name, &file).await).contains("damaged or incomplete"),
            "{name}"
        );
    }
    // A slide that is not there leaves its page empty, and that is told.
    let file = renamed(
        pptx(&["one", "two"]),
        "slides/slide1.xml",
        "slides/slideX.xml",
    );
    let found = extract("a.pptx", &file).await.expect("text");
    assert_eq!(found.pages, ["one", ""]);
    assert_eq!((found.page_count, found.truncated), (2, true));
    // Half a document is none.
    let whole = odt(&"<text:p>words that can hardly be packed</text:p>".repeat(10));
    assert!(sentence(extract("a.odt", &whole[..whole.len() / 2]).await).contains("incomplete"));
}

#[tokio::test]
async fn protected_documents_ask_for_a_copy_without_password() {
    let manifest =
        "<m:manifest xmlns:m='m'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
    let file = open_document(
        "text",
        &[
            ("META-INF/manifest.xml", manifest),
            ("content.xml", "\u{1}"),
        ],
    );
    assert!(sentence(extract("a.odt", &file).await).contains("protected by a password"));
    let ole = ole(&["/EncryptionInfo", "/EncryptedPackage"]);
    for name in ["a.xlsx", "a.pptx"] {
        assert!(
            sentence(extract(name, &ole).await).contains("protected by a password"),
            "{name}"
        );
    }
}
