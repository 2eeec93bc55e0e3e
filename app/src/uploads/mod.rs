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
    /// It did not work.
    Failed {
        /// Why, in a sentence.
        reason: String,
        /// Whether it may be tried again.
        again: bool,
    },
    /// Somebody stopped it.
    Cancelled,
}

impl State {
    /// What will not work another time either.
    fn refused(reason: String) -> Self {
        let again = false;
        Self::Failed { reason, again }
    }

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
    /// Whether the queue waits until somebody has signed in again.
    signed_out: RwSignal<bool>,
}

/// Whether files are on their way, which leaving the page would lose.
pub(crate) fn are_under_way() -> bool {
    engine::is_busy()
}

impl Uploads {
    /// None yet. In the browser, files are taken from now on: those that are chosen, and what is dropped
    /// anywhere in the window.
    fn begin() -> Self {
        let uploads = Self {
            list: RwSignal::new(Vec::new()),
            next: RwSignal::new(0),
            dragging: RwSignal::new(false),
            signed_out: RwSignal::new(false),
        };
        Effect::new(move || {
            drop::accept(uploads);
            browser::start_uploads(uploads);
            // Browsers then ask whether to leave, in words of their own.
            let _ = window_event_listener(leptos::ev::beforeunload, |event| {
                if are_under_way() {
                    event.prevent_default();
                }
            });
        });
        uploads
    }

    /// Takes files in.
    pub(crate) fn add(self, files: &FileList) {
        let files = (0..files.length()).filter_map(|index| files.get(index));
        for file in files {
            self.add_one(file.name(), file);
        }
        engine::pump(self);
    }

    /// Takes a file of a folder in, which stands under its path in the tray.
    fn add_from_folder(self, path: String, file: File) {
        self.add_one(path, file);
        engine::pump(self);
    }

    /// Begins one again that did not work.
    pub(crate) fn try_again(self, upload: &Upload) {
        engine::enqueue_again(upload.clone());
        engine::pump(self);
    }

    /// Goes on with what waits, once somebody has signed in again.
    pub(crate) fn go_on(self) {
        self.signed_out.set(false);
        engine::pump(self);
    }

    /// Stops an upload, or takes it out of the queue.
    pub(crate) fn cancel(self, upload: &Upload) {
        upload.state.set(State::Cancelled);
        engine::cancel(upload.id);
    }

    /// Forgets the uploads that are over.
    pub(crate) fn tidy(self) {
        engine::forget_failed();
        self.signed_out.set(false);
        self.list
            .update(|list| list.retain(|upload| !upload.state.with_untracked(State::is_over)));
    }

    /// Says of something that it will not be uploaded, and why.
    fn add_refused(self, path: String, reason: &str) {
        self.list_one(path, 0, State::refused(reason.to_owned()));
    }

    fn add_one(self, name: String, file: File) {
        let size = file.size() as i64;
        let upload = self.list_one(name, size, State::Waiting);
        match engine::refusal(size) {
            Some(reason) => upload.state.set(State::refused(reason)),
            None => engine::enqueue(upload, file),
        }
    }

    fn list_one(self, name: String, size: i64, state: State) -> Upload {
        let id = self.next.get_untracked();
        self.next.set(id.wrapping_add(1));
        let upload = Upload {
            id,
            name,
            size,
            state: ArcRwSignal::new(state),
        };
        self.list.update(|list| list.push(upload.clone()));
        upload
    }
}
