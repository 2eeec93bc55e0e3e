//! Which accounts a list shows, as it stands in the address.

use crate::format::query_value;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// What is searched for, and which page of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) text: String,
    pub(super) page: i64,
}

impl Search {
    /// From the address.
    pub(super) fn from_query(query: &ParamsMap) -> Self {
        let page = query.get("page").and_then(|page| page.parse().ok());
        Self {
            text: query.get("search").unwrap_or_default(),
            page: page.unwrap_or(1),
        }
    }

    /// The address of a page of the same list.
    pub(super) fn address(&self, page: u32) -> String {
        let search = (!self.text.is_empty()).then(|| format!("search={}", query_value(&self.text)));
        let page = (page > 1).then(|| format!("page={page}"));
        let pairs: Vec<String> = search.into_iter().chain(page).collect();
        match pairs.is_empty() {
            true => "/admin/users".to_owned(),
            false => format!("/admin/users?{}", pairs.join("&")),
        }
    }
}

/// The form that searches: a plain GET.
#[component]
pub(super) fn SearchForm(
    /// What is searched for now.
    text: String,
) -> impl IntoView {
    let clear = (!text.is_empty()).then(|| {
        view! { <a class="button quiet" data-testid="clear-search" href="/admin/users">"Clear"</a> }
    });
    view! {
        <form method="get" action="/admin/users" class="search" role="search" aria-label="Search">
            <input
                type="text"
                name="search"
                value=text
                maxlength="254"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label="Handle or e-mail address"
                placeholder="Handle or e-mail address"
                data-testid="search"
            />
            <button type="submit" class="button" data-testid="search-submit">"Search"</button>
            {clear}
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paging_keeps_what_is_searched_for() {
        let query: ParamsMap = [("search", "a&b".to_owned()), ("page", "2".to_owned())]
            .into_iter()
            .collect();
        let search = Search::from_query(&query);
        assert_eq!((search.text.as_str(), search.page), ("a&b", 2));
        assert_eq!(search.address(3), "/admin/users?search=a%26b&page=3");
        assert_eq!(search.address(1), "/admin/users?search=a%26b");
        let all = Search::from_query(&ParamsMap::new());
        assert_eq!((all.address(1), all.page), ("/admin/users".to_owned(), 1));
    }
}
