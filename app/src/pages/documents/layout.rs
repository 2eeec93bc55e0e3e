//! The two ways to show documents: one below the other, or as tiles with their first pages.

use super::filter::Filter;
use crate::{
    response,
    ui::icon::{Icon, Picture},
};
use leptos::prelude::*;

/// How documents are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layout {
    /// One below the other.
    #[default]
    List,
    /// As tiles.
    Grid,
}

impl Layout {
    const ALL: [Self; 2] = [Self::List, Self::Grid];

    /// As the address says, which is kept for the next time; else as it was the last time.
    pub(super) fn of(asked: Option<&str>) -> Self {
        let asked = asked.and_then(Self::parse).map(Self::word);
        let kept = response::kept_view(asked);
        kept.as_deref().and_then(Self::parse).unwrap_or_default()
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.word() == word)
    }

    /// As it stands in the address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Grid => "grid",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Grid => "Grid",
        }
    }

    fn picture(self) -> Picture {
        match self {
            Self::List => Picture::List,
            Self::Grid => Picture::Grid,
        }
    }
}

/// Changes between them: two links.
#[component]
pub(super) fn LayoutSwitch(
    /// What is shown now.
    layout: Layout,
    /// What is listed.
    filter: Filter,
) -> impl IntoView {
    let links = Layout::ALL.map(|choice| {
        let address = filter.address_as(choice.word());
        let current = (choice == layout).then_some("true");
        view! {
            <a
                class="icon-button"
                href=address
                title=choice.label()
                aria-label=choice.label()
                aria-current=current
                data-testid=format!("layout-{}", choice.word())
            >
                <Icon picture=choice.picture()/>
            </a>
        }
    });
    view! { <nav class="layout-switch" aria-label="Layout">{links.into_iter().collect_view()}</nav> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_are_known() {
        for layout in Layout::ALL {
            assert_eq!(Layout::parse(layout.word()), Some(layout));
        }
        assert_eq!(Layout::parse("<b>"), None);
    }
}
