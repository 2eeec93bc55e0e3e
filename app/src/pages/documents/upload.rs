//! The button that takes files in.

use crate::{
    server_fns::documents::UploadDocument,
    ui::icon::{Icon, Picture},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the file chooser offers. A hint only: the server goes by content.
const ACCEPTED: &str = ".pdf,.png,.jpg,.jpeg,.tif,.tiff,.webp,.docx,.xlsx,.pptx,.odt,.ods,.odp,.rtf,.txt,.log,.md,.csv,.html,.htm,.eml,.zip";

/// A plain form for one file; in a browser with the application, a button that uploads any number at
/// once (`browser::enhance`).
#[component]
pub(super) fn UploadForm() -> impl IntoView {
    view! {
        <form class="upload" method="post" action=UploadDocument::PATH enctype="multipart/form-data">
            <input
                id="upload"
                class="upload-input"
                type="file"
                name="file"
                required
                accept=ACCEPTED
                aria-label="Files to upload"
                data-testid="upload-input"
            />
            <label class="button primary js-only" for="upload"><Icon picture=Picture::Upload/> "Upload files"</label>
            <button type="submit" class="button primary nojs-only">"Upload"</button>
        </form>
    }
}
