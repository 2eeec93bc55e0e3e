//! Broken, bombing and mislabelled files of every format, each through the real child with small limits:
//! it ends in time with text or a sentence, and never takes the test with it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common::files::{Page, docx, encrypted_pdf, paragraph, pdf, zip};
use common::packages::{archive, mail, odf_content, ods, odt, open_document, xlsx};
use common::{checked, with_limits};
use domain::FileName;
use extraction::{Claim, Extracted, Failure, Limits, SNIFF_BYTES, sniff};
use std::time::{Duration, Instant};

/// What every file of the corpus may use.
fn limits() -> Limits {
    Limits {
        memory_bytes: 1 << 30,
        wall: Duration::from_secs(60),
        cpu: Duration::from_secs(20),
        ..Limits::default()
    }
}

/// A file's end: refused when it came in, or what the child said of it.
async fn end_of(name: &str, bytes: &[u8]) -> Result<Extracted, Failure> {
    let file_name = FileName::parse(name).unwrap();
    let head = &bytes[..bytes.len().min(SNIFF_BYTES)];
    let file_type =
        sniff(head, &file_name).map_err(|refused| Failure::Permanent(refused.detail))?;
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("content");
    std::fs::write(&path, bytes).unwrap();
    let claim = Claim {
        file_type,
        file_name,
    };
    with_limits(limits()).extract(&path, claim).await
}

/// The words that are to stand in a file's end.
async fn expect(name: &str, bytes: &[u8], words: &str) {
    let begin = Instant::now();
    let said = match end_of(name, bytes).await {
        Err(Failure::Permanent(said) | Failure::Killed(said)) => {
            assert!(said.ends_with('.') && !said.contains('!'), "{name}: {said}");
            said
        }
        Err(failure @ (Failure::Transient(_) | Failure::NoRoom(_))) => {
            panic!("{name}: {failure:?}")
        }
        Ok(found) => {
            let text = checked(&found);
            let left_out: Vec<String> = found
                .left_out
                .iter()
                .map(|one| one.reason.clone())
                .collect();
            format!(
                "text: {text} truncated: {} {}",
                found.truncated,
                left_out.join("; ")
            )
        }
    };
    assert!(
        begin.elapsed() < limits().wall,
        "{name} took {:?}",
        begin.elapsed()
    );
    assert!(
        said.contains(words),
        "{name}: {words:?} is not in {:?}",
        said.chars().take(600).collect::<String>()
    );
}

/// An archive of archives of archives, all the way down to zeros.
fn nested_bomb(depth: usize) -> Vec<u8> {
    let mut file = archive(&[("zeros.txt", &vec![b'0'; 4 << 20])]);
    for _ in 0..depth {
        let copies: Vec<(String, &[u8])> = (0..10)
            .map(|n| (format!("{n}.zip"), file.as_slice()))
            .collect();
        let copies: Vec<(&str, &[u8])> = copies.iter().map(|(a, b)| (&**a, *b)).collect();
        file = archive(&copies);
    }
    file
}

#[tokio::test]
async fn archives_that_are_made_to_do_harm() {
    // Only one level is opened at a time; the vault limits how many.
    expect("bomb.zip", &nested_bomb(3), "text: 0.zip").await;
    expect(
        "zeros.zip",
        &archive(&[("zeros.txt", &vec![b'0'; 16 << 20])]),
        "times its size",
    )
    .await;
    let many: Vec<String> = (0..3_000).map(|n| format!("{n}.txt")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (&**name, &b"x"[..])).collect();
    expect("many.zip", &archive(&many), "more than 1000 files").await;
}

#[tokio::test]
async fn xml_that_is_made_to_do_harm() {
    let laughs = format!(
        "<!DOCTYPE a [<!ENTITY a \"ha\">{}]>{}",
        (0..20)
            .map(|n| format!(
                "<!ENTITY {} \"&{1};&{1};\">",
                (b'b' + n) as char,
                (b'a' + n) as char
            ))
            .collect::<String>(),
        odf_content("<office:text><text:p>&u;</text:p></office:text>")
    );
    let outside = format!(
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}",
        odf_content("<office:text><text:p>&x;</text:p></office:text>")
    );
    for content in [laughs, outside] {
        let file = open_document("text", &[("content.xml", &content)]);
        expect("laughs.odt", &file, "abbreviations of its own").await;
    }
    let deep = odt(&"<text:section>".repeat(200_000));
    expect("deep.odt", &deep, "nested more deeply").await;
    let white = odt(&" ".repeat(140 << 20));
    assert!(white.len() < 2_000_000);
    expect("white.odt", &white, "unpacks to more than").await;
    // One start tag that never ends, and one with a million attributes.
    expect(
        "tag.odt",
        &odt(&format!("<text:p {}", "x".repeat(20 << 20))),
        "damaged",
    )
    .await;
    let attributes = format!("<text:p {}>words</text:p>", "a='1' ".repeat(300_000));
    expect("attributes.odt", &odt(&attributes), "text: words").await;
}

#[tokio::test]
async fn cells_without_end() {
    let cell = "<table:table-cell table:number-columns-repeated='1000000'><text:p>word</text:p></table:table-cell>";
    let row =
        format!("<table:table-row table:number-rows-repeated='1000000'>{cell}</table:table-row>");
    let file = ods(&format!(
        "<table:table table:name='T'>{}</table:table>",
        row.repeat(50)
    ));
    expect("repeated.ods", &file, "word\tword").await;
    // A shared string that a hundred thousand cells name.
    let cells = "<c t='s'><v>0</v></c>".repeat(100_000);
    let long = "long ".repeat(10_000);
    let file = xlsx(&[("S", &format!("<row>{cells}</row>"))], &[&long]);
    expect("shared.xlsx", &file, "truncated: true").await;
    let empty = "<c/>".repeat(2_100_000);
    let file = xlsx(&[("S", &format!("<row>{empty}</row>"))], &[]);
    expect("empty.xlsx", &file, "truncated: true").await;
}

#[tokio::test]
async fn documents_that_lack_parts_or_lie() {
    expect(
        "a.docx",
        &zip(&[
            ("[Content_Types].xml", "<Types/>"),
            ("word/other.xml", "<a/>"),
        ]),
        "damaged",
    )
    .await;
    expect("a.docx", &docx(&"<w:p>".repeat(100_000)), "").await;
    expect(
        "a.xlsx",
        &docx(&paragraph("words of a letter")),
        "text: words of a letter",
    )
    .await;
    expect(
        "a.zip",
        &docx(&paragraph("x")),
        "the content is a Word document",
    )
    .await;
    expect(
        "a.docx",
        &archive(&[("a.txt", b"x")]),
        "the content is a ZIP archive",
    )
    .await;
    expect(
        "a.pdf",
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03words",
        "an archive (GZ)",
    )
    .await;
    expect("a.eml", b"Just a few words", "the content is plain text").await;
    expect("a.rtf", b"Just a few words", "the content is plain text").await;
    expect("a.txt", &[0; 4096], "no readable text").await;
    expect(
        "a.txt",
        b"\xc3\x28\xa0\xa1\xe2\x28\xa1 words and more words of a letter to read",
        "text:",
    )
    .await;
    for name in [
        "a.pdf", "a.odt", "a.xlsx", "a.rtf", "a.eml", "a.zip", "a.txt",
    ] {
        expect(name, b"", "is empty").await;
    }
    for name in [
        "a.pdf", "a.docx", "a.odt", "a.ods", "a.odp", "a.xlsx", "a.pptx", "a.zip", "a.png",
    ] {
        expect(name, &[0; 4096], ".").await;
    }
}

#[tokio::test]
async fn rich_text_without_end() {
    expect(
        "deep.rtf",
        format!("{{\\rtf1 {}", "{".repeat(1_000_000)).as_bytes(),
        "nested more deeply",
    )
    .await;
    expect(
        "cut.rtf",
        b"{\\rtf1 a letter that stops in the mid",
        "incomplete",
    )
    .await;
    let words = format!("{{\\rtf1 {}}}", "\\u228 a word \\'e4 ".repeat(1_000_000));
    expect("long.rtf", words.as_bytes(), "truncated: true").await;
    expect("bin.rtf", b"{\\rtf1 word\\bin2147483647 x}", "incomplete").await;
}

#[tokio::test]
async fn emails_without_end() {
    let part = "--cut\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nwords\r\n";
    let head = "From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n";
    expect(
        "parts.eml",
        format!("{head}{}", part.repeat(10_000)).as_bytes(),
        "2,000 parts",
    )
    .await;
    expect(
        "parts.eml",
        format!("{head}{}", part.repeat(1_900)).as_bytes(),
        "more than 1000 files",
    )
    .await;
    let nested: String = (0..1_500)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
        .collect();
    expect(
        "nested.eml",
        format!("From: a@example.org\r\nMIME-Version: 1.0\r\n{nested}\r\nwords").as_bytes(),
        "",
    )
    .await;
    let inside = "Content-Type: message/rfc822\r\n\r\nFrom: a@example.org\r\n".repeat(1_900);
    expect(
        "inside.eml",
        format!("From: a@example.org\r\nMIME-Version: 1.0\r\n{inside}\r\nwords").as_bytes(),
        "",
    )
    .await;
    // One stack frame for each, if they were taken apart.
    let hidden = "Content-Type: message/rfc822\n\n".repeat(300_000);
    let encoded = format!(
        "From: a@example.org\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        STANDARD.encode(hidden)
    );
    expect("encoded.eml", encoded.as_bytes(), "2,000 parts").await;
    expect(
        "long.eml",
        &mail(&"word ".repeat(2_000_000), &[]),
        "truncated: true",
    )
    .await;
}

#[tokio::test]
async fn pdfs_and_pictures_that_are_made_to_do_harm() {
    expect("a.pdf", &encrypted_pdf(), "protected by a password").await;
    let whole = pdf(&(0..30)
        .map(|_| Page::Text(&["A page with words on it"]))
        .collect::<Vec<_>>());
    expect("cut.pdf", &whole[..whole.len() / 2], "incomplete").await;
    // A hundred thousand pages; a hundred thousand times the same; and a page list that contains itself.
    expect("pages.pdf", &pdf_of(0..100_000), "truncated: true").await;
    expect("same.pdf", &pdf_of(vec![0; 100_000]), "").await;
    expect("loop.pdf", &pdf_of([0, -1]), "").await;
    let mut giant =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\x7f\xff\xff\xff\x7f\x08\x02\0\0\0".to_vec();
    giant.extend([0; 64]);
    expect("giant.png", &giant, ".").await;
    let jpeg = common::pictures::jpeg(&common::pictures::written(&["words"]));
    expect("cut.jpg", &jpeg[..jpeg.len() / 3], "incomplete").await;
}

/// A PDF whose pages are these; -1 is the list of pages itself.
fn pdf_of(pages: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let words = "BT /F 12 Tf 10 100 Td (A page with enough words on it) Tj ET";
    let pages: Vec<i64> = pages.into_iter().map(|page| page + 5).collect();
    let last = pages.iter().max().copied().unwrap_or_default();
    let kids: String = pages
        .iter()
        .map(|page| format!("{} 0 R ", if *page == 4 { 2 } else { *page }))
        .collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()),
        format!("<< /Length {} >>\nstream\n{words}\nendstream", words.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    objects.extend((5..=last).map(|_| {
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 3 0 R /Resources << /Font << /F 4 0 R >> >> >>"
            .to_owned()
    }));
    let objects: Vec<Vec<u8>> = objects.into_iter().map(String::into_bytes).collect();
    common::files::assemble(&objects, "")
}
