//! Text PDFs of some pages: letters, no two the same.

use uuid::Uuid;

const PAGES: usize = 3;
const LINES: usize = 40;

/// What letters are about: a topic's name, its description, and a sentence that belongs there.
pub const SUBJECTS: [(&str, &str, &str); 3] = [
    (
        "Energy",
        "Electricity, gas and heating: contracts, meter readings, yearly statements.",
        "Your meter reading for electricity and gas shows a higher use of heating energy.",
    ),
    (
        "Banking",
        "Account statements, cards, transfers and loans.",
        "The transfer was booked to your account, and the statement lists every card payment.",
    ),
    (
        "Insurance",
        "Policies, premiums, claims and letters of insurers.",
        "The premium of your policy is due, and the insurer has settled the claim.",
    ),
];

/// The letter of this number as a PDF (PDF 1.4, one font, uncompressed).
pub fn letter(number: usize) -> Vec<u8> {
    let sentence = SUBJECTS
        .get(number % SUBJECTS.len())
        .map_or("", |subject| subject.2);
    let reference = Uuid::new_v4();
    let page = |page: usize| -> String {
        let heading = format!("(Letter {number}, page {page}, reference {reference}) Tj T* ");
        let line = |line| format!("({line}. {sentence}) Tj T* ");
        let lines: String = (1..=LINES).map(line).collect();
        format!("BT /F1 11 Tf 16 TL 40 780 Td {heading}{lines}ET")
    };
    file(&(1..=PAGES).map(page).collect::<Vec<_>>())
}

fn file(contents: &[String]) -> Vec<u8> {
    let number = |at: usize| 4 + at * 2;
    let kids = (0..contents.len()).map(|at| format!("{} 0 R ", number(at)));
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} >>",
            kids.collect::<String>(),
            contents.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for (at, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>",
            number(at) + 1
        ));
        let length = content.len();
        objects.push(format!(
            "<< /Length {length} >>\nstream\n{content}\nendstream"
        ));
    }
    with_references(&objects)
}

/// The objects one after the other, and the table of where each begins.
fn with_references(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let size = objects.len() + 1;
    let start = file.len();
    format!("{file}{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn poppler_reads_every_page_and_has_no_complaint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter.pdf");
        std::fs::write(&path, letter(1)).unwrap();
        let read = Command::new("pdftotext")
            .arg(&path)
            .arg("-")
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&read.stderr), "");
        let text = String::from_utf8(read.stdout).unwrap();
        assert_eq!(text.matches('\u{c}').count(), PAGES, "{text}");
        assert!(text.contains("Letter 1, page 3, reference"), "{text}");
        assert_eq!(text.matches(SUBJECTS[1].2).count(), PAGES * LINES, "{text}");
    }

    #[test]
    fn no_two_letters_are_the_same() {
        assert_ne!(letter(1), letter(1));
    }
}
