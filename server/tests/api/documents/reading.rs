//! What a worker makes of an upload.

use crate::support::{form, send_form};
use testkit::{TestApp, files};
use wire::Document;

async fn read(app: &TestApp, name: &str, bytes: Vec<u8>) -> Document {
    let id = app.client.upload(name, bytes).await.id;
    app.client.finished(id).await
}

#[tokio::test]
async fn a_pdf_is_read_page_by_page() {
    let app = TestApp::start_with_worker().await;
    let pdf = files::pdf(&["The lease begins in March", "Signed by both"]);
    let document = read(&app, "lease.pdf", pdf).await;
    assert_eq!(
        (document.status.as_str(), document.page_count),
        ("ready", Some(2))
    );
    assert_eq!((document.stage, document.failure), (None, None));
    let text = document.extracted_text.unwrap();
    assert!(
        text.contains("The lease begins in March") && text.contains("Signed by both"),
        "{text}"
    );
    assert_eq!(
        app.database
            .number("SELECT count(*) FROM document_pages")
            .await,
        2
    );
    assert_eq!(
        app.database
            .number("SELECT count(*) FROM jobs WHERE state = 'done'")
            .await,
        1
    );
}

#[tokio::test]
async fn text_is_read_whatever_its_encoding() {
    let app = TestApp::start_with_worker().await;
    let utf8 = read(&app, "a.txt", "Mühle, café".into()).await;
    assert_eq!(utf8.extracted_text.unwrap().trim(), "Mühle, café");
    let utf16: Vec<u8> = "\u{feff}Größe: 5 €"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf16 = read(&app, "b.txt", utf16).await;
    assert_eq!(utf16.extracted_text.unwrap().trim(), "Größe: 5 €");
}

#[tokio::test]
async fn a_photo_is_read_by_text_recognition() {
    let app = TestApp::start_with_worker().await;
    let document = read(&app, "letter.jpg", files::sample("photo_of_tax_letter.jpg")).await;
    assert_eq!(document.status, "ready", "{:?}", document.failure);
    let text = document.extracted_text.unwrap().to_lowercase();
    assert!(text.contains("tax"), "{text}");
}

#[tokio::test]
async fn the_built_in_provider_files_and_says_why() {
    let app = TestApp::start_with_worker().await;
    app.client
        .create_topic("Insurance", "policies, premiums and claims")
        .await;
    app.client
        .create_topic("Garden", "plants, seeds and tools")
        .await;
    let document = read(&app, "notes.txt", files::sample("notes_on_insurance.txt")).await;
    assert_eq!(
        document.topics,
        ["Insurance"],
        "{:?}",
        document.classification_note
    );
    let [assigned] = document.assigned.as_slice() else {
        panic!("{:?}", document.assigned)
    };
    assert_eq!(
        (assigned.by.as_str(), assigned.provider.as_deref()),
        ("machine", Some("local"))
    );
    let confidence = assigned.confidence.unwrap();
    assert!((0.5..=1.0).contains(&confidence), "{confidence}");
    let reason = assigned.reason.as_deref().unwrap().to_lowercase();
    assert!(
        reason.contains("insurance") || reason.contains("polic"),
        "{reason}"
    );
}

#[tokio::test]
async fn where_nothing_fits_it_abstains_and_says_so() {
    let app = TestApp::start_with_worker().await;
    app.client
        .create_topic("Garden", "plants, seeds and tools")
        .await;
    let document = read(&app, "notes.txt", files::sample("notes_on_insurance.txt")).await;
    assert_eq!(
        (document.topics.len(), document.classification_error),
        (0, None)
    );
    assert!(document.classification_note.unwrap().ends_with('.'));
}

#[tokio::test]
async fn an_upload_that_is_not_to_be_filed_is_not() {
    let app = TestApp::start_with_worker().await;
    app.client
        .create_topic("Insurance", "policies, premiums and claims")
        .await;
    let form =
        form("notes.txt", files::sample("notes_on_insurance.txt")).text("auto_classify", "false");
    let uploaded: Document = send_form(&app.client, form).await.json().await.unwrap();
    let document = app.client.finished(uploaded.id).await;
    assert_eq!(
        (document.status.as_str(), document.topics.len()),
        ("ready", 0)
    );
    assert_eq!(
        (document.classification_error, document.classification_note),
        (None, None)
    );
}

/// A PDF whose password nobody has.
fn encrypted() -> Vec<u8> {
    let key = "00".repeat(32);
    let encrypt = format!(
        "/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<00> <00>]"
    );
    let plain = String::from_utf8(files::pdf(&["secret"])).unwrap();
    plain
        .replace("/Root 1 0 R", &format!("/Root 1 0 R {encrypt}"))
        .into_bytes()
}

#[tokio::test]
async fn files_that_can_not_be_read_fail_with_a_sentence() {
    let app = TestApp::start_with_worker().await;
    let pdf = files::pdf(&["A page with a few words on it"; 20]);
    for (name, bytes, said) in [
        ("encrypted.pdf", encrypted(), "password"),
        ("truncated.pdf", pdf[..pdf.len() / 2].to_vec(), "incomplete"),
        ("empty.pdf", Vec::new(), "empty"),
        ("mislabelled.pdf", vec![1, 2, 3, 4, 5, 6, 7, 8], "PDF"),
    ] {
        let document = read(&app, name, bytes.clone()).await;
        let failure = document.failure.unwrap_or_default();
        assert_eq!(document.status, "failed", "{name}");
        assert!(
            failure.contains(said) && failure.ends_with('.'),
            "{name}: {failure}"
        );
        let kept = app
            .client
            .get(&format!("/api/documents/{}/content", document.id))
            .await
            .bytes()
            .await
            .unwrap();
        assert!(kept == bytes, "the bytes of {name} are not kept");
    }
}

#[tokio::test]
async fn text_that_is_called_a_pdf_is_read_as_what_it_is_or_refused_in_words() {
    let app = TestApp::start_with_worker().await;
    let document = read(
        &app,
        "really_text.pdf",
        b"This is plain text, whatever it is called.\n".to_vec(),
    )
    .await;
    assert_eq!(document.status, "failed");
    assert!(document.failure.unwrap().ends_with('.'));
}

#[tokio::test]
async fn bytes_that_are_gone_fail_with_a_sentence() {
    let mut app = TestApp::start().await;
    let id = app.client.upload("a.txt", "text").await.id;
    app.bucket.remove(&app.bucket.keys().await[0]).await;
    app.start_worker();
    let document = app.client.finished(id).await;
    assert_eq!(document.status, "failed");
    assert!(document.failure.unwrap().contains("missing from the store"));
}

#[tokio::test]
async fn a_text_too_long_to_be_read_whole_says_so() {
    let app = TestApp::start_with_worker().await;
    let text = "A line of a very long text.\n".repeat(400_000);
    let document = read(&app, "long.txt", text.into_bytes()).await;
    assert_eq!(document.status, "ready", "{:?}", document.failure);
    let note = document.reading_note.unwrap_or_default();
    assert!(note.starts_with("Only the first part"), "{note:?}");
    let short = read(&app, "short.txt", b"A short text.".to_vec()).await;
    assert_eq!(short.reading_note, None);
}
