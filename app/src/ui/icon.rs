//! Icons of our own: simple strokes on a 24 × 24 grid, in the colour of the text around them.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picture {
    /// A stack of sheets.
    Documents,
    /// A label.
    Topics,
    /// Sliders.
    Settings,
    /// An arrow into a tray, upwards.
    Upload,
    /// An arrow out, downwards.
    Download,
    /// A cross.
    Close,
    /// A sheet with lines.
    Text,
    /// A sheet.
    Sheet,
    /// A picture.
    Image,
    /// A table.
    Table,
    /// The sun.
    Light,
    /// The moon.
    Dark,
    /// A screen.
    System,
    /// A circled exclamation.
    Attention,
    /// A plus sign.
    Add,
    /// A person.
    Person,
    /// Two persons.
    People,
    /// A door, and an arrow out.
    SignOut,
    /// A clock.
    Activity,
    /// Bars of a plot.
    Pipeline,
    /// A prompt.
    Command,
    /// Lines one below the other.
    List,
    /// Four tiles.
    Grid,
}

impl Picture {
    fn path(self) -> &'static str {
        match self {
            Self::Documents => "M8 3h7l4 4v10H8zM15 3v4h4M5 7v14h11",
            Self::Topics => "M3 11V4h7l10 10-7 7zM7 8h.01",
            Self::Settings => "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
            Self::Upload => "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
            Self::Download => "M12 4v12M7 11l5 5 5-5M4 20h16",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Text => "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
            Self::Sheet => "M6 3h8l4 4v14H6zM14 3v4h4",
            Self::Image => "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
            Self::Table => "M4 5h16v14H4zM4 10h16M4 15h16M10 5v14",
            Self::Light => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5"
            }
            Self::Dark => "M20 14.5A8 8 0 1 1 9.5 4 6.5 6.5 0 0 0 20 14.5",
            Self::System => "M3 5h18v11H3zM9 20h6M12 16v4",
            Self::Attention => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 8v5M12 16h.01",
            Self::Add => "M12 5v14M5 12h14",
            Self::Person => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 21a8 8 0 0 1 16 0",
            Self::People => {
                "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2 20a7 7 0 0 1 14 0M16 5a3.5 3.5 0 0 1 0 7M18 14a7 7 0 0 1 4 6"
            }
            Self::SignOut => "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
            Self::Activity => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 3",
            Self::Pipeline => "M5 20v-6M10 20V9M15 20v-9M20 20V5",
            Self::Command => "M5 7l5 5-5 5M12 17h7",
            Self::List => "M4 6h16M4 12h16M4 18h16",
            Self::Grid => "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
        }
    }

    /// The picture for a document of that media type.
    pub(crate) fn of_media_type(media_type: &str) -> Self {
        use domain::{Family, FileType};
        match FileType::from_media_type(media_type).map(|kind| (kind, kind.family())) {
            Some((FileType::Csv, _)) => Self::Table,
            Some((_, Family::Image)) => Self::Image,
            Some((_, Family::Pdf)) => Self::Sheet,
            Some((FileType::Xlsx | FileType::Ods, _)) => Self::Table,
            Some(_) | None => Self::Text,
        }
    }
}

/// An icon beside words that say the same, so screen readers pass over it.
#[component]
pub(crate) fn Icon(
    /// What it shows.
    picture: Picture,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            width="20"
            height="20"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=picture.path()></path>
        </svg>
    }
}
