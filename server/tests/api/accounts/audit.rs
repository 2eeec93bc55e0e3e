//! The log: what stands in it, and that nobody can rewrite it unseen.

use super::log_in;
use domain::Caller;
use serde_json::json;
use testkit::{DELETE, PATCH, POST, PUT, TestApp};

async fn events(app: &TestApp) -> Vec<String> {
    app.database
        .texts("SELECT event_type FROM audit_log ORDER BY id")
        .await
}

async fn broken(app: &TestApp) -> Vec<i64> {
    let services = app.services();
    let (_, broken) = services
        .audit()
        .verify(&Caller::system("a test"))
        .await
        .unwrap();
    broken.into_iter().map(|link| link.number).collect()
}

#[tokio::test]
async fn every_change_and_every_reading_of_bytes_is_logged() {
    let app = TestApp::start().await;
    let me = &app.client;
    let topic = me.create_topic("Tax", "").await;
    me.send(
        PATCH,
        &format!("/api/topics/{}", topic.id),
        json!({ "name": "Taxes" }),
    )
    .await;
    let document = me.upload("a.txt", "A letter.").await;
    let path = format!("/api/documents/{}", document.id);
    me.get(&path).await;
    me.get(&format!("{path}/content")).await;
    me.send(
        PUT,
        &format!("{path}/topics"),
        json!({ "topics": ["Taxes"] }),
    )
    .await;
    me.send(POST, &format!("{path}/classify?wait=0"), json!({}))
        .await;
    me.request(DELETE, &path).send().await.unwrap();
    me.request(DELETE, &format!("/api/topics/{}", topic.id))
        .send()
        .await
        .unwrap();
    me.send(PATCH, "/api/settings", json!({ "system_prompt": "x" }))
        .await;
    me.api_token("read").await;
    me.send(POST, "/api/admin/invitations", json!({})).await;
    log_in(me, "admin", "a wrong password").await;
    me.request(POST, "/api/auth/logout").send().await.unwrap();
    assert_eq!(
        events(&app).await,
        [
            "account.created",
            "session.created",
            "topic.created",
            "topic.changed",
            "document.created",
            "document.read",
            "document.filed",
            "document.processing_requested",
            "document.deleted",
            "topic.deleted",
            "settings.changed",
            "api_token.created",
            "invitation.created",
            "session.refused",
            "session.revoked",
        ]
    );
    let told = "SELECT count(*) FROM audit_log
                 WHERE ip_address = '127.0.0.1' AND request_id IS NOT NULL AND user_id IS NOT NULL";
    assert_eq!(app.database.number(told).await, 15);
    assert_eq!(broken(&app).await, [] as [i64; 0]);
}

#[tokio::test]
async fn what_did_not_happen_is_not_logged() {
    let app = TestApp::start().await;
    let before = events(&app).await.len();
    app.client.create_topic("Tax", "").await;
    app.client
        .send(POST, "/api/topics", json!({ "name": "Tax" }))
        .await;
    app.client
        .try_upload("a.exe", b"MZ\x90\x00\x03".to_vec())
        .await;
    assert_eq!(events(&app).await.len(), before + 1);
}

#[tokio::test]
async fn a_changed_a_removed_and_a_missing_last_entry_are_found() {
    for (tampering, number) in [
        (
            "UPDATE audit_log SET event_type = 'topic.created' WHERE number = 3",
            3,
        ),
        (
            "UPDATE audit_log SET ip_address = '192.0.2.1' WHERE number = 2",
            2,
        ),
        (
            "UPDATE audit_log SET created_at = created_at + interval '1 day' WHERE number = 4",
            4,
        ),
        (
            "UPDATE audit_log SET actor_id = gen_random_uuid() WHERE number = 1",
            1,
        ),
        ("DELETE FROM audit_log WHERE number = 2", 2),
        ("DELETE FROM audit_log WHERE number = 5", 5),
        ("DELETE FROM audit_log", 1),
    ] {
        let app = TestApp::start().await;
        for n in 0..3 {
            app.client.upload("a.txt", format!("Letter {n}.")).await;
        }
        assert_eq!(broken(&app).await, [] as [i64; 0]);
        app.database.execute(tampering).await;
        assert_eq!(broken(&app).await, [number], "{tampering}");
    }
}

#[tokio::test]
async fn entries_made_at_the_same_time_stand_one_after_the_other() {
    let app = TestApp::start().await;
    let uploads = (0..20).map(|n| app.client.upload("a.txt", format!("Letter {n}.")));
    futures::future::join_all(uploads).await;
    assert_eq!(events(&app).await.len(), 22);
    assert_eq!(broken(&app).await, [] as [i64; 0]);
}
