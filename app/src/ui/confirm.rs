//! A question before something is lost. A dialog that opens, closes and takes Escape as a popover without
//! JavaScript; with it, `public/page.js` opens it as a modal one, which keeps the focus.

use crate::ui::name::Name;
use leptos::prelude::*;

/// A button that asks first. The children are the form that does it.
#[component]
pub(crate) fn Confirm(
    /// Unique on the page.
    id: String,
    /// What the button says.
    button: &'static str,
    /// What stands in place of the button's words for screen readers.
    label: String,
    /// The hook that tests find the button by.
    testid: &'static str,
    /// The question.
    question: String,
    /// What will happen.
    consequence: &'static str,
    /// The form.
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-question");
    let (opens, closes, labelled_by) = (id.clone(), id.clone(), heading.clone());
    view! {
        <button type="button" class="button danger quiet" popovertarget=opens data-testid=testid aria-label=label>
            {button}
        </button>
        <dialog id=id class="dialog" popover="auto" aria-labelledby=labelled_by>
            <h2 id=heading><Name name=question/></h2>
            <p>{consequence}</p>
            <div class="actions">
                {children()}
                <button type="button" class="button" popovertarget=closes popovertargetaction="hide" autofocus>"Cancel"</button>
            </div>
        </dialog>
    }
}
