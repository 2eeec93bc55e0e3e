//! The whole window takes what is dropped into it: files, and folders with all that is in them.

use super::Uploads;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

/// A folder that was dropped by mistake, a whole disk say, ends here.
const MOST_FILES: usize = 5_000;
const TOO_MANY: &str =
    "Left out, since 5,000 files are taken at once. Drop it again when they are stored.";
const UNREADABLE: &str =
    "The browser could not read it. Look whether it is still there and may be read.";

/// Takes drops from now on.
pub(super) fn accept(uploads: Uploads) {
    let _ = window_event_listener(leptos::ev::dragover, move |event| {
        if event.data_transfer().is_some_and(|data| has_files(&data)) {
            event.prevent_default();
            if !uploads.dragging.get_untracked() {
                uploads.dragging.set(true);
            }
        }
    });
    let _ = window_event_listener(leptos::ev::dragleave, move |event| {
        // Only leaving the window has nowhere to go to; the rest are moves between elements.
        if event.related_target().is_none() {
            uploads.dragging.set(false);
        }
    });
    let _ = window_event_listener(leptos::ev::drop, move |event| {
        uploads.dragging.set(false);
        if let Some(data) = event.data_transfer().filter(has_files) {
            event.prevent_default();
            take(uploads, &data);
        }
    });
}

fn has_files(data: &DataTransfer) -> bool {
    data.types().includes(&"Files".into(), 0)
}

/// Folders have to be asked for before the event is over; what is in them comes later.
fn take(uploads: Uploads, data: &DataTransfer) {
    let entries = entries(data);
    if entries.iter().any(FileSystemEntry::is_directory) {
        spawn_local(async move {
            let found = collect(entries).await;
            for (path, reason) in found.left_out {
                uploads.add_refused(path, reason);
            }
            for (path, file) in found.files {
                uploads.add_from_folder(path, file);
            }
        });
    } else if let Some(files) = data.files() {
        uploads.add(&files);
    }
}

fn entries(data: &DataTransfer) -> Vec<FileSystemEntry> {
    let items = data.items();
    (0..items.length())
        .filter_map(|at| items.get(at)?.webkit_get_as_entry().ok().flatten())
        .collect()
}

/// What folders hold.
#[derive(Default)]
struct Found {
    /// The files, each with its path.
    files: Vec<(String, File)>,
    /// What could not be taken, each with the reason.
    left_out: Vec<(String, &'static str)>,
}

/// The files in these folders, and in those within them.
async fn collect(mut waiting: Vec<FileSystemEntry>) -> Found {
    let mut found = Found::default();
    while let Some(entry) = waiting.pop() {
        if is_hidden(&entry.name()) {
            continue;
        }
        let path = entry.full_path().trim_start_matches('/').to_owned();
        if found.files.len() >= MOST_FILES {
            found.left_out.push((path, TOO_MANY));
        } else if entry.is_directory() {
            match inside(&entry.unchecked_into()).await {
                Ok(entries) => waiting.extend(entries),
                Err(_) => found.left_out.push((path, UNREADABLE)),
            }
        } else {
            match file(&entry.unchecked_into()).await {
                Ok(file) => found.files.push((path, file)),
                Err(_) => found.left_out.push((path, UNREADABLE)),
            }
        }
    }
    found.files.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

/// What systems leave in folders for themselves.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "Thumbs.db" | "desktop.ini")
}

/// A browser tells a hundred at a time, and none when it has told all.
async fn inside(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut found = Vec::new();
    loop {
        let more: js_sys::Array = next(&reader).await?.dyn_into()?;
        if more.length() == 0 {
            return Ok(found);
        }
        found.extend(more.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn next(reader: &FileSystemDirectoryReader) -> Result<JsValue, JsValue> {
    let answer = js_sys::Promise::new(&mut |found, failed| {
        if reader
            .read_entries_with_callback_and_callback(&found, &failed)
            .is_err()
        {
            let _ = failed.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(answer).await
}

async fn file(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let answer = js_sys::Promise::new(&mut |found, failed| {
        entry.file_with_callback_and_callback(&found, &failed)
    });
    JsFuture::from(answer).await?.dyn_into()
}

#[cfg(test)]
mod tests {
    use super::is_hidden;

    #[test]
    fn what_systems_leave_behind_is_not_uploaded() {
        for name in [".DS_Store", ".git", "Thumbs.db", "desktop.ini"] {
            assert!(is_hidden(name), "{name}");
        }
        for name in ["letter.pdf", "thumbs", "a.b"] {
            assert!(!is_hidden(name), "{name}");
        }
    }
}
