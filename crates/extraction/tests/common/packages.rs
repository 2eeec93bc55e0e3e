//! Office documents, archives and e-mails, made by hand.

use super::files::zip;
use std::io::{Cursor, Write};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// A ZIP archive whose first entry is not packed, as OpenDocument wants it.
pub fn open_document(kind: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("mimetype", stored).unwrap();
    let says = format!("application/vnd.oasis.opendocument.{kind}");
    writer.write_all(says.as_bytes()).unwrap();
    for (name, content) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An OpenDocument's content.
pub fn odf_content(body: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d"><office:body>{body}</office:body></office:document-content>"#
    )
}

/// An OpenDocument text with this body.
pub fn odt(body: &str) -> Vec<u8> {
    let content = odf_content(&format!("<office:text>{body}</office:text>"));
    open_document("text", &[("content.xml", &content)])
}

/// An OpenDocument spreadsheet with these tables.
pub fn ods(tables: &str) -> Vec<u8> {
    let content = odf_content(&format!(
        "<office:spreadsheet>{tables}</office:spreadsheet>"
    ));
    open_document("spreadsheet", &[("content.xml", &content)])
}

fn relations(list: &[(&str, &str)]) -> String {
    let lines: String = list
        .iter()
        .map(|(id, target)| format!(r#"<Relationship Id="{id}" Type="t" Target="{target}"/>"#))
        .collect();
    format!(r#"<Relationships xmlns="r">{lines}</Relationships>"#)
}

/// An Excel workbook with these sheets (name and rows), shared strings, and a style 1 that shows days.
pub fn xlsx(sheets: &[(&str, &str)], strings: &[&str]) -> Vec<u8> {
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
        (
            "xl/styles.xml".to_owned(),
            r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd.mm.yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#
                .to_owned(),
        ),
    ];
    let shared: String = strings
        .iter()
        .map(|text| format!("<si><t>{text}</t></si>"))
        .collect();
    parts.push((
        "xl/sharedStrings.xml".to_owned(),
        format!("<sst>{shared}</sst>"),
    ));
    let mut names = String::new();
    let mut targets = Vec::new();
    for (number, (name, rows)) in (1..).zip(sheets) {
        names.push_str(&format!(
            r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#
        ));
        targets.push((
            format!("rId{number}"),
            format!("worksheets/sheet{number}.xml"),
        ));
        parts.push((
            format!("xl/worksheets/sheet{number}.xml"),
            format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
        ));
    }
    let targets: Vec<(&str, &str)> = targets.iter().map(|(a, b)| (&**a, &**b)).collect();
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), relations(&targets)));
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!(r#"<workbook xmlns:r="r"><sheets>{names}</sheets></workbook>"#),
    ));
    let parts: Vec<(&str, &str)> = parts.iter().map(|(a, b)| (&**a, &**b)).collect();
    zip(&parts)
}

/// A PowerPoint presentation whose slides say this. They are shown in the order given, and stand in the
/// file the other way round.
pub fn pptx(slides: &[&str]) -> Vec<u8> {
    let mut parts = vec![("[Content_Types].xml".to_owned(), "<Types/>".to_owned())];
    let (mut order, mut targets) = (String::new(), Vec::new());
    for (number, text) in (1..).zip(slides) {
        let file = slides.len() + 1 - number;
        order.push_str(&format!(
            r#"<p:sldId id="{}" r:id="rId{number}"/>"#,
            255 + number
        ));
        targets.push((format!("rId{number}"), format!("slides/slide{file}.xml")));
        parts.push((
            format!("ppt/slides/slide{file}.xml"),
            format!("<p:sld><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"),
        ));
    }
    let targets: Vec<(&str, &str)> = targets.iter().map(|(a, b)| (&**a, &**b)).collect();
    parts.push((
        "ppt/_rels/presentation.xml.rels".to_owned(),
        relations(&targets),
    ));
    parts.push((
        "ppt/presentation.xml".to_owned(),
        format!("<p:presentation><p:sldIdLst>{order}</p:sldIdLst></p:presentation>"),
    ));
    let parts: Vec<(&str, &str)> = parts.iter().map(|(a, b)| (&**a, &**b)).collect();
    zip(&parts)
}

/// A ZIP archive of bytes.
pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Sets the mark of encryption on an archive's first entry, in both places.
pub fn encrypted(mut archive: Vec<u8>) -> Vec<u8> {
    archive[6] |= 1;
    let central = find(&archive, b"PK\x01\x02");
    archive[central + 8] |= 1;
    archive
}

/// Writes another name of the same length over every place that has this one.
pub fn renamed(mut archive: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    for at in 0..=archive.len() - from.len() {
        if &archive[at..at + from.len()] == from.as_bytes() {
            archive[at..at + to.len()].copy_from_slice(to.as_bytes());
        }
    }
    archive
}

/// Lets the second entry's listing point at the first entry's bytes.
pub fn overlapping(mut archive: Vec<u8>) -> Vec<u8> {
    let first = find(&archive, b"PK\x01\x02");
    let second = first + 4 + find(&archive[first + 4..], b"PK\x01\x02");
    // The sizes and the place where it begins.
    let (sizes, place) = (16..28, 42..46);
    let copy: Vec<u8> = archive[first + sizes.start..first + sizes.end].to_vec();
    archive[second + sizes.start..second + sizes.end].copy_from_slice(&copy);
    let copy: Vec<u8> = archive[first + place.start..first + place.end].to_vec();
    archive[second + place.start..second + place.end].copy_from_slice(&copy);
    archive
}

fn find(bytes: &[u8], mark: &[u8]) -> usize {
    bytes
        .windows(mark.len())
        .position(|window| window == mark)
        .unwrap()
}

/// An e-mail with this text and these attachments.
pub fn mail(text: &str, attachments: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut mail = String::from(
        "From: Landlord <landlord@example.org>\r\nTo: tenant@example.org\r\nSubject: Rent for May\r\n\
         Date: Sat, 31 May 2025 10:00:00 +0200\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"cut\"\r\n\r\n",
    );
    mail.push_str(&format!(
        "--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ));
    let mut mail = mail.into_bytes();
    for (name, kind, content) in attachments {
        let head = format!(
            "--cut\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n"
        );
        mail.extend(head.into_bytes());
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        for line in STANDARD.encode(content).as_bytes().chunks(76) {
            mail.extend(line);
            mail.extend(b"\r\n");
        }
    }
    mail.extend(b"--cut--\r\n");
    mail
}
