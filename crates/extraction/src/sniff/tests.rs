use super::*;
use proptest::prelude::*;

fn named(name: &str) -> FileName {
    FileName::parse(name).expect("a name")
}

fn found(head: &[u8], name: &str) -> FileType {
    sniff(head, &named(name)).unwrap_or_else(|refused| panic!("{name}: {}", refused.detail))
}

fn refusal(head: &[u8], name: &str) -> String {
    sniff(head, &named(name)).expect_err(name).detail
}

/// A ZIP entry's header as it stands in a file.
fn entry(name: &str) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(26, 0);
    bytes.extend((name.len() as u16).to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(name.as_bytes());
    bytes
}

#[test]
fn content_decides_over_the_name() {
    assert_eq!(found(b"%PDF-1.7\n%\xe2\xe3", "letter.txt"), FileType::Pdf);
    assert_eq!(found(b"\x00junk\n%PDF-1.4", "x"), FileType::Pdf);
    assert_eq!(
        found(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "letter.pdf"),
        FileType::Png
    );
    assert_eq!(
        found(b"\xff\xd8\xff\xe0\0\x10JFIF", "x.png"),
        FileType::Jpeg
    );
    assert_eq!(found(b"II*\0\x08\0\0\0\0\0\0\0", "x"), FileType::Tiff);
    assert_eq!(found(b"RIFF\x10\0\0\0WEBPVP8 ", "x"), FileType::Webp);
    assert_eq!(found(b"plain words", "letter.pdf"), FileType::Text);
}

#[test]
fn a_text_about_other_formats_is_a_text() {
    assert_eq!(
        found(b"A file begins with %PDF- and", "notes.md"),
        FileType::Markdown
    );
    assert_eq!(found(b"BMW: service due", "x.txt"), FileType::Text);
    assert_eq!(found(b"MZ is a mark", "x.txt"), FileType::Text);
    assert_eq!(found(b"<p>Inline <svg> is a tag", "x.txt"), FileType::Text);
}

#[test]
fn names_tell_texts_apart() {
    for (name, expected) in [
        ("a.md", FileType::Markdown),
        ("a.csv", FileType::Csv),
        ("a.html", FileType::Html),
        ("a.txt", FileType::Text),
        ("a.xyz", FileType::Text),
        ("a", FileType::Text),
    ] {
        assert_eq!(found(b"one,two\n1,2\n", name), expected, "{name}");
    }
    assert_eq!(
        found(b"\xef\xbb\xbf <!-- c --> <!DOCTYPE html><p>", "a.txt"),
        FileType::Html
    );
    assert_eq!(
        found(b"<?xml version='1.0'?><!DOCTYPE html><html>", "a"),
        FileType::Html
    );
}

#[test]
fn texts_in_other_encodings_are_texts() {
    assert_eq!(found(b"\xff\xfeH\0i\0", "a.txt"), FileType::Text);
    assert_eq!(
        found(
            "Grüße"
                .encode_utf16()
                .flat_map(u16::to_be_bytes)
                .fold(vec![0xfe, 0xff], |mut v, b| {
                    v.push(b);
                    v
                })
                .as_slice(),
            "a.csv"
        ),
        FileType::Csv
    );
    assert_eq!(
        found(b"Viele Gr\xfc\xdfe aus K\xf6ln", "a.txt"),
        FileType::Text
    );
    // A head that ends within a character.
    assert_eq!(found(&"ü".as_bytes()[..1], "a.txt"), FileType::Text);
}

#[test]
fn a_zip_is_told_by_its_entries() {
    let head = |names: &[&str]| names.iter().flat_map(|n| entry(n)).collect::<Vec<u8>>();
    assert_eq!(
        found(&head(&["[Content_Types].xml", "word/document.xml"]), "x"),
        FileType::Docx
    );
    assert_eq!(
        found(&head(&["[Content_Types].xml"]), "x.docx"),
        FileType::Docx
    );
    for (names, file_type) in [
        (&["holiday.jpg"][..], FileType::Zip),
        (&["[Content_Types].xml", "xl/workbook.xml"], FileType::Xlsx),
        (&["ppt/presentation.xml"], FileType::Pptx),
        (&["_rels/.rels", "ppt/presentation.xml"], FileType::Pptx),
        // Folders of these names in somebody's archive.
        (&["letters/a.txt", "word/b.txt"], FileType::Zip),
    ] {
        assert_eq!(found(&head(names), "x.zip"), file_type, "{names:?}");
    }
    assert_eq!(found(&head(&["holiday.jpg"]), "x.docx"), FileType::Zip);
    assert_eq!(found(b"PK\x05\x06\0\0\0\0", "x.zip"), FileType::Zip);
    for (names, word) in [
        (&["[Content_Types].xml"][..], "another kind"),
        (&["mimetype"], "OpenDocument"),
    ] {
        assert!(refusal(&head(names), "x.zip").contains(word), "{names:?}");
    }
}

#[test]
fn open_document_files_say_what_they_are() {
    let says = |words: &str| [entry("mimetype"), words.as_bytes().to_vec()].concat();
    for (words, file_type) in [
        ("application/vnd.oasis.opendocument.text", FileType::Odt),
        (
            "application/vnd.oasis.opendocument.text-template",
            FileType::Odt,
        ),
        (
            "application/vnd.oasis.opendocument.spreadsheet",
            FileType::Ods,
        ),
        (
            "application/vnd.oasis.opendocument.presentation",
            FileType::Odp,
        ),
    ] {
        assert_eq!(found(&says(words), "x"), file_type, "{words}");
    }
    assert!(refusal(&says("application/epub+zip"), "x").contains("book"));
    assert!(
        refusal(&says("application/vnd.oasis.opendocument.graphics"), "x").contains("OpenDocument")
    );
}

#[test]
fn an_email_is_told_by_its_headers() {
    let mail =
        b"Received: from a by b;\r\n\tlater\r\nFrom: a@example.org\r\nSubject: x\r\n\r\nwords";
    assert_eq!(found(mail, "x.eml"), FileType::Eml);
    assert_eq!(found(mail, "x"), FileType::Eml);
    // Kept as a text on purpose.
    assert_eq!(found(mail, "x.txt"), FileType::Text);
    assert_eq!(found(b"From: me\nTo: you\n\nwords", "x.eml"), FileType::Eml);
    assert_eq!(found(b"From: me\nTo: you\n\nwords", "x"), FileType::Text);
    assert_eq!(found(b"words", "x.eml"), FileType::Text);
}

#[test]
fn other_types_are_refused_with_what_they_are() {
    for (head, name, word) in [
        (&b"MZ\x90\0\x03\0\0\0"[..], "setup.pdf", "a program"),
        (
            &[&b"\x7fELF\x02\x01\x01"[..], &[0; 64]].concat(),
            "x",
            "a program",
        ),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "film.mp4", "a video"),
        (
            b"GIF89a\x01\0\x01\0",
            "x.gif",
            "a picture of another kind (GIF)",
        ),
        (b"\x1f\x8b\x08\0", "x.gz", "an archive"),
        (b"<svg xmlns='x'>", "x.txt", "SVG"),
        (b"<?xml version='1.0'?>\n<!-- made --><svg>", "x", "SVG"),
        (
            b"<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'a' 'b'><svg>",
            "x.html",
            "SVG",
        ),
        (b"words", "x.svg", "SVG"),
        (&container::OLE, "x.doc", "older office"),
    ] {
        let detail = refusal(head, name);
        assert!(
            detail.contains(word) && detail.contains("Upload a PDF"),
            "{name}: {detail}"
        );
    }
}

#[test]
fn what_is_not_recognised_is_believed_by_its_name() {
    assert_eq!(found(b"{\\rtf1\\ansi", "x.doc"), FileType::Rtf);
    for head in [&b""[..], b"\0\x01\x02\x03\x04"] {
        assert_eq!(found(head, "x.pdf"), FileType::Pdf);
        assert_eq!(found(head, "x.txt"), FileType::Text);
        assert!(refusal(head, "x.bin").contains("can't be recognised"));
    }
    assert_eq!(found(&container::OLE, "x.docx"), FileType::Docx);
    assert_eq!(found(&container::OLE, "x.xlsx"), FileType::Xlsx);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn any_bytes_are_answered(head: Vec<u8>, name in "[a-z]{1,5}(\\.(pdf|docx|txt|html|svg|zip|png))?") {
        let answer = sniff(&head, &named(&name));
        prop_assert!(answer.map_or_else(|refused| !refused.detail.is_empty(), |_| true));
    }

    #[test]
    fn any_bytes_after_a_known_start_are_answered(
        start in prop::sample::select(vec![
            &b"PK\x03\x04"[..], b"%PDF-", b"II*\0", b"RIFF", b"\xff\xfe", b"<?xml", b"<!--", b"\0\0\0\x18ftyp",
        ]),
        rest: Vec<u8>,
    ) {
        let head = [start, &rest[..]].concat();
        let _either = sniff(&head, &named("x.docx"));
        let lower = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let _never_panics = markup::text_type(&lower, "", None);
    }

    #[test]
    fn any_text_is_accepted_or_explained(text in "[^\\p{Cc}]{1,200}") {
        if let Err(refused) = sniff(text.as_bytes(), &named("x.txt")) {
            prop_assert!(refused.detail.contains("Upload a PDF"));
        }
    }
}
