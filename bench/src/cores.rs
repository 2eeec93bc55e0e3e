//! On how many cores runs all that is measured, this program included.

use anyhow::{Context, Result, bail};
use rustix::io::Errno;
use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use supervisor::descendants;

/// Cores that this program and everything that it started may be confined to.
pub struct Cores {
    all: CpuSet,
    first: CpuSet,
}

impl Cores {
    /// Those that this program may use now.
    pub fn of_this_program() -> Result<Self> {
        let all = sched_getaffinity(None)?;
        let one = (0..CpuSet::MAX_CPU).find(|core| all.is_set(*core));
        let mut first = CpuSet::new();
        first.set(one.context("this program may use no core")?);
        Ok(Self { all, first })
    }

    /// How many there are.
    pub fn count(&self) -> Result<usize> {
        Ok(usize::try_from(self.all.count())?)
    }

    /// Everything goes on on the first of them alone.
    pub fn use_one(&self) -> Result<()> {
        confine(&self.first)
    }

    /// Everything may use all of them again.
    pub fn use_all(&self) -> Result<()> {
        confine(&self.all)
    }
}

/// What is started while others are confined may still have the cores of whoever started it: it is found by a
/// further look.
const MOST_LOOKS: usize = 100;

/// Every thread of this program and of what it started, and of what that started. What they start from now on
/// does as they do.
fn confine(cores: &CpuSet) -> Result<()> {
    for _ in 0..MOST_LOOKS {
        if !confine_those_found(cores)? {
            return Ok(());
        }
    }
    bail!("threads are started faster than their cores can be chosen");
}

/// Whether there was one that had other cores.
fn confine_those_found(cores: &CpuSet) -> Result<bool> {
    let this = std::process::id();
    let mut changed = false;
    for process in std::iter::once(this).chain(descendants(this)?) {
        // One that has ended meanwhile has no threads.
        let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
            continue;
        };
        for thread in threads.filter_map(Result::ok) {
            let thread = Pid::from_raw(thread.file_name().to_string_lossy().parse()?);
            changed |= match confine_one(thread, cores) {
                Err(Errno::SRCH) => false,
                confined => confined.context(
                    "cores could not be chosen; as root that takes the capability SYS_NICE",
                )?,
            };
        }
    }
    Ok(changed)
}

fn confine_one(thread: Option<Pid>, cores: &CpuSet) -> rustix::io::Result<bool> {
    let changed = sched_getaffinity(thread)? != *cores;
    if changed {
        sched_setaffinity(thread, cores)?;
    }
    Ok(changed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};

    #[test]
    fn what_was_started_goes_along_and_comes_back() {
        // A child and its own.
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 60 & echo $!; wait"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let theirs = Pid::from_raw(line.trim().parse().unwrap());
        let of_all = || [None, theirs].map(|pid| sched_getaffinity(pid).unwrap().count());
        let cores = Cores::of_this_program().unwrap();
        cores.use_one().unwrap();
        let confined = of_all();
        cores.use_all().unwrap();
        let free = of_all();
        rustix::process::kill_process(theirs.unwrap(), rustix::process::Signal::KILL).unwrap();
        child.wait().unwrap();
        let count = u32::try_from(cores.count().unwrap()).unwrap();
        assert_eq!((confined, free), ([1, 1], [count, count]));
    }
}
