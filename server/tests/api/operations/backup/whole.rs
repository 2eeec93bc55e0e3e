//! What is exported comes back whole.

use super::{Environment, Folder, LEFT_OUT, Place, bytes, commanding, exported, signed_in};
use crate::accounts::{is_good, log_in};
use auth::Totp;
use domain::Clock;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{collections::BTreeMap, os::unix::fs::PermissionsExt, path::Path};
use testkit::{Client, PASSWORD, POST, TestApp, files, run};
use uuid::Uuid;
use wire::{Settings, TotpSetUp};

/// A vault with something of everything.
struct Full {
    app: TestApp,
    ada: Client,
    totp: Totp,
    token: String,
    documents: Vec<Uuid>,
}

async fn full() -> Full {
    let app = TestApp::start_with_worker().await;
    let ada = app.person("ada").await;
    app.person("grace").await.upload("grace.txt", "Hers.").await;
    ada.create_topic("Tax", "What the office wants").await;
    let odd = "Tab\t, back\\slash, quote\", \\N, \u{1F4C4} and a line\nbreak.";
    let mut documents = Vec::new();
    for (name, file) in [
        ("letter.pdf", files::pdf(&["A letter about tax."])),
        ("odd.txt", odd.into()),
        ("again.txt", odd.into()),
        ("big.txt", "A long text. ".repeat(500_000).into_bytes()),
    ] {
        let id = ada.upload(name, file).await.id;
        assert_eq!(ada.finished(id).await.status, "ready");
        documents.push(id);
    }
    let key = json!({ "providers": { "openai": { "api_key": "sk-of-a-test-0123456789" } } });
    let set = ada.send(Method::PATCH, "/api/settings", key).await;
    assert_eq!(set.status(), StatusCode::OK);
    let token = ada.api_token("read").await;
    let totp = second_factor(&ada).await;
    app.database
        .execute("UPDATE users SET totp_last_step = totp_last_step - 100")
        .await;
    Full {
        app,
        ada,
        totp,
        token,
        documents,
    }
}

async fn second_factor(client: &Client) -> Totp {
    let at = "/api/account/second-factor/totp";
    let given = json!({ "password": PASSWORD });
    let set_up: TotpSetUp = client.send(POST, at, given).await.json().await.unwrap();
    let totp = Totp::from_base32(&set_up.secret).unwrap();
    let given = json!({ "code": totp.code_at(Clock::system().now()).unwrap() });
    let answer = client.send(POST, &format!("{at}/confirm"), given).await;
    assert_eq!(answer.status(), StatusCode::OK);
    totp
}

/// The rows that a copy has. Of migrations only which there are: when and how fast is the database's own.
fn copied(mut rows: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    for table in LEFT_OUT {
        assert!(rows.remove(table).is_some(), "{table}");
    }
    let migrations = rows.remove("_sqlx_migrations").unwrap();
    rows.insert("migrations".to_owned(), vec![migrations.len().to_string()]);
    rows
}

async fn export_by_command(environment: &Environment, folder: &Folder) -> String {
    let (code, said) = run("server", &["export", &folder.argument()], environment).await;
    assert_eq!(code, Some(0), "{said}");
    said
}

#[tokio::test]
async fn a_vault_comes_back_row_by_row_and_byte_by_byte() {
    let full = full().await;
    let environment = commanding(&full.app.environment, &full.app.database);
    let folder = Folder::new();
    export_by_command(&environment, &folder).await;
    assert_private(&folder);
    // Everything is in the folder already; only the rows are written anew.
    let again = export_by_command(&environment, &folder).await;
    assert!(again.contains(" 0 of them copied now."), "{again}");

    let place = Place::like(&full.app).await;
    let (code, said) = place
        .command(&["import", &folder.argument(), "--verify"])
        .await;
    assert_eq!(code, Some(0), "{said}");
    let (was, is) = (full.app.database.rows(), place.database.rows());
    let (was, is) = (copied(was.await), copied(is.await));
    for (table, rows) in &was {
        assert_eq!(is.get(table), Some(rows), "{table}");
    }
    assert_eq!(was.len(), is.len());
    let empty: Vec<_> = was.iter().filter(|(_, rows)| rows.is_empty()).collect();
    assert!(
        was["document_pages"].len() > 4 && was["audit_log"].len() > 9,
        "{empty:?}"
    );
    let mut keys = full.app.bucket.keys().await;
    assert!(keys.len() > 5);
    for key in &keys {
        assert_eq!(
            place.bucket.read(key).await,
            full.app.bucket.read(key).await
        );
    }
    let mut there = place.bucket.keys().await;
    keys.sort();
    there.sort();
    assert_eq!(there, keys);
    place.assert_sound().await;

    lived_in(&full, place).await;
}

/// People find in the copy what they had, after they have signed in again.
async fn lived_in(full: &Full, place: Place) {
    let copy = place.start().await;
    assert!(!is_good(&copy, full.ada.token.as_ref().unwrap()).await);
    let answer = log_in(&copy.client, "ada", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let wanted: Value = answer.json().await.unwrap();
    let code = full.totp.code_at(Clock::system().now()).unwrap();
    let given = json!({ "token": wanted["token"], "code": code });
    let answer = copy.client.send(POST, "/api/auth/second-factor", given);
    let (token, _) = crate::accounts::tokens(answer.await).await;
    let ada = copy.client.with_token(token);
    for id in &full.documents {
        assert_eq!(bytes(&ada, *id).await, bytes(&full.ada, *id).await);
        assert_eq!(ada.document(*id).await, full.ada.document(*id).await);
    }
    let program = copy.client.with_token(&full.token);
    assert_eq!(program.documents("").await.total, 4);
    let settings = ada.get("/api/settings").await;
    let settings: Settings = settings.json().await.unwrap();
    assert!(settings.providers["openai"].api_key_set);
    // And go on: numbers that PostgreSQL gives out go on after the last.
    ada.upload("new.txt", "New.").await;
}

fn assert_private(folder: &Folder) {
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for file in folder.files() {
        let path = folder.path().join(&file);
        assert_eq!(mode(&path), 0o600, "{file}");
        let inside = path.ancestors().skip(1);
        for above in inside.take_while(|above| above.starts_with(folder.path())) {
            assert_eq!(mode(above), 0o700, "{}", above.display());
        }
    }
}

#[tokio::test]
async fn what_was_waiting_is_done_by_the_copy() {
    let app = TestApp::start().await;
    let waiting = app.client.upload("waiting.txt", "Not read yet.").await;
    let begun = app.client.upload("begun.txt", "Just being read.").await;
    app.database
        .execute(
            "UPDATE jobs SET state = 'running', attempts = max_attempts, fence = 7,
                    lease_expires_at = now() + interval '1 day'
              WHERE document_id IN (SELECT id FROM documents WHERE filename = 'begun.txt')",
        )
        .await;
    let folder = exported(&app).await;
    let place = Place::like(&app).await;
    place.import(&folder).await.unwrap();
    let mut copy = place.start().await;
    copy.start_worker();
    let admin = signed_in(&copy, "admin").await;
    for id in [waiting.id, begun.id] {
        assert_eq!(admin.finished(id).await.status, "ready");
    }
}

/// Every file of a folder, with what stands in it.
fn contents(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let read = |file: String| {
        let bytes = std::fs::read(folder.path().join(&file)).unwrap();
        (file, bytes)
    };
    folder.files().into_iter().map(read).collect()
}

/// As the documentation has it: a new day's folder begins with links to the files of the day before.
#[tokio::test]
async fn a_folder_of_hard_links_leaves_the_one_before_as_it_was() {
    let app = TestApp::start().await;
    app.client.upload("one.txt", "The first.").await;
    let (before, after) = (exported(&app).await, Folder::new());
    let was = contents(&before);
    let linked = std::process::Command::new("cp")
        .arg("-al")
        .args([before.path(), after.path()])
        .status();
    assert!(linked.unwrap().success());
    app.client.upload("two.txt", "The second.").await;
    let environment = commanding(&app.environment, &app.database);
    let said = export_by_command(&environment, &after).await;
    assert!(said.contains(" 1 of them copied now."), "{said}");
    assert_eq!(contents(&before), was);
    let place = Place::like(&app).await;
    assert_eq!(place.import(&before).await.unwrap().objects, 1);
}
