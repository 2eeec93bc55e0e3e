//! How the child is started, watched and ended, whatever it does.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use common::{any_claim, any_file};
use extraction::{Extractor, Failure, Limits, Walls};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A child that is a shell script.
fn script(text: &str, limits: Limits) -> Extractor {
    Extractor::new("/bin/sh".into(), vec!["-c".into(), text.into()], limits)
}

/// A named pipe. Processes hold its writing end; reading it to the end means that all are gone.
fn pipe() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("alive");
    assert!(
        Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    (home, path)
}

/// Two processes that never end, after telling their scratch directory.
fn endless(alive: &Path) -> String {
    format!(
        "exec 3>'{}'; touch note; echo \"$TMPDIR\" >&3; sleep 600 & sleep 600",
        alive.display()
    )
}

/// Reads the scratch directory from the pipe, then waits until no process holds it.
fn watch(alive: PathBuf) -> (oneshot::Receiver<PathBuf>, tokio::task::JoinHandle<()>) {
    let (started, scratch) = oneshot::channel();
    let ended = tokio::task::spawn_blocking(move || {
        let mut lines = BufReader::new(std::fs::File::open(alive).unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        started.send(PathBuf::from(first.trim())).unwrap();
        lines.read_to_end(&mut Vec::new()).unwrap();
    });
    (scratch, ended)
}

async fn wait_until_gone(path: &Path) {
    let begin = Instant::now();
    while path.exists() {
        assert!(
            begin.elapsed() < Duration::from_secs(20),
            "{} is still there",
            path.display()
        );
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_child_that_never_ends_is_killed_in_time() {
    let (_home, alive) = pipe();
    let limits = Limits {
        wall: Duration::from_millis(400),
        ..Limits::default()
    };
    let (scratch, ended) = watch(alive.clone());
    let begin = Instant::now();
    let result = script(&endless(&alive), limits)
        .extract(any_file(), any_claim())
        .await;
    assert!(
        matches!(&result, Err(Failure::Killed(said)) if said.contains("longer than")),
        "{result:?}"
    );
    assert!(begin.elapsed() < Duration::from_secs(20));
    ended.await.unwrap();
    assert!(!scratch.await.unwrap().exists());
}

#[tokio::test]
async fn a_dropped_future_leaves_nothing() {
    let (_home, alive) = pipe();
    let (scratch, ended) = watch(alive.clone());
    let extractor = script(&endless(&alive), Limits::default());
    let scratch = tokio::select! {
        result = extractor.extract(any_file(), any_claim()) => panic!("{result:?}"),
        scratch = scratch => scratch.unwrap(),
    };
    // Here the future is gone, and everything else has to follow.
    ended.await.unwrap();
    wait_until_gone(&scratch).await;
}

#[test]
fn a_stopped_runtime_leaves_nothing() {
    let (_home, alive) = pipe();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let extractor = script(&endless(&alive), Limits::default());
    let watcher = std::thread::spawn(move || {
        let mut lines = BufReader::new(std::fs::File::open(alive).unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        (PathBuf::from(first.trim()), lines)
    });
    runtime.spawn(async move { extractor.extract(any_file(), any_claim()).await });
    let (scratch, mut lines) = watcher.join().unwrap();
    drop(runtime);
    lines.read_to_end(&mut Vec::new()).unwrap();
    assert!(!scratch.exists());
}

#[tokio::test]
async fn the_scratch_directory_is_private_and_goes_after_success() {
    let home = tempfile::tempdir().unwrap();
    let note = home.path().join("note");
    let answer = r#"{"walls":{"files":true,"network":true},"outcome":{"Ok":{"pages":["a"],"page_count":1,"thumbnail":null,"truncated":false}}}"#;
    let text = format!(
        "touch \"$TMPDIR/x\"; stat -c '%a %n' \"$TMPDIR\" >'{}'; echo '{answer}'",
        note.display()
    );
    let found = script(&text, Limits::default())
        .extract(any_file(), any_claim())
        .await
        .unwrap();
    assert_eq!(found.pages, ["a"]);
    let told = std::fs::read_to_string(note).unwrap();
    let (mode, path) = told.trim().split_once(' ').unwrap();
    assert_eq!(mode, "700");
    assert!(!Path::new(path).exists());
}

#[tokio::test]
async fn every_end_of_a_child_has_its_failure() {
    for (text, permanent, killed) in [
        ("kill -SEGV $$", false, true),
        ("kill -KILL $$", false, true),
        ("exit 1", false, true),
        ("exit 101", true, false),
        ("exit 75", false, false),
        ("exit 0", false, true),
        (
            "echo '{\"walls\":{\"files\":true,\"network\":true}}'",
            false,
            true,
        ),
        ("cat /dev/zero", false, true),
        ("cat /dev/zero >&2 & kill -KILL $$", false, true),
    ] {
        let failure = script(text, Limits::default())
            .extract(any_file(), any_claim())
            .await
            .unwrap_err();
        assert_eq!(
            matches!(failure, Failure::Permanent(_)),
            permanent,
            "{text}: {failure:?}"
        );
        assert_eq!(
            matches!(failure, Failure::Killed(_)),
            killed,
            "{text}: {failure:?}"
        );
    }
}

#[tokio::test]
async fn what_the_machine_lacks_is_transient() {
    let nowhere = Path::new("/nowhere/at/all");
    let absent = Extractor::new(nowhere.into(), Vec::new(), Limits::default());
    assert!(matches!(
        absent.extract(any_file(), any_claim()).await,
        Err(Failure::Transient(_))
    ));
    assert!(matches!(
        common::extractor().extract(nowhere, any_claim()).await,
        Err(Failure::Transient(_))
    ));
}

#[tokio::test]
async fn a_child_that_was_taken_over_is_not_believed() {
    let answer = r#"{"walls":{"files":true,"network":true},"outcome":{"Ok":{"pages":["a\u0000b"],"page_count":0,"thumbnail":"PHN2Zz4=","truncated":false}}}"#;
    let text = format!("cat <<'END'\n{answer}\nEND");
    let found = script(&text, Limits::default())
        .extract(any_file(), any_claim())
        .await
        .unwrap();
    assert_eq!(found.pages, ["ab"]);
    assert_eq!(found.page_count, 1);
    assert_eq!(found.thumbnail, None, "an SVG is no thumbnail");
}

/// An answer of a child around which these walls stand.
fn answer(files: bool, network: bool) -> String {
    format!(
        r#"echo '{{"walls":{{"files":{files},"network":{network}}},"outcome":{{"Ok":{{"pages":["words"],"page_count":1,"thumbnail":null,"truncated":false}}}}}}'"#
    )
}

#[tokio::test]
async fn without_a_wall_that_is_wanted_nothing_is_read() {
    let all = Limits {
        all_walls: true,
        ..Limits::default()
    };
    for (files, network, missing) in [
        (true, true, None),
        (false, true, Some("Landlock")),
        (true, false, Some("seccomp")),
    ] {
        let text = answer(files, network);
        let wanted = script(&text, all.clone());
        let result = wanted.extract(any_file(), any_claim()).await;
        match missing {
            None => assert!(result.is_ok(), "{result:?}"),
            Some(name) => assert!(
                matches!(&result, Err(Failure::Transient(said)) if said.contains(name)),
                "{result:?}"
            ),
        }
        let (found, tried) = (Walls { files, network }, wanted.try_out().await);
        assert_eq!(tried, Ok(found), "the trial says what there is");
        let either = script(&text, Limits::default());
        assert!(either.extract(any_file(), any_claim()).await.is_ok());
    }
}

#[tokio::test]
async fn a_child_that_finds_the_disk_full_is_believed_where_that_can_be() {
    let text =
        r#"echo '{"walls":{"files":true,"network":true},"outcome":{"Err":{"NoRoom":"full"}}}'"#;
    let told = |space_bytes| {
        let limits = Limits {
            space_bytes,
            ..Limits::default()
        };
        async move { script(text, limits).extract(any_file(), any_claim()).await }
    };
    let full = Failure::NoRoom("full".to_owned());
    assert_eq!(told(u64::MAX).await.unwrap_err(), full);
    let lie = Failure::Transient("full".to_owned());
    assert_eq!(told(1).await.unwrap_err(), lie, "there is room for it");
}

#[tokio::test]
async fn only_a_few_variables_reach_the_child() {
    let text = r#"names=$(env | cut -d= -f1 | grep -v '^_$\|^PWD$\|^SHLVL$\|^OLDPWD$' | sort | tr '\n' ' ')
        printf '{"walls":{"files":true,"network":true},"outcome":{"Ok":{"pages":["%s"],"page_count":1,"thumbnail":null,"truncated":false}}}' "$names""#;
    let found = script(text, Limits::default())
        .extract(any_file(), any_claim())
        .await
        .unwrap();
    let names: Vec<&str> = found.pages[0]
        .split_whitespace()
        .filter(|name| *name != "TESSDATA_PREFIX")
        .collect();
    let few = [
        "LANG",
        "MALLOC_ARENA_MAX",
        "OMP_THREAD_LIMIT",
        "PATH",
        "TMPDIR",
    ];
    assert_eq!(names, few);
}

#[tokio::test]
async fn what_a_killed_worker_left_is_swept_up_and_nothing_else() {
    let left = tempfile::Builder::new()
        .prefix("docuvault-extract-")
        .tempdir()
        .unwrap();
    std::fs::write(left.path().join("page.pgm"), "somebody's page").unwrap();

    let (_home, alive) = pipe();
    let (scratch, ended) = watch(alive.clone());
    let extractor = script(&endless(&alive), Limits::default());
    let scratch = tokio::select! {
        result = extractor.extract(any_file(), any_claim()) => panic!("{result:?}"),
        scratch = async {
            let scratch = scratch.await.unwrap();
            let _another_worker_starts = common::extractor();
            assert!(scratch.join("note").exists(), "a directory in use was swept up");
            scratch
        } => scratch,
    };
    assert!(!left.path().exists());
    ended.await.unwrap();
    wait_until_gone(&scratch).await;
}

#[tokio::test]
async fn no_more_turns_are_given_than_files_are_read_at_once() {
    let extractor = script("", Limits::default()).at_once(2);
    let [first, _second] = [extractor.turn().await, extractor.turn().await];
    let another = extractor.clone();
    let mut third = tokio::spawn(async move { another.turn().await });
    let a_while = Duration::from_millis(50);
    assert!(tokio::time::timeout(a_while, &mut third).await.is_err());
    drop(first);
    let begun = tokio::time::timeout(Duration::from_secs(60), third).await;
    assert!(begun.unwrap().is_ok());
}
