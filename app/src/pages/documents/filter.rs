//! Which documents a list shows, as it stands in the address.

use crate::{format::query_value, ui::status::status_word};
use domain::DocumentStatus;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use wire::TopicChoice;

/// The filter of a list of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) topic: Option<String>,
    pub(super) status: Option<String>,
    pub(super) name: Option<String>,
    pub(super) page: i64,
}

impl Filter {
    /// From the address. An empty field of the form means that it does not filter.
    pub(super) fn from_query(query: &ParamsMap) -> Self {
        let field = |name: &str| query.get(name).filter(|value| !value.is_empty());
        let page = field("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        Self {
            topic: field("topic"),
            status: field("status"),
            name: field("name"),
            page,
        }
    }

    /// Whether it leaves anything out.
    pub(super) fn narrows(&self) -> bool {
        self.topic.is_some() || self.status.is_some() || self.name.is_some()
    }

    /// The address of the same page in another layout, which is kept from then on.
    pub(super) fn address_as(&self, layout: &str) -> String {
        let address = self.address(u32::try_from(self.page).unwrap_or(1));
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}view={layout}")
    }

    /// The address of a page of the same list.
    pub(super) fn address(&self, page: u32) -> String {
        let mut pairs = Vec::new();
        let fields = [
            ("name", &self.name),
            ("topic", &self.topic),
            ("status", &self.status),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                pairs.push(format!("{name}={}", query_value(value)));
            }
        }
        if page > 1 {
            pairs.push(format!("page={page}"));
        }
        if pairs.is_empty() {
            "/documents".to_owned()
        } else {
            format!("/documents?{}", pairs.join("&"))
        }
    }
}

/// The form that sets the filter: a plain GET; with JavaScript it acts on every choice.
#[component]
pub(super) fn FilterForm(
    /// What is chosen.
    filter: Filter,
    /// What can be chosen.
    topics: Vec<TopicChoice>,
) -> impl IntoView {
    let narrows = filter.narrows();
    let statuses = [
        DocumentStatus::Pending,
        DocumentStatus::Processing,
        DocumentStatus::Ready,
        DocumentStatus::Failed,
    ]
    .map(|status| (status.as_str().to_owned(), filter_word(status).to_owned()));
    let mut names: Vec<(String, String)> = topics
        .into_iter()
        .map(|topic| (topic.name.clone(), topic.name))
        .collect();
    if let Some(gone) = filter
        .topic
        .as_ref()
        .filter(|chosen| names.iter().all(|(name, _)| name != *chosen))
    {
        names.push((gone.clone(), gone.clone()));
    }
    view! {
        <form method="get" action="/documents" class="filters" role="search" aria-label="Filter">
            <input
                type="search"
                id="search"
                name="name"
                value=filter.name
                maxlength="255"
                autocomplete="off"
                spellcheck="false"
                aria-label="Search by name"
                placeholder="Search by name"
                data-testid="filter-name"
            />
            <label class="field inline">
                <span>"Topic"</span>
                <select name="topic" data-testid="filter-topic" data-submit>
                    {choices("All topics", names, filter.topic)}
                </select>
            </label>
            <label class="field inline">
                <span>"Status"</span>
                <select name="status" data-testid="filter-status" data-submit>
                    {choices("Any status", statuses.to_vec(), filter.status)}
                </select>
            </label>
            <button type="submit" class="button nojs-only">"Filter"</button>
            {narrows.then(|| view! { <a class="button quiet" data-testid="clear-filter" href="/documents">"Clear filter"</a> })}
        </form>
    }
}

/// The word for a status in the filter, where "processing" covers reading and filing.
fn filter_word(status: DocumentStatus) -> &'static str {
    match status {
        DocumentStatus::Processing => "In progress",
        other => status_word(other.as_str(), None),
    }
}

fn choices(
    all: &'static str,
    choices: Vec<(String, String)>,
    chosen: Option<String>,
) -> impl IntoView + use<> {
    let none = chosen.is_none();
    let options = choices
        .into_iter()
        .map(|(value, label)| {
            let selected = chosen.as_deref() == Some(value.as_str());
            view! { <option value=value selected=selected>{label}</option> }
        })
        .collect_view();
    view! {
        <option value="" selected=none>{all}</option>
        {options}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&'static str, &str)]) -> ParamsMap {
        pairs
            .iter()
            .map(|(key, value)| (*key, (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_empty_form_does_not_filter() {
        let filter = Filter::from_query(&query(&[("topic", ""), ("status", "")]));
        assert_eq!(
            filter,
            Filter {
                topic: None,
                status: None,
                name: None,
                page: 1
            }
        );
        assert!(!filter.narrows());
        assert_eq!(filter.address(1), "/documents");
    }

    #[test]
    fn paging_keeps_the_filter() {
        let filter = Filter::from_query(&query(&[
            ("topic", "Tax & law"),
            ("status", "ready"),
            ("name", "a b"),
            ("page", "3"),
        ]));
        assert_eq!(filter.page, 3);
        assert_eq!(
            filter.address(4),
            "/documents?name=a%20b&topic=Tax%20%26%20law&status=ready&page=4"
        );
        assert_eq!(
            filter.address_as("grid"),
            "/documents?name=a%20b&topic=Tax%20%26%20law&status=ready&page=3&view=grid"
        );
    }

    #[test]
    fn a_page_that_is_no_number_is_the_first() {
        assert_eq!(Filter::from_query(&query(&[("page", "x")])).page, 1);
    }
}
