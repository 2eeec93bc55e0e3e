//! Which entries a page shows, as it stands in the address.

use super::words::kind_words;
use crate::format::query_value;
use domain::AuditEvent;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// A person, a kind, and where the page before ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) person: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) cursor: Option<String>,
}

impl Wanted {
    /// From the address.
    pub(super) fn from_query(query: &ParamsMap) -> Self {
        let given = |name| query.get(name).filter(|value| !value.is_empty());
        Self {
            person: given("person"),
            kind: given("kind"),
            cursor: given("cursor"),
        }
    }

    /// Whether only a part of all entries is wanted.
    pub(super) fn narrows(&self) -> bool {
        self.person.is_some() || self.kind.is_some()
    }

    /// The same without a place: the newest.
    pub(super) fn newest(&self) -> Self {
        Self {
            cursor: None,
            ..self.clone()
        }
    }

    /// The same, from that place on.
    pub(super) fn going_on_at(&self, cursor: String) -> Self {
        Self {
            cursor: Some(cursor),
            ..self.clone()
        }
    }

    fn of_kind(&self, kind: Option<&str>) -> Self {
        Self {
            kind: kind.map(str::to_owned),
            cursor: None,
            ..self.clone()
        }
    }

    /// Its address on that page.
    pub(super) fn address(&self, page: &str) -> String {
        let pairs: Vec<String> = [
            ("person", &self.person),
            ("kind", &self.kind),
            ("cursor", &self.cursor),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", query_value(value.as_deref()?))))
        .collect();
        match pairs.is_empty() {
            true => page.to_owned(),
            false => format!("{page}?{}", pairs.join("&")),
        }
    }
}

/// The kinds, each a link: no script is needed to choose one.
#[component]
pub(super) fn Kinds(
    /// The page's address.
    page: &'static str,
    /// What is shown now.
    wanted: Wanted,
) -> impl IntoView {
    let link = |kind: Option<&'static str>| {
        let current = (wanted.kind.as_deref() == kind).then_some("true");
        let href = wanted.of_kind(kind).address(page);
        let words = kind.map_or("All", kind_words);
        let testid = format!("kind-{}", kind.unwrap_or("all"));
        view! { <a class="button small" href=href aria-current=current data-testid=testid>{words}</a> }
    };
    let kinds: Vec<_> = AuditEvent::kinds()
        .into_iter()
        .map(Some)
        .map(link)
        .collect();
    view! { <nav class="kinds" aria-label="What to show">{link(None)} {kinds}</nav> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_kind_begins_at_the_newest() {
        let query: ParamsMap = [
            ("person", "ada & eve".to_owned()),
            ("kind", "document".to_owned()),
            ("cursor", "7".to_owned()),
        ]
        .into_iter()
        .collect();
        let wanted = Wanted::from_query(&query);
        assert!(wanted.narrows());
        assert_eq!(
            wanted.address("/a"),
            "/a?person=ada%20%26%20eve&kind=document&cursor=7"
        );
        assert_eq!(
            wanted.of_kind(Some("topic")).address("/a"),
            "/a?person=ada%20%26%20eve&kind=topic"
        );
        assert_eq!(Wanted::default().address("/a"), "/a");
        assert!(!Wanted::default().narrows());
    }
}
