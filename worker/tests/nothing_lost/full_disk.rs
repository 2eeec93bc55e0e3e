//! The disk of the folder for temporary files is full.

use super::scene::Scene;
use std::{
    io::{Cursor, Write},
    process::{Command, Stdio},
};
use testkit::{PATIENCE, Process, files, until};
use uuid::Uuid;
use zip::{ZipWriter, write::SimpleFileOptions};

/// A file system of 512 KiB in place of the folder, for this process alone.
const SMALL_DISK: &str = r#"mount -t tmpfs -o size=512k tmpfs "$TMPDIR" && exec "$0" "$@""#;

/// One of 4 MiB, most of which others took.
const TAKEN_DISK: &str = r#"mount -t tmpfs -o size=4m tmpfs "$TMPDIR" && head -c 3600000 /dev/zero >"$TMPDIR/others" && exec "$0" "$@""#;

/// Where nobody may mount: no file longer than 512 KiB (`ulimit` counts 512 bytes), and an error in
/// place of a signal, as on a full disk.
const SHORT_FILES: &str = r#"trap "" XFSZ; ulimit -f 1024; exec "$0" "$@""#;

/// How to run a command with another disk in `TMPDIR`: in a mount namespace of its own, as root or as
/// somebody who may make namespaces. None where nobody may.
fn with_disk(folder: &str, disk: &'static str) -> Option<Vec<&'static str>> {
    [&["unshare", "-m"][..], &["unshare", "-U", "-r", "-m"]]
        .into_iter()
        .map(|namespace| [namespace, &["sh", "-c", disk]].concat())
        .find(|by| {
            let tried = Command::new(by[0])
                .args(&by[1..])
                .arg("true")
                .env("TMPDIR", folder)
                .stderr(Stdio::null())
                .status();
            tried.is_ok_and(|status| status.success())
        })
}

/// A worker that finds that disk in place of its folder.
fn cramped(scene: &Scene, disk: &'static str) -> Option<Process> {
    let environment = scene.environment();
    let by = with_disk(&environment["TMPDIR"], disk)?;
    Some(Process::start_by(&by, "worker", &environment))
}

/// Until the only file waits, and not through a fault of its own.
async fn it_waits(scene: &Scene) {
    until("the file to wait", PATIENCE, async || {
        let waiting = "SELECT count(*) FROM jobs WHERE state = 'queued' AND last_error IS NOT NULL";
        Ok((scene.number(waiting).await == 1).then_some(()))
    })
    .await
    .unwrap();
    let counted = "SELECT attempts::bigint FROM jobs";
    assert_eq!(scene.number(counted).await, 0, "it is not the file's fault");
}

/// A worker with room reads it whole.
async fn it_is_read_where_there_is_room(scene: &Scene, mut cramped: Process, id: Uuid) {
    assert_ne!(scene.app.client.document(id).await.status, "ready");
    assert_eq!(cramped.stop(), Some(0));
    let _roomy = scene.worker();
    let document = scene.app.client.finished(id).await;
    assert_eq!(document.status, "ready");
    assert_eq!(document.reading_note, None, "nothing is missing");
}

#[tokio::test]
async fn what_has_no_room_waits_and_the_rest_goes_on() {
    let scene = Scene::new().await;
    let client = &scene.app.client;
    let large = client
        .upload("large.txt", "words ".repeat(256 * 1024))
        .await;
    let cramped = cramped(&scene, SMALL_DISK).unwrap_or_else(|| {
        Process::start_by(&["sh", "-c", SHORT_FILES], "worker", &scene.environment())
    });
    it_waits(&scene).await;
    let small = client.upload("small.txt", "A few words.").await;
    assert_eq!(client.finished(small.id).await.status, "ready");
    it_is_read_where_there_is_room(&scene, cramped, large.id).await;
    scene.the_store_is_as_the_rows_say().await;
}

/// The picture of a page is larger than the disk; poppler says nothing of it.
#[tokio::test]
async fn a_scan_whose_page_has_no_room_waits() {
    let scene = Scene::new().await;
    let scan = scene.app.client.upload("scan.pdf", files::pdf(&[""])).await;
    let Some(cramped) = cramped(&scene, SMALL_DISK) else {
        return eprintln!("skipped: nobody may mount here");
    };
    it_waits(&scene).await;
    it_is_read_where_there_is_room(&scene, cramped, scan.id).await;
}

#[tokio::test]
async fn an_archive_whose_files_have_no_room_waits() {
    let scene = Scene::new().await;
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    archive.start_file("long.txt", options).unwrap();
    archive
        .write_all(&b"words and words. ".repeat(80_000))
        .unwrap();
    let archive = archive.finish().unwrap().into_inner();
    let archive = scene.app.client.upload("a.zip", archive).await;
    let Some(cramped) = cramped(&scene, TAKEN_DISK) else {
        return eprintln!("skipped: nobody may mount here");
    };
    it_waits(&scene).await;
    it_is_read_where_there_is_room(&scene, cramped, archive.id).await;
    let documents = "SELECT count(*) FROM documents";
    assert_eq!(scene.number(documents).await, 2, "the archive and its file");
}
