//! Keys of objects as paths below a folder.

use std::path::PathBuf;

/// How long a key may be: the longest that the vault makes has about 120 bytes.
const MAX_BYTES: usize = 500;

/// The path of an object's file below `objects`; `None` for what is no key of the vault's making. Parts
/// of letters, digits, `-`, `_` and dots that don't come first lead nowhere but down.
pub(crate) fn path_of(key: &str) -> Option<PathBuf> {
    (key.len() <= MAX_BYTES && key.split('/').all(is_part)).then(|| PathBuf::from(key))
}

fn is_part(part: &str) -> bool {
    (1..=200).contains(&part.len()) && !part.starts_with('.') && part.bytes().all(is_plain)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
}

/// Whether that may be a table's name and so a file's.
pub(crate) fn is_table_name(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Component;

    #[test]
    fn the_vaults_own_keys_are_paths() {
        let id = uuid::Uuid::nil();
        for key in [
            format!("{id}/{id}/{id}.pdf"),
            format!("null/{id}/{id}"),
            format!("{id}/{id}/{id}.tar.gz"),
        ] {
            assert_eq!(path_of(&key), Some(PathBuf::from(&key)));
        }
    }

    #[test]
    fn what_leads_elsewhere_is_none() {
        for key in [
            "",
            "/",
            "/etc/passwd",
            "a//b",
            "a/",
            "../a",
            "a/../b",
            "a/..",
            ".",
            "a/./b",
            ".hidden",
            "a\\b",
            "a\0b",
            "a b",
            "ü",
            "a\nb",
        ] {
            assert_eq!(path_of(key), None, "{key:?}");
        }
        assert_eq!(path_of(&"a/".repeat(300)), None);
        assert_eq!(path_of(&"a".repeat(201)), None);
    }

    proptest! {
        #[test]
        fn no_key_leads_out(key in "[a-z./\\\\\\n-]{0,20}") {
            if let Some(path) = path_of(&key) {
                prop_assert!(path.components().all(|part| matches!(part, Component::Normal(_))));
            }
        }
    }

    #[test]
    fn names_of_tables_are_plain() {
        assert!(is_table_name("document_topic_refusals"));
        for name in ["", "../users", "Users", "a b", "a\"", &"a".repeat(64)] {
            assert!(!is_table_name(name), "{name:?}");
        }
    }
}
