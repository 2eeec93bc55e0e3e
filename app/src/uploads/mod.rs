//! Uploads with JavaScript: a queue that outlives the page it was begun on, three at a time, each
//! with its progress and a way to stop it. Without JavaScript a plain form does the same job.

mod drop;
mod engine;
mod tray;

use crate::browser;
use leptos::prelude::*;
use uuid::Uuid;
use web_sys::{File, FileList};

pub(crate) use tray::Tray;

/// How far an upload has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// Its turn has not come.
    Waiting,
    /// Under way.
    Sending {
        /// Bytes sent.
        sent: i64,
        /// Bytes to send in all.
        total: i64,
        /// Bytes each second, since it began.
        speed: i64,
    },
    /// Stored; the document has this id.
    Stored(Uuid),
    /// It did not work, for the reason in the sentence.
    Failed(String),
    /// Somebody stopped it.
    Cancelled,
}

impl State {
    /// Whether nothing more will happen.
    pub(crate) fn is_over(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Sending { .. })
    }
}

/// One file on its way.
#[derive(Clone)]
pub(crate) struct Upload {
    /// Tells uploads of one page apart.
    pub(crate) id: u32,
    /// The file's name.
    pub(crate) name: String,
    /// Its size.
    pub(crate) size: i64,
    /// How far it has come.
    pub(crate) state: ArcRwSignal<State>,
}

/// Every upload that was begun since the browser loaded a page whole.
#[derive(Clone, Copy)]
pub(crate) struct Uploads {
    list: RwSignal<Vec<Upload>>,
    next: RwSignal<u32>,
    dragging: RwSignal<bool>,
}

impl Uploads {
    /// None yet. In the browser, files are taken from now on: those that are chosen, and what is dropped
    /// anywhere in the window.
    fn begin() -> Self {
        let uploads = Self {
            list: RwSignal::new(Vec::new()),
            next: RwSignal::new(0),
            dragging: RwSignal::new(false),
        };
        Effect::new(move || {
            drop::accept(uploads);
            browser::start_uploads(uploads);
        });
        uploads
    }

    /// Takes files in.
    pub(crate) fn add(self, files: &FileList) {
        let files = (0..files.length()).filter_map(|index| files.get(index));
        for file in files {
            self.add_one(file.name(), file);
        }
        engine::pump();
    }

    /// Takes a file of a folder in, which stands under its path in the tray.
    fn add_from_folder(self, path: String, file: File) {
        self.add_one(path, file);
        engine::pump();
    }

    /// Stops an upload, or takes it out of the queue.
    pub(crate) fn cancel(self, upload: &Upload) {
        upload.state.set(State::Cancelled);
        engine::cancel(upload.id);
    }

    /// Forgets the uploads that are over.
    pub(crate) fn tidy(self) {
        self.list
            .update(|list| list.retain(|upload| !upload.state.with_untracked(State::is_over)));
    }

    fn add_one(self, name: String, file: File) {
        let id = self.next.get_untracked();
        self.next.set(id.wrapping_add(1));
        let size = file.size() as i64;
        let upload = Upload {
            id,
            name,
            size,
            state: ArcRwSignal::new(State::Waiting),
        };
        self.list.update(|list| list.push(upload.clone()));
        match engine::refusal(size) {
            Some(reason) => upload.state.set(State::Failed(reason)),
            None => engine::enqueue(upload, file),
        }
    }
}
