//! The HTML around the app. Rendered on the server only.

use crate::{App, response};
use leptos::{
    config::LeptosOptions,
    hydration::{AutoReload, HydrationScripts},
    nonce::use_nonce,
    prelude::*,
};
use leptos_meta::{HashedStylesheet, MetaTags};

/// The whole page.
///
/// No inline script of ours: `theme.js` is a file, and what leptos writes inline carries the
/// request's nonce.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let limit = response::max_upload_bytes().map(|bytes| bytes.to_string());
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <script src="/theme.js" nonce=use_nonce()></script>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet id="leptos" options=options.clone()/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body data-max-upload-bytes=limit>
                <App/>
            </body>
        </html>
    }
}
