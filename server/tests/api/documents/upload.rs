//! `POST /api/documents/upload`: what is taken in, and under which names.

use crate::support::{assert_nothing_left, file, form, problem, send_form};
use reqwest::{Method, StatusCode, multipart::Form, multipart::Part};
use sha2::{Digest, Sha256};
use testkit::{TestApp, files};
use uuid::Uuid;

#[tokio::test]
async fn a_file_is_answered_at_once_as_pending() {
    let app = TestApp::start().await;
    let bytes = b"Minutes of the meeting.\n";
    let document = app.client.upload("minutes.txt", *bytes).await;
    assert_eq!(document.original_name, "minutes.txt");
    assert_eq!(document.content_type, "text/plain");
    assert_eq!(document.size_bytes, bytes.len() as i64);
    assert_eq!(document.status, "pending");
    assert_eq!(document.topics, [""; 0]);
    assert_eq!(document.classification_error, None);
    assert_eq!(document.duplicate_of, None);
    assert_eq!(
        document.sha256,
        Some(format!("{:x}", Sha256::digest(bytes)))
    );
    assert_eq!(app.client.document(document.id).await.id, document.id);
    assert_eq!(
        app.database
            .number("SELECT count(*) FROM jobs WHERE state = 'queued' AND kind = 'process'")
            .await,
        1
    );
}

#[tokio::test]
async fn the_field_auto_classify_may_stand_before_or_after_the_file() {
    let app = TestApp::start().await;
    let wanted = "SELECT count(*) FROM documents WHERE auto_classify";
    let before = Form::new()
        .text("auto_classify", "false")
        .part("file", file("a.txt", "one"));
    assert_eq!(
        send_form(&app.client, before).await.status(),
        StatusCode::OK
    );
    let after = form("b.txt", "two").text("auto_classify", "false");
    assert_eq!(send_form(&app.client, after).await.status(), StatusCode::OK);
    assert_eq!(app.database.number(wanted).await, 0);
    let unsaid = form("c.txt", "three");
    assert_eq!(
        send_form(&app.client, unsaid).await.status(),
        StatusCode::OK
    );
    assert_eq!(app.database.number(wanted).await, 1);
    let other_fields = form("d.txt", "four")
        .text("note", "ignored")
        .text("auto_classify", "true");
    assert_eq!(
        send_form(&app.client, other_fields).await.status(),
        StatusCode::OK
    );
    assert_eq!(app.database.number(wanted).await, 2);
}

#[tokio::test]
async fn auto_classify_that_is_neither_true_nor_false_is_refused_with_its_file() {
    let app = TestApp::start().await;
    let refused = send_form(
        &app.client,
        form("a.txt", "one").text("auto_classify", "perhaps"),
    )
    .await;
    let problem = problem(refused, 422).await;
    assert_eq!(problem.errors[0].loc, ["body", "auto_classify"]);
    assert_nothing_left(&app).await;
}

#[tokio::test]
async fn the_same_bytes_twice_are_kept_and_flagged() {
    let app = TestApp::start().await;
    let first = app.client.upload("a.txt", "the same").await;
    let second = app.client.upload("b.txt", "the same").await;
    let third = app.client.upload("c.txt", "the same").await;
    let other = app.client.upload("d.txt", "another").await;
    assert_eq!(first.duplicate_of, None);
    assert_eq!(second.duplicate_of, Some(first.id));
    assert_eq!(third.duplicate_of, Some(first.id));
    assert_eq!(other.duplicate_of, None);
    assert_eq!(app.bucket.keys().await.len(), 4);
}

#[tokio::test]
async fn of_the_same_bytes_sent_many_times_at_once_one_document_is_the_first() {
    let app = TestApp::start().await;
    let uploads = (0..12).map(|_| app.client.upload("a.txt", "the same"));
    let documents = futures::future::join_all(uploads).await;
    let originals: Vec<Uuid> = documents
        .iter()
        .filter(|document| document.duplicate_of.is_none())
        .map(|document| document.id)
        .collect();
    let [original] = originals.as_slice() else {
        panic!("{originals:?}")
    };
    let of_it = |document: &&wire::Document| document.duplicate_of == Some(*original);
    assert_eq!(documents.iter().filter(of_it).count(), 11);
    let logged =
        "SELECT count(DISTINCT resource_id) FROM audit_log WHERE event_type = 'document.created'";
    assert_eq!(app.database.number(logged).await, 12);
}

#[tokio::test]
async fn objects_have_keys_of_our_own_making() {
    let app = TestApp::start().await;
    let document = app
        .client
        .upload("my secret plan.pdf", files::pdf(&["A plan"]))
        .await;
    let keys = app.bucket.keys().await;
    let [key] = keys.as_slice() else {
        panic!("{keys:?}")
    };
    let parts: Vec<&str> = key.split('/').collect();
    let [owner, id, object] = parts.as_slice() else {
        panic!("{key}")
    };
    let account: wire::Account = app.client.get("/api/account").await.json().await.unwrap();
    assert_eq!(
        (*owner, *id),
        (
            account.id.to_string().as_str(),
            document.id.to_string().as_str()
        )
    );
    let random: Uuid = object.strip_suffix(".pdf").unwrap().parse().unwrap();
    assert_eq!(random.get_version_num(), 4);
    assert_ne!(random, document.id);
}

#[tokio::test]
async fn the_extension_of_a_key_comes_from_the_content() {
    let app = TestApp::start().await;
    let document = app
        .client
        .upload("report.txt.exe", files::pdf(&["A report"]))
        .await;
    assert_eq!(document.content_type, "application/pdf");
    assert!(app.bucket.keys().await[0].ends_with(".pdf"));
}

#[tokio::test]
async fn of_a_path_only_the_name_is_kept() {
    let app = TestApp::start().await;
    for (sent, kept) in [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\letter.txt", "letter.txt"),
        (
            "Rechnung über 5 € – März.txt",
            "Rechnung über 5 € – März.txt",
        ),
        ("請求書 📄.txt", "請求書 📄.txt"),
        ("  spaces .txt ", "spaces .txt"),
        ("in\u{202e}fdp.txt", "infdp.txt"),
        ("say \"yes\".txt", "say \"yes\".txt"),
    ] {
        assert_eq!(app.client.upload(sent, "text").await.original_name, kept);
    }
}

#[tokio::test]
async fn a_name_has_1_to_255_characters() {
    let app = TestApp::start().await;
    let stem = "ä".repeat(251);
    let longest = app.client.upload(&format!("{stem}.txt"), "text").await;
    assert_eq!(longest.original_name.chars().count(), 255);
    for name in [
        format!("{stem}x.txt"),
        String::new(),
        "..".to_owned(),
        "/".to_owned(),
        "folder/".to_owned(),
    ] {
        let problem = problem(app.client.try_upload(&name, "text").await, 422).await;
        assert_eq!(problem.errors[0].loc, ["body", "file"], "{name}");
    }
    let nameless = Form::new().part("file", Part::bytes(b"text".to_vec()));
    problem(send_form(&app.client, nameless).await, 422).await;
    assert_eq!(app.client.documents("").await.total, 1);
    assert_eq!(app.bucket.keys().await.len(), 1);
}

#[tokio::test]
async fn a_form_without_a_file_is_refused() {
    let app = TestApp::start().await;
    let refused = problem(
        send_form(&app.client, Form::new().text("auto_classify", "true")).await,
        422,
    )
    .await;
    assert_eq!(refused.errors[0].loc, ["body", "file"]);
    assert_nothing_left(&app).await;
}

#[tokio::test]
async fn a_form_with_two_files_is_refused_whole() {
    let app = TestApp::start().await;
    let two = form("a.txt", "one").part("file", file("b.txt", "two"));
    problem(send_form(&app.client, two).await, 422).await;
    assert_nothing_left(&app).await;
}

#[tokio::test]
async fn a_form_with_very_many_fields_is_refused_whole() {
    let app = TestApp::start().await;
    let many = (0..40).fold(form("a.txt", "one"), |form, _| form.text("x", "y"));
    problem(send_form(&app.client, many).await, 400).await;
    assert_nothing_left(&app).await;
}

#[tokio::test]
async fn an_unknown_type_is_refused_by_its_content() {
    let app = TestApp::start().await;
    let program = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 100]].concat();
    let refused = problem(app.client.try_upload("letter.pdf", program).await, 415).await;
    assert_eq!(refused.code, "unsupported_type");
    let noise: Vec<u8> = (0..3000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    problem(app.client.try_upload("noise.bin", noise).await, 415).await;
    assert_nothing_left(&app).await;
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let app = TestApp::start().await;
    let post = || app.client.request(Method::POST, "/api/documents/upload");
    problem(post().send().await.unwrap(), 400).await;
    problem(
        post()
            .json(&serde_json::json!({ "file": "text" }))
            .send()
            .await
            .unwrap(),
        400,
    )
    .await;
    let without_boundary = post()
        .header("content-type", "multipart/form-data")
        .body("text");
    problem(without_boundary.send().await.unwrap(), 400).await;
    let of_another_form = post()
        .header("content-type", "multipart/form-data; boundary=abc")
        .body("--xyz\r\n\r\ntext");
    problem(of_another_form.send().await.unwrap(), 400).await;
    assert_nothing_left(&app).await;
}

#[tokio::test]
async fn a_large_file_comes_back_byte_by_byte() {
    let app = TestApp::start().await;
    let mut bytes = b"%PDF-1.4\n".to_vec();
    bytes.extend((0..20 * 1024 * 1024_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8));
    let document = app.client.upload("large.pdf", bytes.clone()).await;
    assert_eq!(document.size_bytes, bytes.len() as i64);
    assert_eq!(
        document.sha256,
        Some(format!("{:x}", Sha256::digest(&bytes)))
    );
    let path = format!("/api/documents/{}/content", document.id);
    let whole = app.client.get(&path).await.bytes().await.unwrap();
    assert!(whole == bytes, "the bytes differ");
    // Across the border between two parts of 8 MiB.
    let border = 8 * 1024 * 1024;
    let range = format!("bytes={}-{}", border - 1000, border + 999);
    let part = app
        .client
        .request(Method::GET, &path)
        .header("range", range)
        .send()
        .await
        .unwrap();
    assert!(part.bytes().await.unwrap() == bytes[border - 1000..border + 1000]);
}
