//! The walls that the child puts around itself, and so around its tools.

use crate::protocol::Request;
use crate::{Failure, Walls, syscalls};
use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError,
    RulesetStatus, Scope, path_beneath_rules,
};
use rlimit::Resource;
use std::path::{Path, PathBuf};

/// What programs and libraries need to run. Nothing here holds anybody's data; of /proc only the
/// files that describe the machine.
const READABLE: [&str; 16] = [
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/nix/store",
    "/etc/fonts",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    "/var/cache/fontconfig",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/sys/devices/system/cpu",
    "/dev/urandom",
    "/dev/zero",
];

/// Sets the limits, the rules for files and those for system calls. Says which of the rules the kernel
/// enforces.
///
/// # Errors
/// `Transient` when a limit can't be set, because without limits nothing is read; or when a wall is
/// missing and all are wanted.
pub(crate) fn confine(request: &Request) -> Result<Walls, Failure> {
    die_first();
    limit(Resource::CORE, 0, 0)?;
    limit(Resource::AS, request.memory_bytes, request.memory_bytes)?;
    // One second between the soft and the hard limit: the signal then says which limit it was.
    limit(
        Resource::CPU,
        request.cpu_seconds,
        request.cpu_seconds.saturating_add(1),
    )?;
    limit(Resource::FSIZE, request.file_bytes, request.file_bytes)?;
    limit(Resource::NPROC, request.processes, request.processes)?;
    let files = restrict(&readable(&request.path), &request.scratch);
    let network = syscalls::refuse();
    let walls = Walls {
        files: stands("landlock", files),
        network: stands("seccomp", network.map(|()| true)),
    };
    match walls.missing() {
        Some(missing) if request.all_walls => Err(Failure::transient(missing)),
        _ => Ok(walls),
    }
}

fn stands(wall: &str, put_up: Result<bool, impl std::fmt::Display>) -> bool {
    put_up.unwrap_or_else(|error| {
        eprintln!("{wall}: {error}");
        false
    })
}

/// Where memory runs out, the kernel is to end the reader, not the worker. Not everywhere it can be told.
fn die_first() {
    let _as_it_would_be_otherwise = std::fs::write("/proc/self/oom_score_adj", "1000");
}

/// Lowers a limit; one that is already lower stays, because only root may raise it.
fn limit(resource: Resource, soft: u64, hard: u64) -> Result<(), Failure> {
    resource
        .get()
        .and_then(|(_, highest)| resource.set(soft.min(highest), hard.min(highest)))
        .map_err(|e| Failure::transient(format!("the limit {resource:?} could not be set: {e}")))
}

fn readable(file: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = READABLE.iter().map(PathBuf::from).collect();
    paths.extend(std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from));
    paths.extend(
        std::env::var_os("PATH")
            .iter()
            .flat_map(std::env::split_paths)
            .filter(|p| p.is_absolute()),
    );
    paths.push(file.to_owned());
    paths
}

/// Landlock for this thread and all that it starts: `readable` can be read and run, `scratch` can be
/// written, there is no TCP, and no signal leaves. Older kernels enforce what they know of it.
fn restrict(readable: &[PathBuf], scratch: &Path) -> Result<bool, RulesetError> {
    let abi = ABI::V6;
    let all = AccessFs::from_all(abi);
    let status = Ruleset::default()
        .handle_access(all)?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(readable, AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules([scratch], all & !AccessFs::Execute))?
        .add_rules(path_beneath_rules(
            ["/dev/null"],
            AccessFs::ReadFile | AccessFs::WriteFile,
        ))?
        .restrict_self()?;
    Ok(status.ruleset != RulesetStatus::NotEnforced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Both bind the thread that asks for them, so the test's own thread stays free.
    #[test]
    fn no_socket_can_be_opened() {
        use std::net::{TcpListener, TcpStream, UdpSocket};
        use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
        let listener = TcpListener::bind("127.0.0.1:0").expect("a socket outside");
        let address = listener.local_addr().expect("an address");
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("socket");
        let tries = move || {
            [
                ("UDP", UdpSocket::bind("127.0.0.1:0").is_ok()),
                ("UDP6", UdpSocket::bind("[::1]:0").is_ok()),
                ("TCP out", TcpStream::connect(address).is_ok()),
                ("TCP in", TcpListener::bind("127.0.0.1:0").is_ok()),
                ("Unix", UnixDatagram::unbound().is_ok()),
                ("Unix pair", UnixStream::pair().is_ok()),
                ("Unix in", UnixListener::bind(&path).is_ok()),
            ]
            .into_iter()
            .filter_map(|(name, open)| open.then_some(name))
            .collect::<Vec<_>>()
        };
        let outside = tries.clone()();
        assert!(
            outside.contains(&"UDP") && outside.contains(&"Unix"),
            "{outside:?}"
        );
        let inside = std::thread::spawn(move || {
            syscalls::refuse().expect("a filter");
            tries()
        });
        let inside = inside.join().expect("the thread ends");
        assert!(inside.is_empty(), "these are open: {inside:?}");
    }

    /// Landlock binds the thread that asks for it, so the test's own thread stays free.
    #[test]
    fn only_the_file_and_the_scratch_directory_are_open() {
        let home = tempfile::tempdir().expect("a directory");
        let (file, secret) = (home.path().join("file"), home.path().join("secret"));
        fs::write(&file, "in").expect("a file");
        fs::write(&secret, "out").expect("a file");
        let scratch = tempfile::tempdir().expect("a directory");
        let inside = scratch.path().to_owned();

        let walls = std::thread::spawn(move || {
            let enforced = restrict(&readable(&file), &inside).expect("rules");
            (
                enforced,
                fs::read(&file).is_ok(),
                fs::write(inside.join("note"), "x").is_ok(),
                fs::read(&secret).is_ok(),
                fs::write(&file, "changed").is_ok(),
                std::net::TcpListener::bind("127.0.0.1:0").is_ok(),
            )
        })
        .join()
        .expect("the thread ends");

        let (enforced, reads_file, writes_scratch, reads_secret, writes_file, listens) = walls;
        assert!(reads_file && writes_scratch);
        // A kernel without Landlock must be reported as such, not passed over.
        assert_eq!(
            (reads_secret, writes_file, listens),
            (!enforced, !enforced, !enforced)
        );
    }
}
