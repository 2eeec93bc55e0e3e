//! Sends the files. `XMLHttpRequest`, because `fetch` tells no progress of what it sends.

use super::{State, Upload, Uploads};
use crate::{AppError, browser, format, server_fns::documents::UploadDocument};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use serde::Deserialize;
use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

/// More at once would only make each slower, and browsers open six connections in all.
const AT_ONCE: usize = 3;

/// The page's `<body>` says how large a file may be.
pub(crate) const LIMIT_ATTRIBUTE: &str = "data-max-upload-bytes";

thread_local! {
    static QUEUE: RefCell<VecDeque<(Upload, File)>> = const { RefCell::new(VecDeque::new()) };
    static RUNNING: RefCell<HashMap<u32, XmlHttpRequest>> = RefCell::new(HashMap::new());
    /// The files of uploads that did not work and may be tried again.
    static FAILED: RefCell<HashMap<u32, File>> = RefCell::new(HashMap::new());
}

/// What is read of the answer.
#[derive(Debug, PartialEq, Deserialize)]
struct Stored {
    id: Uuid,
}

/// Why a file of that size need not be sent at all.
pub(super) fn refusal(size: i64) -> Option<String> {
    let limit: i64 = document()
        .body()?
        .get_attribute(LIMIT_ATTRIBUTE)?
        .parse()
        .ok()?;
    (size > limit).then(|| too_large(limit))
}

fn too_large(limit: i64) -> String {
    format!(
        "The file is larger than {}, the most that this vault takes. Split it or make it smaller.",
        format::size(limit)
    )
}

/// Puts a file at the end of the queue.
pub(super) fn enqueue(upload: Upload, file: File) {
    QUEUE.with_borrow_mut(|queue| queue.push_back((upload, file)));
}

/// Puts a file that failed at the end of the queue.
pub(super) fn enqueue_again(upload: Upload) {
    if let Some(file) = FAILED.with_borrow_mut(|failed| failed.remove(&upload.id)) {
        upload.state.set(State::Waiting);
        enqueue(upload, file);
    }
}

/// Lets the files go that nobody wants to try again.
pub(super) fn forget_failed() {
    FAILED.take();
}

/// Whether anything is on its way, or waits.
pub(super) fn is_busy() -> bool {
    !QUEUE.with_borrow(VecDeque::is_empty) || !RUNNING.with_borrow(HashMap::is_empty)
}

/// Stops an upload that runs and drops one that waits.
pub(super) fn cancel(id: u32) {
    QUEUE.with_borrow_mut(|queue| queue.retain(|(upload, _)| upload.id != id));
    let running = RUNNING.with_borrow(|running| running.get(&id).cloned());
    if let Some(request) = running {
        let _ = request.abort();
    }
}

/// Starts what the limit allows, unless everything waits for somebody to sign in.
pub(super) fn pump(uploads: Uploads) {
    while !uploads.signed_out.get_untracked() && RUNNING.with_borrow(HashMap::len) < AT_ONCE {
        let Some((upload, file)) = QUEUE.with_borrow_mut(VecDeque::pop_front) else {
            return;
        };
        let Ok(request) = XmlHttpRequest::new() else {
            return;
        };
        RUNNING.with_borrow_mut(|running| running.insert(upload.id, request.clone()));
        spawn_local(async move {
            let outcome = send(&request, &upload, &file).await;
            RUNNING.with_borrow_mut(|running| running.remove(&upload.id));
            finish(uploads, upload, file, outcome);
            pump(uploads);
        });
    }
}

fn finish(uploads: Uploads, upload: Upload, file: File, outcome: Result<Stored, AppError>) {
    if upload
        .state
        .with_untracked(|state| *state == State::Cancelled)
    {
        return;
    }
    match outcome {
        Ok(stored) => {
            upload.state.set(State::Stored(stored.id));
            browser::stored();
        }
        // Going to the page to sign in on would lose the files: they wait here until somebody did.
        Err(error) if error.is_signed_out() => {
            upload.state.set(State::Waiting);
            QUEUE.with_borrow_mut(|queue| queue.push_front((upload, file)));
            uploads.signed_out.set(true);
        }
        Err(error) => {
            let again = may_work_later(&error);
            if again {
                FAILED.with_borrow_mut(|failed| failed.insert(upload.id, file));
            }
            let reason = error.detail;
            upload.state.set(State::Failed { reason, again });
        }
    }
}

/// Whether the same file may be taken another time. Not where it is the file itself that is refused.
fn may_work_later(error: &AppError) -> bool {
    !matches!(error.code.as_str(), "unsupported_type" | "file_too_large")
}

async fn send(request: &XmlHttpRequest, upload: &Upload, file: &File) -> Result<Stored, AppError> {
    let progress = progress_listener(upload);
    upload.state.set(State::Sending {
        sent: 0,
        total: upload.size,
        speed: 0,
    });
    start_and_wait(request, file, &progress)
        .await
        .map_err(|_| AppError::offline())?;
    answer(
        request.status().unwrap_or_default(),
        &request.response_text().ok().flatten().unwrap_or_default(),
    )
}

async fn start_and_wait(
    request: &XmlHttpRequest,
    file: &File,
    progress: &Closure<dyn FnMut(ProgressEvent)>,
) -> Result<(), JsValue> {
    request.open_with_async("POST", UploadDocument::PATH, true)?;
    request.set_request_header("Accept", "application/json")?;
    request
        .upload()?
        .set_onprogress(Some(progress.as_ref().unchecked_ref()));
    let form = FormData::new()?;
    form.append_with_blob_and_filename("file", file, &file.name())?;
    // `loadend` comes after success, failure and abort alike.
    let ended = js_sys::Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_form_data(Some(&form))?;
    JsFuture::from(ended).await.map(drop)
}

fn progress_listener(upload: &Upload) -> Closure<dyn FnMut(ProgressEvent)> {
    let (state, total, began) = (upload.state.clone(), upload.size, js_sys::Date::now());
    Closure::new(move |event: ProgressEvent| {
        let seconds = ((js_sys::Date::now() - began) / 1_000.0).max(0.001);
        // The form around the file adds a few bytes.
        let sent = (event.loaded() as i64).min(total);
        if !state.with_untracked(State::is_over) {
            state.set(State::Sending {
                sent,
                total,
                speed: (event.loaded() / seconds) as i64,
            });
        }
    })
}

fn answer(status: u16, body: &str) -> Result<Stored, AppError> {
    match status {
        0 => Err(AppError::offline()),
        200..=299 => serde_json::from_str(body).map_err(|_| unexpected(status)),
        _ => Err(serde_json::from_str(body).unwrap_or_else(|_| unexpected(status))),
    }
}

/// Something between here and the vault answered in its place.
fn unexpected(status: u16) -> AppError {
    let detail = match status {
        413 => {
            "The file is larger than what this vault takes. Split it or make it smaller.".to_owned()
        }
        _ => format!("The upload ended with an unexpected answer ({status}). Try again."),
    };
    AppError::new(status, "unexpected_answer", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_shown_in_the_vaults_own_words() {
        let sent = AppError::new(
            415,
            "unsupported_type",
            "This type of file is not accepted.",
        );
        let body = serde_json::to_string(&sent).unwrap();
        assert_eq!(answer(415, &body), Err(sent));
    }

    #[test]
    fn an_answer_from_in_between_still_becomes_a_sentence() {
        assert!(
            answer(413, "<html>")
                .unwrap_err()
                .detail
                .starts_with("The file is larger")
        );
        assert!(answer(502, "<html>").unwrap_err().detail.contains("502"));
        assert_eq!(answer(0, ""), Err(AppError::offline()));
        assert!(answer(200, "not json").is_err());
    }

    #[test]
    fn only_a_file_that_is_refused_itself_is_not_tried_again() {
        let error = |code| AppError::new(413, code, "");
        assert!(!may_work_later(&error("unsupported_type")));
        assert!(!may_work_later(&error("file_too_large")));
        assert!(may_work_later(&error("quota_exceeded")));
        assert!(may_work_later(&AppError::offline()));
    }
}
