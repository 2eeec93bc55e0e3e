//! Links to the pages before and after.

use leptos::prelude::*;

/// Where a list stands among its pages.
#[component]
pub(crate) fn Pager(
    /// This page's number, from 1.
    page: u32,
    /// How many pages there are.
    pages: u32,
    /// The address of the page before.
    previous: Option<String>,
    /// The address of the page after.
    next: Option<String>,
    /// What the links say.
    #[prop(default = ("Newer", "Older"))]
    words: (&'static str, &'static str),
) -> impl IntoView {
    (pages > 1).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {previous.map(|href| view! { <a class="button" rel="prev" data-testid="pager-previous" href=href>{words.0}</a> })}
                <span class="muted tabular">{format!("Page {page} of {pages}")}</span>
                {next.map(|href| view! { <a class="button" rel="next" data-testid="pager-next" href=href>{words.1}</a> })}
            </nav>
        }
    })
}

/// How many pages hold that many rows: at least one.
pub(crate) fn page_count(total: i64, per_page: u32) -> u32 {
    let per_page = i64::from(per_page.max(1));
    u32::try_from((total.max(0) + per_page - 1) / per_page)
        .unwrap_or(u32::MAX)
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_every_row() {
        for (total, per_page, pages) in [
            (0, 20, 1),
            (1, 20, 1),
            (20, 20, 1),
            (21, 20, 2),
            (5, 0, 5),
            (-1, 20, 1),
        ] {
            assert_eq!(page_count(total, per_page), pages, "{total} by {per_page}");
        }
    }
}
