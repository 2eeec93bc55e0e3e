//! The button that takes files in.

use crate::{
    server_fns::documents::UploadDocument,
    ui::icon::{Icon, Picture},
    uploads::Uploads,
};
use leptos::{html::Input, prelude::*, server_fn::ServerFn};

/// What the file chooser offers. A hint only: the server goes by content.
const ACCEPTED: &str = ".pdf,.png,.jpg,.jpeg,.tif,.tiff,.webp,.docx,.txt,.log,.md,.csv,.html,.htm";

/// A plain form for one file; with JavaScript, a button that uploads any number at once.
#[component]
pub(super) fn UploadForm() -> impl IntoView {
    let input: NodeRef<Input> = NodeRef::new();
    let uploads = use_context::<Uploads>();
    let take = move || {
        let Some((input, uploads)) = input.get_untracked().zip(uploads) else {
            return;
        };
        if let Some(files) = input.files().filter(|files| files.length() > 0) {
            uploads.add(&files);
            // The same file can be chosen again, after a failure for instance.
            input.set_value("");
        }
    };
    // What was chosen before the page answered.
    Effect::new(move || {
        if input.get().is_some() {
            take();
        }
    });
    view! {
        <form class="upload" method="post" action=UploadDocument::PATH enctype="multipart/form-data">
            <input
                node_ref=input
                id="upload"
                class="upload-input"
                type="file"
                name="file"
                required
                accept=ACCEPTED
                aria-label="Files to upload"
                data-testid="upload-input"
                prop:multiple=true
                on:change=move |_| take()
            />
            <label class="button primary js-only" for="upload"><Icon picture=Picture::Upload/> "Upload files"</label>
            <button type="submit" class="button primary nojs-only">"Upload"</button>
        </form>
    }
}
