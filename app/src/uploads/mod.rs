//! Uploads with JavaScript: a queue that outlives the page it was begun on, three at a time, each
//! with its progress and a way to stop it. Without JavaScript a plain form does the same job.

mod engine;
mod tray;

use leptos::prelude::*;
use uuid::Uuid;
use web_sys::{DataTransfer, File, FileList};

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

/// Every upload of this page; a context.
#[derive(Clone, Copy)]
pub(crate) struct Uploads {
    list: RwSignal<Vec<Upload>>,
    next: RwSignal<u32>,
    /// Counts the files stored, so that a list knows when to look again.
    pub(crate) stored: RwSignal<u32>,
    dragging: RwSignal<bool>,
    refused: Memo<bool>,
}

impl Uploads {
    /// Makes them known to every page, and the window a drop target, except while `refused`.
    pub(crate) fn provide(refused: Memo<bool>) -> Self {
        let uploads = Self {
            list: RwSignal::new(Vec::new()),
            next: RwSignal::new(0),
            stored: RwSignal::new(0),
            dragging: RwSignal::new(false),
            refused,
        };
        provide_context(uploads);
        Effect::new(move || uploads.accept_drops());
        uploads
    }

    /// Takes files in.
    pub(crate) fn add(self, files: &FileList) {
        let files = (0..files.length()).filter_map(|index| files.get(index));
        for file in files {
            self.add_one(file);
        }
        engine::pump(self);
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

    fn add_one(self, file: File) {
        let id = self.next.get_untracked();
        self.next.set(id.wrapping_add(1));
        let size = file.size() as i64;
        let upload = Upload {
            id,
            name: file.name(),
            size,
            state: ArcRwSignal::new(State::Waiting),
        };
        self.list.update(|list| list.push(upload.clone()));
        match engine::refusal(size) {
            Some(reason) => upload.state.set(State::Failed(reason)),
            None => engine::enqueue(upload, file),
        }
    }

    fn accept_drops(self) {
        let _ = window_event_listener(leptos::ev::dragover, move |event| {
            let has_files = event.data_transfer().is_some_and(|data| has_files(&data));
            if has_files && !self.refused.get_untracked() {
                event.prevent_default();
                if !self.dragging.get_untracked() {
                    self.dragging.set(true);
                }
            }
        });
        let _ = window_event_listener(leptos::ev::dragleave, move |event| {
            // Only leaving the window has nowhere to go to; the rest are moves between elements.
            if event.related_target().is_none() {
                self.dragging.set(false);
            }
        });
        let _ = window_event_listener(leptos::ev::drop, move |event| {
            self.dragging.set(false);
            if let Some(files) = event
                .data_transfer()
                .filter(|data| has_files(data) && !self.refused.get_untracked())
                .and_then(|data| data.files())
            {
                event.prevent_default();
                self.add(&files);
            }
        });
    }
}

fn has_files(data: &DataTransfer) -> bool {
    data.types().includes(&"Files".into(), 0)
}
