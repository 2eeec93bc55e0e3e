//! Archives and e-mails through the whole vault: what is in them becomes documents, once, whatever
//! happens to the worker; and hostile files stand in nobody's way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod made;

use made::{mail, zip};
use sqlx::Row;
use testkit::{DELETE, PATIENCE, Process, TestApp, until};
use uuid::Uuid;
use wire::{Document, Relatives};

const RENT: &[u8] = b"The rent for May is due on the third.";

async fn relatives(app: &TestApp, id: Uuid) -> Relatives {
    let response = app.client.get(&format!("/api/documents/{id}/parts")).await;
    assert_eq!(response.status().as_u16(), 200);
    response.json().await.unwrap()
}

/// The paths of a document's parts.
fn paths(relatives: &Relatives) -> Vec<&str> {
    relatives
        .parts
        .iter()
        .filter_map(|part| part.path.as_deref())
        .collect()
}

/// Waits until nothing is left to do, and gives every document.
async fn all_finished(app: &TestApp) -> Vec<Document> {
    until("all documents", PATIENCE, async || {
        let list = app.client.documents("?per_page=100").await;
        let done = |document: &Document| matches!(document.status.as_str(), "ready" | "failed");
        Ok(list.documents.iter().all(done).then_some(list.documents))
    })
    .await
    .unwrap()
}

/// What the quota counts, and what is there.
async fn used_and_there(app: &TestApp) -> (i64, i64) {
    let row = sqlx::query(
        "SELECT (SELECT sum(used_bytes)::bigint FROM quotas) AS used,
                (SELECT COALESCE(sum(size_bytes), 0)::bigint FROM documents) AS there",
    )
    .fetch_one(&app.database.admin)
    .await
    .unwrap();
    (row.get("used"), row.get("there"))
}

#[tokio::test]
async fn what_is_in_an_archive_becomes_documents() {
    let app = TestApp::start_with_worker().await;
    let letter = mail("The letter itself", &[("terms.txt", RENT)]);
    let file = zip(&[
        ("2025/May/rent.txt", RENT),
        ("2025/letter.eml", &letter),
        ("setup.exe", b"MZ\x90\0\x03\0\0\0"),
        ("../escape.txt", RENT),
    ]);
    let archive = app.client.upload("papers.zip", file).await;
    let archive = app.client.finished(archive.id).await;
    assert_eq!(archive.status, "ready", "{:?}", archive.failure);
    let note = archive.reading_note.unwrap();
    assert!(
        note.contains("setup.exe (it seems to be a program")
            && note.contains("../escape.txt (its name leads out"),
        "{note}"
    );
    assert_eq!(all_finished(&app).await.len(), 4);

    let inside = relatives(&app, archive.id).await;
    assert!(inside.parent.is_none());
    assert_eq!(paths(&inside), ["2025/May/rent.txt", "2025/letter.eml"]);
    let rent = app.client.document(inside.parts[0].id).await;
    assert_eq!(rent.original_name, "rent.txt");
    assert_eq!(rent.parent_id, Some(archive.id));
    assert_eq!(rent.path.as_deref(), Some("2025/May/rent.txt"));
    assert_eq!(
        rent.extracted_text.as_deref(),
        Some("The rent for May is due on the third.")
    );
    let bytes = app
        .client
        .get(&format!("/api/documents/{}/content", rent.id))
        .await;
    assert_eq!(bytes.bytes().await.unwrap().as_ref(), RENT);

    // The e-mail in the archive has an attachment of its own, the same file once more.
    let letter = relatives(&app, inside.parts[1].id).await;
    assert_eq!(letter.parent.as_ref().unwrap().original_name, "papers.zip");
    let terms = app.client.document(letter.parts[0].id).await;
    assert_eq!(terms.duplicate_of, Some(rent.id));

    // Both pages lead to each other.
    let page = async |id| {
        app.client
            .get(&format!("/documents/{id}"))
            .await
            .text()
            .await
            .unwrap()
    };
    let shown = page(archive.id).await;
    assert!(
        shown.contains(&format!("href=\"/documents/{}\"", rent.id))
            && shown.contains("2025/May/rent.txt")
    );
    let shown = page(rent.id).await;
    assert!(
        shown.contains(&format!("href=\"/documents/{}\"", archive.id))
            && shown.contains("papers.zip")
    );

    // Deleting the archive leaves what came out of it.
    let (used, there) = used_and_there(&app).await;
    assert_eq!(used, there);
    let path = format!("/api/documents/{}", archive.id);
    let gone = app.client.request(DELETE, &path).send().await.unwrap();
    assert_eq!(gone.status().as_u16(), 204);
    let rent = app.client.document(rent.id).await;
    assert_eq!(
        (rent.parent_id, rent.path.as_deref()),
        (None, Some("2025/May/rent.txt"))
    );
    let (used, there) = used_and_there(&app).await;
    assert_eq!(used, there);
    app.stop().await;
}

#[tokio::test]
async fn a_worker_killed_among_the_parts_leaves_none_out_and_none_twice() {
    let mut app = TestApp::start().await;
    let mut worker = Process::start("worker", &app.environment);
    let texts: Vec<(String, String)> = (0..40)
        .map(|n| {
            (
                format!("{n:02}.txt"),
                format!("Letter number {n} about the rent."),
            )
        })
        .collect();
    let entries: Vec<(&str, &[u8])> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    let archive = app.client.upload("many.zip", zip(&entries)).await;
    until("the first parts", PATIENCE, async || {
        let total = app.client.documents("").await.total;
        assert!(
            total < 41,
            "all parts were written before the worker could be killed"
        );
        Ok((total > 3).then_some(()))
    })
    .await
    .unwrap();
    worker.kill();
    app.start_worker();
    let archive = app.client.finished(archive.id).await;
    assert_eq!(archive.status, "ready", "{:?}", archive.failure);
    assert_eq!(all_finished(&app).await.len(), 41);
    let inside = relatives(&app, archive.id).await;
    let expected: Vec<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(paths(&inside), expected);
    let (used, there) = used_and_there(&app).await;
    assert_eq!(used, there);
    let logged: i64 = sqlx::query(
        "SELECT count(*) FROM audit_log WHERE event_type = 'document.created' AND resource_id IN (SELECT id FROM documents)",
    )
    .fetch_one(&app.database.admin)
    .await
    .unwrap()
    .get(0);
    assert_eq!(logged, 41);
    // A file and a picture each; what was stored in the moment of the kill is the sweeper's.
    let keys = app.bucket.keys().await.len();
    assert!((82..=84).contains(&keys), "{keys} objects");
    app.stop().await;
}

#[tokio::test]
async fn archives_in_archives_are_opened_so_far_and_no_further() {
    let app = TestApp::start_with_worker().await;
    let mut file = zip(&[("innermost.txt", RENT)]);
    for level in (1..5).rev() {
        file = zip(&[(&format!("level{level}.zip"), &file)]);
    }
    let outer = app.client.upload("level0.zip", file).await;
    assert_eq!(app.client.finished(outer.id).await.status, "ready");
    // Those at 0, 1 and 2 are opened; the one at 3 stays closed.
    let all = all_finished(&app).await;
    assert_eq!(all.len(), 4);
    let last = all
        .iter()
        .find(|one| one.original_name == "level3.zip")
        .unwrap();
    assert_eq!(last.status, "ready");
    let note = last.reading_note.as_ref().unwrap();
    assert!(note.contains("inside too many others"), "{note}");
    app.stop().await;
}

#[tokio::test]
async fn parts_without_room_are_left_out_with_a_reason() {
    let app = TestApp::start_with_worker().await;
    let large = vec![b'a'; 3000];
    let file = zip(&[("large.txt", &large), ("small.txt", RENT)]);
    let room = file.len() + 1000;
    sqlx::query("UPDATE quotas SET limit_bytes = $1")
        .bind(i64::try_from(room).unwrap())
        .execute(&app.database.admin)
        .await
        .unwrap();
    let archive = app.client.upload("papers.zip", file).await;
    let archive = app.client.finished(archive.id).await;
    let note = archive.reading_note.unwrap();
    assert!(
        note.contains("large.txt (there is no room for it"),
        "{note}"
    );
    assert_eq!(paths(&relatives(&app, archive.id).await), ["small.txt"]);
    app.stop().await;
}

#[tokio::test]
async fn hostile_files_end_and_the_others_go_on() {
    let app = TestApp::start_with_worker().await;
    let zeros = zip(&[("zeros.txt", &vec![b'0'; 8 << 20])]);
    let bomb = zip(&[("0.zip", &zeros), ("1.zip", &zeros), ("2.zip", &zeros)]);
    let hostile: Vec<(&str, Vec<u8>, &str)> = vec![
        ("bomb.zip", bomb, "ready"),
        (
            "deep.rtf",
            format!("{{\\rtf1 {}", "{".repeat(200_000)).into_bytes(),
            "failed",
        ),
        ("cut.pdf", b"%PDF-1.7\n".to_vec(), "failed"),
        ("laughs.odt", made::laughs(), "failed"),
        ("white.odt", made::odt(&" ".repeat(140 << 20)), "failed"),
        ("zeros.png", vec![0; 4096], "failed"),
        ("lie.docx", zip(&[("a.txt", RENT)]), "failed"),
        ("empty.eml", Vec::new(), "failed"),
    ];
    let mut uploaded = Vec::new();
    for (name, bytes, end) in hostile {
        uploaded.push((app.client.upload(name, bytes).await.id, name, end));
    }
    let good = app.client.upload("good.txt", RENT).await;
    for (id, name, end) in uploaded {
        let document = app.client.finished(id).await;
        assert_eq!(document.status, end, "{name}: {:?}", document.failure);
        if end == "failed" {
            let said = document.failure.unwrap();
            assert!(said.ends_with('.') && said.len() > 20, "{name}: {said}");
        }
    }
    assert_eq!(app.client.finished(good.id).await.status, "ready");
    // The bomb's zeros were not taken out anywhere.
    let all = all_finished(&app).await;
    assert!(all.iter().all(|one| one.original_name != "zeros.txt"));
    app.stop().await;
}
