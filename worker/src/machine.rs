//! What this machine gives to those who read strangers' files: walls around them, and room for temporary
//! files.

use anyhow::{Result, bail};
use extraction::{Extractor, Limits, READER};
use std::{fmt, io, path::PathBuf};

/// Beside the largest file that may be uploaded, one that comes out of it should find room.
const ROOM_FOR_PARTS: u64 = 256 << 20;

const READING: &str = "reader";
const SANDBOX: &str = "sandbox";
const SPACE: &str = "temporary files";

/// What came of looking at one thing.
pub(crate) enum Found {
    /// It is as it should be.
    Fine(&'static str),
    /// It could be better; how.
    Odd(&'static str, String),
    /// Like this nothing is read; what to do.
    Wrong(&'static str, String),
}

impl fmt::Display for Found {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fine(what) => write!(formatter, "ok      {what}"),
            Self::Odd(what, why) => write!(formatter, "odd     {what}: {why}"),
            Self::Wrong(what, why) => write!(formatter, "FAILED  {what}: {why}"),
        }
    }
}

/// Where the program that reads files is: beside the worker's own.
///
/// # Errors
/// When it is not there.
pub fn reader() -> Result<PathBuf> {
    let reader = std::env::current_exe()?.with_file_name(READER);
    if !reader.is_file() {
        bail!(
            "{} is missing, which reads the files. Install it beside the worker; both are built together.",
            reader.display()
        );
    }
    Ok(reader)
}

/// What reads files, within this machine's bounds. `program` is run as the sandboxed child.
pub(crate) fn extractor(worker: &settings::Worker, program: PathBuf) -> Extractor {
    let limits = Limits {
        memory_bytes: worker.sandbox.memory_bytes,
        wall: worker.sandbox.wall,
        cpu: worker.sandbox.wall,
        ocr_languages: worker.sandbox.ocr_languages.clone(),
        all_walls: worker.sandbox.all_walls,
        space_bytes: extraction::temporary_space().map_or(u64::MAX, |space| share(worker, space)),
        ..Limits::default()
    };
    Extractor::new(program, Vec::new(), limits).at_once(worker.concurrency)
}

/// What each of the jobs that run at once may take of the folder for temporary files.
fn share(worker: &settings::Worker, space: u64) -> u64 {
    space / u64::try_from(worker.concurrency).unwrap_or(1).max(1)
}

/// Looks before the work begins. What could be better goes to the log.
///
/// # Errors
/// When a wall is missing and `SANDBOX` wants them all.
pub(crate) async fn ready(worker: &settings::Worker, extractor: &Extractor) -> Result<()> {
    if let Found::Odd(what, why) = space(worker, extraction::temporary_space()) {
        tracing::warn!("{what}: {why}");
    }
    // Else the first file shows which walls there are.
    if worker.sandbox.all_walls {
        match walls(extractor).await {
            Found::Wrong(what, why) => bail!("{what}: {why}"),
            Found::Odd(what, why) => tracing::warn!("{what}: {why}"),
            Found::Fine(_) => {}
        }
    }
    Ok(())
}

/// Says what there is. Whether files could be read.
pub(crate) async fn report(worker: &settings::Worker) -> bool {
    let walls = match reader() {
        Ok(program) => walls(&extractor(worker, program)).await,
        Err(missing) => Found::Wrong(READING, missing.to_string()),
    };
    let found = [walls, space(worker, extraction::temporary_space())];
    for one in &found {
        println!("{one}");
    }
    !found.iter().any(|one| matches!(one, Found::Wrong(..)))
}

async fn walls(extractor: &Extractor) -> Found {
    match extractor.try_out().await.map(extraction::Walls::missing) {
        Ok(None) => Found::Fine(SANDBOX),
        Ok(Some(missing)) if extractor.wants_all_walls() => Found::Wrong(
            SANDBOX,
            format!("{missing}. Give it what it lacks, or set SANDBOX=if-possible."),
        ),
        Ok(Some(missing)) => Found::Odd(
            SANDBOX,
            format!(
                "{missing}. Everything else holds; with SANDBOX=required nothing would be read."
            ),
        ),
        Err(failure) => Found::Odd(SANDBOX, format!("it could not be tried out: {failure}.")),
    }
}

fn space(worker: &settings::Worker, space: io::Result<u64>) -> Found {
    let folder = std::env::temp_dir();
    let folder = folder.display();
    let space = match space {
        Ok(space) => space,
        Err(error) => return Found::Odd(SPACE, format!("{folder} can't be looked at: {error}.")),
    };
    let (share, largest) = (share(worker, space), worker.max_upload_bytes);
    if share >= largest.saturating_add(ROOM_FOR_PARTS) {
        return Found::Fine(SPACE);
    }
    Found::Odd(
        SPACE,
        format!(
            "{folder} has room for {} MiB, {} MiB for each of {} files that are read at once; a file may have {} MiB (MAX_UPLOAD_BYTES), and what is in it takes room, too. What finds none waits, or is left out of its archive. Make it larger, or lower WORKER_CONCURRENCY.",
            space >> 20,
            share >> 20,
            worker.concurrency,
            largest >> 20,
        ),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn worker(concurrency: usize, all_walls: bool) -> settings::Worker {
        settings::Worker {
            concurrency,
            lease: Duration::from_secs(30),
            reconcile_every: Duration::from_secs(5),
            scrub_every: None,
            sandbox: settings::Sandbox {
                memory_bytes: 1 << 30,
                wall: Duration::from_secs(60),
                ocr_languages: "eng".to_owned(),
                all_walls,
            },
            max_upload_bytes: 512 << 20,
        }
    }

    #[test]
    fn the_room_is_shared_by_the_jobs_and_told_where_it_is_small() {
        let found = |concurrency, mebibytes: u64| {
            space(&worker(concurrency, false), Ok(mebibytes << 20)).to_string()
        };
        assert_eq!(found(2, 2048), "ok      temporary files");
        assert_eq!(found(1, 768), "ok      temporary files");
        let small = found(3, 2048);
        assert!(small.starts_with("odd     temporary files: "), "{small}");
        assert!(small.contains("682 MiB for each of 3 files"), "{small}");
        let unknown = space(&worker(1, false), Err(io::ErrorKind::NotFound.into()));
        assert!(matches!(unknown, Found::Odd(..)));
    }

    /// A child around which no wall stands.
    fn without_walls(all_walls: bool) -> Extractor {
        let answer = r#"echo '{"walls":{"files":false,"network":false},"outcome":{"Ok":{"pages":[],"page_count":1,"thumbnail":null,"truncated":false}}}'"#;
        let limits = Limits {
            all_walls,
            ..Limits::default()
        };
        Extractor::new("/bin/sh".into(), vec!["-c".into(), answer.into()], limits)
    }

    #[tokio::test]
    async fn a_worker_that_wants_walls_does_not_start_without() {
        let refused = ready(&worker(1, true), &without_walls(true)).await;
        let said = refused.unwrap_err().to_string();
        assert!(
            said.contains("Landlock") && said.contains("SANDBOX=if-possible"),
            "{said}"
        );
        assert!(
            ready(&worker(1, false), &without_walls(false))
                .await
                .is_ok()
        );
        assert!(matches!(walls(&without_walls(false)).await, Found::Odd(..)));
    }
}
