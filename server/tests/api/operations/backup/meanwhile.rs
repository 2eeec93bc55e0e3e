//! Exports while people go on.

use super::{Folder, Heard, Place, commanding, export, signed_in};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use testkit::{Client, DELETE, Fault, FaultyStore, TestApp};
use uuid::Uuid;

async fn delete(client: &Client, id: Uuid) {
    let path = format!("/api/documents/{id}");
    let answer = client.request(DELETE, &path).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

#[tokio::test]
async fn what_is_deleted_during_the_export_stays_deleted() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for number in 0..8 {
        let text = format!("Document {number}");
        ids.push(app.client.upload(&format!("{number}.txt"), text).await.id);
    }
    // The rows are written, and no object is fetched yet.
    let store = FaultyStore::before(&app.environment["MINIO_ENDPOINT"]).await;
    store.fail(|_| Fault::HoldRequest);
    let mut environment = commanding(&app.environment, &app.database);
    environment.insert("MINIO_ENDPOINT".to_owned(), store.endpoint());
    let folder = Folder::new();
    let path = folder.path();
    let exporting = tokio::spawn(async move {
        let heard = Heard::default();
        let done = export(&environment, &path, &heard).await;
        (done, heard.findings())
    });
    store.held().await;
    for id in &ids[..3] {
        delete(&app.client, *id).await;
    }
    app.client.upload("later.txt", "After that moment.").await;
    store.heal();
    let (done, findings) = exporting.await.unwrap();
    let done = done.unwrap();
    assert_eq!((done.objects, done.gone, done.lost), (5, 3, 0));
    assert_eq!(findings, [""; 0]);

    let place = Place::like(&app).await;
    assert_eq!(place.import(&folder).await.unwrap().removed, 3);
    place.assert_sound().await;
    let copy = place.start().await;
    let admin = signed_in(&copy, "admin").await;
    assert_eq!(admin.documents("").await.total, 5);
}

/// Uploads and deletes until it is told to stop; gives how many.
async fn busy(client: Client, stop: Arc<AtomicBool>) -> u32 {
    let mut rounds = 0;
    while !stop.load(Ordering::SeqCst) {
        let text = format!("Round {rounds} {}", Uuid::new_v4());
        let kept = client.upload("busy.txt", text.clone()).await.id;
        let deleted = client.upload("busy too.txt", text).await.id;
        delete(&client, deleted).await;
        if rounds % 2 == 0 {
            delete(&client, kept).await;
        }
        rounds += 1;
    }
    rounds
}

#[tokio::test]
async fn a_busy_vault_is_exported_whole() {
    let mut app = TestApp::start_with_worker().await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut people = Vec::new();
    for name in ["ada", "grace"] {
        let person = app.person(name).await;
        for number in 0..20 {
            let text = format!("{name}'s {number}");
            person.upload(&format!("{number}.txt"), text).await;
        }
        people.push(tokio::spawn(busy(person, Arc::clone(&stop))));
    }
    let environment = commanding(&app.environment, &app.database);
    let (folder, heard) = (Folder::new(), Heard::default());
    for _ in 0..3 {
        let done = export(&environment, &folder.path(), &heard).await.unwrap();
        assert!(done.objects >= 40);
    }
    stop.store(true, Ordering::SeqCst);
    for person in people {
        assert!(person.await.unwrap() > 0);
    }
    assert_eq!(heard.findings(), [""; 0]);
    let place = Place::like(&app).await;
    place.import(&folder).await.unwrap();
    place.assert_sound().await;
    app = place.start().await;
    app.start_worker();
    let ada = signed_in(&app, "ada").await;
    for document in ada.documents("?per_page=100").await.documents {
        assert_eq!(ada.finished(document.id).await.status, "ready");
    }
}
