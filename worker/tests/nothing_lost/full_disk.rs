//! The disk of the folder for temporary files is full.

use super::scene::Scene;
use std::process::{Command, Stdio};
use testkit::{PATIENCE, Process, until};

/// A file system of 512 KiB in place of the folder, for this process alone.
const SMALL_DISK: &str = r#"mount -t tmpfs -o size=512k tmpfs "$TMPDIR" && exec "$0" "$@""#;

/// Where nobody may mount: no file longer than 512 KiB (`ulimit` counts 512 bytes), and an error in
/// place of a signal, as on a full disk.
const SHORT_FILES: &str = r#"trap "" XFSZ; ulimit -f 1024; exec "$0" "$@""#;

/// How to run a command with little room in `TMPDIR`: in a mount namespace of its own if that is allowed,
/// as root or as somebody who may make namespaces, else under a limit on files.
fn with_little_room(folder: &str) -> Vec<&'static str> {
    for namespace in [&["unshare", "-m"][..], &["unshare", "-U", "-r", "-m"]] {
        let by = [namespace, &["sh", "-c", SMALL_DISK]].concat();
        let tried = Command::new(by[0])
            .args(&by[1..])
            .arg("true")
            .env("TMPDIR", folder)
            .stderr(Stdio::null())
            .status();
        if tried.is_ok_and(|status| status.success()) {
            return by;
        }
    }
    vec!["sh", "-c", SHORT_FILES]
}

#[tokio::test]
async fn what_has_no_room_waits_and_the_rest_goes_on() {
    let scene = Scene::new().await;
    let client = &scene.app.client;
    let large = client
        .upload("large.txt", "words ".repeat(256 * 1024))
        .await;
    let environment = scene.environment();
    let by = with_little_room(&environment["TMPDIR"]);
    let mut cramped = Process::start_by(&by, "worker", &environment);
    until("the large file to wait", PATIENCE, async || {
        let waiting = "SELECT count(*) FROM jobs WHERE state = 'queued' AND last_error IS NOT NULL";
        Ok((scene.number(waiting).await == 1).then_some(()))
    })
    .await
    .unwrap();
    let counted = "SELECT attempts::bigint FROM jobs";
    assert_eq!(scene.number(counted).await, 0, "it is not the file's fault");
    let small = client.upload("small.txt", "A few words.").await;
    assert_eq!(client.finished(small.id).await.status, "ready");
    assert_ne!(client.document(large.id).await.status, "ready");
    assert_eq!(cramped.stop(), Some(0));
    let _roomy = scene.worker();
    assert_eq!(client.finished(large.id).await.status, "ready");
    scene.the_store_is_as_the_rows_say().await;
}
