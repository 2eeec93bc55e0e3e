//! On how many cores runs all that is measured, this program included.

use std::collections::HashMap;
use std::num::NonZero;
use std::thread::available_parallelism;

use anyhow::{Context, Result, ensure};
use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

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
        confine(&self.first)?;
        let left = available_parallelism().map_or(0, NonZero::get);
        ensure!(left == 1, "{left} cores are left instead of one");
        Ok(())
    }

    /// Everything may use all of them again.
    pub fn use_all(&self) -> Result<()> {
        confine(&self.all)
    }
}

/// Every thread of this program and of what it started, and of what that started. What they start from now on
/// does as they do.
fn confine(cores: &CpuSet) -> Result<()> {
    for process in descendants()? {
        // One that has ended meanwhile has no threads.
        let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
            continue;
        };
        for thread in threads.filter_map(Result::ok) {
            let number: i32 = thread.file_name().to_string_lossy().parse()?;
            match sched_setaffinity(Pid::from_raw(number), cores) {
                Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                Err(error) => return Err(error).context("cores could not be chosen (as root?)"),
            }
        }
    }
    Ok(())
}

/// This process, its children, and theirs.
fn descendants() -> Result<Vec<i32>> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc")?.filter_map(Result::ok) {
        let Ok(process) = entry.file_name().to_string_lossy().parse::<i32>() else {
            continue;
        };
        if let Some(parent) = parent(process) {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut found = vec![i32::try_from(std::process::id())?];
    let mut at = 0;
    while let Some(process) = found.get(at).copied() {
        found.extend(children.remove(&process).unwrap_or_default());
        at += 1;
    }
    Ok(found)
}

/// From `/proc/PID/stat`: the second field after the name, which stands in brackets and may hold anything
/// (proc(5)).
fn parent(process: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_was_started_goes_along_and_comes_back() {
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let of_child = || {
            let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
            sched_getaffinity(pid).unwrap().count()
        };
        let cores = Cores::of_this_program().unwrap();
        cores.use_one().unwrap();
        let confined = of_child();
        cores.use_all().unwrap();
        let free = of_child();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!((confined, free as usize), (1, cores.count().unwrap()));
    }
}
