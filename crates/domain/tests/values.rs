//! What people and programs give, checked: whatever comes in, what is let through keeps the rules.

use domain::{
    Color, DocumentStatus, FileName, FileType, JobKind, JobState, Page, PerPage, ProviderName,
    Sha256, Stage, TopicDescription, TopicName, job::backoff_ceiling,
};
use proptest::prelude::*;

/// Text as it comes: mostly odd.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~/\\\\]{0,40}",
        "[\\x00-\\x20./\\\\\u{202a}-\u{202e}\u{2066}-\u{2069}a]{0,30}",
        "[aä€🦀.]{240,270}",
    ]
}

/// Characters that make a name look like another one.
fn turns_text_around(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

proptest! {
    #[test]
    fn a_file_name_is_one_harmless_component(raw in any_text()) {
        if let Ok(name) = FileName::parse(&raw) {
            let text = name.as_str();
            prop_assert!((1..=255).contains(&text.chars().count()));
            prop_assert!(!text.contains(['/', '\\', '\0']));
            prop_assert!(!text.chars().any(char::is_control));
            prop_assert!(!text.chars().any(turns_text_around));
            prop_assert!(text != "." && text != ".." && text.trim() == text);
            prop_assert!(raw.contains(text.chars().next().unwrap()));
        }
    }

    /// What was stored is read again on every list: it must be accepted as it is.
    #[test]
    fn a_value_that_was_accepted_is_accepted_again_unchanged(raw in any_text()) {
        if let Ok(name) = FileName::parse(&raw) {
            prop_assert_eq!(FileName::parse(name.as_str()).unwrap(), name);
        }
        if let Ok(name) = TopicName::parse(&raw) {
            prop_assert_eq!(TopicName::parse(name.as_str()).unwrap(), name);
        }
        if let Ok(text) = TopicDescription::parse(&raw) {
            prop_assert_eq!(TopicDescription::parse(text.as_str()).unwrap(), text);
        }
        if let Ok(color) = Color::parse(&raw) {
            prop_assert_eq!(Color::parse(color.as_str()).unwrap(), color);
        }
    }

    #[test]
    fn a_plain_name_is_kept_as_it_is(name in "[A-Za-z0-9äöü_-][A-Za-z0-9 äöü_-]{0,100}[A-Za-z0-9]\\.[a-z]{1,5}") {
        prop_assert_eq!(FileName::parse(&name).unwrap().to_string(), name.clone());
        let below_folders = FileName::parse(&format!("C:\\one/two\\{name}")).unwrap();
        prop_assert_eq!(below_folders.to_string(), name);
    }

    #[test]
    fn an_extension_is_lower_case_and_without_dots(raw in any_text()) {
        if let Ok(name) = FileName::parse(&raw) {
            let extension = name.extension();
            prop_assert!(!extension.contains('.') && extension == extension.to_lowercase());
        }
    }

    #[test]
    fn a_topic_name_stands_on_one_line(raw in any_text()) {
        if let Ok(name) = TopicName::parse(&raw) {
            prop_assert!((1..=80).contains(&name.as_str().chars().count()));
            prop_assert!(!name.as_str().chars().any(char::is_control));
        }
    }

    #[test]
    fn a_colour_is_nothing_but_six_digits(raw in prop_oneof![any::<String>(), "#[0-9a-fA-Fg;]{5,8}"]) {
        if let Ok(color) = Color::parse(&raw) {
            let digits = color.as_str().strip_prefix('#').unwrap();
            prop_assert_eq!(digits.len(), 6);
            prop_assert!(digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        }
    }

    #[test]
    fn pages_are_bounded_and_follow_each_other(page in any::<i64>(), per_page in any::<i64>()) {
        prop_assert_eq!(Page::parse(page).is_ok(), (1..=Page::MAX).contains(&page));
        prop_assert_eq!(PerPage::parse(per_page).is_ok(), (1..=100).contains(&per_page));
    }

    #[test]
    fn an_offset_is_what_stands_before(page in 1..=Page::MAX, per_page in 1..=100_i64) {
        let offset = Page::parse(page).unwrap().offset(PerPage::parse(per_page).unwrap());
        prop_assert_eq!(offset, (page - 1) * per_page);
    }

    #[test]
    fn a_digest_is_64_hexadecimal_digits(bytes in any::<[u8; 32]>()) {
        let text = Sha256(bytes).to_string();
        let back: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap()).collect();
        prop_assert_eq!((text.len(), back), (64, bytes.to_vec()));
    }

    #[test]
    fn waits_double_up_to_ten_minutes(attempts in any::<i32>()) {
        let (this, next) = (backoff_ceiling(attempts), backoff_ceiling(attempts.saturating_add(1)));
        prop_assert!(this.as_secs() >= 2 && next.as_secs() <= 600);
        prop_assert!(next >= this && next <= this * 2);
    }
}

#[test]
fn lengths_count_characters_not_bytes() {
    assert!(FileName::parse(&"🦀".repeat(255)).is_ok());
    assert!(FileName::parse(&"a".repeat(256)).is_err());
    assert!(TopicName::parse(&"ä".repeat(80)).is_ok());
    assert!(TopicName::parse(&"a".repeat(81)).is_err());
    assert!(TopicDescription::parse(&"ä".repeat(2_000)).is_ok());
    assert!(TopicDescription::parse(&"a".repeat(2_001)).is_err());
}

#[test]
fn a_hidden_file_has_no_extension() {
    for (name, extension) in [
        (".env", ""),
        ("README", ""),
        ("a.TXT", "txt"),
        ("a.tar.GZ", "gz"),
        ("a.", ""),
    ] {
        assert_eq!(
            FileName::parse(name).unwrap().extension(),
            extension,
            "{name}"
        );
    }
}

/// Each word is stored: changing one needs a migration.
#[test]
fn every_word_names_itself() {
    for status in [
        DocumentStatus::Pending,
        DocumentStatus::Processing,
        DocumentStatus::Ready,
        DocumentStatus::Failed,
    ] {
        assert_eq!(DocumentStatus::parse(status.as_str()), Some(status));
        assert_eq!(
            status.is_final(),
            ["ready", "failed"].contains(&status.as_str())
        );
    }
    for stage in [Stage::Reading, Stage::Filing] {
        assert_eq!(Stage::parse(stage.as_str()), Some(stage));
    }
    for kind in [JobKind::Process, JobKind::Classify] {
        assert_eq!(JobKind::parse(kind.as_str()), Some(kind));
    }
    for state in [
        JobState::Queued,
        JobState::Running,
        JobState::Done,
        JobState::Dead,
    ] {
        assert_eq!(JobState::parse(state.as_str()), Some(state));
    }
    for provider in ProviderName::ALL {
        assert_eq!(ProviderName::parse(provider.as_str()), Some(provider));
    }
    for file_type in FileType::ALL {
        assert_eq!(
            FileType::from_media_type(file_type.media_type()),
            Some(file_type)
        );
        assert_eq!(
            FileType::from_extension(&file_type.key_extension()[1..]),
            Some(file_type)
        );
    }
    for word in ["", "Pending", "ready ", "nothing"] {
        assert_eq!(DocumentStatus::parse(word), None);
        assert_eq!(JobState::parse(word), None);
        assert_eq!(ProviderName::parse(word), None);
    }
}

/// HTML and plain text could carry scripts or be taken for HTML.
#[test]
fn nothing_that_may_hold_a_script_is_shown_inline() {
    for file_type in FileType::ALL {
        assert!(
            !(file_type.shown_inline() && file_type.media_type().starts_with("text/")),
            "{file_type:?}"
        );
    }
    assert!(!FileType::Docx.shown_inline());
}
