//! Copies that are not what was exported, stores that are not what was uploaded, and what breaks off.

use super::{Folder, Heard, Place, commanding, export, exported, import};
use backup::Error;
use std::{fs, path::Path};
use testkit::{Fault, FaultyStore, TestApp, files, run};

/// Puts another byte into the middle of a file.
fn damage(path: &Path) -> Vec<u8> {
    let whole = fs::read(path).unwrap();
    let mut other = whole.clone();
    let middle = other.len() / 2;
    other[middle] ^= 1;
    fs::write(path, other).unwrap();
    whole
}

async fn with_documents() -> (TestApp, Folder) {
    let app = TestApp::start().await;
    for name in ["one.txt", "two.txt", "three.txt"] {
        app.client.upload(name, format!("The text of {name}")).await;
    }
    app.client
        .upload("four.pdf", files::pdf(&["A page."]))
        .await;
    let folder = exported(&app).await;
    (app, folder)
}

#[tokio::test]
async fn a_damaged_file_is_found_before_anything_is_written() {
    let (app, folder) = with_documents().await;
    let place = Place::like(&app).await;
    for end in [".pdf", "/documents.copy", "objects.jsonl", "manifest.json"] {
        let path = folder.file(end);
        let whole = damage(&path);
        let arguments = ["import", &folder.argument(), "--verify"];
        let (code, said) = place.command(&arguments).await;
        assert_eq!(code, Some(1), "{end}: {said}");
        fs::remove_file(&path).unwrap();
        let (code, _) = place.command(&arguments).await;
        // Without a manifest there is no export: that is not for damage to say.
        let expected = if end == "manifest.json" { 2 } else { 1 };
        assert_eq!(code, Some(expected), "{end}");
        assert_eq!(place.bucket.keys().await, [""; 0], "{end}");
        place.assert_vacant().await;
        fs::write(path, whole).unwrap();
    }
    place.import(&folder).await.unwrap();
    place.assert_sound().await;
}

#[tokio::test]
async fn every_damaged_file_is_named() {
    let (app, folder) = with_documents().await;
    let damaged = [folder.file(".pdf"), folder.file("/users.copy")];
    damaged.iter().for_each(|path| drop(damage(path)));
    let (place, heard) = (Place::like(&app).await, Heard::default());
    let refused = import(&place.environment, &folder.path(), true, &heard).await;
    assert!(matches!(refused, Err(Error::Altered(_))), "{refused:?}");
    let findings = heard.findings();
    assert_eq!(findings.len(), 2, "{findings:?}");
    for path in damaged {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(findings.iter().any(|finding| finding.contains(name)));
    }
}

#[tokio::test]
async fn without_a_look_beforehand_damage_is_found_on_the_way() {
    let (app, folder) = with_documents().await;
    let place = Place::like(&app).await;
    for end in [".pdf", "/documents.copy"] {
        let path = folder.file(end);
        let whole = damage(&path);
        let refused = place.import(&folder).await;
        assert!(matches!(refused, Err(Error::Altered(_))), "{refused:?}");
        place.assert_vacant().await;
        fs::write(path, whole).unwrap();
    }
    // What came in is kept.
    let done = place.import(&folder).await.unwrap();
    assert_eq!((done.objects, done.copied), (4, 0));
    place.assert_sound().await;
}

#[tokio::test]
async fn an_import_that_breaks_off_can_be_made_again() {
    let (app, folder) = with_documents().await;
    let place = Place::like(&app).await;
    let store = FaultyStore::before(&place.environment["MINIO_ENDPOINT"]).await;
    store.fail(|passing| match passing.method.as_str() {
        "PUT" if passing.path.ends_with(".pdf") => Fault::HoldRequest,
        _ => Fault::None,
    });
    let mut environment = place.environment.clone();
    environment.insert("MINIO_ENDPOINT".to_owned(), store.endpoint());
    let (path, heard) = (folder.path(), Heard::default());
    tokio::select! {
        done = import(&environment, &path, true, &heard) => panic!("{done:?}"),
        () = store.held() => {}
    }
    place.assert_vacant().await;
    drop(store);
    let done = place.import(&folder).await.unwrap();
    assert_eq!(done.objects, 4);
    assert_eq!(place.bucket.keys().await.len(), 4);
    place.assert_sound().await;
}

#[tokio::test]
async fn what_the_store_lost_is_told_and_the_rest_is_exported() {
    let app = TestApp::start().await;
    for name in ["missing", "damaged", "kept", "whole"] {
        app.client.upload(&format!("{name}.txt"), name).await;
    }
    let key = async |query: &'static str| app.database.texts(query).await.remove(0);
    let missing = key("SELECT object_key FROM documents WHERE filename = 'missing.txt'").await;
    let damaged = key("SELECT object_key FROM documents WHERE filename = 'damaged.txt'").await;
    let kept = key("SELECT object_key FROM documents WHERE filename = 'kept.txt'").await;
    let environment = commanding(&app.environment, &app.database);

    // The copy before has what is lost by the next.
    let before = exported(&app).await;
    app.bucket.remove(&missing).await;
    app.bucket.write(&damaged, b"demaged").await;
    let arguments = ["export", &before.argument()];
    let (code, said) = run("server", &arguments, &environment).await;
    assert_eq!(code, Some(0), "{said}");

    let (folder, heard) = (Folder::new(), Heard::default());
    let done = export(&environment, &folder.path(), &heard).await.unwrap();
    assert_eq!((done.objects, done.lost, done.gone), (2, 2, 0));
    let findings = heard.findings().join("\n");
    assert!(findings.contains(&missing) && findings.contains(&damaged));
    assert!(!findings.contains(&kept), "{findings}");
    let (code, said) = run("server", &["export", &folder.argument()], &environment).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("2 objects are missing or damaged"), "{said}");

    let place = Place::like(&app).await;
    let (code, said) = place
        .command(&["import", &folder.argument(), "--verify"])
        .await;
    assert_eq!(code, Some(1), "{said}");
    let (code, said) = place.command(&["scrub"]).await;
    assert_eq!(code, Some(1));
    let missing = said.lines().filter(|line| line.starts_with("missing "));
    assert_eq!(missing.count(), 2, "{said}");
}

/// An export that breaks off leaves the one before as it was.
#[tokio::test]
async fn an_export_that_breaks_off_leaves_the_one_before() {
    let (app, folder) = with_documents().await;
    let before = folder.files();
    app.client.upload("five.txt", "The fifth.").await;
    let store = FaultyStore::before(&app.environment["MINIO_ENDPOINT"]).await;
    store.fail(|_| Fault::Status(503));
    let mut environment = commanding(&app.environment, &app.database);
    environment.insert("MINIO_ENDPOINT".to_owned(), store.endpoint());
    let broken = export(&environment, &folder.path(), &Heard::default()).await;
    assert!(matches!(broken, Err(Error::Storage(_))), "{broken:?}");
    for file in before {
        assert!(folder.path().join(&file).exists(), "{file}");
    }
    let place = Place::like(&app).await;
    assert_eq!(place.import(&folder).await.unwrap().objects, 4);

    store.heal();
    let done = export(&environment, &folder.path(), &Heard::default()).await;
    let done = done.unwrap();
    assert_eq!((done.objects, done.copied), (5, 1));
    // Of the export that broke off nothing is left.
    let lists = folder.files();
    let lists = lists.iter().filter(|file| file.ends_with("objects.jsonl"));
    assert_eq!(lists.count(), 1);
}
