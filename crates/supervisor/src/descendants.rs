//! What a process started, and what that started, as `/proc` tells it (proc(5)).

use std::collections::HashMap;
use std::io;

/// Every process that descends from this one, the dead that nobody has asked about aside.
///
/// # Errors
/// When `/proc` can't be read.
pub fn descendants(ancestor: u32) -> io::Result<Vec<u32>> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let processes = std::fs::read_dir("/proc")?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    for process in processes {
        if let Some(parent) = parent_if_alive(process) {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut found = children.remove(&ancestor).unwrap_or_default();
    let mut next = 0;
    while let Some(process) = found.get(next) {
        found.extend(children.remove(process).unwrap_or_default());
        next += 1;
    }
    Ok(found)
}

/// Whether this process is still there, and not merely dead without anybody having asked.
pub fn is_alive(process: u32) -> bool {
    parent_if_alive(process).is_some()
}

fn parent_if_alive(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in parentheses, may contain anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    (state != "Z" && state != "X").then_some(parent)
}
