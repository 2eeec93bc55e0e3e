//! Archives, e-mails and documents, made in code.

use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A ZIP archive.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An e-mail with this text and these attachments, which are texts.
pub fn mail(text: &str, attachments: &[(&str, &[u8])]) -> Vec<u8> {
    let mut mail = format!(
        "From: landlord@example.org\r\nSubject: Rent\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\n\r\n{text}\r\n"
    )
    .into_bytes();
    for (name, content) in attachments {
        let head = format!(
            "--cut\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename={name}\r\n\r\n"
        );
        mail.extend(head.into_bytes());
        mail.extend(*content);
        mail.extend(b"\r\n");
    }
    mail.extend(b"--cut--\r\n");
    mail
}

/// An OpenDocument text.
pub fn odt(body: &str) -> Vec<u8> {
    open_document(&format!("<o:document><o:body>{body}</o:body></o:document>"))
}

/// An OpenDocument text whose entities would be gigabytes.
pub fn laughs() -> Vec<u8> {
    let entities: String = (0..20_u8)
        .map(|n| {
            let (name, last) = ((b'b' + n) as char, (b'a' + n) as char);
            format!("<!ENTITY {name} \"&{last};&{last};\">")
        })
        .collect();
    open_document(&format!(
        "<!DOCTYPE d [<!ENTITY a \"ha\">{entities}]><d><t:p>&u;</t:p></d>"
    ))
}

fn open_document(content: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("mimetype", stored).unwrap();
    writer
        .write_all(b"application/vnd.oasis.opendocument.text")
        .unwrap();
    writer
        .start_file("content.xml", SimpleFileOptions::default())
        .unwrap();
    writer.write_all(content.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}
