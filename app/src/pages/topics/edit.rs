//! The fields of a topic, for the form that creates one and the form that changes one.

use crate::ui::{refusal::Refusal, textarea::TextArea};
use leptos::prelude::*;

/// Name, description, colour.
#[component]
pub(super) fn TopicFields(
    /// Tells the ids of this form's fields apart from those of others.
    prefix: String,
    /// What the name field holds.
    name: String,
    /// What the description field holds.
    description: String,
    /// What the colour field holds.
    color: String,
    /// What it was refused for.
    refusal: Refusal,
) -> impl IntoView {
    let describe = format!("{prefix}-description");
    view! {
        <label class="field">
            <span>"Name"</span>
            <input
                type="text"
                name="name"
                value=name
                required
                maxlength="80"
                autocomplete="off"
                aria-invalid=refusal.invalid("name")
                aria-describedby=refusal.told_by("name")
                data-testid="topic-name"
            />
        </label>
        <div class="field">
            <label for=describe.clone()>"Description"</label>
            <TextArea name="description" id=describe value=description rows="3" maxlength="2000"/>
            <p class="hint">"What belongs here, in a sentence or a few words. The machine files by it, too."</p>
        </div>
        <label class="field inline">
            <span>"Colour"</span>
            <input type="color" name="color" value=color/>
        </label>
    }
}
