//! What runs in the browser of somebody who is signed in, besides the islands.
//!
//! Pages are rendered on the server and work as they come. Here they are made to move: a link or a form
//! is answered in place ([`visit`]), which leaves uploads running; what changes on the server shows by
//! itself ([`live`]); lists answer to keys. None of it knows what a page is about. Pages say in
//! attributes what they want:
//!
//! - `data-live`: the page shows itself anew when something changes; with an id, when that document does;
//! - `data-poll`: the page shows itself anew every few seconds, as nobody is told what it shows;
//! - `data-key`, or an `id`: which element is the same one in the page that comes next;
//! - `data-kept`: what is in it was put there by a script and stays;
//! - `data-told`: what a form did, told once: it stays while the page shows itself anew, and leaves the
//!   address, so that it does not come back with it;
//! - `data-submit`: the form is sent as soon as something is chosen;
//! - `data-frame`: a frame with that address goes here.

mod dates;
mod dom;
mod enhance;
mod keys;
mod list;
mod live;
mod morph;
mod poll;
mod told;
mod visit;

pub(crate) use dom::{first, show_whole};
pub(crate) use enhance::start_uploads;
pub(crate) use keys::show_keys;
pub(crate) use live::stored;
pub(crate) use visit::go;

use leptos::prelude::document;

/// Begins. The islands come to life after it, and say that the page answers now.
pub fn start() {
    enhance::listen();
    list::listen();
    keys::listen();
    visit::listen();
    told::forget();
    shown();
    live::connect();
    poll::begin();
}

/// What there is to do whenever a page has come.
fn shown() {
    dates::tell();
    enhance::fill();
    list::count();
    dom::say("docuvault:shown");
}

/// Tells tests, and the style sheet, that the page answers to clicks now.
pub(crate) fn mark_hydrated() {
    if let Some(body) = document().body() {
        let _ = body.set_attribute("data-hydrated", "");
    }
}
