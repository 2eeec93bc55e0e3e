//! PDF, DOCX and OLE files, made by hand.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// A page of a PDF.
pub enum Page<'a> {
    /// Lines of real text.
    Text(&'a [&'a str]),
    /// A picture that fills the page: width, height, bytes of a grey JPEG.
    Scan(u32, u32, Vec<u8>),
}

/// A PDF with these pages.
pub fn pdf(pages: &[Page<'_>]) -> Vec<u8> {
    pdf_with(pages, "")
}

/// A PDF that nobody can open without its password: the keys in it fit no password that is tried.
pub fn encrypted_pdf() -> Vec<u8> {
    let key = "00".repeat(32);
    let encrypt = format!(
        "/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<00112233> <00112233>]"
    );
    pdf_with(&[Page::Text(&["secret"])], &encrypt)
}

fn pdf_with(pages: &[Page<'_>], trailer: &str) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        Vec::new(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    let mut kids = String::new();
    for page in pages {
        let (content, resources) = match page {
            Page::Text(lines) => (text_content(lines), "/Font << /F 3 0 R >>".to_owned()),
            Page::Scan(width, height, jpeg) => {
                let head = format!(
                    "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray \
                     /BitsPerComponent 8 /Filter /DCTDecode"
                );
                objects.push(stream(&head, jpeg));
                let resources = format!("/XObject << /I {} 0 R >>", objects.len());
                ("q 595 0 0 842 0 0 cm /I Do Q".to_owned(), resources)
            }
        };
        objects.push(stream("", content.as_bytes()));
        let number = objects.len();
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {resources} >> /Contents {number} 0 R >>"
            )
            .into_bytes(),
        );
        kids.push_str(&format!("{} 0 R ", objects.len()));
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).into_bytes();
    assemble(&objects, trailer)
}

fn text_content(lines: &[&str]) -> String {
    let shown: Vec<String> = lines.iter().map(|line| format!("({line}) Tj T*")).collect();
    format!("BT /F 14 Tf 18 TL 72 770 Td {} ET", shown.join(" "))
}

fn stream(head: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = format!("<< {head} /Length {} >>\nstream\n", data.len()).into_bytes();
    bytes.extend(data);
    bytes.extend(b"\nendstream");
    bytes
}

/// A PDF of these objects, the first of which is its catalogue.
pub fn assemble(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, body) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{number} 0 obj\n").into_bytes());
        out.extend(body);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(table.into_bytes());
    let size = objects.len() + 1;
    out.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n")
            .into_bytes(),
    );
    out
}

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELATIONSHIPS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

/// A Word document with this body.
pub fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    zip(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONSHIPS),
        ("word/document.xml", &document),
    ])
}

/// One paragraph of a Word document.
pub fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A ZIP archive with these entries.
pub fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An OLE container with these streams.
pub fn ole(streams: &[&str]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for name in streams {
        file.create_stream(name)
            .unwrap()
            .write_all(&[7; 600])
            .unwrap();
    }
    file.into_inner().into_inner()
}
