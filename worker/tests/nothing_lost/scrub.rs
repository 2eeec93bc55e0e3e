//! Rows and store are compared: at the command line, by the worker, and step by step.

use super::scene::{DAYS, Scene, vault};
use services::{ScrubStep, Services};
use testkit::{PATIENCE, POST, Process, until};
use wire::ScrubReport;

/// A vault with so many texts that were read.
async fn with_texts(count: usize) -> (Scene, Process) {
    let scene = Scene::new().await;
    let worker = scene.worker();
    for number in 0..count {
        let text = format!("The text of number {number}.");
        let id = scene.app.client.upload("text.txt", text).await.id;
        scene.app.client.finished(id).await;
    }
    (scene, worker)
}

async fn server_scrub(scene: &Scene) -> (Option<i32>, String) {
    testkit::run("server", &["scrub"], &scene.environment()).await
}

async fn report(scene: &Scene) -> ScrubReport {
    let answer = scene.app.client.get("/api/admin/scrub").await;
    answer.json().await.unwrap()
}

async fn keys(scene: &Scene) -> Vec<String> {
    let query = "SELECT object_key FROM documents ORDER BY id";
    scene.app.database.texts(query).await
}

/// One file is missing, one shorter than it was, one of the same length another.
async fn damage(scene: &Scene) -> Vec<String> {
    let keys = keys(scene).await;
    scene.app.bucket.remove(&keys[0]).await;
    scene.app.bucket.write(&keys[1], b"short").await;
    let same_length = scene.app.bucket.read(&keys[2]).await.to_ascii_uppercase();
    scene.app.bucket.write(&keys[2], &same_length).await;
    keys
}

#[tokio::test]
async fn the_command_line_tells_whole_from_damaged_from_unknown() {
    let (scene, mut worker) = with_texts(4).await;
    assert_eq!(worker.stop(), Some(0));
    let (code, said) = server_scrub(&scene).await;
    assert_eq!(code, Some(0), "{said}");
    let keys = damage(&scene).await;
    let (code, said) = server_scrub(&scene).await;
    assert_eq!(code, Some(1), "{said}");
    for (kind, key) in [
        ("missing", &keys[0]),
        ("damaged", &keys[1]),
        ("damaged", &keys[2]),
    ] {
        assert!(said.contains(&format!("{kind} {key}")), "{said}");
    }
    assert!(said.contains("5 bytes instead of"), "{said}");
    assert!(!said.contains(&keys[3]), "{said}");
    scene.store.fail(|_| testkit::Fault::Status(503));
    let (code, said) = server_scrub(&scene).await;
    assert_eq!(code, Some(2), "{said}");
}

#[tokio::test]
async fn a_worker_looks_when_it_is_time_and_when_an_admin_asks() {
    let (scene, mut worker) = with_texts(3).await;
    assert_eq!(worker.stop(), Some(0));
    let begun = async || {
        scene
            .number("SELECT count(*) FROM scrubs WHERE finished_at IS NOT NULL")
            .await
    };
    let mut environment = scene.environment();
    environment.insert("SCRUB_HOURS".to_owned(), "1".to_owned());
    let started = begun().await;
    let mut worker = Process::start("worker", &environment);
    until("the first look", PATIENCE, async || {
        Ok((begun().await > started).then_some(()))
    })
    .await
    .unwrap();
    let first = report(&scene).await;
    let objects = i64::try_from(scene.app.bucket.keys().await.len()).unwrap();
    assert_eq!(
        (first.documents, first.objects, first.total),
        (3, objects, 0)
    );
    let keys = damage(&scene).await;
    let asked = scene
        .app
        .client
        .send(POST, "/api/admin/scrub", serde_json::json!({}));
    assert_eq!(asked.await.status().as_u16(), 202);
    let second = until("the second look", PATIENCE, async || {
        let report = report(&scene).await;
        Ok(
            (report.finished_at.is_some() && report.started_at > first.started_at)
                .then_some(report),
        )
    });
    let second = second.await.unwrap();
    assert_eq!((second.documents, second.total), (3, 3));
    let found = |kind: &str| second.findings.iter().filter(|f| f.kind == kind).count();
    assert_eq!((found("missing"), found("damaged")), (1, 2));
    assert!(second.findings.iter().all(|f| keys.contains(&f.object_key)));
    assert!(
        second
            .findings
            .iter()
            .all(|f| f.owner.as_deref() == Some("admin"))
    );
    assert_eq!(worker.stop(), Some(0));
}

async fn step(services: &Services) -> ScrubStep {
    let later = domain::Clock::system().now() + DAYS;
    services.scrubbing().step(&vault(), later).await.unwrap()
}

#[tokio::test]
async fn what_is_interrupted_goes_on_where_it_was() {
    let scene = Scene::new().await;
    for number in 0..60 {
        let text = format!("The text of number {number}.");
        scene.app.client.upload("text.txt", text).await;
    }
    scene
        .app
        .bucket
        .write("null/1/left-over.txt", b"left over")
        .await;
    scene.app.bucket.remove(&keys(&scene).await[55]).await;
    let one = scene.app.services();
    assert_eq!(step(&one).await, ScrubStep::Idle, "nobody wanted it");
    let hour = std::time::Duration::from_secs(3600);
    let due = one.scrubbing().begin_if_due(&vault(), hour).await;
    assert_eq!(due, Ok(true));
    let again = one.scrubbing().begin_if_due(&vault(), hour).await;
    assert_eq!(again, Ok(false), "one is under way");
    assert!(matches!(step(&one).await, ScrubStep::More { bytes } if bytes > 0));
    assert_eq!(report(&scene).await.documents, 50);
    // The store is away for a while: nothing is found, and nothing is forgotten.
    scene.store.fail(|_| testkit::Fault::Cut);
    let later = domain::Clock::system().now() + DAYS;
    let away = one.scrubbing().step(&vault(), later).await;
    assert_eq!(away.unwrap_err().kind, domain::Kind::Unavailable);
    scene.store.heal();
    let another = scene.app.services();
    assert!(matches!(step(&another).await, ScrubStep::More { .. }));
    assert_eq!(step(&another).await, ScrubStep::Finished);
    assert_eq!(step(&another).await, ScrubStep::Idle);
    let report = report(&scene).await;
    assert_eq!(
        (report.documents, report.objects, report.total),
        (60, 60, 2)
    );
    let kinds: Vec<&str> = report.findings.iter().map(|f| f.kind.as_str()).collect();
    assert_eq!(kinds, ["missing", "orphaned"]);
    assert_eq!(report.findings[1].object_key, "null/1/left-over.txt");
    assert_eq!(report.findings[1].document_id, None);
}

#[tokio::test]
async fn a_finding_goes_with_its_document_and_old_looks_are_forgotten() {
    let (scene, mut worker) = with_texts(3).await;
    assert_eq!(worker.stop(), Some(0));
    damage(&scene).await;
    assert_eq!(server_scrub(&scene).await.0, Some(1));
    let found = report(&scene).await;
    let document = found.findings[0].document_id.unwrap();
    let path = format!("/api/documents/{document}");
    let gone = scene
        .app
        .client
        .request(testkit::DELETE, &path)
        .send()
        .await;
    assert_eq!(gone.unwrap().status().as_u16(), 204);
    assert_eq!(report(&scene).await.total, found.total - 1);
    let many = "INSERT INTO scrubs (id, started_at, finished_at)
        SELECT gen_random_uuid(), now() - interval '1 day', now() FROM generate_series(1, 50)";
    scene.app.database.execute(many).await;
    let hour = std::time::Duration::from_secs(3600);
    scene
        .app
        .database
        .execute("UPDATE scrubs SET started_at = started_at - interval '2 hours'")
        .await;
    let services = scene.app.services();
    assert_eq!(
        services.scrubbing().begin_if_due(&vault(), hour).await,
        Ok(true)
    );
    assert_eq!(scene.number("SELECT count(*) FROM scrubs").await, 20);
}
