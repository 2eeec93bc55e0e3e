//! The HTML around the app. Rendered on the server only.

use crate::{App, response};
#[cfg(feature = "ssr")]
use crate::{AppError, ui::brand::BrandMark};
use leptos::{
    config::LeptosOptions,
    hydration::{AutoReload, HydrationScripts},
    nonce::use_nonce,
    prelude::*,
};
use leptos_meta::{HashedStylesheet, MetaTags};

/// A page that stands alone: for what goes wrong before there is anybody to show the app to.
#[cfg(feature = "ssr")]
pub fn lone_page(options: &LeptosOptions, error: AppError) -> String {
    let page = || {
        view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                    <meta name="color-scheme" content="light dark"/>
                    <title>"DocuVault"</title>
                    <script src="/theme.js"></script>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                    <HashedStylesheet id="leptos" options=options.clone()/>
                </head>
                <body>
                    <main id="main" class="open-page">
                        <section class="card stack open-card" role="alert" data-testid="lone-error">
                            <p class="brand"><BrandMark/> <span>"DocuVault"</span></p>
                            <h1>"This page can't be shown"</h1>
                            <p>{error.detail}</p>
                            <p><a class="button" href="">"Try again"</a></p>
                        </section>
                    </main>
                </body>
            </html>
        }
        .to_html()
    };
    Owner::new().with(page)
}

/// The whole page.
///
/// No inline script of ours: `theme.js` and `page.js` are files, and what leptos writes inline carries
/// the request's nonce. The application itself, which is wasm, is loaded for people who are signed in.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let limit = response::max_upload_bytes().map(|bytes| bytes.to_string());
    let application = response::has_application();
    // Pages are shown as they come; what they were made from need not come with them.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let scripts = application.then(|| {
        let options = options.clone();
        view! {
            <AutoReload options=options.clone()/>
            <HydrationScripts options islands=true/>
        }
    });
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
                <script src="/page.js" nonce=use_nonce() defer></script>
                {scripts}
                <MetaTags/>
            </head>
            <body data-max-upload-bytes=limit data-application=application>
                <App/>
            </body>
        </html>
    }
}
