//! Which walls stand around a child: what its kernel enforces of what it was asked for.

use serde::{Deserialize, Serialize};

/// What the kernel keeps a reader from, beside the limits, which hold everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walls {
    /// From every file but the one that it reads, and what programs need (Landlock).
    pub files: bool,
    /// From every socket, and from other processes (seccomp).
    pub network: bool,
}

impl Walls {
    /// What is missing, in a sentence; none when both stand.
    pub fn missing(self) -> Option<String> {
        let files = "this kernel has no Landlock, or the container may not use it: a reader that a hostile file took over could read the worker's own files";
        let network = "this kernel, or the container, takes no seccomp filter: a reader that a hostile file took over could reach the network";
        let missing: Vec<&str> = [(self.files, files), (self.network, network)]
            .into_iter()
            .filter_map(|(stands, sentence)| (!stands).then_some(sentence))
            .collect();
        (!missing.is_empty()).then(|| missing.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wall_that_is_missing_is_named() {
        let told = |files, network| Walls { files, network }.missing().unwrap_or_default();
        assert_eq!(told(true, true), "");
        assert!(told(false, true).contains("Landlock") && !told(false, true).contains("seccomp"));
        assert!(told(true, false).contains("seccomp") && !told(true, false).contains("Landlock"));
        assert!(told(false, false).contains("Landlock") && told(false, false).contains("seccomp"));
    }
}
