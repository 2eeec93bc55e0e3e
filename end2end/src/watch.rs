//! Notes everything that goes wrong in a page, so that no journey passes over it.

use anyhow::{Result, bail};
use playwright_rs::{Page, protocol::Request};
use std::sync::{Arc, Mutex, PoisonError};

/// What a browser says of a request that was given up on purpose: a link followed while a picture
/// was loading, an upload that was cancelled.
const GIVEN_UP: &str = "net::ERR_ABORTED";

/// Without scripts, the page's script is fetched all the same, as the page says, and then blocked.
const NOT_RUN: &str = "csp";

/// What is fetched early for a script that is late, or never runs, is no fault of the page.
const EARLY: &str = "was preloaded using link preload but not used";

/// Chromium repeats answers of 400 and above in the console; the answers themselves are noted.
const REPEATED: &str = "Failed to load resource";

#[derive(Default)]
struct Notes {
    complaints: Vec<String>,
    expected: Vec<u16>,
}

/// The notes about one page.
#[derive(Clone)]
pub struct Watch {
    scripted: bool,
    notes: Arc<Mutex<Notes>>,
}

impl Watch {
    /// Watches a page from now on; says whether scripts run there.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn over(page: &Page, scripted: bool) -> Result<Self> {
        let watch = Self {
            scripted,
            notes: Arc::default(),
        };
        watch.console(page).await?;
        watch.network(page).await?;
        Ok(watch)
    }

    /// Answers with that status belong to the journey.
    pub fn expect_status(&self, status: u16) {
        self.with(|notes| notes.expected.push(status));
    }

    /// # Errors
    /// When anything went wrong so far; says what.
    pub fn nothing_went_wrong(&self) -> Result<()> {
        let complaints = self.with(|notes| notes.complaints.join("\n"));
        if !complaints.is_empty() {
            bail!("the browser complains:\n{complaints}");
        }
        Ok(())
    }

    async fn console(&self, page: &Page) -> Result<()> {
        let watch = self.clone();
        page.on_console(move |message| {
            let (kind, text) = (message.type_(), message.text());
            let loud = matches!(kind, "error" | "warning");
            if loud && !text.starts_with(REPEATED) && !text.contains(EARLY) {
                let at = message.location();
                watch.complain(format!(
                    "console {kind}: {text} ({}:{})",
                    at.url, at.line_number
                ));
            }
            async { Ok(()) }
        })
        .await?;
        let watch = self.clone();
        page.on_pageerror(move |error| {
            watch.complain(format!("uncaught: {error}"));
            async { Ok(()) }
        })
        .await?;
        Ok(())
    }

    async fn network(&self, page: &Page) -> Result<()> {
        let watch = self.clone();
        page.on_request_failed(move |request| {
            watch.failed(&request);
            async { Ok(()) }
        })
        .await?;
        let watch = self.clone();
        page.on_response(move |response| {
            watch.answered(response.status(), response.url());
            async { Ok(()) }
        })
        .await?;
        Ok(())
    }

    fn failed(&self, request: &Request) {
        let reason = request.failure().unwrap_or_default();
        let blocked = !self.scripted && reason == NOT_RUN && request.resource_type() == "script";
        if reason != GIVEN_UP && !blocked {
            self.complain(format!("{} {}: {reason}", request.method(), request.url()));
        }
    }

    fn answered(&self, status: u16, url: &str) {
        let expected = self.with(|notes| notes.expected.contains(&status));
        if status >= 400 && !expected {
            self.complain(format!("{status} from {url}"));
        }
    }

    fn complain(&self, complaint: String) {
        self.with(|notes| notes.complaints.push(complaint));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Notes) -> T) -> T {
        act(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
