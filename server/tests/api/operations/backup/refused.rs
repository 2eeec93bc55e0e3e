//! What is not begun at all: each is told, and nothing is changed.

use super::{Environment, Folder, Heard, Place, commanding, export, exported, import};
use backup::{Error, Imported};
use serde_json::Value;
use std::fs;
use testkit::{TestApp, run};

async fn small() -> (TestApp, Folder) {
    let app = TestApp::start().await;
    app.client.upload("one.txt", "The text.").await;
    let folder = exported(&app).await;
    (app, folder)
}

#[track_caller]
fn assert_refused(outcome: Result<Imported, Error>, says: &str) {
    match outcome {
        Err(Error::Refused(why)) => assert!(why.contains(says), "{why}"),
        other => panic!("{other:?}"),
    }
}

async fn try_import(environment: &Environment, folder: &Folder) -> Result<Imported, Error> {
    import(environment, &folder.path(), true, &Heard::default()).await
}

#[tokio::test]
async fn a_database_that_holds_a_vault_is_left_alone() {
    let (app, folder) = small().await;
    let place = Place::like(&app).await;
    place.import(&folder).await.unwrap();
    let before = place.database.rows().await;
    assert_refused(place.import(&folder).await, "holds a vault already");
    let (code, _) = place.command(&["import", &folder.argument()]).await;
    assert_eq!(code, Some(2));
    assert_eq!(place.database.rows().await, before);
}

/// A server that has started made a link for the first account; that is no vault yet.
#[tokio::test]
async fn a_vault_without_accounts_makes_room() {
    let (app, folder) = small().await;
    let place = Place::like(&app).await;
    let (code, _) = place.command(&["setup-link"]).await;
    assert_eq!(code, Some(0));
    let links = "SELECT count(*) FROM one_time_tokens";
    assert_eq!(place.database.number(links).await, 1);
    place.import(&folder).await.unwrap();
    assert_eq!(place.database.number(links).await, 0);
    place.assert_sound().await;
}

/// Somebody else's tables are no empty vault.
#[tokio::test]
async fn a_database_with_anything_else_in_it_is_left_alone() {
    let (app, folder) = small().await;
    let place = Place::like(&app).await;
    let statements = [
        "CREATE TABLE accounts_of_another_program (id integer)",
        "INSERT INTO accounts_of_another_program VALUES (1)",
    ];
    for statement in statements {
        place.database.execute(statement).await;
    }
    let outcome = place.import(&folder).await;
    assert!(outcome.is_err());
    let theirs = "SELECT count(*) FROM accounts_of_another_program";
    assert_eq!(place.database.number(theirs).await, 1);
}

#[tokio::test]
async fn a_bucket_with_anything_else_in_it_is_left_alone() {
    let (app, folder) = small().await;
    let place = Place::like(&app).await;
    place.bucket.write("somebody/elses", b"file").await;
    assert_refused(
        place.import(&folder).await,
        "1 objects that are not of this",
    );
    assert_eq!(place.bucket.keys().await, ["somebody/elses"]);
    place.assert_vacant().await;
}

#[tokio::test]
async fn the_vaults_own_bucket_is_taken_as_it_is_and_mended() {
    let (app, folder) = small().await;
    app.client.upload("two.txt", "The second.").await;
    let environment = commanding(&app.environment, &app.database);
    let done = export(&environment, &folder.path(), &Heard::default()).await;
    assert_eq!(done.unwrap().copied, 1);
    let key = app.bucket.keys().await.remove(0);
    let whole = app.bucket.read(&key).await;
    app.bucket.write(&key, b"damaged").await;
    // The database is lost, and the bucket is there.
    let mut place = Place::like(&app).await;
    let bucket = app.environment["MINIO_BUCKET"].clone();
    place.environment.insert("MINIO_BUCKET".to_owned(), bucket);
    let done = place.import(&folder).await.unwrap();
    assert_eq!((done.objects, done.copied), (2, 1));
    assert_eq!(app.bucket.read(&key).await, whole);
    place.assert_sound().await;
}

#[tokio::test]
async fn another_secret_key_is_told() {
    let (app, folder) = small().await;
    let mut place = Place::like(&app).await;
    let own = place.environment["SECRET_KEY"].clone();
    let other = "another secret key, and long enough".to_owned();
    place.environment.insert("SECRET_KEY".to_owned(), other);
    let outcome = try_import(&place.environment, &folder).await;
    assert_refused(outcome, "another SECRET_KEY");
    let argument = folder.argument();
    let (code, _) = place.command(&["import", &argument]).await;
    assert_eq!(code, Some(2));
    // While it is being replaced, the one before will do.
    let name = "SECRET_KEY_PREVIOUS".to_owned();
    place.environment.insert(name.clone(), own);
    let (code, said) = place.command(&["import", &argument]).await;
    assert_eq!(code, Some(0), "{said}");

    let mut place = Place::new(&place.environment).await;
    place.environment.remove(&name);
    let arguments = ["import", &argument, "--other-secret-key"];
    let (code, said) = place.command(&arguments).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("set up again"), "{said}");
}

/// The manifest with one value changed.
fn with(folder: &Folder, name: &str, value: Value) -> Vec<u8> {
    let path = folder.file("manifest.json");
    let text = fs::read(&path).unwrap();
    let mut manifest: Value = serde_json::from_slice(&text).unwrap();
    manifest[name] = value;
    fs::write(path, manifest.to_string()).unwrap();
    text
}

#[tokio::test]
async fn what_is_newer_than_this_version_is_told() {
    let (app, folder) = small().await;
    let mut place = Place::like(&app).await;
    let whole = with(&folder, "format", 2.into());
    assert_refused(place.import(&folder).await, "forms up to 1");
    fs::write(folder.file("manifest.json"), whole).unwrap();
    with(&folder, "schema", 9_999.into());
    // Nobody changes that unnoticed,
    let outcome = place.import(&folder).await;
    assert!(matches!(outcome, Err(Error::Altered(_))), "{outcome:?}");
    // and a version that knows more writes it.
    let other = "another secret key, and long enough".to_owned();
    place.environment.insert("SECRET_KEY".to_owned(), other);
    let yes = "yes".to_owned();
    place.environment.insert("OTHER_SECRET_KEY".to_owned(), yes);
    assert_refused(try_import(&place.environment, &folder).await, "Update");
    place.assert_vacant().await;
}

#[tokio::test]
async fn an_export_does_not_write_among_other_files() {
    let app = TestApp::start().await;
    let folder = Folder::new();
    fs::create_dir(folder.path()).unwrap();
    fs::write(folder.path().join("a letter.txt"), "Mine.").unwrap();
    let environment = commanding(&app.environment, &app.database);
    let arguments = ["export", &folder.argument()];
    let (code, _) = run("server", &arguments, &environment).await;
    assert_eq!(code, Some(2));
    assert_eq!(folder.files(), ["a letter.txt"]);
}

#[tokio::test]
async fn two_exports_do_not_write_into_one_folder() {
    let (app, folder) = small().await;
    let marker = fs::File::open(folder.path().join(".docuvault-export")).unwrap();
    marker.lock().unwrap();
    let environment = commanding(&app.environment, &app.database);
    let outcome = export(&environment, &folder.path(), &Heard::default()).await;
    match outcome {
        Err(Error::Refused(why)) => assert!(why.contains("Another export"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_folder_without_a_finished_export_is_told() {
    let app = TestApp::start().await;
    let place = Place::like(&app).await;
    let folder = Folder::new();
    fs::create_dir(folder.path()).unwrap();
    assert_refused(place.import(&folder).await, "no finished export");
}
