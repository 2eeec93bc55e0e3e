//! Archives and e-mails through the real child: what is taken out of them, and what is not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use common::packages::{archive, encrypted, mail, overlapping, renamed};
use common::{checked, extract, extract_with, extractor, sentence, with_limits};
use extraction::{Extracted, Limits};
use std::io::Read;

const TEXT: &[u8] = b"The rent for May is due.";

fn paths(found: &Extracted) -> Vec<&str> {
    found.parts.iter().map(|part| part.path.as_str()).collect()
}

fn content(found: &Extracted, path: &str) -> Vec<u8> {
    let part = found.parts.iter().find(|part| part.path.as_str() == path);
    let mut bytes = Vec::new();
    let mut file = found.parts.open(part.expect(path)).expect("a file");
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

fn reason<'a>(found: &'a Extracted, path: &str) -> &'a str {
    let one = found.left_out.iter().find(|one| one.path == path);
    &one.unwrap_or_else(|| panic!("{path} in {:?}", found.left_out))
        .reason
}

#[tokio::test]
async fn an_archive_keeps_folders_and_lists_its_files() {
    let file = archive(&[
        ("2025/", b""),
        ("2025/May/rent.txt", TEXT),
        ("2025/May/Übersicht.csv", b"a;b\n1;2"),
        ("__MACOSX/2025/._rent.txt", b"\0\x05\x16\x07"),
        ("2025/.DS_Store", b"\0\0\0\x01Bud1"),
    ]);
    let found = extract("papers.zip", &file).await.expect("text");
    assert!(checked(&found).contains("2025/May/rent.txt\n2025/May/Übersicht.csv"));
    assert_eq!(
        paths(&found),
        ["2025/May/rent.txt", "2025/May/Übersicht.csv"]
    );
    assert_eq!(content(&found, "2025/May/rent.txt"), TEXT);
    assert_eq!((found.left_out_count, found.left_out.len()), (0, 0));
}

#[tokio::test]
async fn the_files_go_with_what_was_found() {
    let found = extract("a.zip", &archive(&[("a.txt", TEXT)]))
        .await
        .expect("text");
    let parts = found.parts.clone();
    drop(found);
    let part = parts.iter().next().unwrap();
    let path = std::fs::read_link(format!(
        "/proc/self/fd/{}",
        std::os::fd::AsRawFd::as_raw_fd(&parts.open(part).unwrap())
    ));
    assert!(parts.open(part).is_ok());
    let directory = path.map(|path| path.parent().unwrap().to_owned());
    drop(parts);
    if let Ok(directory) = directory {
        assert!(!directory.exists());
    }
}

#[tokio::test]
async fn what_can_not_be_taken_is_told_and_the_rest_goes_on() {
    let file = archive(&[
        ("first.txt", TEXT),
        ("aa/escape.txt", TEXT),
        ("setup.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff"),
        ("empty.txt", b""),
        ("noise.bin", b"\0\x01\x02\x03\x04"),
        ("zeros.txt", &vec![b'0'; 8 << 20]),
        ("last.txt", TEXT),
    ]);
    let file = renamed(encrypted(file), "aa/escape.txt", "../escape.txt");
    let found = extract("mixed.zip", &file).await.expect("text");
    assert_eq!(paths(&found), ["last.txt"]);
    for (path, words) in [
        ("first.txt", "protected by a password"),
        ("../escape.txt", "leads out of the archive"),
        ("setup.exe", "a program"),
        ("empty.txt", "it is empty"),
        ("noise.bin", "can't be recognised"),
        ("zeros.txt", "250 times its size"),
    ] {
        assert!(
            reason(&found, path).contains(words),
            "{path}: {:?}",
            found.left_out
        );
    }
    assert_eq!(found.left_out_count, 6);
}

#[tokio::test]
async fn files_of_one_name_are_told() {
    let file = archive(&[("a1.txt", b"one"), ("a2.txt", b"two"), ("b.txt", TEXT)]);
    let file = renamed(file, "a2.txt", "a1.txt");
    let found = extract("twins.zip", &file).await.expect("text");
    assert_eq!(found.parts.len(), 2);
    assert!(reason(&found, "files of the same name").contains("the last one"));
}

#[tokio::test]
async fn limits_hold_for_number_and_size() {
    let few = with_limits(Limits {
        max_parts: 2,
        ..Limits::default()
    });
    let many = archive(&[
        ("1.txt", TEXT),
        ("2.txt", TEXT),
        ("3.txt", TEXT),
        ("4.txt", TEXT),
    ]);
    let found = extract_with(&few, "a.zip", &many).await.expect("text");
    assert_eq!((found.parts.len(), found.left_out_count), (2, 2));
    assert!(reason(&found, "3.txt").contains("more than 2 files"));

    let small = with_limits(Limits {
        parts_bytes: 2 << 20,
        file_bytes: 16 << 20,
        ..Limits::default()
    });
    let noise: Vec<u8> = (0..3_u32 << 20)
        .map(|n| b'a' + (n.wrapping_mul(2_654_435_761) >> 28) as u8)
        .collect();
    let large = archive(&[("large.txt", &noise), ("small.txt", TEXT)]);
    let found = extract_with(&small, "a.zip", &large).await.expect("text");
    assert_eq!(paths(&found), ["small.txt"]);
    assert!(reason(&found, "large.txt").contains("larger than 2 MiB"));

    let closed = extractor().taking_out(0);
    let found = extract_with(&closed, "a.zip", &many).await.expect("text");
    assert!(found.parts.is_empty());
    assert!(reason(&found, "all files").contains("inside too many others"));
}

#[tokio::test]
async fn archives_that_give_nothing_say_why() {
    let cases = [
        (archive(&[]), "no files"),
        (archive(&[("folder/", b"")]), "no files"),
        (
            encrypted(archive(&[("a.txt", TEXT)])),
            "protected by a password",
        ),
        (
            archive(&[("a.exe", b"MZ\x90\0\x03\0\0\0")]),
            "it seems to be a program",
        ),
        (
            overlapping(archive(&[("a.txt", &[TEXT; 40].concat()), ("b.txt", TEXT)])),
            "overlap",
        ),
        (
            archive(&[("a.txt", TEXT)])[..60].to_vec(),
            "damaged or incomplete",
        ),
    ];
    for (file, words) in cases {
        let said = sentence(extract("a.zip", &file).await);
        assert!(said.contains(words), "{said}");
    }
}

#[tokio::test]
async fn an_email_gives_its_text_and_its_attachments() {
    let inner = mail("The older letter", &[]);
    let file = mail(
        "Dear tenant, the rent is due. Grüße",
        &[
            ("rent.txt", "text/plain", TEXT),
            ("rent.txt", "application/octet-stream", b"another one"),
            ("../x/old.eml", "application/octet-stream", &inner),
            (
                "setup.exe",
                "application/octet-stream",
                b"MZ\x90\0\x03\0\0\0",
            ),
        ],
    );
    let found = extract("letter.eml", &file).await.expect("text");
    let text = checked(&found);
    for words in [
        "From: Landlord <landlord@example.org>",
        "Subject: Rent for May",
        "Grüße",
    ] {
        assert!(text.contains(words), "{words} is missing in {text}");
    }
    assert_eq!(paths(&found), ["rent.txt", "rent (2).txt", ".._x_old.eml"]);
    assert_eq!(content(&found, "rent.txt"), TEXT);
    assert_eq!(content(&found, ".._x_old.eml"), inner);
    assert!(reason(&found, "setup.exe").contains("a program"));
}

#[tokio::test]
async fn an_email_in_an_email_and_a_logo() {
    let file = b"From: a@example.org\r\nSubject: outer\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/html\r\n\r\n<p>Outer words <img src='cid:logo1'></p>\r\n\
        --b\r\nContent-Type: image/png\r\nContent-ID: <logo1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAANSUhEUg==\r\n\
        --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: b@example.org\r\nSubject: inner/one\r\n\r\nInner words\r\n--b--\r\n";
    let found = extract("a.eml", file).await.expect("text");
    assert!(checked(&found).contains("Outer words"));
    assert_eq!(paths(&found), ["inner_one.eml"]);
    let inner = String::from_utf8(content(&found, "inner_one.eml")).unwrap();
    assert!(inner.contains("Inner words"), "{inner}");
}
