//! Handles and addresses as people type them: whatever comes in, what is let through keeps the rules.

use domain::{EmailAddress, Handle};
use proptest::prelude::*;

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ A-Za-z0-9@._+\\r\\n<>,\"-]{0,40}",
        "[a-zA-ZäÄİß.]{1,70}@[a-zäß.-]{1,70}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_handle_is_a_plain_word(raw in any_text()) {
        if let Ok(handle) = Handle::parse(&raw) {
            let text = handle.as_str();
            prop_assert!((2..=32).contains(&text.len()));
            prop_assert!(text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b)));
            prop_assert_eq!(Handle::parse(text).ok(), Some(handle.clone()), "once more it is the same");
        }
    }

    /// It goes into headers of mails, and is compared by its letters.
    #[test]
    fn an_address_is_one_address(raw in any_text()) {
        if let Ok(address) = EmailAddress::parse(&raw) {
            let text = address.as_str();
            prop_assert!(text.len() <= 254 && text.matches('@').count() == 1);
            prop_assert!(!text.contains(|c: char| c.is_control() || c.is_whitespace() || "<>,;\"()".contains(c)));
            prop_assert_eq!(EmailAddress::parse(text).ok(), Some(address.clone()), "once more it is the same");
        }
    }
}
