//! How much one file may cost.

use std::time::Duration;

/// What the child and its tools may use for one file.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Address space of each process. It bounds what a decompression bomb can allocate.
    pub memory_bytes: u64,
    /// Time for the whole file; afterwards everything is killed.
    pub wall: Duration,
    /// Computing time of each process.
    pub cpu: Duration,
    /// Text that is kept; the rest is cut off and the result marked as truncated.
    pub output_bytes: u64,
    /// The largest temporary file a process may write.
    pub file_bytes: u64,
    /// Processes and threads. The kernel counts them per user, so this stays generous; it does not
    /// bind root.
    pub processes: u64,
    /// Pages that are read; the rest is left out and the result marked as truncated.
    pub max_pages: u32,
    /// Files that are taken out of one archive or e-mail; none means that it stays closed.
    pub max_parts: u32,
    /// What they may be in all, in bytes. Each one is bound by `file_bytes`.
    pub parts_bytes: u64,
    /// What tesseract is to read: `eng`, or several as in `eng+deu`.
    pub ocr_languages: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 2 << 30,
            wall: Duration::from_secs(600),
            cpu: Duration::from_secs(300),
            output_bytes: 8 << 20,
            file_bytes: 256 << 20,
            processes: 4096,
            max_pages: 2000,
            max_parts: 1000,
            parts_bytes: 1 << 30,
            ocr_languages: "eng".to_owned(),
        }
    }
}
