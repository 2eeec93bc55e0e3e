//! Folders that somebody made up who does not know `SECRET_KEY`, and an operator who takes them all the
//! same (`--other-secret-key`): they can bring in any vault, and nothing else.

use super::{Folder, Heard, Place, exported, import};
use backup::Error;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{fs, os::unix::fs::symlink, path::Path};
use testkit::TestApp;

struct Made {
    folder: Folder,
    place: Place,
}

/// An export that is taken as it is.
async fn made() -> (TestApp, Made) {
    let app = TestApp::start().await;
    app.client.upload("one.txt", "The text.").await;
    let folder = exported(&app).await;
    let mut place = Place::like(&app).await;
    for (name, value) in [
        ("SECRET_KEY", "another secret key, and long enough"),
        ("OTHER_SECRET_KEY", "yes"),
    ] {
        place.environment.insert(name.to_owned(), value.to_owned());
    }
    (app, Made { folder, place })
}

fn sum(bytes: &[u8]) -> Value {
    json!({ "bytes": bytes.len(), "sha256": format!("{:x}", Sha256::digest(bytes)) })
}

impl Made {
    fn manifest(&self, change: impl FnOnce(&mut Value)) {
        let path = self.folder.file("manifest.json");
        let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut manifest);
        fs::write(path, manifest.to_string()).unwrap();
    }

    /// Another list, which the manifest names.
    fn list(&self, lines: &[Value]) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(self.folder.file("objects.jsonl"), &text).unwrap();
        let bytes = |line: &Value| line["file"]["bytes"].as_u64().unwrap_or_default();
        self.manifest(|manifest| {
            let objects = &mut manifest["objects"];
            objects["held"] = lines.len().into();
            objects["bytes"] = lines.iter().map(bytes).sum::<u64>().into();
            objects["list"] = sum(text.as_bytes());
        });
    }

    fn listed(&self) -> Value {
        let text = fs::read_to_string(self.folder.file("objects.jsonl")).unwrap();
        serde_json::from_str(text.lines().next().unwrap()).unwrap()
    }

    /// Another text for a table, which the manifest names.
    fn table(&self, name: &str, text: &str) {
        let path = self.folder.file(&format!("/{name}.copy"));
        fs::write(path, text).unwrap();
        self.manifest(|manifest| {
            let tables = manifest["tables"].as_array_mut().unwrap();
            let table = tables.iter_mut().find(|table| table["name"] == name);
            let table = table.unwrap();
            table["file"] = sum(text.as_bytes());
            table["rows"] = text.lines().count().into();
        });
    }

    async fn import(&self, verify: bool) -> Result<(), Error> {
        let (environment, path) = (&self.place.environment, self.folder.path());
        import(environment, &path, verify, &Heard::default())
            .await
            .map(drop)
    }

    /// Neither way brings anything into the database, nor that into the bucket.
    async fn assert_refused(&self, what: &str) {
        for verify in [true, false] {
            let outcome = self.import(verify).await;
            assert!(outcome.is_err(), "{what}");
            self.place.assert_vacant().await;
        }
        for key in self.place.bucket.keys().await {
            assert!(key.ends_with(".txt"), "{what}: {key}");
        }
    }
}

#[tokio::test]
async fn what_nobody_changed_is_taken() {
    let (_app, made) = made().await;
    made.import(true).await.unwrap();
}

#[tokio::test]
async fn no_name_leads_out_of_the_folder() {
    let (_app, made) = made().await;
    let secret = made.folder.path().parent().unwrap().join("secret");
    fs::write(&secret, "nobody's business").unwrap();
    let right = sum(b"nobody's business");
    for key in [
        "../../secret",
        "a/../../../secret",
        secret.to_str().unwrap(),
        "./../../secret",
    ] {
        let line =
            json!({ "state": "held", "key": key, "content_type": "text/plain", "file": right });
        made.list(&[line]);
        made.assert_refused(key).await;
    }
    made.manifest(|manifest| manifest["export"] = "../..".into());
    made.assert_refused("a folder of rows").await;
}

#[tokio::test]
async fn no_link_is_followed() {
    let (_app, made) = made().await;
    let secret = made.folder.path().parent().unwrap().join("secret");
    fs::write(&secret, "nobody's business").unwrap();
    let mut line = made.listed();
    line["file"] = sum(b"nobody's business");
    let object = made.folder.file(".txt");
    fs::remove_file(&object).unwrap();
    symlink(&secret, &object).unwrap();
    made.list(&[line]);
    made.assert_refused("a link").await;
    // Nor one on the way.
    let aside = made.folder.path().parent().unwrap().join("aside");
    fs::create_dir(&aside).unwrap();
    let name = object.file_name().unwrap();
    fs::rename(&secret, aside.join(name)).unwrap();
    let above = object.parent().unwrap();
    fs::remove_dir_all(above).unwrap();
    symlink(&aside, above).unwrap();
    made.assert_refused("a link on the way").await;
}

#[tokio::test]
async fn what_is_no_file_is_not_read() {
    let (_app, made) = made().await;
    let object = made.folder.file(".txt");
    fs::remove_file(&object).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(&object).status();
    assert!(pipe.unwrap().success());
    made.assert_refused("a pipe").await;
    fs::remove_file(&object).unwrap();
    fs::create_dir(&object).unwrap();
    made.assert_refused("a folder").await;
}

#[tokio::test]
async fn tables_are_those_of_the_schema() {
    let (_app, made) = made().await;
    let whole = fs::read(made.folder.file("manifest.json")).unwrap();
    let names = [
        "../../../etc/passwd",
        "users; DROP TABLE users",
        "pg_authid",
        "sessions",
        "_sqlx_migrations",
    ];
    for name in names {
        made.manifest(|manifest| manifest["tables"][0]["name"] = name.into());
        made.assert_refused(name).await;
        fs::write(made.folder.file("manifest.json"), &whole).unwrap();
    }
    made.manifest(|manifest| manifest["tables"][0]["columns"][0] = "id) FROM PROGRAM 'id".into());
    made.assert_refused("a column").await;
    fs::write(made.folder.file("manifest.json"), &whole).unwrap();
    made.manifest(|manifest| drop(manifest["tables"].as_array_mut().unwrap().pop()));
    made.assert_refused("a table too few").await;
}

#[tokio::test]
async fn rows_are_what_the_schema_allows() {
    let (_app, made) = made().await;
    let owner = "00000000-0000-0000-0000-00000000000a";
    for (what, table, text) in [
        (
            "a quota of nobody's",
            "quotas",
            format!("{owner}\t1\t0\t0\n"),
        ),
        ("too few columns", "quotas", format!("{owner}\t1\n")),
        ("rows after the end", "groups", "\\.\nmore\n".to_owned()),
        ("no text", "groups", "\0\n".to_owned()),
        (
            "documents of which nothing is listed",
            "documents",
            String::new(),
        ),
    ] {
        let path = made.folder.file(&format!("/{table}.copy"));
        let whole = fs::read_to_string(&path).unwrap();
        made.table(table, &text);
        made.assert_refused(what).await;
        made.table(table, &whole);
    }
    made.import(true).await.unwrap();
}

#[tokio::test]
async fn lists_are_in_order_and_lines_end() {
    let (_app, made) = made().await;
    let line = made.listed();
    made.list(&[line.clone(), line.clone()]);
    made.assert_refused("the same twice").await;
    let mut endless = line.clone();
    endless["content_type"] = "x".repeat(100_000).into();
    made.list(&[endless]);
    made.assert_refused("a line without end").await;
    let mut unknown = line;
    unknown["more"] = 1.into();
    made.list(&[unknown]);
    made.assert_refused("a field that nobody knows").await;
}

#[tokio::test]
async fn a_manifest_has_its_size() {
    let (_app, made) = made().await;
    let path = made.folder.file("manifest.json");
    grow(&path, 100 * 1024 * 1024);
    made.assert_refused("a manifest of 100 MiB").await;
    for text in ["", "{}", "[1]", "{\"format\": -1}", "{\"format\": 1}"] {
        fs::write(&path, text).unwrap();
        made.assert_refused(text).await;
    }
}

fn grow(path: &Path, bytes: u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(bytes).unwrap();
}
